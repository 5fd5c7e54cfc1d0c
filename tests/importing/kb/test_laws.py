"""Whatever the text: a rule that loads, or problems, and never an exception."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.importing.kb.lines import decoded
from tests.importing.kb.support import ARTICLES, LEAD, kb_article, run
from tests.support.laws import tried

SAMPLES = [decoded(file.read_bytes()) for file in sorted(ARTICLES.glob("*.txt"))]
WORDS = sorted({word for text in SAMPLES for word in text.split()})
ODD = list("\x0b\x0c\x1c\x85\u2028\ufeff\t\r\n|+-=:,.<>&;\"'#{}[]%@`!*\u0663\u00b2")
KNOWN = ()
"""What the three articles below raise as yet; when they pass, this goes."""


def is_read_or_refused(text: str) -> None:
    try:
        rules, problems, _ = run(text)
    except KNOWN:
        return
    assert rules or problems
    assert all(str(problem) for problem in problems)


@tried(60)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    is_read_or_refused(text)


@tried(60)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_in_the_place_of_a_section_or_a_table(section: str, table: str) -> None:
    is_read_or_refused(kb_article(symptoms=section, resolution=f"{LEAD}\n\n{table}"))


@tried(60)
@given(st.lists(st.sampled_from(WORDS + ODD), max_size=60).map(" ".join))
def test_any_words_of_articles(text: str) -> None:
    is_read_or_refused(text)


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A sample with pieces left out, doubled, moved, run together or swapped for odd characters."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([1, 5, 40, 300])))
        piece = text[start:end]
        other = draw(
            st.sampled_from(["", piece * 2, piece.replace("\n", " "), piece[::-1], *ODD[:8]])
            | st.sampled_from(WORDS)
        )
        text = text[:start] + other + text[end:]
    return text


@tried(60)
@given(mutants())
def test_any_mutant_of_a_sample(text: str) -> None:
    is_read_or_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        kb_article().replace(" - Exampla", "   Exampla"),
        (kb_article(resolution=f"{LEAD}\n\n| Date | Version |\n+---+\n| 06/11/2001 | 5.5.2000.1 |")),
        (kb_article(resolution="Filename  Time\n---\n5.5.2655.1  07/04/2001  45,056  Exzone.dll  x86")),
        (kb_article(resolution="name Platform ------- 11/03/99 15:04:48 88,576 Fabgate.exe (x86)")),
    ],
)
def test_articles_that_once_raised(text: str) -> None:
    rules, problems, _ = run(text)
    assert rules or problems


def test_a_rule_is_made_once_of_two_articles_of_a_number() -> None:
    rules, (problem,), _ = run(kb_article(), kb_article())
    assert len(rules) == 1
    assert "Q900050 was imported from 1.txt:1 already" in problem.what

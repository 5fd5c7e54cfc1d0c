"""An article of any shape is read in time that grows with its length, not with the square of it."""

from __future__ import annotations

import time

import pytest

from needfix.catalogue import load_products
from needfix.errors import Problem
from needfix.importing.kb.kb import KbImport
from needfix.importing.kb.lines import numbered
from needfix.importing.kb.sources import ArticleText
from tests.support import ROOT

ARTICLE = (ROOT / "fixtures" / "articles" / "Q900001.txt").read_text(encoding="utf-8")
PLACES = (
    "Stops While", "PROD/VER::5.5", "Server, version 5.5", "ends by itself", "| Exsort.dll", "5.5.2412.3",
    "File name", "must be there", "first corrected in", "Component: Mail", "exa550 exasort", "=====\n",
)  # fmt: skip
LENGTH = 30_000
SECONDS = 20
"""What takes one or two where time grows with the length took minutes where it grew with its square."""


@pytest.mark.parametrize(
    "unit", ["\t", " ", "\u00a0", "|a ", "| ", "A ", "1.", "+-", "a, ", "SP1 ", "File Name "]
)
def test_a_line_may_be_long(unit: str) -> None:
    filler = unit * (LENGTH // len(unit))
    texts = [ARTICLE.replace(place, f"{place} {filler}", 1) for place in PLACES]
    texts.append(ARTICLE.replace("\n", " ").replace("CAUSE", filler))
    problems: list[Problem] = []
    began = time.process_time()
    for text in texts:
        list(KbImport(load_products()).rules([ArticleText(text, "f")], problems))
    assert time.process_time() - began < SECONDS


def test_a_gap_is_no_wider_than_a_page() -> None:
    (line,) = numbered(f"| a{' ' * 5000}|{chr(9) * 100}b |")
    assert line.text == f"| a{' ' * 200}|{' ' * 200}b |"
    (narrow,) = numbered(f"| a{' ' * 150}| b |")
    assert narrow.text == f"| a{' ' * 150}| b |"

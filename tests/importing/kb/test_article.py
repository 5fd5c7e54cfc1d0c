"""The parts of an article: head, bullets, sections, foot."""

from __future__ import annotations

import pytest

from needfix.importing.kb.article import read_article
from tests.importing.kb.support import kb_article


@pytest.mark.parametrize(
    ("document", "number", "revised"),
    [
        ("DOCUMENT:Q900001  14-JUN-2001  [exampla]", "Q900001", "2001-06-14"),
        ("DOCUMENT: q900001 1-jan-1999", "Q900001", "1999-01-01"),
        ("DOCUMENT:900001", "Q900001", None),
        ("DOCUMENT:KB900001  31-FEB-2001", "KB900001", None),
        ("DOCUMENT   :Q900001  14-JUNE-2001", "Q900001", None),
        ("DOCUMENT:", "", None),
        ("", "", None),
    ],
)
def test_the_number_and_the_date(document: str, number: str, revised: str | None) -> None:
    found = read_article(f"{document}\nTITLE   :Waits\n")
    assert (found.id, found.revised) == (number, revised)


def test_a_field_of_the_head_may_run_over_several_lines() -> None:
    found = read_article("DOCUMENT:Q900001\nTITLE   :A Title That\n   Goes On\nPROD/VER::5.5,\n5.5 SP1\n")
    assert found.title == "A Title That Goes On"
    assert (found.head["PROD/VER"].text, found.head["PROD/VER"].number) == (":5.5, 5.5 SP1", 4)


def test_the_parts_of_a_whole_article() -> None:
    text = kb_article(
        "One, version 1.0", "Two, 2.0", symptoms="It waits.\n\nFor long.", foot="Hardware   : x86"
    )
    found = read_article(text)
    assert [line.text.strip() for line in found.applies_to] == ["- One, version 1.0", "- Two, 2.0"]
    assert [section.name for section in found.sections] == ["SYMPTOMS", "RESOLUTION"]
    symptoms = found.section("SYMPTOMS")
    assert symptoms is not None
    assert symptoms.flat == "It waits. For long."
    assert found.section("CAUSE") is None
    assert found.foot["Hardware"].text == "x86"
    assert found.keywords() == {"sample"}


def test_lines_keep_the_numbers_of_the_file() -> None:
    text = kb_article(symptoms="It waits.")
    symptoms = read_article(text, first_line=101).section("SYMPTOMS")
    assert symptoms is not None
    (line,) = [line for line in symptoms.lines if line.text]
    assert text.splitlines()[line.number - 101] == "It waits."


def test_notes_between_the_bullets_and_the_first_section_name_no_product() -> None:
    rule = "-" * 79
    found = read_article(f"The information in this article applies to:\n\n - One\n{rule}\n\n - no product\n")
    assert [line.text for line in found.applies_to] == [" - One"]


def test_what_stands_in_the_foot_is_in_no_section() -> None:
    found = read_article("STATUS\n======\n\nKnown.\n\nAdditional query words: w\n\nKeywords   : a b\n c\n")
    assert [section.flat for section in found.sections] == ["Known."]
    assert found.keywords() == {"a", "b", "c"}


@pytest.mark.parametrize("text", ["", "\n", "Just a letter.\n\nYours", "=====\n=====", "DOCUMENT"])
def test_a_text_that_is_no_article_has_no_parts(text: str) -> None:
    found = read_article(text)
    assert (found.id, found.title, found.applies_to, found.sections) == ("", "", (), ())


@pytest.mark.parametrize("number", ["../../evil", "CON", "Q" + "8" * 40, ""])
def test_what_is_no_number_of_an_article_is_none(number: str) -> None:
    assert read_article(f"DOCUMENT:{number}  08-MAY-2002  [exampla]\n").id == ""

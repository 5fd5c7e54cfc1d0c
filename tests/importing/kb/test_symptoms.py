"""Symptoms and the events in them."""

from __future__ import annotations

import pytest

from tests.importing.kb.support import draft, kb_article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Source: ExMail Event ID: 4107", [("ExMail", 4107)]),
        ("Event ID: 4107\nSource: ExMail\nType: Error\nDescription: It ended.", [("ExMail", 4107)]),
        ("Event: 99 (Source: ExMail)", [("ExMail", 99)]),
        ("Source: ExMail Private\nEvent ID: 5", [("ExMail Private", 5)]),
        ("Source : ExMail\nEvent ID : 12", [("ExMail", 12)]),
        ("Source: A Event 1 then Source: B Event 2", [("A", 1), ("B", 2)]),
        ("Event ID 4107 of ExMail", []),
        ("Event ID: 4107\nSource: ExMail\nDescription: It ended.", [("ExMail", 4107)]),
        ("It is event 4107. The entry has Event ID: 4107, Source: ExMail.", [("ExMail", 4107)]),
        ("Event ID: 1 Source: A, Event ID: 2 Source: B", [("A", 1), ("B", 2)]),
    ],
)  # fmt: skip
def test_events(text: str, expected: list[tuple[str, int]]) -> None:
    (symptom,) = draft(kb_article(symptoms=text)).symptoms
    assert list(symptom.events) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo\nlines.", ["One.", "Two lines."]),
        ("Seen:\n\n   An entry.\n\nTwo.", ["Seen: An entry.", "Two."]),
        ("Seen:\n\n1. First.\n\n2. Second.\n\nTwo.", ["Seen: 1. First. 2. Second.", "Two."]),
        ("Seen:\n\n - First.\n\n - Second.\n\nTwo.", ["Seen: - First. - Second.", "Two."]),
    ],
)  # fmt: skip
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert [symptom.text for symptom in draft(kb_article(symptoms=text)).symptoms] == expected


def test_no_symptoms() -> None:
    assert draft(kb_article()).symptoms == ()

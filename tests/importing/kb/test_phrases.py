"""Levels that a sentence names, and the product of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.importing.kb.phrases import mentions, named_in


def shown(text: str) -> list[tuple[str, str | None, str]]:
    return [(found.name, found.version, found.pack) for found in mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("needs Exampla Mail Server 5.5 Service Pack 2.", [("Exampla Mail Server", "5.5", "SP2")]),
        ("needs Exampla Mail Server version 5.5 SP2", [("Exampla Mail Server", "5.5", "SP2")]),
        ("needs SP-2", [("", None, "SP2")]),
        ("needs Service Pack 6a (SP6a)", [("", None, "SP6a")]),
        ("needs Service Pack 4 for Fabled Gateway", [("Fabled Gateway", None, "SP4")]),
        ("needs Fabled Gateway 4.0 SP4 or SP5",
         [("Fabled Gateway", "4.0", "SP4"), ("Fabled Gateway", "4.0", "SP5")]),
        ("needs nothing", []),
        ("the WASP-2 nest and SP", []),
    ],
)  # fmt: skip
def test_service_packs(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert shown(text) == expected


def test_an_alternative_and_what_may_be_later_are_reported() -> None:
    first, second = mentions("needs Service Pack 4 or Service Pack 5 or later")
    assert [(one.alternative, one.or_later) for one in (first, second)] == [(False, False), (True, True)]


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("Exampla Mail Server 5.5", "Exampla Mail Server", "5.5"),
        ("Exampla Mail Server, version 5.5", "Exampla Mail Server", "5.5"),
        ("Exampla Mail Server", "Exampla Mail Server", None),
        ("", "", None),
    ],
)
def test_a_name_taken_apart(text: str, name: str, version: str | None) -> None:
    found = named_in(text)
    assert (found.name, found.version) == (name, version)


@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    assert all(found.pack.startswith("SP") for found in mentions(f"{text} Service Pack 2 {text}"))

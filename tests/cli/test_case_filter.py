"""Cases chosen by a regular expression: whatever it is, the answer comes in time."""

from __future__ import annotations

import time

import pytest

from needfix.cli import case_filter
from needfix.cli.case_filter import found_in
from needfix.errors import UsageError

NAMES = ["Q1: SP4 with the shipped store", "Q2: täg\n\udcff", "Q1: old"]


def test_an_expression_is_found_anywhere_in_a_name() -> None:
    assert found_in("^Q1: .*store$", NAMES) == [True, False, False]
    assert found_in("t\u00e4g\n\udcff", NAMES) == [False, True, False]
    assert found_in("", NAMES) == [True, True, True]
    assert found_in("[[a]z", []) == []


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("(", "is not a regular expression: missing ), unterminated subpattern at position 0"),
        ("a{99999999999999}", "is not a regular expression: the repetition number is too large"),
        ("(" * 500 + ")" * 500, "is not a regular expression: maximum recursion depth exceeded"),
        ("a" * 1001, "is longer than 1000 characters"),
    ],
)
def test_what_is_no_expression_is_bad_usage(expression: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        found_in(expression, NAMES)
    assert why in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_search_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_filter, "MOST_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(
        UsageError, match=r"takes longer than 0\.5 seconds to match\n    hint: write it without"
    ):
        found_in("(.*)*(.*)*(.*)*!!", [*NAMES, "Q3: " + "x" * 100])
    assert time.monotonic() - began < 10

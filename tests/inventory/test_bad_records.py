"""What becomes of bad records is said once, for every way to read and to decide."""

from __future__ import annotations

import pytest

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.limits import PROBLEMS
from needfix.inventory.bad_records import BadRecords


def problem(line: int) -> Problem:
    return Problem(Position("fleet.json", line), "the record has no server")


def test_bad_records_are_raised_at_the_end() -> None:
    bad = BadRecords()
    bad.conclude()
    bad.add(problem(1))
    assert (bad.count, bad.are_fatal) == (1, True)
    with pytest.raises(InventoryError) as caught:
        bad.conclude()
    assert caught.value.problems == (problem(1),)


def test_a_listener_keeps_going_unless_stated_otherwise() -> None:
    shown: list[Problem] = []
    for bad, is_fatal in (
        (BadRecords(shown.append), False),
        (BadRecords(shown.append, keep_going=False), True),
    ):
        bad.add(problem(1))
        assert bad.are_fatal is is_fatal
    assert shown == [problem(1)] * 2


def test_of_very_many_the_first_are_kept_and_the_others_counted() -> None:
    bad = BadRecords()
    for line in range(1, PROBLEMS + 51):
        bad.add(problem(line))
    bad.add_uncounted(7)
    with pytest.raises(InventoryError) as caught:
        bad.conclude()
    assert len(caught.value.problems) == PROBLEMS
    assert caught.value.problems[-1] == Problem(
        Position("fleet.json", PROBLEMS), "58 more problems from here on"
    )

"""Bad records of inventories: told as they are met, and counted at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from needfix.cli.messages import complain, state_problems
from needfix.errors import InventoryError, Problem
from needfix.intake.limits import PROBLEMS
from needfix.inventory.bad_records import BadRecords
from needfix.report.style import plural


@contextmanager
def told_problems(*, keep_going: bool) -> Iterator[BadRecords]:
    """Takes the problems of records and tells them; a run that they stop ends here, and says so."""
    printer = _Printer()
    bad = BadRecords(printer.tell, keep_going=keep_going)
    try:
        yield bad
    except InventoryError:
        if not bad.are_fatal:
            raise
    if bad.count:
        printer.conclude(bad)


class _Printer:
    """Writes problems to standard error, unless very many have been written already."""

    def __init__(self) -> None:
        self._told = 0

    def tell(self, problem: Problem) -> None:
        if self._told < PROBLEMS:
            self._told += 1
            state_problems([problem])

    def conclude(self, bad: BadRecords) -> None:
        """Say how many problems there were, and what became of the other records."""
        if bad.count > self._told:
            complain(f"… and {bad.count - self._told} more")
        rest = (
            "the other records were decided"
            if bad.keep_going
            else "nothing was written; --keep-going decides the other records"
        )
        complain(f"{plural(bad.count, 'problem')} in the inventories; {rest}")

"""Bad records of inventories: reported when they are met, and counted at the end; and notes on the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from needfix.cli.messages import complain, state_notes, state_problems
from needfix.errors import InventoryError, Problem
from needfix.intake.limits import PROBLEMS
from needfix.intake.notes import by_code
from needfix.inventory.bad_records import BadRecords
from needfix.report.style import plural


@contextmanager
def reported_problems(*, keep_going: bool, is_strict: bool) -> Iterator[BadRecords]:
    """Collects the problems of records and reports them; a run that they stop ends here with a message.

    Notes are written at the end, one line for each kind and file, or for each kind of very many files.
    """
    printer = _Printer()
    bad = BadRecords(printer.report, keep_going=keep_going, is_strict=is_strict)
    try:
        yield bad
    except InventoryError:
        if not bad.are_fatal:
            raise
    state_notes(by_code(bad.notes, _MOST_FILES))
    if bad.count:
        printer.conclude(bad)


_MOST_FILES = 5
"""Files whose notes of one kind have a line each."""


class _Printer:
    """Writes problems to standard error, at most PROBLEMS of them."""

    def __init__(self) -> None:
        self._written = 0

    def report(self, problem: Problem) -> None:
        if self._written < PROBLEMS:
            self._written += 1
            state_problems([problem])

    def conclude(self, bad: BadRecords) -> None:
        """Write how many problems there were, and what was done with the other records."""
        if bad.count > self._written:
            complain(f"… and {bad.count - self._written} more")
        rest = (
            "the other records were evaluated"
            if bad.keep_going
            else "nothing was written; use --keep-going to evaluate the other records"
        )
        complain(f"{plural(bad.count, 'problem')} in the inventories; {rest}")

"""Bad records of inventories: reported when they are met, and counted at the end; and notes on the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from needfix.cli.messages import complain, state_notes, state_problems
from needfix.errors import InventoryError, Position, Problem
from needfix.intake.limits import PROBLEMS
from needfix.intake.notes import Notes, by_code
from needfix.inventory.bad_records import BadRecords
from needfix.model.note import of_problem
from needfix.model.run_request import RunRequest
from needfix.report.style import plural


@contextmanager
def reported_problems(request: RunRequest, *, is_quiet: bool) -> Iterator[BadRecords]:
    """Collects the problems of records and reports them; a run that they stop ends here with a message.

    Notes are written at the end, unless it is quiet: one line for each kind and file, or for each kind of
    very many files.
    """
    printer = _Printer()
    bad = BadRecords(printer.report, keep_going=request.keep_going, is_strict=request.is_strict)
    try:
        yield bad
    except InventoryError:
        if not bad.are_fatal:
            raise
    if not is_quiet:
        state_notes(by_code(bad.notes, _MOST_FILES))
    if bad.count:
        printer.conclude(bad)


_MOST_FILES = 5
"""Files whose notes of one kind have a line each."""


_MOST_ALIKE = 3
"""Problems of one file that say the same of several lines, and are written one by one."""


class _Alike:
    """How many problems of a file say the same, and the line of the last one."""

    __slots__ = ("count", "line")

    def __init__(self) -> None:
        self.count = 0
        self.line = 0

    def add(self, problem: Problem) -> None:
        self.count += 1
        self.line = max(self.line, problem.at.line)


class _Printer:
    """Writes problems to standard error, at most PROBLEMS of them; notes are one for each kind and file.

    Of those of one file that say the same a few are written, and how many there were.
    """

    def __init__(self) -> None:
        self._others = 0
        self._strict = Notes()
        self._alike: dict[tuple[str, str], _Alike] = {}

    def report(self, problem: Problem) -> None:
        note = of_problem(problem)
        if note is not None:
            self._strict.merge([note])
            return
        said = problem.at.file, problem.what
        if said in self._alike or len(self._alike) < PROBLEMS:
            alike = self._alike.setdefault(said, _Alike())
            alike.add(problem)
            if alike.count > _MOST_ALIKE:
                return
        if self._others < PROBLEMS:
            self._others += 1
            state_problems([problem])

    def conclude(self, bad: BadRecords) -> None:
        """Write how many problems there were, and what was done with the other records."""
        folded = 0
        for (file, what), alike in self._alike.items():
            if alike.count > _MOST_ALIKE:
                folded += alike.count - _MOST_ALIKE
                places = f"{plural(alike.count - _MOST_ALIKE, 'more place')} down to line {alike.line}"
                state_problems([Problem(Position(file, 0), f"the same in {places}: {what}")])
        more = bad.count - self._others - folded - sum(note.count for note in self._strict)
        if more > 0:
            complain(f"… and {more} more")
        state_problems([note.as_problem() for note in by_code(self._strict, _MOST_FILES)])
        rest = (
            "the other records were evaluated"
            if bad.keep_going
            else "nothing was written; use --keep-going to evaluate the other records"
        )
        complain(f"{plural(bad.count, 'problem')} in the inventories; {rest}")

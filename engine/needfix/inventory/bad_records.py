"""Bad records of a run, and how they end it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.limits import PROBLEMS
from needfix.intake.notes import Notes, Occurrence
from needfix.inventory.items import further
from needfix.model.server import Server


class BadRecords:
    """Collects the problems of a run. Each is passed to `on_problem`, and the first are kept.

    Bad records are fatal unless the run keeps going: nothing is yielded after the first, and
    `conclude` raises the problems when everything was read. By default a run with `on_problem`
    keeps going. `notes` are about the other records; where the run `is_strict`, records of which there
    is anything to note are bad. `noted` finds what is to be noted of a server's facts.
    """

    def __init__(
        self,
        on_problem: Callable[[Problem], None] | None = None,
        *,
        keep_going: bool | None = None,
        is_strict: bool = False,
    ) -> None:
        self.keep_going = on_problem is not None if keep_going is None else keep_going
        self.notes = Notes(is_strict=is_strict)
        self.count = 0
        self._on_problem = on_problem
        self.noted: Callable[[Server], Iterable[Occurrence]] = lambda _: ()
        self._kept: list[Problem] = []

    @property
    def are_fatal(self) -> bool:
        """Whether the run will end with an error."""
        return self.count > 0 and not self.keep_going

    def add(self, problem: Problem) -> None:
        """Add a problem; of a record that is bad for notes only, also what `noted` finds in its facts."""
        for one in further([problem], self._further):
            self._add(one)

    def _further(self, server: Server, at: Position) -> list[Problem]:
        return self.notes.take(self.noted(server), at, server.server)

    def _add(self, problem: Problem) -> None:
        self.count += 1
        if len(self._kept) < PROBLEMS:
            self._kept.append(problem)
        if self._on_problem is not None:
            self._on_problem(problem)

    def add_all(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        for problem in problems:
            self.add(problem)

    def add_uncounted(self, number: int) -> None:
        """Add a number of problems whose texts are not known."""
        self.count += number

    def conclude(self) -> None:
        """Raise InventoryError with the first problems and the number of the others, if they are fatal."""
        if not self.are_fatal:
            return
        rest = self.count - len(self._kept)
        if rest and self._kept:
            last = self._kept.pop()
            self._kept.append(Problem(last.at, f"{rest + 1} more problems from here on"))
        raise InventoryError(self._kept)

"""The files of one server, each measured once however many rules ask."""

from __future__ import annotations

from collections.abc import Sequence

from needfix.compare.tracked import Check, FileState, Measure, TrackedFile, state_of
from needfix.model.server import FileCopy, Server


class ServerFiles:
    """Answers what a server's copies of the tracked files reach."""

    def __init__(self, tracked: Sequence[TrackedFile], server: Server) -> None:
        self._tracked = tracked
        self._complete = "files" in server.complete
        self._measures: list[Measure | None] = [None] * len(tracked)
        self._copies: dict[str, list[FileCopy]] = {}
        for copy in server.files:
            self._copies.setdefault(copy.name.casefold(), []).append(copy)

    def state(self, check: Check) -> FileState:
        """Whether a file reaches the minimum of a check."""
        return state_of(self.measure(check.tracked), check.needed)

    def measure(self, tracked: int) -> Measure:
        """The lowest copy of a tracked file."""
        measure = self._measures[tracked]
        if measure is None:
            file = self._tracked[tracked]
            measure = file.measure(self._copies.get(file.name, ()), complete=self._complete)
            self._measures[tracked] = measure
        return measure

    def copies(self, check: Check) -> list[FileCopy]:
        """The copies of a file that count for a check."""
        file = self._tracked[check.tracked]
        return file.own(self._copies.get(file.name, ()))

    def rank(self, check: Check, version: str) -> int:
        """How many minima of a check's file a version reaches; -1 where it cannot be read."""
        return self._tracked[check.tracked].rank(version)

"""The state of the tracked files on one server: which copies count for a check, and what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Protocol

from needfix.compare.file_names import last_word, stem
from needfix.compare.instances import Instance
from needfix.compare.tracked import (
    UNKNOWN,
    FileCheck,
    FileState,
    Interval,
    Measure,
    TrackedFile,
    lists_all_files,
    state_of,
    stated,
)
from needfix.intake.vocabularies import platform
from needfix.model.server import FileCopy, Server, altered


class Measured(Protocol):
    """What facts show about something that is no file."""

    def state(self, needed: int) -> FileState:
        """Whether it reaches a minimum."""


MeasureOther = Callable[[FileCheck], Measured]

_MISSING, _NOT_INVENTORIED = (
    Measure(0, UNKNOWN, "missing", None),
    Measure(0, UNKNOWN, "not-inventoried", None),
)
"""Of a file that has no copy, where all files are listed, and where not."""


class ServerFiles:
    """The state of the tracked files on one server, and of all else, which `measure_other` knows."""

    def __init__(
        self, tracked: Sequence[TrackedFile], server: Server, measure_other: MeasureOther | None = None
    ) -> None:
        self._tracked = tracked
        self._count = len(tracked)
        self._measure_other = measure_other
        self._server = server
        self._measures: list[Measure | None] = [None] * len(tracked)
        self._of_instances: dict[Instance, ServerFiles] = {}
        self._copies: dict[str, list[FileCopy]] = {}
        for copy in server.files:
            self._copies.setdefault(copy.name.casefold(), []).append(copy)

    def of(self, instance: Instance | None) -> ServerFiles:
        """The files that one of several entries of a product has."""
        if instance is None:
            return self
        found = self._of_instances.get(instance)
        if found is None:
            own = altered(self._server, files=instance.of(self._server.files))
            found = self._of_instances[instance] = ServerFiles(self._tracked, own)
            found._complete = self._complete
        return found

    @cached_property
    def _complete(self) -> bool:
        return lists_all_files(self._server)

    @cached_property
    def _looked_for(self) -> frozenset[str] | None:
        return self._server.names_looked_for

    @cached_property
    def _last_words(self) -> frozenset[str | None]:
        return frozenset(last_word(copy.name) for copy in self._server.files)

    def _is_absent(self, name: str) -> bool:
        """Whether a file is not there of which no copy is: nor may any other name mean it."""
        if not self._complete or (self._looked_for is not None and name not in self._looked_for):
            return False
        return name not in self._last_words and stem(name) not in self._copies

    def state(self, check: FileCheck) -> FileState:
        """Whether a file, or what else is compared, reaches the minimum of a check."""
        if check.tracked >= self._count and self._measure_other is not None:
            return self._measure_other(check).state(check.needed)
        return state_of(self.of(check.instance).measure(check.tracked), check.needed)

    def states(self, checks: Iterable[FileCheck]) -> list[FileState]:
        """Whether files and all else reach the minima of some checks; as `state` of each, and faster."""
        known = self._measures
        if self._measure_other is not None:
            return list(map(self.state, checks))
        return [
            state_of(known[tracked] or self.measure(tracked), needed) for tracked, needed, _, _, _ in checks
        ]

    def measure(self, tracked: int) -> Measure:
        """What the copies of a tracked file show."""
        measure = self._measures[tracked]
        if measure is None:
            file = self._tracked[tracked]
            copies = self._copies.get(file.name)
            if copies is None:
                measure = _MISSING if self._is_absent(file.name) else _NOT_INVENTORIED
            else:
                measure = file.measure(copies, is_complete=lambda: self._is_absent(file.name))
            self._measures[tracked] = measure
        return measure

    def copies(self, check: FileCheck) -> list[FileCopy]:
        """The copies of a file that count for a check."""
        file = self._tracked[check.tracked]
        return file.own(self.of(check.instance)._copies.get(file.name, ()))  # noqa: SLF001 - of its own class

    def others(self, check: FileCheck) -> list[FileCopy]:
        """Where no copy counts for a check, those that keep the file from being missing."""
        file = self._tracked[check.tracked]
        return file.others(self.of(check.instance)._copies.get(file.name, ()))  # noqa: SLF001 - as above

    def copy_state(self, check: FileCheck, copy: FileCopy) -> FileState:
        """Whether one copy that counts reaches the minimum of a check."""
        shown = self._tracked[check.tracked].shown(copy)
        return state_of(Measure(*shown, "", copy), check.needed) if shown else "not-inventoried"

    def of_unreadable_platform(self, check: FileCheck) -> list[FileCopy]:
        """The copies that count for a check because their platform is not understood."""
        if self._tracked[check.tracked].platform is None:
            return []
        own = ((copy, stated(copy.platform)) for copy in self.copies(check))
        return [copy for copy, text in own if text is not None and platform(text) is None]

    def interval(self, check: FileCheck, version: str) -> Interval | None:
        """What a version shows about a check's file; None where it says nothing."""
        return self._tracked[check.tracked].interval(version)

"""Files that rules name, measured once per server, however many rules use them.

A version becomes its rank among all minima that the catalogue has for the file, so that each
comparison of a rule is one of two integers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal, NamedTuple

from packaging.version import Version

from needfix.intake.vocabularies import folded_platform
from needfix.intake.vocabularies import platform as normal_platform
from needfix.model.rule import Fix, Minimum
from needfix.model.server import FileCopy, Server
from needfix.versions import Moment, parse_moment, parse_version


def readable(copies: Iterable[FileCopy]) -> list[tuple[Version, FileCopy]]:
    """The copies whose version can be read."""
    pairs = ((parse_version(copy.version), copy) for copy in copies if copy.version)
    return [(version, copy) for version, copy in pairs if version is not None]


def lowest_copy(copies: list[FileCopy]) -> FileCopy | None:
    """The copy with the lowest readable version, else the first copy."""
    versions = readable(copies)
    if versions:
        return min(versions, key=lambda pair: pair[0])[1]
    return copies[0] if copies else None


class ServerFiles:
    """The state of the tracked files on one server."""

    def __init__(self, tracked: Sequence[TrackedFile], server: Server) -> None:
        self._tracked = tracked
        self._complete = "files" in server.complete
        self._measures: list[Measure | None] = [None] * len(tracked)
        self._copies: dict[str, list[FileCopy]] = {}
        for copy in server.files:
            self._copies.setdefault(copy.name.casefold(), []).append(copy)

    def state(self, check: FileCheck) -> FileState:
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

    def copies(self, check: FileCheck) -> list[FileCopy]:
        """The copies of a file that count for a check."""
        file = self._tracked[check.tracked]
        return file.own(self._copies.get(file.name, ()))

    def rank(self, check: FileCheck, version: str) -> int:
        """The number of minima of a check's file that a version reaches; -1 if it cannot be read."""
        return self._tracked[check.tracked].rank(version)


FileState = Literal["reached", "below", "unreadable", "not-inventoried", "missing"]
Doubt = Literal["", "unreadable", "not-inventoried", "missing"]

_MOST_REMEMBERED = 1 << 14


class Measure(NamedTuple):
    """A file of a server: the rank of its lowest copy, -1 where no copy has one.

    `doubt` is about the copies without one: it counts only if the rank does not settle the state.
    """

    rank: int
    doubt: Doubt
    copy: FileCopy | None


class FileCheck(NamedTuple):
    """The minimum of a fix for a tracked file: a rank among its thresholds."""

    tracked: int
    needed: int
    minimum: Minimum


def state_of(measure: Measure, needed: int) -> FileState:
    """Whether a file reaches a minimum."""
    if 0 <= measure.rank < needed:
        return "below"
    return measure.doubt or "reached"


@dataclass(slots=True)
class TrackedFile:
    """One file, or the copies of it in some folder or for some platform, and its minima."""

    name: str
    path: str | None
    platform: str | None
    modified: Moment | None
    thresholds: Sequence[Version] = ()
    _ranks: dict[str, int] = field(default_factory=dict)

    def measure(self, copies: Sequence[FileCopy], *, complete: bool) -> Measure:
        """Measure a server's copies of the file."""
        own = self.own(copies)
        if not own:
            return Measure(-1, "missing" if complete else "not-inventoried", None)
        placed = [copy for copy in own if self.path is None or copy.path is not None]
        if not placed:
            return Measure(-1, "not-inventoried", own[0])
        measure = self._by_version(placed) if self.modified is None else self._by_time(placed, self.modified)
        # A copy without a path may be there or elsewhere, so it leaves open what the others do not settle.
        doubt = measure.doubt if len(placed) == len(own) else measure.doubt or "not-inventoried"
        return measure._replace(doubt=doubt)

    def own(self, copies: Sequence[FileCopy]) -> list[FileCopy]:
        """The copies that count."""
        return [copy for copy in copies if self._counts(copy)]

    def rank(self, text: str) -> int:
        """The number of minima that a version reaches; -1 if it cannot be read."""
        rank = self._ranks.get(text)
        if rank is None:
            version = parse_version(text)
            rank = -1 if version is None else bisect_right(self.thresholds, version)
            if len(self._ranks) >= _MOST_REMEMBERED:
                self._ranks.clear()
            self._ranks[text] = rank
        return rank

    def _by_version(self, copies: Sequence[FileCopy]) -> Measure:
        if len(copies) == 1 and (version := copies[0].version):
            rank = self.rank(version)
            return Measure(rank, "" if rank >= 0 else "unreadable", copies[0])
        versions = readable(copies)
        rest = [copy for copy in copies if not copy.version or parse_version(copy.version) is None]
        doubt: Doubt = (
            ("unreadable" if any(copy.version for copy in rest) else "not-inventoried") if rest else ""
        )
        if not versions:
            return Measure(-1, doubt, rest[0])
        lowest = min(versions, key=lambda pair: pair[0])
        return Measure(bisect_right(self.thresholds, lowest[0]), doubt, lowest[1])

    def _by_time(self, copies: Sequence[FileCopy], minimum: Moment) -> Measure:
        timed = [(parse_moment(copy.modified) if copy.modified else None, copy) for copy in copies]
        known = sorted(((m.first, i, m) for i, (m, _) in enumerate(timed) if m), key=lambda entry: entry[:2])
        below = next((i for _, i, moment in known if moment.reaches(minimum) is False), None)
        if below is not None:
            return Measure(0, "", copies[below])
        for moment, copy in timed:
            if moment is None or moment.reaches(minimum) is None:
                return Measure(-1, "unreadable" if copy.modified else "not-inventoried", copy)
        return Measure(1, "", copies[known[0][1]])

    def _counts(self, copy: FileCopy) -> bool:
        if self.platform and copy.platform and normal_platform(copy.platform) not in (None, self.platform):
            return False
        return self.path is None or copy.path is None or is_in(copy.path, self.path)


def is_in(path: str, pattern: str) -> bool:
    """Whether a path holds the folders of a pattern one after another, or matches one with * or ?."""
    here, named = _folders(path), _folders(pattern)
    if "*" in pattern or "?" in pattern:
        whole, shape = "/".join(here), "/".join(named).replace("[", "[[]")  # only * and ? are wildcards
        return fnmatchcase(whole, shape) or fnmatchcase(whole, f"{shape}/*")
    return any(here[start : start + len(named)] == named for start in range(len(here)))


def _folders(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").casefold().split("/") if part]


class TrackedFiles:
    """Every file that a catalogue's fixes compare."""

    def __init__(self, fixes: Sequence[Fix]) -> None:
        compared = [(fix, minimum) for fix in fixes for minimum in fix.files if minimum.is_compared]
        versions: dict[_Key, set[Version]] = {_key(*pair): set() for pair in compared}
        for fix, minimum in compared:
            versions[_key(fix, minimum)].update([minimum.version] if minimum.version is not None else [])
        self.files = tuple(TrackedFile(*key, sorted(own)) for key, own in versions.items())
        self._places = {key: place for place, key in enumerate(versions)}
        self._needed = [{v: rank for rank, v in enumerate(file.thresholds, 1)} for file in self.files]
        # By identity: a fix is looked up for every checklist, and takes long to hash.
        self._fixes = tuple(fixes)
        self._checks = {id(fix): tuple(self._of_fix(fix)) for fix in self._fixes}

    def checks(self, fix: Fix) -> tuple[FileCheck, ...]:
        """The checks of one of the fixes, in the order written."""
        return self._checks[id(fix)]

    def _of_fix(self, fix: Fix) -> Iterator[FileCheck]:
        return (self._check(fix, minimum) for minimum in fix.files if minimum.is_compared)

    def _check(self, fix: Fix, minimum: Minimum) -> FileCheck:
        place = self._places[_key(fix, minimum)]
        needed = self._needed[place][minimum.version] if minimum.version is not None else 1
        return FileCheck(place, needed, minimum)


_Key = tuple[str, str | None, str | None, Moment | None]


def _key(fix: Fix, minimum: Minimum) -> _Key:
    platform = folded_platform(fix.platform) if fix.platform else None
    modified = None if minimum.version is not None else minimum.modified
    return minimum.name.casefold(), minimum.path, platform, modified

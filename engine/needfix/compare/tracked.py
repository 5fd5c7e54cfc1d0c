"""Files that rules name, measured once per server, however many rules use them.

A version becomes its rank among all minima that the catalogue has for the file, so that each
comparison of a rule is one of two integers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from packaging.version import Version

from needfix.catalogue.minimum_sides import Sides
from needfix.compare.file_names import is_nameless
from needfix.compare.instances import Instance
from needfix.compare.path_patterns import lies_in
from needfix.intake.vocabularies import folded_platform, keeps_old_files, platform, says_nothing
from needfix.model.minimum import Minimum
from needfix.model.rule import Fix
from needfix.model.server import FileCopy, Server
from needfix.versions import Moment, behind, counts_years, parse_clock_time, parse_file_version


@lru_cache(maxsize=1 << 16)
def stated(text: str | None) -> str | None:
    """A value as it is compared: one that says nothing is not stated."""
    return None if text is None or says_nothing(text) else text


def is_kept_for_later(copy: FileCopy) -> bool:
    """Whether a copy lies in a folder that keeps old files, and so does not count."""
    return copy.path is not None and keeps_old_files(copy.path)


def lists_all_files(server: Server) -> bool:
    """Whether what a server's list of files does not name is not there.

    It is called complete, and has entries, each of which names a file.
    """
    if "files" not in server.complete or not server.files:
        return False
    return not any(is_nameless(copy.name, copy.path) for copy in server.files)


FileState = Literal["reached", "below", "unreadable", "not-inventoried", "missing"]
Doubt = Literal["", "not-inventoried", "missing"]

_MOST_REMEMBERED = 1 << 14
UNKNOWN = 1 << 30
"""More minima than any file has."""


class Interval(NamedTuple):
    """What a version shows: minima up to `low` are reached, and those above `high` are missed."""

    low: int
    high: int


class Measure(NamedTuple):
    """What the copies of a file show: the lowest of each end of their intervals.

    `doubt` is about what has no interval: it counts only for minima that no copy misses. `copy` is the
    one with the lowest version.
    """

    low: int
    high: int
    doubt: Doubt
    copy: FileCopy | None


class FileCheck(NamedTuple):
    """The minimum of a fix for a tracked file: a rank among its thresholds.

    One for a build has the number of the `installation` among those of its product. Where a product's files
    are divided among several entries, `instance` is the one whose files are compared.
    """

    tracked: int
    needed: int
    minimum: Minimum
    installation: int | None = None
    instance: Instance | None = None


def state_of(measure: Measure, needed: int) -> FileState:
    """Whether a file reaches a minimum; `unreadable` where its version does not show it."""
    if measure.high < needed:
        return "below"
    if measure.doubt:
        return measure.doubt
    return "reached" if needed <= measure.low else "unreadable"


@dataclass(slots=True)
class TrackedFile:
    """One file, or the copies of it in some folder or for some platform, and its minima.

    Minima by years and others are tracked apart: a version of one numbering shows nothing about the other.
    So is each minimum in lines, or above a version (`sides`): a higher version need not be better.
    """

    name: str
    path: str | None
    platform: str | None
    modified: Moment | None
    by_years: bool = False
    sides: Sides | None = None
    thresholds: Sequence[Version] = ()
    _intervals: dict[str, Interval | None] = field(default_factory=dict)

    @property
    def top(self) -> int:
        """The highest rank."""
        return 1 if self.modified is not None or self.sides is not None else len(self.thresholds)

    def measure(self, copies: Sequence[FileCopy], is_complete: Callable[[], bool]) -> Measure:
        """Measure a server's copies of the file."""
        own = self.own(copies)
        if not own:
            is_absent = not self.others(copies) and is_complete()
            return Measure(0, UNKNOWN, "missing" if is_absent else "not-inventoried", None)
        if len(own) == 1:
            return self._of_one(own[0])
        found = [self._of_one(copy) for copy in own]
        low, high = min(one.low for one in found), min(one.high for one in found)
        doubt = max(one.doubt for one in found)
        return Measure(low, high, doubt, self._lowest(own, found))

    def own(self, copies: Iterable[FileCopy]) -> list[FileCopy]:
        """The copies that count."""
        return [
            copy
            for copy in copies
            if not is_kept_for_later(copy) and self._may_lie(copy) and not self._is_other(copy)
        ]

    def others(self, copies: Sequence[FileCopy]) -> list[FileCopy]:
        """Copies that do not count, and yet show that the file is not absent.

        They are of another platform or kept for later in the folder of the fix, or all that there is is kept.
        """
        near = [copy for copy in copies if self._may_lie(copy)]
        return near or (list(copies) if all(map(is_kept_for_later, copies)) else [])

    def interval(self, text: str) -> Interval | None:
        """What a version shows; None where it says nothing."""
        if text not in self._intervals:
            if len(self._intervals) >= _MOST_REMEMBERED:
                self._intervals.clear()
            self._intervals[text] = self._shown_by(text)
        return self._intervals[text]

    def shown(self, copy: FileCopy) -> Interval | None:
        """What a copy shows; None where it states nothing that could be compared."""
        if self.path is not None and lies_in(stated(copy.path), self.path) is None:
            return None
        if self.modified is None:
            return self.interval(copy.version) if copy.version else None
        text = stated(copy.modified)
        return _timed(text, self.modified) if text else None

    def _of_one(self, copy: FileCopy) -> Measure:
        found = self.shown(copy)
        if found is None:
            return Measure(UNKNOWN, UNKNOWN, "not-inventoried", copy)
        return Measure(found.low, found.high, "", copy)

    def _lowest(self, own: Sequence[FileCopy], found: Sequence[Measure]) -> FileCopy:
        """The copy that reaches least; of several the one that is lowest in itself."""
        comparable: list[tuple[int, Version | datetime, int]] = []
        for place, (copy, one) in enumerate(zip(own, found, strict=True)):
            value = self._value(copy)
            if value is not None and not one.doubt:
                comparable.append((one.high, value, place))
        return own[min(comparable)[2]] if comparable else own[0]

    def _value(self, copy: FileCopy) -> Version | datetime | None:
        if self.modified is None:
            return parse_file_version(copy.version) if copy.version else None
        moment = parse_clock_time(copy.modified) if copy.modified else None
        return moment.first if moment else None

    def _shown_by(self, text: str) -> Interval | None:
        version = parse_file_version(text)
        if version is not None and counts_years(version) == self.by_years:
            return shown_by(version, self.thresholds, self.sides)
        # What reads as a version does not have to be looked up among the words that say nothing.
        is_stated = version is not None or stated(text) is not None
        return Interval(0, self.top) if is_stated else None

    def _may_lie(self, copy: FileCopy) -> bool:
        """Whether a copy lies in the folder, or may do so."""
        return self.path is None or lies_in(stated(copy.path), self.path) is not False

    def _is_other(self, copy: FileCopy) -> bool:
        """Whether a copy is of another platform."""
        if self.platform is None or copy.platform is None:
            return False
        return platform(copy.platform) not in (None, self.platform)


def shown_by(version: Version, thresholds: Sequence[Version], sides: Sides | None) -> Interval:
    """What a version shows about minima, by their ranks."""
    if sides is not None:
        reached = sides.reached(version)
        return Interval(0, 1) if reached is None else Interval(int(reached), int(reached))
    low = bisect_right(thresholds, version)
    release = version.release
    if low == len(thresholds) or thresholds[low].release[: len(release)] != release:
        return Interval(low, low)  # no minimum begins with the version
    return Interval(low, bisect_left(thresholds, behind(version), low))


@lru_cache(maxsize=1 << 14)
def _timed(text: str, minimum: Moment) -> Interval:
    moment = parse_clock_time(text)
    reached = moment.reaches(minimum) if moment else None
    return Interval(0, 1) if reached is None else Interval(int(reached), int(reached))


class TrackedFiles:
    """Every file that a catalogue's fixes compare."""

    def __init__(self, fixes: Sequence[Fix]) -> None:
        compared = [
            [(_key(fix, minimum), minimum) for minimum in fix.files if minimum.is_compared] for fix in fixes
        ]
        versions: dict[_Key, set[Version]] = {}
        for key, minimum in chain.from_iterable(compared):
            versions.setdefault(key, set()).update([minimum.version] if minimum.version is not None else [])
        self.files = tuple(
            TrackedFile(*key, key.sides.thresholds if key.sides else sorted(own))
            for key, own in versions.items()
        )
        self._places = {key: place for place, key in enumerate(versions)}
        self._needed = [{v: rank for rank, v in enumerate(file.thresholds, 1)} for file in self.files]
        # By identity: a fix is looked up for every checklist, and takes long to hash.
        self._fixes = tuple(fixes)
        self._checks = {
            id(fix): tuple(self._check(*pair) for pair in own)
            for fix, own in zip(self._fixes, compared, strict=True)
        }

    def checks(self, fix: Fix) -> tuple[FileCheck, ...]:
        """The checks of one of the fixes, in the order written."""
        return self._checks[id(fix)]

    def _check(self, key: _Key, minimum: Minimum) -> FileCheck:
        place = self._places[key]
        needed = self._needed[place][minimum.version] if minimum.version is not None else 1
        return FileCheck(place, needed, minimum)


class _Key(NamedTuple):
    name: str
    path: str | None
    platform: str | None
    modified: Moment | None
    by_years: bool
    sides: Sides | None


def _key(fix: Fix, minimum: Minimum) -> _Key:
    of_platform = folded_platform(fix.platform) if fix.platform else None
    first = minimum.version if minimum.version is not None else next(iter(minimum.versions), None)
    by_years = first is not None and counts_years(first)
    modified = None if first is not None else minimum.modified
    return _Key(minimum.name.casefold(), minimum.path, of_platform, modified, by_years, Sides.of(minimum))

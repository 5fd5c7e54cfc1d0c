"""How many of a catalogue's minima each version reaches: one number, whatever the file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from packaging.version import Version

from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.columns import Texts, bytes_of
from needfix.fleet.kernels import columns as kernels
from needfix.intake.vocabularies import says_nothing
from needfix.versions import behind, parse_file_version

_PARTS = 4
_BITS = 16
_MOST = (1 << _BITS) - 1


def numbers(distinct: pa.Array) -> tuple[Words, Ints]:
    """A number for each text, and how many parts it has; 0 parts where it is not of the common form.

    That has 2 to 4 numbers up to 65535. Two of that form order as their numbers do, which is how
    `packaging` orders them.
    """
    found, parts = np.zeros(len(distinct), np.uint64), np.zeros(len(distinct), np.uint8)
    kernels.read_versions(*bytes_of(distinct), found, parts)
    if distinct.null_count:
        parts[~distinct.is_valid().to_numpy(zero_copy_only=False)] = 0
    return found, parts


def least_number(version: Version) -> int:
    """The least number of a version of the common form that reaches this one; 2**64 where none does."""
    release = version.release
    found = 0
    for part in range(_PARTS):
        value = release[part] if part < len(release) else 0
        if value > _MOST:
            return (found + 1) << (_BITS * (_PARTS - part))
        found = (found << _BITS) | value
    return found + any(release[_PARTS:])


_MOST_REMEMBERED = 1 << 20
_TOP = (1 << 64) - 1
_FEWEST, _MAY_BE_BARE = 2, np.uint64(100 << 48)
"""Texts with the fewest numbers and at least this first one may be builds without their first numbers."""

_REST = np.array([_TOP, _TOP, (1 << 32) - 1, (1 << 16) - 1, 0], np.uint64)
"""By the number of parts, the bits of the parts that a text does not have."""


class Ranks(NamedTuple):
    """For each code of versions how many thresholds it surely reaches, and how many it may reach.

    Both are one array where no version is the beginning of a threshold.
    """

    low: Ints
    high: Ints

    @property
    def are_sure(self) -> bool:
        """Whether every version shows which thresholds it reaches."""
        return self.low is self.high


class VersionRanks:
    """All versions that a catalogue compares with, in order.

    `places` has the rank from which each is reached.
    """

    def __init__(self, versions: Iterable[Version]) -> None:
        numbered = sorted((least_number(version), version) for version in set(versions))
        self.thresholds = [version for _, version in numbered]
        self.places = {version: place for place, version in enumerate(self.thresholds, 1)}
        least = [number for number, _ in numbered]
        self._within = np.array([number for number in least if number <= _TOP], np.uint64)
        self._beginnings = np.array(sorted(set(_beginnings(self.thresholds))), np.uint64)
        self._known: dict[str, tuple[int, int]] = {}

    @property
    def unreadable(self) -> int:
        """The rank of what cannot be read."""
        return len(self.thresholds) + 1

    @property
    def unstated(self) -> int:
        """The rank of a version that was not inventoried."""
        return len(self.thresholds) + 2

    def of_codes(self, versions: Texts) -> Ranks:
        """The ranks of each code of a column of versions."""
        low, high = self._of_distinct(versions.distinct)
        own = np.append(low, np.int32(self.unstated))
        return Ranks(own, own if high is low else np.append(high, np.int32(self.unstated)))

    def are_unreadable(self, ranks: Ranks) -> Flags:
        """For each code whether it has a rank of no version: it cannot be read, or says nothing."""
        found: Flags = ranks.low >= self.unreadable
        found[-1] = False
        return found

    @property
    def nothing(self) -> Ranks:
        """The ranks of a column that is not there."""
        own = np.array([self.unstated], np.int32)
        return Ranks(own, own)

    def _of_distinct(self, texts: pa.Array) -> tuple[Ints, Ints]:
        found, parts = numbers(texts)
        if len(self._beginnings):
            parts[np.isin(found, self._beginnings)] = 0
        parts[(parts == _FEWEST) & (found >= _MAY_BE_BARE)] = 0
        low = np.zeros(len(found), np.int32)
        kernels.count_reached(found, self._within, low)
        high = self._highest(found, parts, low)
        others = np.flatnonzero(parts == 0)
        if len(others):
            pairs = [self._of_text(text) for text in texts.take(pa.array(others)).to_pylist()]
            lows, highs = np.array(pairs, np.int32).T
            if high is low and (lows != highs).any():
                high = low.copy()
            high[others] = highs
            low[others] = lows
        return low, high

    def _highest(self, found: Words, parts: Ints, low: Ints) -> Ints:
        """The ranks up to which texts may reach: the same array where that is what they surely do."""
        is_short = np.flatnonzero((parts > 0) & (parts < _PARTS))
        if not len(is_short):
            return low
        highest = np.zeros(len(is_short), np.int32)
        kernels.count_reached(found[is_short] | _REST[parts[is_short]], self._within, highest)
        if (highest == low[is_short]).all():
            return low
        high = low.copy()
        high[is_short] = highest
        return high

    def _of_text(self, text: str | None) -> tuple[int, int]:
        stripped = (text or "").strip()
        ranks = self._known.get(stripped)
        if ranks is None:
            ranks = self._read(stripped)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[stripped] = ranks
        return ranks

    def _read(self, text: str) -> tuple[int, int]:
        if says_nothing(text):
            return self.unstated, self.unstated
        version = parse_file_version(text)
        if version is None:
            return self.unreadable, self.unreadable
        low = bisect_right(self.thresholds, version)
        return low, max(low, bisect_left(self.thresholds, behind(version), low))


def _beginnings(thresholds: Iterable[Version]) -> Iterable[int]:
    """The numbers of texts of the common form that thresholds of another form begin with."""
    for version in thresholds:
        release = version.release
        if len(release) > _PARTS or max(release) > _MOST:
            for count in range(2, min(len(release), _PARTS + 1)):
                if max(release[:count]) <= _MOST:
                    yield least_number(Version(".".join(map(str, release[:count]))))

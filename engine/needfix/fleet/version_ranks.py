"""How many of a catalogue's minima each version reaches: one number, whatever the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from packaging.version import Version

from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.columns import Texts, bytes_of
from needfix.fleet.kernels import columns as kernels
from needfix.versions import parse_version

_PARTS = 4
_BITS = 16
_MOST = (1 << _BITS) - 1


def numbers(distinct: pa.Array) -> tuple[Words, Flags]:
    """A number for each text, and whether it is one of the common form: 1 to 4 numbers up to 65535.

    Two of that form order as their numbers do, which is how `packaging` orders them.
    """
    found, is_plain = np.zeros(len(distinct), np.uint64), np.zeros(len(distinct), np.bool_)
    kernels.read_versions(*bytes_of(distinct), found, is_plain.view(np.uint8))
    if distinct.null_count:
        is_plain &= distinct.is_valid().to_numpy(zero_copy_only=False)
    return found, is_plain


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
        self._known: dict[str, int] = {}

    @property
    def unreadable(self) -> int:
        """The rank of what cannot be read."""
        return len(self.thresholds) + 1

    @property
    def unstated(self) -> int:
        """The rank of a version that was not inventoried."""
        return len(self.thresholds) + 2

    def of_codes(self, versions: Texts) -> Ints:
        """The rank of each code of a column of versions: how many thresholds it reaches."""
        return np.append(self._of_distinct(versions.distinct), np.int32(self.unstated))

    def _of_distinct(self, texts: pa.Array) -> Ints:
        found, is_plain = numbers(texts)
        ranks = np.zeros(len(found), np.int32)
        kernels.count_reached(found, self._within, ranks)
        others = np.flatnonzero(~is_plain)
        if len(others):
            ranks[others] = [self._of_text(text) for text in texts.take(pa.array(others)).to_pylist()]
        return ranks

    def _of_text(self, text: str | None) -> int:
        stripped = (text or "").strip()
        if not stripped:
            return self.unstated
        rank = self._known.get(stripped)
        if rank is None:
            version = parse_version(stripped)
            rank = self.unreadable if version is None else bisect_right(self.thresholds, version)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[stripped] = rank
        return rank

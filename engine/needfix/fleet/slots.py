"""Slots: the files that a catalogue refers to, each a row in the table of a batch's files.

A slot is a tracked file of `compare`: a name, and where rules narrow it a folder, a platform
or a modified time. A second kind of slot holds the key files that show levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from needfix.compare.build_minima import TrackedBuild
from needfix.compare.file_names import stem
from needfix.compare.tracked import TrackedFile
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.version_ranks import Ranks, VersionRanks
from needfix.versions import AFTER_YEARS, FIRST_OF_YEARS, Moment


class BuildBounds(NamedTuple):
    """For each server the rank above which facts speak against a minimum, and that of facts that may lag.

    `by_files` is the highest rank that a key file reaches.
    """

    missed: Ints
    lagging: Ints
    by_files: Ints

    def of(self, servers: Ints, needed: int) -> Ints:
        """A number for all that reasons take from them for a minimum: 0 to 3."""
        found: Ints = (self.missed[servers] < needed) + 2 * (self.lagging[servers] < needed).astype(np.int64)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of some servers of a batch: `table` has a row for each server of the batch.

    `lows` has the rank that a cell which cannot be read surely reaches; None where that is 0 for all.
    `odd_platforms` has for some slots the servers with copies whose platform is not understood, `bounds` for
    those of builds what reasons depend on.
    """

    table: Ints
    servers: Ints
    lows: Ints | None = None
    odd_platforms: Mapping[int, Flags] = field(default_factory=dict)
    bounds: Mapping[int, BuildBounds] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many servers there are."""
        return len(self.servers)

    def of_slot(self, slot: int) -> Ints:
        """The cell of each server in a slot."""
        found: Ints = self.table[self.servers, slot]
        return found

    def lows_of_slot(self, slot: int) -> Ints | None:
        """The rank that each server's cell in a slot surely reaches, where it cannot be read."""
        return None if self.lows is None else self.lows[self.servers, slot]


@dataclass(frozen=True, slots=True, eq=False)
class AllCells:
    """The cells of a batch: a row for each server and a column for each slot.

    `tops` has the highest cell of each slot that is a rank nobody doubts.
    """

    table: Ints
    tops: Ints
    lows: Ints | None = None
    odd_platforms: Mapping[int, Flags] = field(default_factory=dict)
    bounds: Mapping[int, BuildBounds] = field(default_factory=dict)

    def of(self, servers: Ints) -> Cells:
        """Those of some servers."""
        return Cells(self.table, servers, self.lows, self.odd_platforms, self.bounds)

    def parted(self, slots: Sequence[int], servers: Ints) -> tuple[Ints, Ints]:
        """The servers with a sure rank in every slot, and those with gaps."""
        found, own = np.empty(len(servers), np.int64), np.array(slots, np.int32)
        count = kernels.part_by_tops(servers, self.table, own, self.tops[own], found)
        return found[:count], found[count:][::-1].copy()


@dataclass(frozen=True, slots=True)
class Scale:
    """The cells that a slot can have, in one number each.

    Ranks come first: how many minima the lowest copy reaches, up to `top`. Then the same ranks
    twice more: minima above the rank are missed, and whether those up to it are reached cannot be
    read, or was not inventoried. Of several copies in one slot the lowest number is the one that counts.
    """

    top: int

    @property
    def ranks(self) -> int:
        """How many ranks there are; that many further on, each is in doubt."""
        return self.top + 1

    @property
    def unreadable(self) -> int:
        """No minimum is missed, and whether any is reached cannot be read."""
        return self.ranks + self.top

    @property
    def not_inventoried(self) -> int:
        """A copy is there, and nothing is stated that could be compared."""
        return 2 * self.ranks + self.top

    @property
    def elsewhere(self) -> int:
        """No copy counts, and the file is not known to be missing."""
        return 3 * self.ranks

    @property
    def missing(self) -> int:
        """There is no copy. No cell is higher."""
        return 3 * self.ranks + 1

    @property
    def size(self) -> int:
        """How many cells there are."""
        return 3 * self.ranks + 2


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """One tracked file; `cells` turns a version's rank in the catalogue into the slot's own cell.

    Where a higher version need not be better, `reached` counts the ranks below each that reach the minimum.
    """

    file: TrackedFile
    scale: Scale
    cells: Ints
    modified: Moment | None
    reached: Ints | None = None
    exact: range = range(0)
    """Ranks of versions that are as precise as the minimum, whatever follows them."""

    def of_ranks(self, ranks: Ranks, codes: Ints) -> Ints:
        """The cells of versions by their codes; the highest that they may have, where that is not certain."""
        found: Ints = self.cells[ranks.high[codes]]
        if self.reached is None or ranks.are_sure:
            return found
        low, high = ranks.low[codes], ranks.high[codes]
        is_coarse = (low < high) & (high < len(self.reached) - 1)
        is_exact = is_coarse & (low >= self.exact.start) & (low < self.exact.stop)
        ends = np.where(is_coarse, high, 0)
        count = self.reached[ends + 1] - self.reached[np.where(is_coarse, low, 0)]
        is_open = is_coarse & ~is_exact & (count > 0) & (count <= ends - low) & (found <= self.scale.top)
        found = np.where(is_exact, self.cells[np.where(is_exact, low, 0)], found)
        return np.where(is_open, self.scale.unreadable, found)

    @property
    def is_narrowed(self) -> bool:
        """Whether not every copy of the name counts."""
        return self.file.path is not None or self.file.platform is not None


class Slots:
    """All slots of a catalogue, those of each name together.

    Behind those of files are those of builds, then those of values of the registry, of which `values` has
    the scales.
    """

    def __init__(
        self,
        tracked: Sequence[TrackedFile],
        ranks: VersionRanks,
        builds: Sequence[TrackedBuild] = (),
        values: Sequence[Scale] = (),
    ) -> None:
        self.slots = tuple(_slot(file, ranks) for file in tracked)
        self.builds = tuple(builds)
        self.scales = (*(slot.scale for slot in self.slots), *(Scale(build.top) for build in builds), *values)
        self.count = len(self.scales)
        self.plain: Mapping[str, int] = _first_by_name(self.slots)
        self.others = tuple(
            (number, slot)
            for number, slot in enumerate(self.slots)
            if self.plain.get(slot.file.name) != number
        )
        self._by_name = _by_text((slot.file.name, number) for number, slot in enumerate(self.slots))
        self._by_stem = _by_text((stem(slot.file.name), number) for number, slot in enumerate(self.slots))
        self.ranks = np.array([scale.ranks for scale in self.scales], np.int32)
        self.sizes = np.array([scale.size for scale in self.scales], np.int32)
        self.kind = _kind(int(self.sizes.max(initial=0)))
        self.doubts = _doubts(ranks)
        self.cells = _table([slot.cells for slot in self.slots], self.kind, ranks.unstated + 1)

    def meant_by(self, name: str, last_word: str | None) -> tuple[int, ...]:
        """The slots of files that another name may mean: it lacks the ending, or has words before it."""
        return (*self._by_stem.get(name, ()), *self._by_name.get(last_word, ()))


def _by_text(pairs: Iterable[tuple[str | None, int]]) -> dict[str | None, list[int]]:
    found: dict[str | None, list[int]] = {}
    for text, number in pairs:
        if text is not None:
            found.setdefault(text, []).append(number)
    return found


def _kind(largest: int) -> np.dtype[np.unsignedinteger]:
    """The smallest numbers that hold as many cells."""
    if largest <= 1 << 8:
        return np.dtype(np.uint8)
    return np.dtype(np.uint16) if largest <= 1 << 16 else np.dtype(np.uint32)


def _first_by_name(slots: Iterable[Slot]) -> dict[str, int]:
    """Of each name the slot that every copy counts for and whose versions are compared, not by years."""
    found: dict[str, int] = {}
    for number, slot in enumerate(slots):
        is_plain = slot.modified is None and slot.file.sides is None
        if is_plain and not slot.is_narrowed and not slot.file.by_years:
            found.setdefault(slot.file.name, number)
    return found


def _slot(file: TrackedFile, ranks: VersionRanks) -> Slot:
    if file.modified is not None:
        return Slot(file, Scale(1), np.zeros(0, np.int64), file.modified)
    scale = Scale(file.top)
    cells = np.full(ranks.unstated + 1, scale.not_inventoried, np.int64)
    cells[ranks.unreadable] = scale.unreadable
    places = [ranks.places[version] for version in file.thresholds]
    cells[: ranks.unreadable] = np.searchsorted(places, np.arange(ranks.unreadable), side="right")
    reached, exact = None, range(0)
    if file.sides is not None:
        answers = [False, *(file.sides.is_reached(version) for version in file.thresholds)]
        cells[: ranks.unreadable] = np.array(answers, np.int64)[cells[: ranks.unreadable]]
        reached = np.cumsum([0, *cells[: ranks.unreadable]])
        exact = range(*places) if file.sides.above is not None else exact
    cells[: ranks.unreadable][_by_years(ranks) != file.by_years] = scale.unreadable
    return Slot(file, scale, cells, None, reached, exact)


def _by_years(ranks: VersionRanks) -> Flags:
    """Which ranks are those of versions that are numbered by years."""
    found = np.zeros(ranks.unreadable, np.bool_)
    found[ranks.places[FIRST_OF_YEARS] : ranks.places[AFTER_YEARS]] = True
    return found


def _doubts(ranks: VersionRanks) -> Ints:
    """What each rank leaves open where minima are not by years: 1 cannot be read, 2 is not stated."""
    return np.array([*_by_years(ranks), True, 2], np.uint8)


def _table(rows: Sequence[Ints], kind: np.dtype[np.unsignedinteger], width: int) -> Ints:
    """The cells of all slots, a row each; one of times has none."""
    table = np.zeros((len(rows), width), kind)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table

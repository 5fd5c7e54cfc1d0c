"""Hand-written NumPy that knows only versions: the speed that is possible if nothing else matters.

Versions become ranks among the thresholds of their file. For every file and rank there is a row with a bit
for each rule; a server's answers are the AND of its rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.fleet.columns import (
    GROUPS,
    Fleet,
    Part,
    parsed_native,
    parsed_wide,
    read_lines,
    read_native,
    read_wide,
)
from benchmarks.fleet.engine import FIX_PRESENT, FIX_REQUIRED, Counts, Engine, Matrix, Most, key
from benchmarks.sample import FILES, LEVELS, Rule

BLOCK_WORDS = 1 << 17
"""Words of a block of answers: a megabyte, which a core's second cache holds."""
FEW = 64
"""Rows that are counted bit by bit, since putting them together would take longer."""

Words: TypeAlias = NDArray[np.uint64]


class NumpyRanks(Engine[pa.Table]):
    """NumPy on a fleet in the native form."""

    title: ClassVar[str] = "NumPy ranks, by hand"
    reads: ClassVar[str] = "native"
    parsed: ClassVar[Callable[[pa.Table], Fleet]] = staticmethod(parsed_native)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = len(rules)
        self._affected = _packed(_affected(rules))
        self._files = {FILES.index(name): _Minima(rules, name) for name in _names(rules)}
        self._block = max(FEW, BLOCK_WORDS // self._affected.shape[1])

    def load(self, fleet: Path) -> pa.Table:
        """Read with dictionaries."""
        return read_native(fleet)

    def counts(self, data: pa.Table) -> Counts:
        """Part by part on all cores, and in each block by block."""
        fleet = type(self).parsed(data)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(partial(self._count, self._ranks_of(fleet)), fleet.parts))
        present, groups = (sum(part) for part in zip(*parts, strict=True))
        affected = groups @ _bits(self._affected)
        columns = (groups.sum() - affected, present, affected - present)
        return tuple(zip(*(column[: self._rules].tolist() for column in columns), strict=True))

    def matrix(self, data: pa.Table) -> Matrix:
        """From the same rows of bits."""
        fleet = type(self).parsed(data)
        ranks = self._ranks_of(fleet)
        return [row for part in fleet.parts for row in self._decided(ranks, part())]

    def _decided(self, ranks: NDArray[np.uint16], part: Part) -> Iterator[bytes]:
        for groups, present in self._blocks(ranks, part):
            affected = _bits(self._affected[groups])
            codes = affected * FIX_REQUIRED - _bits(present) * (FIX_REQUIRED - FIX_PRESENT)
            yield from map(bytes, codes[:, : self._rules])

    def _ranks_of(self, fleet: Fleet) -> NDArray[np.uint16]:
        """For each file and version its rank; 0 is below all thresholds, as is a file that is missing."""
        ranks = np.zeros((len(FILES), len(fleet.keys) + 1), dtype=np.uint16)
        order = fleet.keys.argsort()
        for file, minima in self._files.items():
            ranks[file, order] = np.searchsorted(minima.thresholds, fleet.keys[order], side="right")
        return ranks

    def _count(
        self, ranks: NDArray[np.uint16], make: Callable[[], Part]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        part = make()
        present = np.sum([bit_counts(rows) for _groups, rows in self._blocks(ranks, part)], axis=0)
        return present, np.bincount(part.groups, minlength=GROUPS + 1).astype(np.int64)

    def _blocks(self, ranks: NDArray[np.uint16], part: Part) -> Iterator[tuple[NDArray[np.uint8], Words]]:
        """For some servers at a time their groups, and rows with a bit for each rule whose fix is present."""
        rows, other = np.empty((2, self._block, self._affected.shape[1]), dtype=np.uint64)
        for first in range(0, len(part.groups), self._block):
            groups = part.groups[first : first + self._block]
            versions = part.versions[:, first : first + self._block]
            block, spare = rows[: len(groups)], other[: len(groups)]
            self._affected.take(groups, axis=0, out=block, mode="clip")
            for file, minima in self._files.items():
                minima.rows.take(ranks[file].take(versions[file]), axis=0, out=spare, mode="clip")
                block &= spare
            yield groups, block


class NumpyRanksWide(NumpyRanks):
    """NumPy on a fleet with a column for each file."""

    reads: ClassVar[str] = "wide"
    parsed: ClassVar[Callable[[pa.Table], Fleet]] = staticmethod(parsed_wide)

    def load(self, fleet: Path) -> pa.Table:
        """Read with dictionaries."""
        return read_wide(fleet)


class NumpyRanksLines(NumpyRanks):
    """NumPy on a fleet in JSON lines."""

    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=200_000)

    def load(self, fleet: Path) -> pa.Table:
        """Read, and make dictionaries."""
        return read_lines(fleet)


class _Minima:
    """The thresholds of a file, and for each rank the rules whose minimum of this file is reached."""

    def __init__(self, rules: Sequence[Rule], name: str) -> None:
        minima = [key(minimum[name]) if name in minimum else -1 for _, _, _, minimum in rules]
        self.thresholds = np.unique([minimum for minimum in minima if minimum >= 0])
        ranks = np.searchsorted(self.thresholds, minima, side="right")
        self.rows = _packed(np.arange(len(self.thresholds) + 1)[:, None] >= ranks)


def bit_counts(rows: Words) -> NDArray[np.int64]:
    """How often each bit is set: full adders put three rows together to one of sums and one of carries."""
    total = np.zeros(rows.shape[1] * 64, dtype=np.int64)
    weight = 1
    while len(rows):
        rows, carries = _added(rows)
        total += weight * _bits(rows).sum(axis=0, dtype=np.int64)
        weight, rows = weight * 2, carries
    return total


def _added(rows: Words) -> tuple[Words, Words]:
    carries = [rows[:0]]
    while len(rows) > FEW:
        third = len(rows) // 3
        first, second, last, rest = np.split(rows, (third, 2 * third, 3 * third))
        half = first ^ second
        carries.append((first & second) | (half & last))
        half ^= last
        rows = np.concatenate((half, rest))
    return rows, np.concatenate(carries)


def _names(rules: Sequence[Rule]) -> list[str]:
    return sorted({name for _, _, _, minima in rules for name in minima})


def _affected(rules: Sequence[Rule]) -> NDArray[np.bool_]:
    """For each group of servers the rules that affect it; none for the last, whose servers are unknown."""
    groups = [(product, level) for product in range(GROUPS // len(LEVELS)) for level in range(len(LEVELS))]
    known = [[(product == rule[1]) & (level in rule[2]) for rule in rules] for product, level in groups]
    return np.array([*known, [False] * len(rules)])


def _packed(bits: NDArray[np.bool_]) -> Words:
    """Rows of bits, filled up with zeros to whole words."""
    missing = -bits.shape[1] % 64
    filled = np.pad(bits, ((0, 0), (0, missing)))
    return np.ascontiguousarray(np.packbits(filled, axis=1, bitorder="little")).view(np.uint64)


def _bits(words: Words) -> NDArray[np.uint8]:
    return np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")

"""Layers: rows of rule bits for every rank of every slot, from which a server's are put together.

A rule may have several fixes to compare: for several installations, for branches of which it can
be any, and for components. The first of each are one layer, so that most checklists have a single one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from needfix.compare.files import FixChecks
from needfix.fleet.arrays import CHUNK_BITS, CHUNK_WORDS, Ints, Words, runs
from needfix.fleet.bits import BitCounter, width, words
from needfix.fleet.kernels import bits as kernels
from needfix.fleet.slots import Cells, Slots

Path = tuple[int, int, int]
"""The place of a fix in a checklist: installation, branch, component."""


class States(NamedTuple):
    """For each server the rules with some file below its minimum, unreadable, unknown, missing or present."""

    below: Words
    unreadable: Words
    unknown: Words
    missing: Words
    reached: Words


class SlotRows(NamedTuple):
    """The rule bits of one slot in one chunk of words: those that each rank does not reach, and all."""

    slot: int
    chunk: int
    by_rank: Words
    every: Words

    def below(self, cells: Ints) -> Words:
        """The rules whose minimum these cells do not reach, where they are ranks that nobody doubts."""
        is_rank = (cells < len(self.by_rank))[:, None]
        return np.where(is_rank, self.by_rank.take(cells, axis=0, mode="clip"), np.uint64(0))

    def reached(self, cells: Ints, lows: Ints | None) -> Words:
        """The rules whose minimum these cells surely reach; `lows` is as in `Cells`."""
        ranks = len(self.by_rank)
        is_sure = cells < ranks
        if lows is not None:
            cells = np.where(cells // ranks == 1, lows, cells)
            is_sure = cells < ranks
        found = self.every & ~self.by_rank.take(cells, axis=0, mode="clip")
        return np.where(is_sure[:, None], found, np.uint64(0))

    def add(self, found: Words, servers: Ints, bits: Words) -> None:
        """Add bits to the rows of servers, each of which may come several times."""
        begin = self.chunk * CHUNK_WORDS
        np.bitwise_or.at(found[:, begin : begin + CHUNK_WORDS], servers, bits)


class Layer:
    """Of each rule one fix at most, and the bits that its files set.

    The rows of all slots follow each other, those of each chunk together.
    """

    def __init__(self, fixes: Sequence[tuple[int, FixChecks]], slots: Slots, size: int) -> None:
        self._size = size
        self.has = words((place for place, _ in fixes), size)
        self.compares = words((place for place, checks in fixes if checks), size)
        needs = [(place, check.tracked, check.needed) for place, checks in fixes for check in checks]
        places, tracked, needed = np.array(needs, np.int32).reshape(-1, 3).T.copy()
        keys, whose = np.unique(places // CHUNK_BITS * slots.count + tracked, return_inverse=True)
        self._chunks, self._slots = np.divmod(keys.astype(np.int32), max(slots.count, 1))
        self._ranks = slots.ranks[self._slots]
        self._firsts = runs(self._ranks).astype(np.int32)
        chunks = np.arange(size // CHUNK_WORDS)
        self._ends = np.searchsorted(self._chunks, chunks, side="right").astype(np.int32)
        self._rows = np.zeros((self._firsts[-1], CHUNK_WORDS), np.uint64)
        self._every = np.zeros((len(keys), CHUNK_WORDS), np.uint64)
        bits = places % CHUNK_BITS
        kernels.write_rows(self._firsts, whose.astype(np.int32), needed, bits, self._rows, self._every)

    @property
    def slots(self) -> set[int]:
        """The slots of all files."""
        return set(self._slots.tolist())

    @property
    def rows(self) -> list[SlotRows]:
        """The rows of each slot and chunk."""
        by_rank = (self._rows[begin:end] for begin, end in pairwise(self._firsts.tolist()))
        return list(map(SlotRows, self._slots.tolist(), self._chunks.tolist(), by_rank, self._every))

    def below(self, cells: Cells) -> Words:
        """The rules with a file below its minimum, for servers whose files all have a rank."""
        found = np.empty((cells.count, self._size), np.uint64)
        where = self._slots, self._firsts, self._ends, self._rows
        kernels.unite_below(cells.servers, cells.table, *where, found)
        return found

    def count_below(self, cells: Cells, counter: BitCounter, selected: Words, of_servers: Ints) -> None:
        """Count the rules that `below` finds, and the selected ones of each server of the batch."""
        where = self._slots, self._firsts, self._ends, self._rows
        kernels.count_below(cells.servers, cells.table, *where, selected, counter.digits, of_servers)

    def states(self, cells: Cells) -> States:
        """The rules by the states of their files."""
        found = np.empty((len(States._fields), cells.count, self._size), np.uint64)
        where = self._slots, self._ranks, self._firsts, self._ends, self._rows, self._every
        lows = cells.table[:0] if cells.lows is None else cells.lows
        kernels.unite_states(cells.servers, cells.table, lows, *where, found)
        return States(*found)


def layers(fixes: Iterable[tuple[Path, int, FixChecks]], slots: Slots, count: int) -> dict[Path, Layer]:
    """Fixes with the place of each in its checklist and that of its rule, as layers."""
    found: dict[Path, list[tuple[int, FixChecks]]] = {}
    for path, place, checks in fixes:
        found.setdefault(path, []).append((place, checks))
    return {path: Layer(own, slots, width(count)) for path, own in found.items()}

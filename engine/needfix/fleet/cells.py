"""Cells: for every slot and every server how many minima the lowest copy of a file reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from needfix.fleet.arrays import Flags, Ints

_BYTE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of some servers in the slots that their plan asks for."""

    by_slot: Mapping[int, Ints]
    count: int

    def __getitem__(self, slot: int) -> Ints:
        return self.by_slot[slot]


@dataclass(frozen=True, eq=False)
class AllCells:
    """The cells of a batch: a row for each slot and a column for each server.

    `tops` has the highest cell of each slot that is a rank nobody doubts.
    """

    rows: Ints
    tops: Sequence[int]

    def of(self, slots: Iterable[int], servers: Ints) -> Cells:
        """Those of some servers in some slots."""
        return Cells({slot: self.rows[slot].take(servers, mode="clip") for slot in slots}, len(servers))

    def has_gaps(self, slots: Iterable[int], servers: Ints) -> Flags:
        """The servers among these of which some slot has no rank, or one in doubt."""
        masks: dict[int, int] = {}
        for slot in slots:
            masks[slot // _BYTE] = masks.get(slot // _BYTE, 0) | 1 << slot % _BYTE
        found = np.zeros(len(servers), np.uint8)
        for place, mask in masks.items():
            found |= self._gaps[place].take(servers, mode="clip") & np.uint8(mask)
        has_any: Flags = found != 0
        return has_any

    @cached_property
    def _gaps(self) -> Ints:
        """A bit for each slot and server, eight slots a row."""
        found = np.zeros((-(-len(self.tops) // _BYTE), self.rows.shape[1]), np.uint8)
        for slot, (row, top) in enumerate(zip(self.rows, self.tops, strict=True)):
            found[slot // _BYTE] |= (row > top).view(np.uint8) * np.uint8(1 << slot % _BYTE)
        return found

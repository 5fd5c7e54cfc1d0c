"""Cells: for every server and every slot how many minima the lowest copy of a file reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from needfix.fleet.arrays import Ints
from needfix.fleet.kernels import cells as kernels


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of some servers of a batch: `table` has a row for each server of the batch."""

    table: Ints
    servers: Ints

    @property
    def count(self) -> int:
        """How many servers there are."""
        return len(self.servers)

    def of_slot(self, slot: int) -> Ints:
        """The cell of each server in a slot."""
        found: Ints = self.table[self.servers, slot]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class AllCells:
    """The cells of a batch: a row for each server and a column for each slot.

    `tops` has the highest cell of each slot that is a rank nobody doubts.
    """

    table: Ints
    tops: Ints

    def of(self, servers: Ints) -> Cells:
        """Those of some servers."""
        return Cells(self.table, servers)

    def parted(self, slots: Sequence[int], servers: Ints) -> tuple[Ints, Ints]:
        """The servers of which all slots have a rank that is sure, and those with gaps."""
        found, own = np.empty(len(servers), np.int64), np.array(slots, np.int32)
        count = kernels.part_by_tops(servers, self.table, own, self.tops[own], found)
        return found[:count], found[count:][::-1].copy()

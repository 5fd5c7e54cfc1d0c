"""The table of a batch's cells while copies of files are put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import AllCells
from needfix.fleet.slots import Slots


class Table:
    """The cells while copies are put in. Servers have no copy until then, which is the highest cell."""

    def __init__(self, slots: Slots, count: int) -> None:
        self.slots = slots
        self.count = count
        self._missing = np.array([slot.scale.missing for slot in slots.slots], slots.kind)
        self._ranks = np.array([slot.scale.ranks for slot in slots.slots], slots.kind)
        self.flat = np.repeat(self._missing, count)

    def put(self, slots: slice, copies: Callable[[], Iterator[tuple[Ints, Ints]]]) -> None:
        """Put in all copies of some slots, which come as places and cells.

        Of several in one place the lowest rank stays.
        """
        count = 0
        for places, found in copies():
            self.flat[places] = found
            count += len(places)
        own, missing = self._by_slot[slots], self._missing[slots]
        if np.count_nonzero(own != missing[:, None]) == count:
            return
        for places, found in copies():
            lost = np.flatnonzero(self.flat.take(places) != found)
            np.minimum.at(self.flat, places[lost], found[lost])

    def doubt(self, unreadable: Ints, not_inventoried: Ints) -> None:
        """Note the places of copies that cannot be compared, once all copies of their slots are there."""
        for doubts, places in enumerate((np.unique(unreadable), np.unique(not_inventoried)), 1):
            ranks = self._ranks[places // self.count]
            is_sure = self.flat[places] < ranks
            self.flat[places[is_sure]] += ranks[is_sure] * self.flat.dtype.type(doubts)

    def finished(self, is_complete: Flags) -> AllCells:
        """All cells, with what is told of servers that have no copy."""
        open_columns = np.flatnonzero(~is_complete)
        if len(open_columns):
            for row, slot in zip(self._by_slot, self.slots.slots, strict=True):
                is_missing = row[open_columns] == slot.scale.missing
                row[open_columns[is_missing]] = slot.scale.not_inventoried
        return AllCells(self._by_slot, tuple(slot.scale.top for slot in self.slots.slots))

    @property
    def _by_slot(self) -> Ints:
        return self.flat.reshape(len(self._missing), self.count)

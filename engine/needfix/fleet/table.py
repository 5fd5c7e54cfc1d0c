"""The table of a batch's cells while copies of files are put in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import AllCells
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.slots import Slots


class PlainCopies(NamedTuple):
    """Copies that count wherever they lie: where each server's begin, and the codes of names and versions.

    `slots` has the slot of each name, -1 for none, and `ranks` the rank of each version; the last of
    both stands for what is not told.
    """

    begins: Ints
    names: Ints
    versions: Ints
    slots: Ints
    ranks: Ints


class Table:
    """The cells while other copies are put in; of several copies in one place the lowest cell stays.

    A server without a copy has the highest cell, or, where not all its files are told, nothing that
    could be compared.
    """

    def __init__(self, slots: Slots, copies: PlainCopies, is_complete: Flags) -> None:
        self.slots = slots
        self._ranks = slots.ranks.astype(slots.kind)
        scales = [slot.scale for slot in slots.slots]
        untold, missing = [scale.not_inventoried for scale in scales], [scale.missing for scale in scales]
        without = np.array([untold, missing], slots.kind)
        self.cells = np.empty((len(is_complete), slots.count), slots.kind)
        kernels.put_lowest(*copies, slots.cells, is_complete.view(np.uint8), without, self.cells)

    def put(self, servers: Ints, slot: int, found: Ints) -> None:
        """Put in the cells of copies that are in one slot."""
        np.minimum.at(self.cells.reshape(-1), servers * self.cells.shape[1] + slot, found)

    def doubt(self, unreadable: Copied, not_inventoried: Copied) -> None:
        """Note where copies cannot be compared, once all copies of their slots are there."""
        for doubts, places in enumerate((unreadable, not_inventoried), 1):
            servers, slots = _once(places, len(self._ranks))
            ranks = self._ranks[slots]
            is_sure = self.cells[servers, slots] < ranks
            own = servers[is_sure], slots[is_sure]
            self.cells[own] += ranks[is_sure] * self.cells.dtype.type(doubts)

    def finished(self) -> AllCells:
        """All cells."""
        return AllCells(self.cells, np.array([slot.scale.top for slot in self.slots.slots], np.int32))


Copied = tuple[Ints, Ints]
"""The servers and the slots of copies."""


def _once(places: Copied, slots: int) -> Copied:
    """Each place once."""
    found = np.unique(places[0] * slots + places[1])
    return found // slots, found % slots

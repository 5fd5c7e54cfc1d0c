"""The table of a batch's cells while copies of files are put in."""

from __future__ import annotations

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import AllCells
from needfix.fleet.slots import Slots


class Table:
    """The cells while copies are put in; of several copies in one place the lowest cell stays.

    Servers have no copy until then, which is the highest cell, or, where not all files are told,
    nothing that could be compared.
    """

    def __init__(self, slots: Slots, is_complete: Flags) -> None:
        self.slots = slots
        scales = [slot.scale for slot in slots.slots]
        self._ranks = slots.ranks.astype(slots.kind)
        missing = np.array([scale.missing for scale in scales], slots.kind)
        untold = np.array([scale.not_inventoried for scale in scales], slots.kind)
        self.cells = np.empty((len(is_complete), len(scales)), slots.kind)
        self.cells[:] = missing if is_complete.all() else np.where(is_complete[:, None], missing, untold)

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

"""The cells of a batch while copies are put in: of several copies in one slot the lowest counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.slots import AllCells, Slots


class PlainCopies(NamedTuple):
    """Copies that count wherever they lie: where each server's begin, and the codes of names and versions.

    `slots` has the slot of each name, -1 for none, and `ranks` the rank of each version; the last of
    both is the value for what is not stated. `paths` and `are_kept` are empty where no copy
    is kept for later.
    """

    begins: Ints
    names: Ints
    versions: Ints
    slots: Ints
    ranks: Ints
    paths: Ints
    are_kept: Ints


Copied = tuple[Ints, Ints]
"""The servers and the slots of copies."""


class CellTable:
    """The cells while other copies are put in; of several copies in one place the lowest cell stays.

    A server without a copy has the highest cell, or, where not all its files are listed, nothing that
    could be compared.
    """

    def __init__(self, slots: Slots, copies: PlainCopies, is_complete: Flags) -> None:
        self.slots = slots
        self._ranks = slots.ranks.astype(slots.kind)
        scales = slots.scales
        unstated, missing = [scale.elsewhere for scale in scales], [scale.missing for scale in scales]
        without = np.array([unstated, missing], slots.kind)
        self.cells = np.empty((len(is_complete), slots.count), slots.kind)
        kernels.put_lowest(*copies, slots.cells, is_complete.view(np.uint8), without, self.cells)
        self._unreadable: list[Copied] = []
        self._unstated: list[Copied] = []
        self._coarse: list[tuple[Copied, Ints]] = []
        self._odd_platforms: dict[int, Flags] = {}

    def put(self, servers: Ints, slot: int, found: Ints) -> None:
        """Put in the cells of copies that are in one slot."""
        np.minimum.at(self.cells.reshape(-1), servers * self.cells.shape[1] + slot, found)

    def unreadable(self, places: Copied) -> None:
        """Note where copies cannot be compared."""
        if len(places[0]):
            self._unreadable.append(places)

    def unstated(self, places: Copied) -> None:
        """Note where copies state nothing that could be compared."""
        if len(places[0]):
            self._unstated.append(places)

    def coarse(self, places: Copied, lows: Ints) -> None:
        """Note where copies are the beginning of a minimum, and the rank that each surely reaches."""
        if len(places[0]):
            self._coarse.append((places, lows))

    def odd_platform(self, slot: int, servers: Ints) -> None:
        """Note where copies have a platform that is not understood."""
        if len(servers):
            self._odd_platforms[slot] = np.zeros(len(self.cells), np.bool_)
            self._odd_platforms[slot][servers] = True

    def finished(self) -> AllCells:
        """All cells, once all copies are there."""
        lows = self._lows() if self._coarse else None
        for places in (*self._unreadable, *(places for places, _ in self._coarse)):
            self._put_in_doubt(places, 1)
        for places in self._unstated:
            self._put_in_doubt(places, 2)
        tops = np.array([scale.top for scale in self.slots.scales], np.int32)
        return AllCells(self.cells, tops, lows, self._odd_platforms)

    def _lows(self) -> Ints:
        """The ranks that cells surely reach, where that is not the rank of the cell."""
        lows = np.zeros_like(self.cells)  # other cells than those noted here are read in full
        for places, _ in self._coarse:
            lows[places] = self.cells[places] % self._ranks[places[1]]
        for places, own in self._coarse:
            np.minimum.at(lows, places, own)
        for places in self._unreadable:
            lows[places] = 0
        return lows

    def _put_in_doubt(self, places: Copied, doubt: int) -> None:
        ranks, own = self._ranks[places[1]], self.cells[places]
        self.cells[places] = own % ranks + np.maximum(own // ranks, self.cells.dtype.type(doubt)) * ranks

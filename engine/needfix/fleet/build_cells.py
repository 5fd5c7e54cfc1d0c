"""The cells of builds: what the products and key files of a kind of servers show of each minimum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from needfix.compare.build_minima import BuildMeasure
from needfix.compare.installation import Installed
from needfix.fleet.arrays import Ints
from needfix.fleet.slots import AllCells, BuildBounds, Scale, Slots


class BuildCell(NamedTuple):
    """The cell of a build, the rank that it surely reaches where that is in doubt, and its bounds."""

    cell: int
    low: int
    missed: int
    lagging: int
    by_files: int


def build_cells(slots: Slots, here: Installed) -> Iterator[BuildCell]:
    """The cell of each slot of a build."""
    scales = slots.scales[len(slots.slots) : len(slots.slots) + len(slots.builds)]
    for build, scale in zip(slots.builds, scales, strict=True):
        there = here.of(build.product.product)
        yield _cell(build.measure(there[0] if there else None), scale)


def _cell(measure: BuildMeasure, scale: Scale) -> BuildCell:
    low, high, doubt, _ = measure.measure
    cell = high
    if doubt:
        cell = scale.not_inventoried
    elif low < high:
        cell = scale.ranks + high
    return BuildCell(cell, low, measure.miss_above, measure.lags_above, measure.shown_by_files)


def with_builds(
    cells: AllCells, slots: Slots, of_kinds: Sequence[Sequence[BuildCell]], codes: Ints
) -> AllCells:
    """The cells of a batch with those of builds, by the kind of each server."""
    found = np.array(of_kinds, np.int64)[codes]
    lows = np.zeros_like(cells.table) if cells.lows is None else cells.lows
    bounds = {}
    for number in range(len(slots.builds)):
        slot, own = len(slots.slots) + number, found[:, number]
        cells.table[:, slot] = own[:, 0]
        lows[:, slot] = own[:, 1]
        bounds[slot] = BuildBounds(own[:, 2], own[:, 3], own[:, 4])
    return replace(cells, lows=lows, bounds=bounds)

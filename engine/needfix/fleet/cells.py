"""What copies of files show of each file that a rule tracks, as cells: by version or by time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from needfix.compare.tracked import stated
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cell_table import CellTable, PlainCopies
from needfix.fleet.columns import ObjectColumn, Texts
from needfix.fleet.copies import Copies, has_odd_platform, lie_in, rows_of, texts_of_codes, vague
from needfix.fleet.slots import AllCells, Slot, Slots
from needfix.fleet.version_ranks import Ranks
from needfix.versions import parse_clock_time


def all_cells(files: ObjectColumn | None, slots: Slots, ranks: Ranks, is_complete: Flags) -> AllCells:
    """The cells of a batch.

    `ranks` has those of each version of the files. Servers whose files are not all listed have doubts
    where others have no file.
    """
    copies = Copies(files, ranks) if files is not None and len(files.lists.elements) else None
    plain = _plain(copies, slots) if copies is not None else _none_of(len(is_complete))
    table = CellTable(slots, plain, is_complete)
    if copies is not None:
        _doubt(table, copies, plain)
        for number, slot in slots.others:
            _put_other(table, number, slot, copies)
        names = copies.files.texts("name")
        for number, rows in vague(names, slots) if names is not None else ():
            elsewhere = slots.slots[number].scale.elsewhere
            table.put(copies.owners(rows), number, np.full(len(rows), elsewhere, slots.kind))
    return table.finished()


def _plain(copies: Copies, slots: Slots) -> PlainCopies:
    """Copies of files that count wherever they lie, compared by version: nearly all there are."""
    begins, names, paths = copies.files.lists.begins, copies.files.texts("name"), copies.files.texts("path")
    if names is None:
        return _none_of(len(begins) - 1)
    of_names = [-1 if name is None else slots.plain.get(name.casefold(), -1) for name in names.values()]
    none = np.zeros(0, np.int32)
    has_kept = copies.are_kept is not None and paths is not None
    return PlainCopies(
        begins,
        names.codes,
        copies.versions,
        np.array(of_names, np.int32),
        copies.ranks.high,
        paths.codes if has_kept and paths else none,
        copies.are_kept.view(np.uint8) if copies.are_kept is not None else none.view(np.uint8),
    )


def _none_of(count: int) -> PlainCopies:
    none = np.zeros(0, np.int32)
    begins, are_kept = np.zeros(count + 1, np.int64), np.zeros(0, np.uint8)
    return PlainCopies(begins, none, none, none, none, none, are_kept)


def _doubt(table: CellTable, copies: Copies, plain: PlainCopies) -> None:
    """Note where copies have no version that could be compared, or one that is the beginning of a minimum."""
    ranks = Ranks(*(own[:-1] for own in copies.ranks)) if copies.all_have_versions else copies.ranks
    doubts = table.slots.doubts[ranks.high]
    is_open = doubts > 0 if copies.ranks.are_sure else (doubts > 0) | (ranks.low != ranks.high)
    if not len(plain.names) or not is_open.any():
        return
    rows = np.flatnonzero(is_open[plain.versions])
    rows = rows[plain.slots[plain.names[rows]] >= 0]
    rows = rows[~copies.is_kept(rows)]
    servers, slots, codes = (
        np.searchsorted(plain.begins, rows, side="right") - 1,
        plain.slots[plain.names[rows]],
        plain.versions[rows],
    )
    for doubt, note in ((1, table.unreadable), (2, table.unstated)):
        own = doubts[codes] == doubt
        note((servers[own], slots[own]))
    if not copies.ranks.are_sure:
        low, high = (table.slots.cells[slots, of_codes[codes]] for of_codes in (ranks.low, ranks.high))
        own = (low < high) & (doubts[codes] == 0)
        table.coarse((servers[own], slots[own]), low[own])


def _put_other(table: CellTable, number: int, slot: Slot, copies: Copies) -> None:
    """Copies of a file where not all count, or that is compared by time."""
    rows, others = rows_of(copies, slot)
    table.put(copies.owners(others), number, np.full(len(others), slot.scale.elsewhere, table.slots.kind))
    if not len(rows):
        return
    own, files = copies.owners(rows), copies.files
    pattern = slot.file.path
    is_placed = np.ones(len(rows), np.bool_) if pattern is None else lie_in(files, rows, pattern)
    found = np.full(len(rows), slot.scale.not_inventoried, table.slots.kind)
    placed, by_time = rows[is_placed], slot.modified is not None
    found[is_placed] = (
        _by_time(files, placed, slot) if by_time else slot.of_ranks(copies.ranks, copies.versions[placed])
    )
    table.put(own, number, found)
    for note, cell in (
        (table.unreadable, slot.scale.unreadable),
        (table.unstated, slot.scale.not_inventoried),
    ):
        servers = own[found == cell]
        note((servers, np.full(len(servers), number)))
    if not by_time and slot.reached is None and not copies.ranks.are_sure:
        low = slot.cells[copies.ranks.low[copies.versions[placed]]]
        is_coarse = low < found[is_placed]
        servers = own[is_placed][is_coarse]
        table.coarse((servers, np.full(len(servers), number)), low[is_coarse])
    table.odd_platform(number, own[has_odd_platform(files, rows)] if slot.file.platform else rows[:0])


def _by_time(files: ObjectColumn, rows: Ints, slot: Slot) -> Ints:
    """0 where a copy is older, 1 where it is not."""
    times, scale = files.texts("modified"), slot.scale
    if times is None or slot.modified is None:
        return np.full(len(rows), scale.not_inventoried)
    codes = times.codes[rows]
    table = np.full(times.unstated + 1, scale.not_inventoried)
    for code, text in texts_of_codes(times, codes):
        if stated(text) is not None:
            moment = parse_clock_time(text)
            reached = moment.reaches(slot.modified) if moment else None
            table[code] = scale.unreadable if reached is None else int(reached)
    return table[codes]


def loaded_modules(
    files: ObjectColumn | None, slots: Slots, ranks_of: Callable[[Texts], Ranks]
) -> tuple[Ints, Ints, Ints]:
    """Modules that run: whose each is, its slot, and the cell that its version has there."""
    loaded = files.texts("loaded") if files is not None else None
    none = np.zeros(0, np.int64)
    if files is None or loaded is None:
        return none, none, none
    copies = Copies(files, ranks_of(loaded))
    is_loaded = np.array([stated(text) is not None for text in loaded.values()])[loaded.codes]
    found: list[tuple[Ints, Ints, Ints]] = [(none, none, none)]
    for number, slot in enumerate(slots.slots):
        rows = rows_of(copies, slot)[0] if slot.modified is None else none
        rows = rows[is_loaded[rows]]
        cells = slot.of_ranks(copies.ranks, loaded.codes[rows])
        found.append((copies.owners(rows), np.full(len(rows), number), cells))
    owners, numbers, cells_of = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return owners, numbers, cells_of

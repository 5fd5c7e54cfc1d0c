"""Copies of files put into cells: of several copies in one slot the lowest counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from needfix.decide.tracked import is_in
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import AllCells
from needfix.fleet.native import Part
from needfix.fleet.slots import Slot, Slots
from needfix.fleet.table import Table
from needfix.fleet.texts import Texts
from needfix.model.names import platform as normal_platform
from needfix.versions import parse_moment

_SERVERS = 8192
"""Servers whose files are put in at once: few enough for the processor's cache."""

_MOST_OF_COPIES = 0.25
"""So large a part of the copies may be cells that are worked out for their versions beforehand."""

_HALF = 32


class Copies(NamedTuple):
    """Copies of files, and the rank of each of their versions."""

    files: Part
    ranks: Ints


def all_cells(files: Part | None, slots: Slots, ranks: Ints, is_complete: Flags) -> AllCells:
    """The cells of a batch.

    `ranks` has that of each version of the files. Servers whose files are not all told have doubts
    where others have no file.
    """
    table = Table(slots, len(is_complete))
    if files is not None and len(files.lists.elements):
        copies = Copies(files, ranks)
        _fill_plain(table, copies)
        for number, slot in slots.others:
            _fill_other(table, number, slot, copies)
    return table.finished(is_complete)


def _fill_plain(table: Table, copies: Copies) -> None:
    """Copies of files that count wherever they lie, compared by version: nearly all there are."""
    names = copies.files.texts("name")
    if names is None:
        return
    slot_of = np.array([_plain_slot(table.slots, text) for text in names.values()], np.int64)
    table.put(slice(None), lambda: _plain_copies(table, copies, names, slot_of))
    first = table.slots.first_doubtful_rank
    doubtful = (_places_of_rank(table, copies, slot_of[names.codes], rank) for rank in (first, first + 1))
    if _may_be_doubtful(copies, first):
        table.doubt(*doubtful)


def _may_be_doubtful(copies: Copies, first: int) -> bool:
    versions = copies.files.texts("version")
    return versions is None or versions.has_untold or bool((copies.ranks[:-1] >= first).any())


def _places_of_rank(table: Table, copies: Copies, slots: Ints, rank: int) -> Ints:
    """The places of copies whose version has a rank; `slots` is by copy."""
    versions, begins = copies.files.texts("version"), copies.files.lists.begins
    codes = versions.codes if versions is not None else np.zeros(len(slots), np.int64)
    rows = np.flatnonzero((copies.ranks[codes] == rank) & (slots >= 0))
    places: Ints = slots[rows] * table.count + np.searchsorted(begins, rows, side="right") - 1
    return places


def _plain_copies(table: Table, copies: Copies, names: Texts, slot_of: Ints) -> Iterator[tuple[Ints, Ints]]:
    """The place and the cell of each copy, for some servers after others."""
    cells, ranks = _cells_by_code(table.slots, copies)
    slots, width = slot_of.clip(0), cells.shape[1]
    # The first place and the first cell of each name in one number, since looking up is what takes time.
    firsts = (slots * table.count << _HALF) | slots * width
    is_known = bool((slot_of[:-1] >= 0).all()) and not names.has_untold
    lists, versions = copies.files.lists, copies.files.texts("version")
    for begin in range(0, table.count, _SERVERS):
        end = min(begin + _SERVERS, table.count)
        rows = slice(lists.begins[begin], lists.begins[end])
        codes, places = names.codes[rows], np.repeat(np.arange(begin, end), lists.lengths[begin:end])
        own = versions.codes[rows] if versions is not None else np.zeros_like(codes)
        if not is_known:
            wanted = np.flatnonzero(slot_of.take(codes, mode="clip") >= 0)
            codes, own, places = codes[wanted], own[wanted], places[wanted]
        first = firsts.take(codes, mode="clip")
        places += first >> _HALF
        first &= (1 << _HALF) - 1
        first += own if ranks is None else ranks.take(own, mode="clip")
        yield places, cells.ravel().take(first, mode="clip")


def _cells_by_code(slots: Slots, copies: Copies) -> tuple[Ints, Ints | None]:
    """The cells of each slot by the codes of versions; by ranks, which come too, where codes are many."""
    if copies.ranks.size * len(slots.slots) > _MOST_OF_COPIES * len(copies.files.lists.elements):
        return slots.cells, copies.ranks
    return slots.cells.take(copies.ranks, axis=1), None


def _plain_slot(slots: Slots, name: str | None) -> int:
    return -1 if name is None else slots.plain.get(name.casefold(), -1)


def _fill_other(table: Table, number: int, slot: Slot, copies: Copies) -> None:
    """Copies of a file of which not all count, or that is compared by time."""
    files = copies.files
    rows = _rows_of(copies, slot)
    if not len(rows):
        return
    own = files.lists.owners[rows]
    is_placed = _has_path(files, rows) if slot.file.path is not None else np.ones(len(rows), np.bool_)
    found = np.full(len(rows), slot.scale.not_inventoried, table.slots.kind)
    placed = rows[is_placed]
    by_time = slot.modified is not None
    found[is_placed] = (
        _by_time(files, placed, own[is_placed], slot) if by_time else _by_version(copies, placed, slot)
    )
    places = number * table.count + own
    table.put(slice(number, number + 1), lambda: iter([(places, found)]))
    table.doubt(places[found == slot.scale.unreadable], places[found == slot.scale.not_inventoried])


def _rows_of(copies: Copies, slot: Slot) -> Ints:
    """The rows of copies that count for a slot."""
    rows = copies.files.rows_named(slot.file.name)
    platforms, paths = copies.files.texts("platform"), copies.files.texts("path")
    if len(rows) and slot.file.platform and platforms is not None:
        is_own = _flags(platforms, lambda text: text is None or normal_platform(text) == slot.file.platform)
        rows = rows[is_own[platforms.codes[rows]]]
    if len(rows) and slot.file.path is not None and paths is not None:
        pattern = slot.file.path
        is_own = _flags_of(paths, paths.codes[rows], lambda text: text is None or is_in(text, pattern))
        rows = rows[is_own[paths.codes[rows]]]
    return rows


def _has_path(files: Part, rows: Ints) -> Flags:
    paths = files.texts("path")
    if paths is None:
        return np.zeros(len(rows), np.bool_)
    codes = paths.codes[rows]
    return _flags_of(paths, codes, lambda text: text is not None)[codes]


def _by_version(copies: Copies, rows: Ints, slot: Slot) -> Ints:
    versions = copies.files.texts("version")
    return slot.cells[copies.ranks[versions.codes[rows] if versions else np.zeros_like(rows)]]


def _by_time(files: Part, rows: Ints, own: Ints, slot: Slot) -> Ints:
    """0 where a copy is older, 1 where it is not; where nothing tells, the first such copy says why."""
    times, scale = files.texts("modified"), slot.scale
    if times is None or slot.modified is None:
        return np.full(len(rows), scale.not_inventoried)
    codes = times.codes[rows]
    table = np.full(times.untold + 1, scale.not_inventoried)
    for code, text in told_texts(times, codes):
        moment = parse_moment(text)
        reached = moment.reaches(slot.modified) if moment else None
        table[code] = scale.unreadable if reached is None else int(reached)
    found = table[codes]
    unsure = np.flatnonzero(found >= scale.unreadable)
    _, first, whose = np.unique(own[unsure], return_index=True, return_inverse=True)
    found[unsure] = found[unsure][first][whose]
    return found


def told_texts(column: Texts, codes: Ints) -> list[tuple[int, str]]:
    """The codes among these that tell something, each once, with their texts."""
    seen = np.zeros(column.untold + 1, np.bool_)
    seen[codes] = True
    there = np.flatnonzero(seen[:-1])
    written = column.distinct.take(there).to_pylist()
    stripped = ((code, (text or "").strip()) for code, text in zip(there.tolist(), written, strict=True))
    return [(code, text) for code, text in stripped if text]


def _flags(column: Texts, is_wanted: Callable[[str | None], bool]) -> Flags:
    return np.array([is_wanted(text) for text in column.values()], np.bool_)


def _flags_of(column: Texts, codes: Ints, is_wanted: Callable[[str | None], bool]) -> Flags:
    """As `_flags`, looking only at texts that these codes have."""
    flags = np.full(column.untold + 1, is_wanted(None), np.bool_)
    for code, text in told_texts(column, codes):
        flags[code] = is_wanted(text)
    return flags


def loaded_modules(
    files: Part | None, slots: Slots, ranks_of: Callable[[Texts], Ints]
) -> tuple[Ints, Ints, Ints]:
    """Modules that run: whose each is, its slot, and the cell that its version has there."""
    loaded = files.texts("loaded") if files is not None else None
    none = np.zeros(0, np.int64)
    if files is None or loaded is None:
        return none, none, none
    copies = Copies(files, ranks_of(loaded))
    is_loaded = np.array([text is not None for text in loaded.values()])[loaded.codes]
    found: list[tuple[Ints, Ints, Ints]] = [(none, none, none)]
    for number, slot in enumerate(slots.slots):
        rows = _rows_of(copies, slot) if slot.modified is None else none
        rows = rows[is_loaded[rows]]
        cells = slot.cells[copies.ranks[loaded.codes[rows]]]
        found.append((files.lists.owners[rows], np.full(len(rows), number), cells))
    owners, numbers, cells_of = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return owners, numbers, cells_of

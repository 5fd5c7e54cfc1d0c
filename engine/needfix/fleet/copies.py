"""Copies of files put into cells: of several copies in one slot the lowest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from needfix.compare.tracked import is_in
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import ObjectColumn, Texts
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.slots import AllCells, Slot, Slots
from needfix.intake.vocabularies import platform as normal_platform
from needfix.versions import parse_moment


class PlainCopies(NamedTuple):
    """Copies that count wherever they lie: where each server's begin, and the codes of names and versions.

    `slots` has the slot of each name, -1 for none, and `ranks` the rank of each version; the last of
    both is the value for what is not stated.
    """

    begins: Ints
    names: Ints
    versions: Ints
    slots: Ints
    ranks: Ints


class CellTable:
    """The cells while other copies are put in; of several copies in one place the lowest cell stays.

    A server without a copy has the highest cell, or, where not all its files are listed, nothing that
    could be compared.
    """

    def __init__(self, slots: Slots, copies: PlainCopies, is_complete: Flags) -> None:
        self.slots = slots
        self._ranks = slots.ranks.astype(slots.kind)
        scales = [slot.scale for slot in slots.slots]
        unstated, missing = [scale.not_inventoried for scale in scales], [scale.missing for scale in scales]
        without = np.array([unstated, missing], slots.kind)
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


class Copies(NamedTuple):
    """Copies of files, and the rank of each of their versions."""

    files: ObjectColumn
    ranks: Ints

    @property
    def all_have_versions(self) -> bool:
        """Whether every copy has a version."""
        versions = self.files.texts("version")
        return versions is not None and not versions.has_unstated

    def version_codes(self) -> Ints:
        """The code of each copy's version."""
        versions = self.files.texts("version")
        return versions.codes if versions else np.zeros(len(self.files.lists.elements), np.int32)


def all_cells(files: ObjectColumn | None, slots: Slots, ranks: Ints, is_complete: Flags) -> AllCells:
    """The cells of a batch.

    `ranks` has that of each version of the files. Servers whose files are not all listed have doubts
    where others have no file.
    """
    copies = Copies(files, ranks) if files is not None and len(files.lists.elements) else None
    plain = _plain(copies, slots) if copies is not None else _none_of(len(is_complete))
    table = CellTable(slots, plain, is_complete)
    if copies is not None:
        _doubt(table, copies, plain)
        for number, slot in slots.others:
            _put_other(table, number, slot, copies)
    return table.finished()


def _plain(copies: Copies, slots: Slots) -> PlainCopies:
    """Copies of files that count wherever they lie, compared by version: nearly all there are."""
    begins, names = copies.files.lists.begins, copies.files.texts("name")
    if names is None:
        return _none_of(len(begins) - 1)
    of_names = [-1 if name is None else slots.plain.get(name.casefold(), -1) for name in names.values()]
    return PlainCopies(
        begins, names.codes, copies.version_codes(), np.array(of_names, np.int32), copies.ranks
    )


def _none_of(count: int) -> PlainCopies:
    none = np.zeros(0, np.int32)
    return PlainCopies(np.zeros(count + 1, np.int64), none, none, none, none)


def _doubt(table: CellTable, copies: Copies, plain: PlainCopies) -> None:
    """Note where copies have no version that could be compared."""
    first = table.slots.first_doubtful_rank
    ranks = copies.ranks[:-1] if copies.all_have_versions else copies.ranks
    if len(plain.names) and (ranks >= first).any():
        slots = plain.slots[plain.names]
        table.doubt(*(_of_rank(plain, slots, rank) for rank in (first, first + 1)))


def _of_rank(plain: PlainCopies, slots: Ints, rank: int) -> tuple[Ints, Ints]:
    """The server and the slot of each copy whose version has a rank; `slots` is by copy."""
    rows = np.flatnonzero((plain.ranks[plain.versions] == rank) & (slots >= 0))
    return np.searchsorted(plain.begins, rows, side="right") - 1, slots[rows]


def _put_other(table: CellTable, number: int, slot: Slot, copies: Copies) -> None:
    """Copies of a file where not all count, or that is compared by time."""
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
    table.put(own, number, found)
    doubtful = (own[found == doubt] for doubt in (slot.scale.unreadable, slot.scale.not_inventoried))
    table.doubt(*((servers, np.full(len(servers), number)) for servers in doubtful))


def _rows_of(copies: Copies, slot: Slot) -> Ints:
    """The rows of copies that count for a slot."""
    rows = copies.files.rows_named(slot.file.name)
    platforms, paths = copies.files.texts("platform"), copies.files.texts("path")
    if len(rows) and slot.file.platform and platforms is not None:
        is_own = _flags(platforms, lambda text: _platform(text) in (None, slot.file.platform))
        rows = rows[is_own[platforms.codes[rows]]]
    if len(rows) and slot.file.path is not None and paths is not None:
        pattern = slot.file.path
        is_own = _flags_of(paths, paths.codes[rows], lambda text: text is None or is_in(text, pattern))
        rows = rows[is_own[paths.codes[rows]]]
    return rows


def _platform(text: str | None) -> str | None:
    return normal_platform(text) if text else None


def _has_path(files: ObjectColumn, rows: Ints) -> Flags:
    paths = files.texts("path")
    if paths is None:
        return np.zeros(len(rows), np.bool_)
    codes = paths.codes[rows]
    return _flags_of(paths, codes, lambda text: text is not None)[codes]


def _by_version(copies: Copies, rows: Ints, slot: Slot) -> Ints:
    return slot.cells[copies.ranks[copies.version_codes()[rows]]]


def _by_time(files: ObjectColumn, rows: Ints, own: Ints, slot: Slot) -> Ints:
    """0 where a copy is older, 1 where it is not; where unknown, the first such copy gives the reason."""
    times, scale = files.texts("modified"), slot.scale
    if times is None or slot.modified is None:
        return np.full(len(rows), scale.not_inventoried)
    codes = times.codes[rows]
    table = np.full(times.unstated + 1, scale.not_inventoried)
    for code, text in texts_of_codes(times, codes):
        moment = parse_moment(text)
        reached = moment.reaches(slot.modified) if moment else None
        table[code] = scale.unreadable if reached is None else int(reached)
    found = table[codes]
    unsure = np.flatnonzero(found >= scale.unreadable)
    _, first, whose = np.unique(own[unsure], return_index=True, return_inverse=True)
    found[unsure] = found[unsure][first][whose]
    return found


def texts_of_codes(column: Texts, codes: Ints) -> list[tuple[int, str]]:
    """The codes among these that have a text, each once, with their texts."""
    seen = np.zeros(column.unstated + 1, np.bool_)
    seen[codes] = True
    there = np.flatnonzero(seen[:-1])
    written = column.distinct.take(there).to_pylist()
    stripped = ((code, (text or "").strip()) for code, text in zip(there.tolist(), written, strict=True))
    return [(code, text) for code, text in stripped if text]


def _flags(column: Texts, is_selected: Callable[[str | None], bool]) -> Flags:
    return np.array([is_selected(text) for text in column.values()], np.bool_)


def _flags_of(column: Texts, codes: Ints, is_selected: Callable[[str | None], bool]) -> Flags:
    """As `_flags`, looking only at texts that these codes have."""
    flags = np.full(column.unstated + 1, is_selected(None), np.bool_)
    for code, text in texts_of_codes(column, codes):
        flags[code] = is_selected(text)
    return flags


def loaded_modules(
    files: ObjectColumn | None, slots: Slots, ranks_of: Callable[[Texts], Ints]
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

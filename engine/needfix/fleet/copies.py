"""Copies of files put into cells: of several copies in one slot the lowest counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.compare.path_patterns import lies_in
from needfix.compare.tracked import is_nameless, stated
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import ObjectColumn, Texts
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.slots import AllCells, Slot, Slots
from needfix.fleet.version_ranks import Ranks
from needfix.intake.vocabularies import OLD_FILES, keeps_old_files, platform
from needfix.versions import parse_file_time


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
        scales = [slot.scale for slot in slots.slots]
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
        tops = np.array([slot.scale.top for slot in self.slots.slots], np.int32)
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


@dataclass(frozen=True, eq=False)
class Copies:
    """Copies of files, and the ranks of each of their versions."""

    files: ObjectColumn
    ranks: Ranks

    @property
    def all_have_versions(self) -> bool:
        """Whether every copy has a version."""
        versions = self.files.texts("version")
        return versions is not None and not versions.has_unstated

    @cached_property
    def versions(self) -> Ints:
        """The code of each copy's version."""
        versions = self.files.texts("version")
        return versions.codes if versions else np.zeros(len(self.files.lists.elements), np.int32)

    @property
    def are_kept(self) -> Flags | None:
        """Whether each path lies in a folder that keeps old files; None where none does."""
        return kept_paths(self.files)

    def is_kept(self, rows: Ints) -> Flags:
        """Which of these copies are kept for later, and so do not count."""
        paths = self.files.texts("path")
        if self.are_kept is None or paths is None:
            return np.zeros(len(rows), np.bool_)
        return self.are_kept[paths.codes[rows]]

    def owners(self, rows: Ints) -> Ints:
        """The server of each of these copies."""
        return self.files.lists.owners[rows]


def kept_paths(files: ObjectColumn) -> Flags | None:
    """For each code of the paths whether it lies in a folder that keeps old files; None where none does."""
    return files.judged("path", _keep_old_files)


def _keep_old_files(paths: pa.Array) -> Flags | None:
    """Which paths lie in folders that keep old files, each looked at once, and False for no path."""
    found = pc.match_substring_regex(paths, OLD_FILES, ignore_case=True)
    flags_of: Flags = pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False).copy()
    others = np.flatnonzero(
        ~pc.fill_null(pc.string_is_ascii(paths), fill_value=True).to_numpy(zero_copy_only=False)
    )
    if len(others):  # case is another matter beyond ASCII
        flags_of[others] = list(map(keeps_old_files, paths.take(pa.array(others)).to_pylist()))
    return np.append(flags_of, False) if flags_of.any() else None


def nameless(files: ObjectColumn) -> Ints:
    """The rows of copies that name no file; each distinct name and path is looked at once."""
    names, paths = files.texts("name"), files.texts("path")
    if names is None:
        return np.zeros(0, np.int64)
    may_be = _flags(names, lambda text: text is not None and is_nameless(text, None))
    rows = np.flatnonzero(may_be.take(names.codes)) if may_be.any() else np.zeros(0, np.int64)
    if paths is None:
        return rows
    may_name_none = _end_oddly(paths.distinct)
    if may_name_none.any():
        rows = np.union1d(rows, np.flatnonzero(may_name_none.take(paths.codes)))
    if not len(rows):
        return rows
    pairs, places = np.unique(
        names.codes[rows].astype(np.int64) * (paths.unstated + 1) + paths.codes[rows], return_inverse=True
    )
    of_names, of_paths = np.divmod(pairs, paths.unstated + 1)
    written = zip(texts_at(names, of_names), texts_at(paths, of_paths), strict=True)
    found = np.array([name is not None and is_nameless(name, path) for name, path in written], np.bool_)
    return rows[found[places]]


def _end_oddly(paths: pa.Array) -> Flags:
    """Which paths may be those of a folder; False for none."""
    may_be = reduce(pc.or_, (pc.ends_with(paths, sign) for sign in ("\\", "/", " ", "\t")))
    flags_of: Flags = pc.fill_null(may_be, fill_value=False).to_numpy(zero_copy_only=False)
    return np.append(flags_of, False)


def texts_at(column: Texts, codes: Ints) -> list[str | None]:
    """The texts of codes; None where nothing is stated."""
    written = column.distinct.take(pa.array(codes, mask=codes == column.unstated)).to_pylist()
    return [(text or "").strip() or None for text in written]


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
    rows, others = _rows_of(copies, slot)
    table.put(copies.owners(others), number, np.full(len(others), slot.scale.elsewhere, table.slots.kind))
    if not len(rows):
        return
    own, files = copies.owners(rows), copies.files
    pattern = slot.file.path
    is_placed = np.ones(len(rows), np.bool_) if pattern is None else _lie_in(files, rows, pattern)
    found = np.full(len(rows), slot.scale.not_inventoried, table.slots.kind)
    placed, by_time = rows[is_placed], slot.modified is not None
    found[is_placed] = (
        _by_time(files, placed, slot) if by_time else _by_version(copies, placed, slot, copies.ranks.high)
    )
    table.put(own, number, found)
    for note, cell in (
        (table.unreadable, slot.scale.unreadable),
        (table.unstated, slot.scale.not_inventoried),
    ):
        servers = own[found == cell]
        note((servers, np.full(len(servers), number)))
    if not by_time and not copies.ranks.are_sure:
        low = _by_version(copies, placed, slot, copies.ranks.low)
        is_coarse = low < found[is_placed]
        servers = own[is_placed][is_coarse]
        table.coarse((servers, np.full(len(servers), number)), low[is_coarse])
    table.odd_platform(number, own[_is_odd(files, rows)] if slot.file.platform else rows[:0])


def _rows_of(copies: Copies, slot: Slot) -> tuple[Ints, Ints]:
    """The rows of copies that count for a slot, and of those that only show that the file is not missing."""
    files = copies.files
    rows = files.rows_named(slot.file.name)
    is_kept = copies.is_kept(rows)
    others = rows[is_kept]
    if len(others):
        others = others[~np.isin(copies.owners(others), copies.owners(rows[~is_kept]))]
    platforms, paths = files.texts("platform"), files.texts("path")
    if len(rows) and slot.file.path is not None and paths is not None:
        pattern = slot.file.path
        may_lie = _flags_of(
            paths, paths.codes[rows], lambda text: lies_in(stated(text), pattern) is not False
        )
        is_near = may_lie[paths.codes[rows]]
        rows, is_kept = rows[is_near], is_kept[is_near]
    others, rows = np.concatenate([others, rows[is_kept]]), rows[~is_kept]
    if len(rows) and slot.file.platform and platforms is not None:
        of_slot = slot.file.platform
        is_other = _flags(platforms, lambda text: text is not None and platform(text) not in (None, of_slot))
        is_other = is_other[platforms.codes[rows]]
        others, rows = np.concatenate([others, rows[is_other]]), rows[~is_other]
    return rows, others


def _is_odd(files: ObjectColumn, rows: Ints) -> Flags:
    """Which of these copies have a platform that is not understood."""
    platforms = files.texts("platform")
    if platforms is None:
        return np.zeros(len(rows), np.bool_)
    is_odd = _flags(platforms, lambda text: stated(text) is not None and platform(text or "") is None)
    return is_odd[platforms.codes[rows]]


def _lie_in(files: ObjectColumn, rows: Ints, pattern: str) -> Flags:
    """Which of these copies surely lie in the folders of a pattern."""
    paths = files.texts("path")
    if paths is None:
        return np.zeros(len(rows), np.bool_)
    codes = paths.codes[rows]
    return _flags_of(paths, codes, lambda text: lies_in(stated(text), pattern) is True)[codes]


def _by_version(copies: Copies, rows: Ints, slot: Slot, ranks: Ints) -> Ints:
    return slot.cells[ranks[copies.versions[rows]]]


def _by_time(files: ObjectColumn, rows: Ints, slot: Slot) -> Ints:
    """0 where a copy is older, 1 where it is not."""
    times, scale = files.texts("modified"), slot.scale
    if times is None or slot.modified is None:
        return np.full(len(rows), scale.not_inventoried)
    codes = times.codes[rows]
    table = np.full(times.unstated + 1, scale.not_inventoried)
    for code, text in texts_of_codes(times, codes):
        if stated(text) is not None:
            moment = parse_file_time(text)
            reached = moment.reaches(slot.modified) if moment else None
            table[code] = scale.unreadable if reached is None else int(reached)
    return table[codes]


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
        rows = _rows_of(copies, slot)[0] if slot.modified is None else none
        rows = rows[is_loaded[rows]]
        cells = slot.cells[copies.ranks.high[loaded.codes[rows]]]
        found.append((copies.owners(rows), np.full(len(rows), number), cells))
    owners, numbers, cells_of = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return owners, numbers, cells_of

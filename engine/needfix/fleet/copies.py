"""Which copies of files count: where they lie, for which platform they are, and whether they name a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.compare.file_names import ENDS_AS_FILE, is_nameless, last_word
from needfix.compare.path_patterns import lies_in
from needfix.compare.tracked import stated
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import ObjectColumn, Texts
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.slots import Slot, Slots
from needfix.fleet.version_ranks import Ranks
from needfix.intake.vocabularies import OLD_FILES, keeps_old_files, platform


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
    return files.once(_kept_paths)


def _kept_paths(files: ObjectColumn) -> Flags | None:
    paths = files.texts("path")
    return _keep_old_files(paths.distinct) if paths is not None else None


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
    rows = np.union1d(rows, rows_ending_otherwise(files))
    if not len(rows):
        return rows
    pairs, places = np.unique(
        names.codes[rows].astype(np.int64) * (paths.unstated + 1) + paths.codes[rows], return_inverse=True
    )
    of_names, of_paths = np.divmod(pairs, paths.unstated + 1)
    written = zip(texts_at(names, of_names), texts_at(paths, of_paths), strict=True)
    found = np.array([name is not None and is_nameless(name, path) for name, path in written], np.bool_)
    return rows[found[places]]


def vague(names: Texts, slots: Slots) -> Iterator[tuple[int, Ints]]:
    """Slots, each with rows of copies whose name is another, and may mean the file of the slot."""
    codes: dict[int, list[int]] = {}
    for code, name in enumerate(names.values()):
        if name is not None:
            for number in slots.meant_by(name.casefold(), last_word(name)):
                codes.setdefault(number, []).append(code)
    for number, of_slot in codes.items():
        yield number, np.flatnonzero(np.isin(names.codes, of_slot))


def _end_oddly(paths: pa.Array) -> Flags:
    """Which paths may be those of a folder; False for none."""
    may_be = reduce(pc.or_, (pc.ends_with(paths, sign) for sign in ("\\", "/", " ", "\t")))
    flags_of: Flags = pc.fill_null(may_be, fill_value=False).to_numpy(zero_copy_only=False)
    return np.append(flags_of, False)


class PathEnds(NamedTuple):
    """Where the paths of copies end: each at a file, or nowhere, and how often that is another than the name.

    `of_names` has the number of each name, the same for names that differ only in case, and `of_paths` that
    of the name at the end of each path, or `NO_FILE`. `path_counts` has how many copies each path has, and
    `others` how many copies have a path that may end with the name of another file.
    """

    of_names: Ints
    of_paths: Ints
    path_counts: Ints
    others: int


def path_ends(files: ObjectColumn) -> PathEnds | None:
    """Where the paths of copies end; None where none is stated."""
    return files.once(_path_ends)


def _path_ends(files: ObjectColumn) -> PathEnds | None:
    names, paths = files.texts("name"), files.texts("path")
    if names is None or paths is None or not len(paths.distinct):
        return None
    written = [(name or "").lower() for name in names.values()]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(written))}
    known = pa.array(list(numbers), pa.string())
    ends = pc.utf8_lower(_ends(paths.distinct))
    own = pc.fill_null(pc.index_in(ends, known), _UNKNOWN).to_numpy(zero_copy_only=False).copy()
    unknown = np.flatnonzero(own == _UNKNOWN)
    if len(unknown):
        own[unknown[~_are_of_files(ends.take(pa.array(unknown)))]] = NO_FILE
    own[~np.append(_are_of_files(known), True)[own]] = NO_FILE
    of_names = np.array([numbers[name] for name in written], np.int32)
    of_paths = np.append(own, NO_FILE).astype(np.int32)
    counts = np.zeros(len(of_paths), np.int32)
    others = kernels.count_paths(names.codes, of_names, paths.codes, of_paths, NO_FILE, counts)
    return PathEnds(of_names, of_paths, counts, others)


def rows_ending_otherwise(files: ObjectColumn) -> Ints:
    """The rows whose path may end with the name of another file."""
    ends, names, paths = path_ends(files), files.texts("name"), files.texts("path")
    if ends is None or names is None or paths is None or not ends.others:
        return np.zeros(0, np.int64)
    found = np.empty(ends.others, np.int32)
    kernels.rows_that_differ(names.codes, ends.of_names, paths.codes, ends.of_paths, NO_FILE, found)
    return found


_UNKNOWN, NO_FILE = -1, -2


def _ends(paths: pa.Array) -> pa.Array:
    """What is behind the last sign between folders."""
    if pc.any(pc.match_substring(paths, "/")).as_py():
        paths = pc.replace_substring(paths, "/", "\\")
    parts = pc.split_pattern(pc.fill_null(paths, ""), "\\", max_splits=1, reverse=True)
    return parts.values.take(pa.array(parts.offsets.to_numpy()[1:] - 1))


def _are_of_files(ends: pa.Array) -> Flags:
    found = pc.match_substring_regex(pc.utf8_trim_whitespace(ends), ENDS_AS_FILE.pattern)
    flags_of: Flags = pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False)
    return flags_of


def texts_at(column: Texts, codes: Ints) -> list[str | None]:
    """The texts of codes; None where nothing is stated."""
    written = column.distinct.take(pa.array(codes, mask=codes == column.unstated)).to_pylist()
    return [(text or "").strip() or None for text in written]


def rows_of(copies: Copies, slot: Slot) -> tuple[Ints, Ints]:
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


def has_odd_platform(files: ObjectColumn, rows: Ints) -> Flags:
    """Which of these copies have a platform that is not understood."""
    platforms = files.texts("platform")
    if platforms is None:
        return np.zeros(len(rows), np.bool_)
    is_odd = _flags(platforms, lambda text: stated(text) is not None and platform(text or "") is None)
    return is_odd[platforms.codes[rows]]


def lie_in(files: ObjectColumn, rows: Ints, pattern: str) -> Flags:
    """Which of these copies surely lie in the folders of a pattern."""
    paths = files.texts("path")
    if paths is None:
        return np.zeros(len(rows), np.bool_)
    codes = paths.codes[rows]
    return _flags_of(paths, codes, lambda text: lies_in(stated(text), pattern) is True)[codes]


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

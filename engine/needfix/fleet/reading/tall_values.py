"""A column of a tall table as codes of its distinct texts, and what each run of rows states of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import bytes_of
from needfix.intake.fields import file_name, is_path, names_folder
from needfix.intake.kinds import UnfitError
from needfix.intake.text import QUOTES, bare, unwrapped

UNSTATED = -1
_SPACE, _DELETE = 0x20, 0x7F


@dataclass(frozen=True, slots=True, eq=False)
class TallCells:
    """A code for each row or run, -1 where it states nothing. Texts have no blanks around them."""

    codes: Ints
    distinct: pa.Array

    @property
    def is_stated(self) -> Flags:
        """Which rows state anything."""
        return np.not_equal(self.codes, UNSTATED)

    def column(self) -> pa.Array:
        """The texts as a column of codes, null where nothing is stated."""
        mask = ~self.is_stated
        codes = pa.array(self.codes, pa.int32(), mask=mask if mask.any() else None)
        return pa.DictionaryArray.from_arrays(codes, self.distinct)

    def texts(self) -> pa.Array:
        """The texts, null where nothing is stated."""
        return self.distinct.take(self.column().indices)

    def only(self, rows: Flags) -> TallCells:
        """The same, with nothing stated in other rows."""
        return TallCells(np.where(rows, self.codes, UNSTATED).astype(np.int32), self.distinct)

    def values(self, read: Callable[[str], Any]) -> tuple[list[Any], Flags]:
        """The value of each code, and whether it is unfit; the last is for nothing stated."""
        values: list[Any] = []
        unfit = np.zeros(len(self.distinct) + 1, np.bool_)
        used = np.zeros(len(self.distinct) + 1, np.bool_)
        used[self.codes] = True
        for code, text in enumerate(self.distinct.to_pylist()):
            try:
                values.append(read(text) if used[code] else None)
            except UnfitError:
                values.append(None)
                unfit[code] = True
        return [*values, None], unfit


def cells(column: pa.Array) -> TallCells:
    """A column of texts or of codes."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = trimmed(encoded.dictionary)
    indices = pc.fill_null(encoded.indices, UNSTATED) if encoded.indices.null_count else encoded.indices
    codes = indices.to_numpy().astype(np.int32, copy=False)
    if texts is encoded.dictionary and not texts.null_count and _has_no_empty(texts):
        return TallCells(codes, texts)
    encoded = pc.if_else(pc.equal(texts, ""), None, texts).dictionary_encode()
    table = np.append(pc.fill_null(encoded.indices, UNSTATED).to_numpy(), UNSTATED).astype(np.int32)
    return TallCells(table[codes], encoded.dictionary)


def _has_no_empty(texts: pa.Array) -> bool:
    shortest = pc.min(pc.binary_length(texts)).as_py()
    return shortest is None or shortest > 0


def trimmed(texts: pa.Array) -> pa.Array:
    """Texts without the blanks and signs around them; the same array where there are none."""
    data = own_bytes(texts)
    if has_quotes(data):
        without = pa.array(
            [None if text is None else unwrapped(text) for text in texts.to_pylist()], pa.string()
        )
        return texts if without.equals(texts) else without
    if ((data > _SPACE) & (data < _DELETE)).all():
        return texts
    if ((data >= _SPACE) & (data < _DELETE)).all():
        without = pc.utf8_trim_whitespace(texts)
    else:
        stripped = [None if text is None else bare(text) for text in texts.to_pylist()]
        without = pa.array(stripped, pa.string())
    return texts if without.equals(texts) else without


def has_quotes(data: Ints) -> bool:
    """Whether bytes of texts have a sign that may stand around one."""
    return any(bool((data == ord(sign)).any()) for sign in QUOTES)


def own_bytes(texts: pa.Array) -> Ints:
    """The bytes of all texts of an array."""
    places, data = bytes_of(texts)
    return data[places[0] : places[-1]]


def placed(names: TallCells, paths: TallCells) -> tuple[TallCells, TallCells]:
    """The names and paths of files: a name left out is the end of the path, and one may be a path."""
    are_paths = _flags(names, is_path)
    if not (are_paths.any() or len(paths.distinct)):
        return names, paths
    is_folder = paths.is_stated & _flags(names, names_folder)[names.codes]
    is_path_itself, is_left_out = are_paths[names.codes] & ~is_folder, paths.is_stated & ~names.is_stated
    if not (is_path_itself.any() or is_left_out.any()):
        return names, paths
    of_names, _ = names.only(is_path_itself).values(file_name)
    of_paths, _ = paths.only(is_left_out).values(file_name)
    ends = pa.array([end or "" for end in (*of_names[:-1], *of_paths[:-1])], pa.string())
    first, count = len(names.distinct), len(paths.distinct)
    own = np.where(is_path_itself, names.codes + first, names.codes)
    own = np.where(is_left_out, paths.codes + 2 * first, own).astype(np.int32)
    where = np.where(is_path_itself & ~paths.is_stated, names.codes + count, paths.codes).astype(np.int32)
    return (
        TallCells(own, pa.concat_arrays([names.distinct, ends])),
        TallCells(where, pa.concat_arrays([paths.distinct, names.distinct])),
    )


def _flags(names: TallCells, judge: Callable[[str], bool]) -> Flags:
    """For each code of names what they are; False for none."""
    return np.array([*(judge(name) if name else False for name in names.distinct.to_pylist()), False])


def of_runs(column: TallCells, begins: Ints) -> tuple[TallCells, Flags]:
    """What the rows of each run state, and whether they agree."""
    codes = column.codes
    differs = codes[1:] != codes[:-1]
    differs[begins[1:] - 1] = False
    if not differs.any():
        return TallCells(codes[begins], column.distinct), np.ones(len(begins), np.bool_)
    highest = np.maximum.reduceat(codes, begins)
    lowest = np.minimum.reduceat(np.where(codes == UNSTATED, len(column.distinct), codes), begins)
    return TallCells(highest, column.distinct), (highest == UNSTATED) | (lowest == highest)

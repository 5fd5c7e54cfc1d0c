"""Inventories as Arrow: the native columns of a batch, whatever of them is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from needfix.fleet.arrays import Flags, Ints, runs
from needfix.fleet.texts import Texts, texts


@dataclass(frozen=True, eq=False)
class Lists:
    """A column of lists: where the list of each row begins in the elements, and which rows have none."""

    begins: Ints
    elements: pa.Array
    is_told: Flags

    @cached_property
    def lengths(self) -> Ints:
        """How long the list of each row is."""
        return np.diff(self.begins)

    @cached_property
    def owners(self) -> Ints:
        """The row of each element."""
        return np.repeat(np.arange(len(self.begins) - 1), self.lengths)

    def united(self, bits: Ints) -> Ints:
        """For each row all bits that its elements have."""
        if (self.lengths == 1).all():
            return bits
        has_any = self.lengths > 0
        if has_any.all():
            return np.bitwise_or.reduceat(bits, self.begins[:-1]) if len(has_any) else bits[:0]
        found = np.zeros(len(has_any), bits.dtype)
        if has_any.any():
            found[has_any] = np.bitwise_or.reduceat(bits, self.begins[:-1][has_any])
        return found


class Part:
    """Objects in lists: where each row's begin, and their fields by name."""

    def __init__(self, lists: Lists, columns: dict[str, pa.Array]) -> None:
        self.lists = lists
        self.columns = columns
        self._texts: dict[str, Texts | None] = {}

    def texts(self, name: str) -> Texts | None:
        """A field as codes; None where no object tells it."""
        if name not in self._texts:
            column = self.columns.get(name)
            is_told = column is not None and column.null_count < len(column)
            self._texts[name] = texts(column) if is_told else None
        return self._texts[name]

    def rows_named(self, name: str) -> Ints:
        """The rows of objects of a name that is told without case, in order."""
        return self._by_name(name)

    @cached_property
    def _by_name(self) -> _RowsByName:
        return _RowsByName(self.texts("name"))


class _RowsByName:
    """Finds the rows of objects by name, without regard to case."""

    def __init__(self, names: Texts | None) -> None:
        self._codes: dict[str, list[int]] = {}
        for code, text in enumerate(names.values() if names else ()):
            if text is not None:
                self._codes.setdefault(text.casefold(), []).append(code)
        self._names = names
        self._sorted: tuple[Ints, Ints] | None = None

    def __call__(self, name: str) -> Ints:
        """The rows of a name, in order."""
        codes = self._codes.get(name, [])
        if not codes or self._names is None:
            return np.zeros(0, np.int64)
        rows, of_rows = self._in_order(self._names.codes)
        ends = (np.searchsorted(of_rows, np.array([code, code + 1], of_rows.dtype)) for code in codes)
        found = [rows[begin:end] for begin, end in ends]
        return found[0] if len(found) == 1 else np.sort(np.concatenate(found))

    def _in_order(self, codes: Ints) -> tuple[Ints, Ints]:
        if self._sorted is None:
            rows = np.argsort(codes.astype(np.uint16) if codes.max() < 1 << 16 else codes, kind="stable")
            self._sorted = rows, codes[rows]
        return self._sorted


def part(batch: pa.RecordBatch, name: str) -> Part | None:
    """The objects in a column of lists; None where the batch has no such column."""
    found = lists(batch, name)
    if found is None or not pa.types.is_struct(found.elements.type):
        return None
    fields = found.elements.type
    columns = {field.name: found.elements.field(place) for place, field in enumerate(fields)}
    return Part(found, columns)


def lists(batch: pa.RecordBatch, name: str) -> Lists | None:
    """A column of lists; None where the batch has no such column, or nothing in it."""
    if name not in batch.schema.names:
        return None
    column = batch.column(name)
    return None if pa.types.is_null(column.type) else _lists(column)


def _lists(column: pa.Array) -> Lists:
    offsets = column.offsets.to_numpy().astype(np.int64)
    is_told = _told(column)
    if column.null_count:
        lengths = np.where(is_told, np.diff(offsets), 0)
        if lengths.sum() != offsets[-1] - offsets[0]:
            return Lists(runs(lengths), column.flatten(), is_told)
    elements = column.values.slice(offsets[0], offsets[-1] - offsets[0])
    return Lists(offsets - offsets[0], elements, is_told)


def _told(column: pa.Array) -> Flags:
    if not column.null_count:
        return np.ones(len(column), np.bool_)
    found: Flags = column.is_valid().to_numpy(zero_copy_only=False)
    return found

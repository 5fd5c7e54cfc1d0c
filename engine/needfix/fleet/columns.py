"""Inventories as Arrow: the native columns of a batch, whatever of them is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from needfix.fleet.arrays import Flags, Ints, runs
from needfix.intake.kinds import TRUTHS
from needfix.intake.known_names import SAYS_NOTHING
from needfix.intake.text import unwrapped
from needfix.intake.vocabularies import says_nothing

T = TypeVar("T")

_NO_OFFSET = (None, "UTC")
"""The zones of times that are written without an offset."""

_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """A code for each row, and the text of each code; the code after the last is "not stated".

    Texts are without blanks around them, and one of only blanks is not stated.
    """

    codes: Ints
    distinct: pa.Array
    has_unstated: bool
    """Whether any row has the code after the last."""

    @property
    def unstated(self) -> int:
        """The code of rows that state nothing."""
        return len(self.distinct)

    def values(self) -> list[str | None]:
        """The text of each code, None where it states nothing; the last is that of `unstated`."""
        texts = self.distinct.to_pylist()
        return [*(text.strip() or None if text is not None else None for text in texts), None]

    def look_up(self, of_text: Callable[[str | None], Any], kind: Any = np.int64) -> Ints:  # noqa: ANN401 - a NumPy type
        """For each row the value of its text; `of_text` is called once for each distinct text."""
        table = np.array([of_text(text) for text in self.values()], kind)
        return table.take(self.codes)

    def rows(self, is_selected: Callable[[str | None], bool]) -> Ints:
        """The rows whose text is selected; `is_selected` is called once for each distinct text."""
        flags = np.array([is_selected(text) for text in self.values()], np.bool_)
        if not flags[: None if self.has_unstated else -1].any():
            return np.zeros(0, np.int64)
        return np.flatnonzero(flags.take(self.codes))


def texts(column: pa.Array) -> Texts:
    """A column of an inventory as codes. Numbers and times become their texts."""
    encoded = column if pa.types.is_dictionary(column.type) else as_strings(column).dictionary_encode()
    distinct = as_strings(encoded.dictionary)
    indices = encoded.indices.cast(pa.int32())
    has_unstated = indices.null_count > 0
    if has_unstated:
        indices = pc.fill_null(indices, len(distinct))
    return Texts(indices.to_numpy(), distinct, has_unstated)


def as_strings(column: pa.Array) -> pa.Array:
    """The texts of a column. Raises ArrowInvalid or ArrowNotImplementedError where it has none."""
    if pa.types.is_string(column.type):
        return column
    if not pa.types.is_timestamp(column.type):
        return column.cast(pa.string())
    if column.type.tz not in _NO_OFFSET:
        return pc.strftime(column, "%Y-%m-%dT%H:%M:%S")
    # For strftime Arrow looks even UTC up in a database of time zones, and Windows has none.
    written = column.view(pa.timestamp(column.type.unit)).cast(pa.string())
    return pc.replace_substring_regex(written, r"^(-?[0-9]+-[0-9]+-[0-9]+) ", r"\1T")


def truths(column: pa.Array) -> pa.Array:
    """A column of truths, or of words for them; null where a text is no such word."""
    if pa.types.is_boolean(column.type):
        return column
    encoded = as_strings(column).dictionary_encode()
    known = [TRUTHS.get(unwrapped(text or "").lower()) for text in encoded.dictionary.to_pylist()]
    return pa.array(known, pa.bool_()).take(encoded.indices)


_MAY_SAY_NOTHING = r"^[^\p{L}\p{N}]|[^\p{L}\p{N}]$|\s|(?i:system|microsoft)\."


def say_nothing(names: pa.Array) -> Flags:
    """Which names say nothing, so that they name no server; only those that may are looked at."""
    texts_of = names.cast(pa.string())
    is_known = pc.is_in(pc.utf8_lower(texts_of), _SAYING_NOTHING)
    may_be = pc.or_(is_known, pc.fill_null(pc.match_substring_regex(texts_of, _MAY_SAY_NOTHING), False))  # noqa: FBT003
    found: Flags = may_be.to_numpy(zero_copy_only=False).copy()
    rows = np.flatnonzero(found)
    if len(rows):
        found[rows] = [says_nothing(text or "") for text in texts_of.take(pa.array(rows)).to_pylist()]
    return found


_SAYING_NOTHING = pa.array(sorted(SAYS_NOTHING), pa.string())


def bytes_of(column: pa.Array) -> tuple[Ints, NDArray[np.uint8]]:
    """The offsets of the texts of a column of strings, and the bytes of all."""
    _, offsets, data = column.buffers()
    if offsets is None or data is None or not len(column):  # a column of nothing may have no offset at all
        return np.zeros(len(column) + 1, np.int32), np.zeros(0, np.uint8)
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return places, np.frombuffer(data, np.uint8)


def is_textual(kind: pa.DataType) -> bool:
    """Whether a type holds texts, or values that become texts."""
    if pa.types.is_dictionary(kind):
        return is_textual(kind.value_type)
    textual = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return (
        textual or pa.types.is_null(kind) or pa.types.is_timestamp(kind) or any(is_(kind) for is_ in _NUMBERS)
    )


@dataclass(frozen=True, eq=False)
class Lists:
    """A column of lists: where the list of each row begins in the elements, and which rows have none."""

    begins: Ints
    elements: pa.Array
    is_stated: Flags

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


class ObjectColumn:
    """Objects in lists: where each row's begin, and their fields by name."""

    def __init__(self, lists: Lists, columns: dict[str, pa.Array]) -> None:
        self.lists = lists
        self.columns = columns
        self._texts: dict[str, Texts | None] = {}
        self._made: dict[Callable[[ObjectColumn], object], Any] = {}

    def once(self, make: Callable[[ObjectColumn], T]) -> T:
        """What is always made of these objects: once, however often it is asked for."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def texts(self, name: str) -> Texts | None:
        """A field as codes; None where no object states it."""
        if name not in self._texts:
            column = self.columns.get(name)
            is_stated = column is not None and column.null_count < len(column)
            self._texts[name] = texts(column) if is_stated else None
        return self._texts[name]

    def rows_named(self, name: str) -> Ints:
        """The rows of objects of a name, without regard to case, in order."""
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


def part(batch: pa.RecordBatch, name: str) -> ObjectColumn | None:
    """The objects in a column of lists; None where the batch has no such column."""
    found = lists(batch, name)
    if found is None or not pa.types.is_struct(found.elements.type):
        return None
    fields = found.elements.type
    columns = {field.name: found.elements.field(place) for place, field in enumerate(fields)}
    return ObjectColumn(found, columns)


def lists(batch: pa.RecordBatch, name: str) -> Lists | None:
    """A column of lists; None where the batch has no such column, or nothing in it."""
    if name not in batch.schema.names:
        return None
    column = batch.column(name)
    return None if pa.types.is_null(column.type) else _lists(column)


def _lists(column: pa.Array) -> Lists:
    offsets = column.offsets.to_numpy().astype(np.int64)
    is_stated = _stated(column)
    if column.null_count:
        lengths = np.where(is_stated, np.diff(offsets), 0)
        if lengths.sum() != offsets[-1] - offsets[0]:
            return Lists(runs(lengths), column.flatten(), is_stated)
    elements = column.values.slice(offsets[0], offsets[-1] - offsets[0])
    return Lists(offsets - offsets[0], elements, is_stated)


def _stated(column: pa.Array) -> Flags:
    if not column.null_count:
        return np.ones(len(column), np.bool_)
    found: Flags = column.is_valid().to_numpy(zero_copy_only=False)
    return found

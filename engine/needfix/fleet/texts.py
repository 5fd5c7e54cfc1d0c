"""Columns of texts as codes: each distinct text is looked at once a batch, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from needfix.fleet.arrays import Ints

_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """A code for each row, and the text of each code; the code behind the last is "not told".

    Texts stand without blanks around them, and one of blanks alone is not told.
    """

    codes: Ints
    distinct: pa.Array
    has_untold: bool
    """Whether any row has the code behind the last."""

    @property
    def untold(self) -> int:
        """The code of rows that tell nothing."""
        return len(self.distinct)

    def values(self) -> list[str | None]:
        """The text of each code, None where it tells nothing; the last is that of `untold`."""
        texts = self.distinct.to_pylist()
        return [*(text.strip() or None if text is not None else None for text in texts), None]

    def look_up(self, of_text: Callable[[str | None], Any], kind: Any = np.int64) -> Ints:  # noqa: ANN401 - a NumPy type
        """For each row what a text stands for; `of_text` is asked once for each distinct text."""
        table = np.array([of_text(text) for text in self.values()], kind)
        return table.take(self.codes)

    def rows(self, is_wanted: Callable[[str | None], bool]) -> Ints:
        """The rows whose text is wanted; `is_wanted` is asked once for each distinct text."""
        flags = np.array([is_wanted(text) for text in self.values()], np.bool_)
        if not flags[: None if self.has_untold else -1].any():
            return np.zeros(0, np.int64)
        return np.flatnonzero(flags.take(self.codes))


def texts(column: pa.Array) -> Texts:
    """A column of an inventory as codes. Numbers and times stand for their texts."""
    encoded = column if pa.types.is_dictionary(column.type) else as_strings(column).dictionary_encode()
    distinct = as_strings(encoded.dictionary)
    indices = encoded.indices.cast(pa.int32())
    has_untold = indices.null_count > 0
    if has_untold:
        indices = pc.fill_null(indices, len(distinct))
    return Texts(indices.to_numpy(), distinct, has_untold)


def as_strings(column: pa.Array) -> pa.Array:
    """The texts of a column. Raises ArrowInvalid or ArrowNotImplementedError where it has none."""
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, "%Y-%m-%dT%H:%M:%S")
    return column.cast(pa.string())


def bytes_of(column: pa.Array) -> tuple[Ints, NDArray[np.uint8]]:
    """Where each text of a column of strings begins and the last one ends, and the bytes of all."""
    _, offsets, data = column.buffers()
    if offsets is None or data is None or not len(column):  # a column of nothing may have no offset at all
        return np.zeros(len(column) + 1, np.int32), np.zeros(0, np.uint8)
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return places, np.frombuffer(data, np.uint8)


def is_textual(kind: pa.DataType) -> bool:
    """Whether a type holds texts, or what stands for its own text."""
    if pa.types.is_dictionary(kind):
        return is_textual(kind.value_type)
    textual = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return (
        textual or pa.types.is_null(kind) or pa.types.is_timestamp(kind) or any(is_(kind) for is_ in _NUMBERS)
    )

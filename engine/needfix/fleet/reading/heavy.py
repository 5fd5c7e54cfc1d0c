"""Rows that take more bytes than a record may, found before anything is made of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints
from needfix.intake.limits import RECORD_BYTES

TOO_LARGE = f"the record is larger than {RECORD_BYTES >> 20} MiB"


def heavy_rows(batch: pa.RecordBatch) -> Flags | None:
    """Which rows have more bytes of text than a record may have; None where clearly none has."""
    if sum(map(_bound, batch.columns)) <= RECORD_BYTES:
        return None
    weights = np.zeros(batch.num_rows, np.int64)
    for column in batch.columns:
        weights += _weights(column)
    is_heavy: Flags = weights > RECORD_BYTES
    return is_heavy if is_heavy.any() else None


def _bound(column: pa.Array) -> int:
    """No row of a column has more bytes than this."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _bound(column.dictionary)
    if pa.types.is_struct(kind):
        return sum(_bound(column.field(place)) for place in range(kind.num_fields))
    if _is_list(kind):
        longest = pc.max(pc.list_value_length(column)).as_py() or 0
        return int(longest) * _bound(column.values) if longest else 0
    return int(pc.max(_lengths(column)).as_py() or 0) if _is_text(kind) else 0


def _weights(column: pa.Array) -> Ints:
    """The bytes of text of each row."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        of_codes = np.append(_weights(column.dictionary), 0)
        codes = pc.fill_null(column.indices.cast(pa.int64()), len(column.dictionary))
        return np.asarray(of_codes.take(codes.to_numpy()), np.int64)
    if pa.types.is_struct(kind):
        found = np.zeros(len(column), np.int64)
        for place in range(kind.num_fields):
            found += _weights(column.field(place))
        return found
    if _is_list(kind):
        before = np.append(0, np.cumsum(_weights(column.flatten())))
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy().astype(np.int64)
        ends = np.cumsum(lengths)
        return np.asarray(before[ends] - before[ends - lengths], np.int64)
    if not _is_text(kind):
        return np.zeros(len(column), np.int64)
    return np.asarray(pc.fill_null(_lengths(column), 0).to_numpy(), np.int64)


def _lengths(texts: pa.Array) -> pa.Array:
    is_view = pa.types.is_string_view(texts.type)
    return pc.binary_length(texts.cast(pa.large_string()) if is_view else texts)


def _is_list(kind: pa.DataType) -> bool:
    views = pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind)
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return bool(views or lists)


def _is_text(kind: pa.DataType) -> bool:
    is_view = pa.types.is_string_view(kind)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or is_view)

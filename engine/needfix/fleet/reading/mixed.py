"""Records read in columns and servers read row by row, put together in the order of their lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from needfix.errors import Problem
from needfix.fleet.arrays import Ints
from needfix.fleet.reading.conform import at_start
from needfix.fleet.reading.others import lines_of, piece_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.records import SCHEMA, batch_of
from needfix.model.server import Server

_CODE = pa.dictionary(pa.int32(), pa.string())
_PLAIN = ("server", "collected")


def mixed(
    read: Sequence[tuple[pa.RecordBatch, Ints]], servers: list[Server], file: str, problems: Iterable[Problem]
) -> Piece:
    """One piece of batches with the lines of their records, and of some servers beside them."""
    batches = [(batch, lines) for batch, lines in read if batch.num_rows]
    if not batches:
        return piece_of(servers, file, problems)
    if len(batches) == 1 and not servers:
        return Piece(batches[0][0], file, batches[0][1], tuple(problems))
    if servers:
        batches.append((batch_of(servers), lines_of(servers)))
    lines = np.concatenate([own for _, own in batches])
    joined = concatenated([in_codes(batch) for batch, _ in batches])
    order = np.argsort(lines, kind="stable")
    is_ordered = bool((order[1:] > order[:-1]).all())
    records = joined if is_ordered else joined.take(pa.array(order))
    first = len(lines) - len(servers)
    rows = np.flatnonzero(order >= first).tolist()
    read_by_row = {row: servers[int(order[row]) - first] for row in rows}
    return Piece(records, file, lines[order], tuple(problems), read_by_row)


def concatenated(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Batches of one schema as one."""
    columns = [
        pa.concat_arrays([batch.column(place) for batch in batches])
        for place in range(batches[0].num_columns)
    ]
    return pa.RecordBatch.from_arrays(columns, batches[0].schema.names)


def in_codes(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with every column of the native schema, texts within lists and objects as codes."""
    return pa.RecordBatch.from_arrays([_column(batch, field) for field in SCHEMA], SCHEMA.names)


def _column(batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
    if field.name not in batch.schema.names:
        return pa.nulls(batch.num_rows, _type(field.type) if field.name not in _PLAIN else field.type)
    column = batch.column(field.name)
    return column.cast(pa.string()) if field.name in _PLAIN else _coded(at_start(column), field.type)


def _type(kind: pa.DataType) -> pa.DataType:
    """A type with codes for texts."""
    if pa.types.is_list(kind):
        return pa.list_(_type(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _type(field.type)) for field in kind])
    return _CODE if pa.types.is_string(kind) else kind


def _coded(column: pa.Array, target: pa.DataType) -> pa.Array:
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), _type(target))
    mask = column.is_null() if column.null_count else None
    if pa.types.is_list(target):
        return pa.ListArray.from_arrays(column.offsets, _coded(column.values, target.value_type), mask=mask)
    if pa.types.is_struct(target):
        own = {field.name: place for place, field in enumerate(column.type)}
        fields = [
            _coded(column.field(own[field.name]), field.type)
            if field.name in own
            else pa.nulls(len(column), _type(field.type))
            for field in target
        ]
        return pa.StructArray.from_arrays(fields, [field.name for field in target], mask=mask)
    if pa.types.is_string(target):
        return column if column.type == _CODE else _plain(column).dictionary_encode()
    return column


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string())

"""On executors: what Spark hands over of an inventory, as pieces of native records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.facts import Batch
from needfix.fleet.reading.conform import conformed, native_piece
from needfix.fleet.reading.piece import MOST_SERVERS, Piece
from needfix.spark.faults import OfServer, SparkProblem, file_named

FILE, ROW, BLOCK, KEY = "needfix_file", "needfix_row", "needfix_block", "needfix_key"
"""Columns that are added to those of an inventory: the place of a record, and its server."""

_MOST_BYTES = 128 << 20


class NativeRecords(NamedTuple):
    """Records in native columns, and a function that gives a problem of theirs its place."""

    piece: Piece
    fault: Callable[[Problem], SparkProblem]


Batches: TypeAlias = Iterator[pa.RecordBatch]
Reader: TypeAlias = Callable[[Batches], Iterator[NativeRecords]]


def native(batches: Batches) -> Iterator[NativeRecords]:
    """Records that are native."""
    for batch in joined(batches, MOST_SERVERS):
        yield NativeRecords(native_piece(in_utc(batch), "", 0), _finder(batch))


def joined(batches: Batches, most: int) -> Iterator[pa.RecordBatch]:
    """Batches of so many rows where they are smaller, of no more where they are larger; memory is bounded."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        for start in range(0, batch.num_rows, most):
            part = batch.slice(start, most)
            if waiting and not _fits(waiting, part, most):
                yield _one(waiting)
                waiting = []
            waiting.append(part)
    if waiting:
        yield _one(waiting)


def _fits(waiting: Iterable[pa.RecordBatch], part: pa.RecordBatch, most: int) -> bool:
    together = [*waiting, part]
    rows, size = sum(batch.num_rows for batch in together), sum(batch.nbytes for batch in together)
    return bool(rows <= most and size <= _MOST_BYTES)


def _one(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def in_utc(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch whose times are in UTC, not in the time zone of the session."""
    fields = [pa.field(field.name, _in_utc(field.type)) for field in batch.schema]
    schema = pa.schema(fields)
    return batch if schema.equals(batch.schema) else batch.cast(schema)


def _in_utc(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind) and kind.tz:
        return pa.timestamp(kind.unit, "UTC")
    if pa.types.is_list(kind):
        return pa.list_(_in_utc(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _in_utc(field.type)) for field in kind])
    return kind


def _finder(batch: pa.RecordBatch) -> Callable[[Problem], SparkProblem]:
    """Finds the file and the row of a record, or the name of its server where no file is known."""

    def fault(problem: Problem) -> SparkProblem:
        row = problem.at.line
        if FILE in batch.schema.names:
            file, number = (batch.column(name)[row].as_py() for name in (FILE, ROW))
            return SparkProblem(problem._replace(at=Position(file_named(file), number + 1)))
        name = Batch(conformed(in_utc(batch.slice(row, 1)))).names[0].as_py()
        return SparkProblem(problem._replace(at=OfServer.named(name)))

    return fault

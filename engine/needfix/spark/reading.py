"""On executors: what Spark hands over of an inventory, as pieces of native records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.engine import server_at
from needfix.fleet.facts import Batch
from needfix.fleet.reading.conform import conformed, native_piece
from needfix.fleet.reading.piece import MOST_SERVERS, Piece
from needfix.spark.faults import OfServer, SparkProblem, file_named

FILE, ROW, BLOCK, KEY = "needfix_file", "needfix_row", "needfix_block", "needfix_key"
SEVERAL = "needfix_several"
"""Columns that are added to those of an inventory: the place of a record, its server, and how many records
this has where they are several."""

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


def once(batches: Batches) -> Iterator[NativeRecords]:
    """Native records beside the number of records of their server: those of several are problems."""
    for batch in joined(batches, MOST_SERVERS):
        numbers = batch.column(SEVERAL)
        own = batch.drop_columns([SEVERAL])
        piece = native_piece(in_utc(own), "", 0)
        yield NativeRecords(
            _refused(piece, numbers) if numbers.null_count < len(numbers) else piece, _finder(own)
        )


def _refused(piece: Piece, numbers: pa.Array) -> Piece:
    is_one = numbers.is_null().to_numpy(zero_copy_only=False)
    problems = list(piece.problems)
    is_kept = is_one.copy()
    facts = Batch(piece.records, piece.servers)
    for row in np.flatnonzero(~is_one).tolist():
        server = server_at(facts, row, piece.at(row), [])
        if server is None:  # it has problems of its own
            is_kept[row] = True
            continue
        what = f"{server.server} has {numbers[row]} records; names are compared without case"
        hint = "keep one row for each server"
        problems.append(
            Problem(piece.at(row), what, "one record for each server", hint, "repeated-server", server.server)
        )
    return piece.only(is_kept)._replace(problems=tuple(problems))


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

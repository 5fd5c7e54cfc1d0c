"""Parquet: inventories in native columns, or tall, a row for each file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.ordered import ahead
from needfix.fleet.reading import parquet_rows, tall, tall_columns
from needfix.fleet.reading.conform import conformed, problems_of
from needfix.fleet.reading.lengths import without_long_lists
from needfix.fleet.reading.piece import Piece, consecutive
from needfix.fleet.records import SCHEMA


def pieces(file: str) -> Iterator[Piece]:
    """The records of a Parquet file. Raises InventoryError where it cannot be read."""
    with _problems(file):
        with pq.ParquetFile(file) as source:
            schema = source.schema_arrow
            parquet_rows.check_sizes(source.metadata, file)
        yield from _tall(file, schema) if _is_tall(schema) else _native(file, schema)


@contextmanager
def _problems(file: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        first, *_ = str(error).splitlines() or [type(error).__name__]
        what = f"the file cannot be read as Parquet: {first}"
        raise InventoryError([Problem(Position(file, 1), what)]) from error


def _is_tall(schema: pa.Schema) -> bool:
    """Whether there are columns of rows for files, and no column that only a native record has."""
    nested = [field.name for field in schema if field.name in SCHEMA.names and pa.types.is_nested(field.type)]
    return not nested and any(name in tall_columns.OWN for name in tall_columns.known(schema.names).values())


def _native(file: str, schema: pa.Schema) -> Iterator[Piece]:
    if problems := problems_of(schema, file):
        raise InventoryError(problems)
    first = 1
    for batch in parquet_rows.batches(file, [name for name in schema.names if name in SCHEMA.names]):
        yield without_long_lists(consecutive(conformed(batch), file, first))
        first += batch.num_rows


def _tall(file: str, schema: pa.Schema) -> Iterator[Piece]:
    columns = tall_columns.known(schema.names)
    if problems := tall_columns.problems_of(schema, file):
        raise InventoryError(problems)

    def rows() -> Iterator[tall.TallRows]:
        return ahead(_tall_rows(file, columns))

    yield from tall.pieces(rows, file, tuple(columns.values()))


def _tall_rows(file: str, columns: dict[str, str]) -> Iterator[tall.TallRows]:
    first = 1
    for batch in parquet_rows.batches(file, list(columns)):
        texts = [tall_columns.as_texts(batch.column(name)) for name in columns]
        yield tall.consecutive_rows(pa.RecordBatch.from_arrays(texts, list(columns.values())), first)
        first += batch.num_rows

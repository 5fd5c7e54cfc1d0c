"""Parquet: inventories in native columns, or tall, a row for each file."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading.conform import conformed, problems_of
from needfix.fleet.reading.piece import MOST_SERVERS, Piece, consecutive


def pieces(file: str) -> Iterator[Piece]:
    """The records of a Parquet file. Raises InventoryError where it cannot be read."""
    try:
        yield from _pieces(file)
    except (pa.ArrowException, OSError) as error:
        what = f"the file cannot be read as Parquet: {str(error).splitlines()[0]}"
        raise InventoryError([Problem(Position(file, 1), what)]) from error


def _pieces(file: str) -> Iterator[Piece]:
    with pq.ParquetFile(file) as plain:
        schema = plain.schema_arrow
        if problems := problems_of(schema, file):
            raise InventoryError(problems)
        coded = _coded_columns(plain)
        groups = plain.num_row_groups
    first = 1
    with pq.ParquetFile(file, read_dictionary=coded) as source:
        for group in range(groups):
            for batch in source.iter_batches(MOST_SERVERS, row_groups=[group]):
                yield consecutive(conformed(batch), file, first)
                first += batch.num_rows


def _coded_columns(source: pq.ParquetFile) -> list[str]:
    """The columns of texts that are read as codes, as Parquet has them: all but the servers' names."""
    schema = source.schema
    columns = [schema.column(place) for place in range(len(schema))]
    return [
        column.path for column in columns if column.physical_type == "BYTE_ARRAY" and column.path != "server"
    ]

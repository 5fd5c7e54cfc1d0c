"""The rows of a Parquet file in batches of bounded size, texts as codes where the file has them so."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading.piece import MOST_SERVERS
from needfix.fleet.reading.sound import check

_MOST_BYTES = 2 << 30
_BATCH_BYTES = 64 << 20
_MOST_ROWS = 8 * MOST_SERVERS
_CODE_BYTES = 4


def check_sizes(metadata: pq.FileMetaData, file: str) -> None:
    """Raise InventoryError where a part of the file would fill the memory."""
    for group in range(metadata.num_row_groups):
        for place in range(metadata.num_columns):
            column = metadata.row_group(group).column(place)
            size = max(column.total_uncompressed_size, column.num_values * _CODE_BYTES)
            if size > _MOST_BYTES:
                what = f"the column {column.path_in_schema} takes {size >> 20} MiB in one row group"
                mend = "write smaller row groups"
                raise InventoryError([Problem(Position(file, 1), what, "at most 2048 MiB", mend)])


def batches(file: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """The rows of these columns."""
    with pq.ParquetFile(file) as plain:
        coded = pq.ParquetFile(file, metadata=plain.metadata, read_dictionary=_texts(plain))
        with coded:
            for group in range(plain.num_row_groups):
                size = _rows_at_once(plain.metadata.row_group(group), columns)
                for batch in _of_group(coded, plain, group, size, columns):
                    check(batch)
                    yield batch


def _of_group(
    coded: pq.ParquetFile, plain: pq.ParquetFile, group: int, size: int, columns: list[str]
) -> Iterator[pa.RecordBatch]:
    """A row group in batches. One whose codes give out half-way is read without them from there on."""
    done = 0
    try:
        for batch in coded.iter_batches(size, row_groups=[group], columns=columns):
            yield batch
            done += batch.num_rows
    except pa.ArrowNotImplementedError:
        for batch in plain.iter_batches(size, row_groups=[group], columns=columns):
            rest = batch.slice(max(0, min(done, batch.num_rows)))
            done -= batch.num_rows - rest.num_rows
            if rest.num_rows:
                yield rest


def _rows_at_once(group: pq.RowGroupMetaData, columns: list[str]) -> int:
    """So many rows that a batch of them stays within its size."""
    wanted = set(columns)
    chunks = [group.column(place) for place in range(group.num_columns)]
    size = sum(
        max(chunk.total_uncompressed_size, chunk.num_values * _CODE_BYTES)
        for chunk in chunks
        if chunk.path_in_schema.partition(".")[0] in wanted
    )
    fitting = _BATCH_BYTES * max(group.num_rows, 1) // max(size, 1)
    most = MOST_SERVERS if any("." in chunk.path_in_schema for chunk in chunks) else _MOST_ROWS
    return max(1, min(most, fitting))


def _texts(source: pq.ParquetFile) -> list[str]:
    """The columns of texts that are read as codes, as Parquet has them: all but the servers' names."""
    schema = source.schema
    columns = [schema.column(place) for place in range(len(schema))]
    return [
        column.path for column in columns if column.physical_type == "BYTE_ARRAY" and column.path != "server"
    ]

"""Parquet: inventories in native columns, or tall, a row for each file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, groupby

import pyarrow as pa
import pyarrow.parquet as pq

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.ordered import in_order
from needfix.fleet.reading.conform import (
    check,
    key_of,
    native_piece,
    noted_columns,
    problems_of,
    without_records,
)
from needfix.fleet.reading.native_columns import native_columns
from needfix.fleet.reading.parquet_footer import CODE_BYTES, Footer, footer, opened
from needfix.fleet.reading.piece import MOST_SERVERS, Piece
from needfix.fleet.reading.tall_tables import TallTable, is_tall, tall_pieces
from needfix.intake.reports import are_of_decisions, decisions_problem
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions

_BATCH_BYTES = 64 << 20
_MOST_ROWS = 8 * MOST_SERVERS


def batches(file: str, metadata: pq.FileMetaData, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """The rows of these columns. Small row groups are read several at once, others in batches."""
    groups = (_Group(file, metadata, group, columns) for group in range(metadata.num_row_groups))
    for is_small, some in groupby(groups, key=lambda group: group.is_small):
        if is_small:
            yield from chain.from_iterable(in_order(lambda group: list(group.batches()), some))
        else:
            yield from chain.from_iterable(group.batches() for group in some)


class _Group:
    """A row group of a file, some columns of it."""

    def __init__(self, file: str, metadata: pq.FileMetaData, number: int, columns: list[str]) -> None:
        self._file = file
        self._metadata = metadata
        self._number = number
        self._columns = columns
        self._rows_at_once = _rows_at_once(metadata.row_group(number), columns)

    @property
    def is_small(self) -> bool:
        """Whether it is one batch."""
        return bool(self._metadata.row_group(self._number).num_rows <= self._rows_at_once)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The group in batches. One whose codes give out half-way is read without them from there on."""
        done = 0
        try:
            for batch in self._read(_texts(self._metadata.schema)):
                yield batch
                done += batch.num_rows
        except pa.ArrowNotImplementedError:
            for batch in self._read([]):
                rest = batch.slice(max(0, min(done, batch.num_rows)))
                done -= batch.num_rows - rest.num_rows
                if rest.num_rows:
                    yield rest

    def _read(self, in_codes: list[str]) -> Iterator[pa.RecordBatch]:
        with opened(self._file, metadata=self._metadata, read_dictionary=in_codes) as source:
            for batch in source.iter_batches(
                self._rows_at_once,
                row_groups=[self._number],
                columns=self._columns,
                use_threads=not self.is_small,
            ):
                check(batch)
                yield batch


def _rows_at_once(group: pq.RowGroupMetaData, columns: list[str]) -> int:
    """So many rows that a batch of them stays within its size."""
    names = set(columns)
    chunks = [group.column(place) for place in range(group.num_columns)]
    own = [chunk for chunk in chunks if chunk.path_in_schema.partition(".")[0] in names]
    size: int = sum(max(chunk.total_uncompressed_size, chunk.num_values * CODE_BYTES) for chunk in own)
    fitting: int = _BATCH_BYTES * max(group.num_rows, 1) // max(size, 1)
    most = MOST_SERVERS if any("." in chunk.path_in_schema for chunk in chunks) else _MOST_ROWS
    return max(1, min(most, fitting))


def _texts(schema: pq.ParquetSchema) -> list[str]:
    """The columns of texts that are read as codes, as Parquet has them: all but names that occur once."""
    columns = [schema.column(place) for place in range(len(schema))]
    is_native = any("." in column.path for column in columns)
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    return [path for path in texts if not (is_native and key_of(path) == "server")]


def pieces(
    file: str,
    options: InventoryOptions = STATED_BY_FILES,
    *,
    is_strict: bool = False,
    unites: bool = False,
) -> Iterator[Piece]:
    """The records of a Parquet file. Raises InventoryError where it cannot be read.

    Columns that are not known are noted; where notes are strict, they are problems.
    """
    with _problems(file):
        found = footer(file)
        if are_of_decisions(found.schema.names):
            raise InventoryError([decisions_problem(file)])
        if is_tall(found.schema, options):
            table = TallTable(file, found.schema, partial(batches, file, found.metadata))
            yield from tall_pieces(table, options, is_strict=is_strict, unites=unites)
        else:
            yield from _native(file, found, options, is_strict=is_strict)


@contextmanager
def _problems(file: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        first, *_ = str(error).splitlines() or [type(error).__name__]
        what = f"the file cannot be read as Parquet: {first}"
        raise InventoryError([Problem(Position(file, 1), what, code="unreadable")]) from error


def _native(file: str, found: Footer, options: InventoryOptions, *, is_strict: bool) -> Iterator[Piece]:
    columns = native_columns(found.schema, options)
    if problems := problems_of(columns.schema, file):
        raise InventoryError(problems)
    yield from without_records(noted_columns(columns.noted, file, is_strict=is_strict), file)
    first = 1
    for batch in batches(file, found.metadata, list(columns.names)):
        yield native_piece(columns.of(batch), file, first)
        first += batch.num_rows

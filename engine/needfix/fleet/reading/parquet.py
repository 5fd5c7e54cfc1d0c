"""Parquet: inventories in native columns, or tall, a row for each file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.ordered import ahead, in_order
from needfix.fleet.reading import tall, tall_columns
from needfix.fleet.reading.conform import (
    check,
    key_of,
    native_piece,
    noted_columns,
    problems_of,
    unknown_columns,
    without_records,
)
from needfix.fleet.reading.heavy import TOO_LARGE, heavy_rows
from needfix.fleet.reading.parquet_footer import CODE_BYTES, Footer, footer, opened
from needfix.fleet.reading.piece import MOST_SERVERS, Piece
from needfix.fleet.reading.returning import returning_servers
from needfix.fleet.records import SCHEMA
from needfix.intake.reports import are_of_decisions, decisions_problem
from needfix.inventory.csv_table import RowFlaw

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


def pieces(file: str, *, is_strict: bool = False, unites: bool = False) -> Iterator[Piece]:
    """The records of a Parquet file. Raises InventoryError where it cannot be read.

    Columns that are not known are noted; where notes are strict, they are problems.
    """
    with _problems(file):
        found = footer(file)
        if are_of_decisions(found.schema.names):
            raise InventoryError([decisions_problem(file)])
        if _is_tall(found.schema):
            yield from _tall(file, found, is_strict=is_strict, unites=unites)
        else:
            yield from _native(file, found, is_strict=is_strict)


@contextmanager
def _problems(file: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        first, *_ = str(error).splitlines() or [type(error).__name__]
        what = f"the file cannot be read as Parquet: {first}"
        raise InventoryError([Problem(Position(file, 1), what, code="unreadable")]) from error


def _is_tall(schema: pa.Schema) -> bool:
    """Whether there are columns of rows for files, and no column that only a native record has."""
    nested = [
        field for field in schema if key_of(field.name) in SCHEMA.names and pa.types.is_nested(field.type)
    ]
    return not nested and any(name in tall_columns.OWN for name in tall_columns.known(schema.names).values())


def _native(file: str, found: Footer, *, is_strict: bool) -> Iterator[Piece]:
    schema = found.schema
    if problems := problems_of(schema, file):
        raise InventoryError(problems)
    yield from without_records(noted_columns(unknown_columns(schema), file, is_strict=is_strict), file)
    first = 1
    for batch in batches(
        file, found.metadata, [name for name in schema.names if key_of(name) in SCHEMA.names]
    ):
        yield native_piece(batch, file, first)
        first += batch.num_rows


def _tall(file: str, found: Footer, *, is_strict: bool, unites: bool) -> Iterator[Piece]:
    columns = tall_columns.known(found.schema.names)
    if problems := tall_columns.problems_of(found.schema, file):
        raise InventoryError(problems)
    unknown = tall_columns.unknown(found.schema.names)
    yield from without_records(noted_columns(unknown, file, is_strict=is_strict), file)

    def rows() -> Iterator[tall.TallRows]:
        return ahead(_tall_rows(file, found, columns))

    returning = (
        returning_servers(lambda: _tall_rows(file, found, _server_only(columns)), file) if unites else None
    )
    yield from tall.pieces(
        rows, file, tuple(columns.values()), is_strict=is_strict, returning_servers=returning
    )


def _server_only(columns: dict[str, str]) -> dict[str, str]:
    return {name: column for name, column in columns.items() if column == "server"}


def _tall_rows(file: str, found: Footer, columns: dict[str, str]) -> Iterator[tall.TallRows]:
    first = 1
    for batch in batches(file, found.metadata, list(columns)):
        flaws = _flaws(batch)
        texts = [tall_columns.as_texts(column) for column in _light(batch, columns, list(flaws))]
        lines = np.arange(first, first + batch.num_rows)
        yield tall.TallRows(pa.RecordBatch.from_arrays(texts, list(columns.values())), lines, flaws)
        first += batch.num_rows


def _flaws(batch: pa.RecordBatch) -> dict[int, RowFlaw]:
    is_heavy = heavy_rows(batch)
    return {} if is_heavy is None else dict.fromkeys(np.flatnonzero(is_heavy).tolist(), RowFlaw(TOO_LARGE))


def _light(batch: pa.RecordBatch, columns: dict[str, str], heavy: list[int]) -> Iterator[pa.Array]:
    """The columns without what rows that are too large state; only their servers stay."""
    for name, known in columns.items():
        column = batch.column(name)
        if heavy:
            rows = list(_flaws(batch.select([name]))) if known == "server" else heavy
            is_left_out = np.zeros(len(column), np.bool_)
            is_left_out[rows] = True
            plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            column = pc.if_else(pa.array(is_left_out), None, plain)
        yield column

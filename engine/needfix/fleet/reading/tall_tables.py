"""Tables in Arrow with a row for each file, product and so on, or for each object of another program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import InventoryError, Position
from needfix.fleet.ordered import ahead
from needfix.fleet.reading import tall, tall_columns
from needfix.fleet.reading.conform import key_of, noted_columns, without_records
from needfix.fleet.reading.heavy import TOO_LARGE, heavy_rows
from needfix.fleet.reading.others import BytesRead, batched, piece_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.returning import returning_servers
from needfix.fleet.records import SCHEMA
from needfix.intake.columns import ALIASES
from needfix.intake.notes import Notes
from needfix.inventory.csv_table import RowFlaw
from needfix.inventory.producers.further_columns import columns_not_read
from needfix.inventory.producers.gathering import Gathering
from needfix.inventory.producers.recognised import are_of_objects
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions


class TallTable(NamedTuple):
    """A table by the name of its file; `batches` returns the rows of some columns, at each call anew."""

    file: str
    schema: pa.Schema
    batches: Callable[[list[str]], Iterator[pa.RecordBatch]]


def is_tall(schema: pa.Schema, options: InventoryOptions = STATED_BY_FILES) -> bool:
    """Whether there are columns of rows for files, and no column that only a native record has."""
    columns = tall_columns.known(schema.names, options)
    lists = [field.name for field in schema if pa.types.is_nested(field.type)]
    if any(key_of(name) in SCHEMA.names or columns.get(name) in SCHEMA.names for name in lists):
        return False
    return not tall_columns.OWN.isdisjoint(columns.values()) or has_objects(schema, options)


def names_of_layout(schema: pa.Schema, options: InventoryOptions = STATED_BY_FILES) -> str | None:
    """What tables of the same columns have in common: their names that are not needfix's own.

    None where a table is not tall, or its rows are objects of another program.
    """
    if not is_tall(schema, options) or has_objects(schema, options):
        return None
    others = (name for name in tall_columns.known(schema.names, options) if key_of(name) not in ALIASES)
    return "\n".join(sorted(others))


def has_objects(schema: pa.Schema, options: InventoryOptions = STATED_BY_FILES) -> bool:
    """Whether each row is an object of another program, as its columns say."""
    return are_of_objects(schema.names, options.columns)


def tall_pieces(
    table: TallTable, options: InventoryOptions, *, is_strict: bool, unites: bool
) -> Iterator[Piece]:
    """The records of a table. Raises InventoryError where its columns are wrong."""
    if has_objects(table.schema, options):
        yield from _of_objects(table, options, is_strict=is_strict, unites=unites)
        return
    found = tall_columns.columns_of(table.schema, table.file, options)
    if found.problems:
        raise InventoryError(list(found.problems))
    yield from without_records(noted_columns(found.noted, table.file, is_strict=is_strict), table.file)

    def rows() -> Iterator[tall.TallRows]:
        return ahead(_rows(table, found))

    columns = {name: column for name, column in found.columns.items() if column == "server" or found.server}
    of_servers = partial(_rows, table, found._replace(columns=columns))
    returning = returning_servers(of_servers, table.file) if unites else None
    yield from tall.pieces(
        rows,
        table.file,
        (*found.columns.values(), *(["server"] if found.server else [])),
        found.products,
        is_strict=is_strict,
        returning_servers=returning,
    )


def _rows(table: TallTable, found: tall_columns.TallColumns) -> Iterator[tall.TallRows]:
    first, columns = 1, found.columns
    for batch in table.batches(list(columns)):
        flaws = _flaws(batch)
        texts = [tall_columns.as_texts(column) for column in _light(batch, columns, list(flaws))]
        names = list(columns.values())
        if found.server is not None:
            texts.append(pa.array([found.server] * batch.num_rows, pa.string()))
            names.append("server")
        lines = np.arange(first, first + batch.num_rows)
        yield tall.TallRows(pa.RecordBatch.from_arrays(texts, names), lines, flaws)
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


def _of_objects(
    table: TallTable, options: InventoryOptions, *, is_strict: bool, unites: bool
) -> Iterator[Piece]:
    """The servers of rows that are objects of another program, wherever in the table these are."""
    notes = Notes(is_strict=is_strict)
    gathering = Gathering(table.file, options.naming, notes, unites=unites)
    line = 0
    read: set[str] = set()
    for batch in table.batches(table.schema.names):
        for row in batch.to_pylist():
            line += 1
            own = {name: _plain(value) for name, value in row.items()}
            gathering.take_object(own, Position(table.file, line), read=read)
    notes.take(columns_not_read(table.schema.names, read), Position(table.file, 1))
    yield from batched(gathering.items(), table.file, BytesRead())
    if notes:
        yield piece_of([], table.file, [])._replace(notes=tuple(notes))


def _plain(value: object) -> object:
    """A value as JSON has it: a time as text."""
    return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)

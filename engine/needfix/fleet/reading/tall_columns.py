"""Which columns of a table are known, by the names that CSV has for them, and their values as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.columns import as_strings, is_textual
from needfix.intake.columns import COLUMNS, SCALARS, no_server_column
from needfix.intake.near import did_you_mean
from needfix.intake.notes import Occurrence
from needfix.intake.other_columns import ReadColumns, read_columns
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions
from needfix.model.whole_lists import ProductRows

OWN = frozenset(COLUMNS) - {"server", *SCALARS}
"""The columns that a native record has not, or has as lists."""

_SERVER = did_you_mean("server")


class TallColumns(NamedTuple):
    """The known columns, by their names in the table, what is wrong with others, and what is to be noted.

    `server` is that of a table without a column for it.
    """

    columns: dict[str, str]
    server: str | None = None
    products: ProductRows = "own"
    noted: tuple[Occurrence, ...] = ()
    problems: tuple[Problem, ...] = ()


def known(names: Iterable[str], options: InventoryOptions = STATED_BY_FILES) -> dict[str, str]:
    """The known columns, by their names in the table."""
    every = list(names)
    return _by_name(every, read_columns(every, Position("", 1), options.columns))


def _by_name(names: list[str], read: ReadColumns) -> dict[str, str]:
    columns = {place: column for column, place in read.places.items()}
    return {names[place]: columns[place] for place in sorted(columns)}


def columns_of(schema: pa.Schema, file: str, options: InventoryOptions = STATED_BY_FILES) -> TallColumns:
    """The columns of a table."""
    at = Position(file, 1)
    read = read_columns(schema.names, at, options.columns)
    columns = _by_name(schema.names, read)
    problems = [*read.problems, *_of_types(schema, columns, at)]
    server = None if "server" in read.places else options.naming.of_file(file)
    is_named = "server" in read.places or any(one.hint == _SERVER for one in problems)
    if not is_named and server is None:
        problems.append(no_server_column(schema.names, at))
    return TallColumns(columns, server, read.products, tuple(read.occurrences), tuple(problems))


def _of_types(schema: pa.Schema, columns: Mapping[str, str], at: Position) -> Iterable[Problem]:
    for field in schema:
        is_read = is_textual(field.type) or pa.types.is_boolean(field.type)
        if field.name in columns and not is_read:
            what, hint = f"the column {field.name} holds {field.type}", "write it with that type"
            pointer = f"/{columns[field.name]}"
            yield Problem(at, what, "texts", hint, "wrong-type", pointer=pointer)


def as_texts(column: pa.Array) -> pa.Array:
    """A column as texts, or as codes of texts."""
    if not pa.types.is_dictionary(column.type):
        return as_strings(column)
    texts = as_strings(column.dictionary)
    return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), texts)

"""Which columns of a table are known, by the names that CSV has for them, and their values as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.columns import as_strings, is_textual
from needfix.intake.columns import ALIASES, COLUMNS, SCALARS, no_server_column
from needfix.intake.kinds import quoted
from needfix.intake.near import did_you_mean, nearest
from needfix.intake.record import pointer_to

OWN = frozenset(COLUMNS) - {"server", *SCALARS}
"""The columns that a native record has not, or has as lists."""


def known(names: Iterable[str]) -> dict[str, str]:
    """The known columns, by their names in the table."""
    found = {name: ALIASES.get(name.strip().casefold()) for name in names}
    return {name: column for name, column in found.items() if column}


def unknown(names: Iterable[str]) -> Iterator[str]:
    """The other columns."""
    return (name.strip() for name in names if name.strip().casefold() not in ALIASES)


def problems_of(schema: pa.Schema, file: str) -> list[Problem]:
    """What is wrong with the columns of a table."""
    return list(_problems(schema, Position(file, 1)))


def _problems(schema: pa.Schema, at: Position) -> Iterator[Problem]:
    columns: dict[str, str] = {}
    meant: set[str] = set()
    for field in schema:
        column = ALIASES.get(field.name.strip().casefold())
        if column is None:
            if near := nearest(field.name, COLUMNS):
                meant.add(near)
                yield Problem(
                    at,
                    f"{quoted(field.name)} is not a known column",
                    hint=did_you_mean(near),
                    code="unknown-key",
                    pointer=pointer_to("", field.name),
                )
        elif column in columns:
            what = f"two columns are {column}: {columns[column]} and {field.name}"
            hint = "remove or rename one of them"
            yield Problem(at, what, "one column", hint, "duplicate-key", pointer=f"/{column}")
        elif not (is_textual(field.type) or pa.types.is_boolean(field.type)):
            what, hint = f"the column {field.name} holds {field.type}", "write it with that type"
            yield Problem(at, what, "texts", hint, "wrong-type", pointer=f"/{column}")
        columns.setdefault(column or field.name, field.name)
    if "server" not in columns and "server" not in meant:
        yield no_server_column(schema.names, at)


def as_texts(column: pa.Array) -> pa.Array:
    """A column as texts, or as codes of texts."""
    if not pa.types.is_dictionary(column.type):
        return as_strings(column)
    texts = as_strings(column.dictionary)
    return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), texts)

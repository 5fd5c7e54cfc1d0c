"""On the driver: a data frame that holds an inventory, checked, and what reads it on executors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading.conform import problems_of
from needfix.fleet.records import SCHEMA
from needfix.fleet.texts import is_textual
from needfix.inventory.csv_columns import ALIASES, COLUMNS
from needfix.inventory.near import nearest
from needfix.spark.reading import FILE, KEY, ROW, Reader, native
from needfix.spark.tall import tall

_PLACES = (FILE, ROW)
_NESTED = frozenset(SCHEMA.names) - ALIASES.keys()
_FLAT = ALIASES.keys() - frozenset(SCHEMA.names)
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))


class Source(NamedTuple):
    """A data frame, and what makes records of its partitions."""

    frame: DataFrame
    reader: Reader


def source_of(frame: DataFrame, name: str = "<data frame>") -> Source:
    """An inventory in a data frame, native or tall.

    Raises InventoryError with everything that is wrong with its columns.
    """
    names = {column.casefold() for column in frame.columns}
    nested, flat = names & _NESTED, names & _FLAT
    if nested and flat:
        what = f"native columns ({_listed(nested)}) stand beside tall ones ({_listed(flat)})"
        raise InventoryError([Problem(Position(name, 1), what, "one or the other", "evaluate them apart")])
    return _tall(frame, name) if flat else _native(frame, name)


def _native(frame: DataFrame, name: str) -> Source:
    own = frame.drop(*_PLACES)
    if problems := problems_of(own.limit(0).toArrow().schema, name):
        raise InventoryError(problems)
    known = [column for column in own.columns if column in SCHEMA.names]
    return Source(frame.select(*known, *_places(frame)), native)


def _tall(frame: DataFrame, name: str) -> Source:
    own = frame.drop(*_PLACES)
    if problems := list(_tall_problems(own.limit(0).toArrow().schema, Position(name, 1))):
        raise InventoryError(problems)
    known = [column for column in own.columns if column.casefold() in ALIASES]
    server = next(column for column in known if column.casefold() == "server")
    keyed = frame.select(*known, *_places(frame), _key(server).alias(KEY))
    order = _places(frame) or known
    return Source(keyed.repartition(KEY).sortWithinPartitions(KEY, *order), tall)


def _places(frame: DataFrame) -> list[str]:
    return [column for column in frame.columns if column in _PLACES]


def _key(server: str) -> Column:
    """The same for all names that differ in nothing but case, as Python's `casefold` sees it."""
    name = sql.col(server).cast("string")
    for fold in (
        sql.upper,
        sql.lower,
        sql.upper,
    ):  # each needed, and trimmed so that Spark drops none of them
        name = fold(sql.btrim(name, sql.lit(_BLANKS)))
    return name


def _tall_problems(schema: pa.Schema, at: Position) -> Iterator[Problem]:
    found: dict[str, str] = {}
    for field in schema:
        column = ALIASES.get(field.name.casefold())
        if column is None:
            if near := nearest(field.name.casefold(), COLUMNS):
                yield Problem(at, f"{field.name!r} is no known column", mend=f"did you mean {near}?")
        elif column in found:
            yield Problem(at, f"the column {column} is there twice, as {found[column]} and {field.name}")
        elif not _is_cell(field.type):
            yield Problem(
                at, f"the column {field.name} holds {field.type}", "texts", "write it with that type"
            )
        found.setdefault(column or field.name, field.name)
    if "server" not in found:
        yield Problem(at, "there is no column server", ", ".join(COLUMNS))


def _is_cell(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind):
        return is_textual(kind.value_type)
    return is_textual(kind) or pa.types.is_boolean(kind)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))

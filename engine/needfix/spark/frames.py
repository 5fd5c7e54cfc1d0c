"""On the driver: a data frame that holds an inventory, checked, and what reads it on executors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading import tall_columns
from needfix.fleet.reading.conform import NotedColumns, key_of, noted_columns, problems_of
from needfix.fleet.reading.native_columns import NativeColumns, native_columns
from needfix.fleet.reading.tall_tables import has_objects, is_tall
from needfix.fleet.records import SCHEMA
from needfix.intake.reports import are_of_decisions, decisions_problem
from needfix.model.inventory_options import ADDRESS, STATED_BY_FILES, InventoryOptions
from needfix.spark.objects import Objects
from needfix.spark.reading import FILE, KEY, ROW, SEVERAL, Reader
from needfix.spark.reading import native as read_native
from needfix.spark.reading import once as read_once
from needfix.spark.tall import Tall

_PLACES = (FILE, ROW)
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))


class FrameSource(NamedTuple):
    """A data frame, what makes records of its partitions, and what is to be noted of its columns."""

    frame: DataFrame
    reader: Reader
    columns: NotedColumns = NotedColumns(())


def source_of(
    frame: DataFrame,
    name: str = "<data frame>",
    options: InventoryOptions = STATED_BY_FILES,
    *,
    is_strict: bool = False,
    unites: bool = False,
) -> FrameSource:
    """An inventory in a data frame, native or tall; where it `unites`, a server may have several times.

    Rows that are objects of another program, of whatever servers, are read in one task.
    Raises InventoryError with everything that is wrong with its columns, but for those that are not known.
    """
    options = options._replace(columns=dict(options.columns))
    schema = frame.drop(*_PLACES).limit(0).toArrow().schema
    if are_of_decisions(schema.names):
        raise InventoryError([decisions_problem(name)])
    native = [field for field in schema if key_of(field.name) in SCHEMA.names]
    nested = [field.name for field in native if pa.types.is_nested(field.type)]
    if not nested and has_objects(schema, options):
        return FrameSource(frame.coalesce(1), Objects(tuple(schema.names), options, is_strict))
    known = tall_columns.known(schema.names, options)
    of_rows = {own for own, column in known.items() if column in tall_columns.OWN}
    flat = of_rows.difference(field.name for field in native)
    if nested and flat:
        what = f"native columns ({_listed(nested)}) are mixed with tall ones ({_listed(flat)})"
        raise InventoryError(
            [Problem(Position(name, 1), what, "one or the other", "evaluate them separately")]
        )
    if is_tall(schema, options):
        found = tall_columns.columns_of(schema, name, options)
        _check(found.problems)
        columns = noted_columns(found.noted, name, is_strict=is_strict)
        return _tall(frame, Tall(found.columns, is_strict, unites, found.products), options)._replace(
            columns=columns
        )
    own = native_columns(schema, options)
    _check(problems_of(own.schema, name))
    columns = noted_columns(own.noted, name, is_strict=is_strict)
    return _native(frame, own, options)._replace(columns=columns)


def _check(problems: Sequence[Problem]) -> None:
    if problems:
        raise InventoryError(list(problems))


def _native(frame: DataFrame, columns: NativeColumns, options: InventoryOptions) -> FrameSource:
    names = columns.names.items()
    own = [_named(name, options, is_server=key_of(key) == "server").alias(key) for name, key in names]
    return FrameSource(frame.select(*own, *_places(frame)), read_native)


def _named(column: str, options: InventoryOptions, *, is_server: bool) -> Column:
    """A column; names of servers without their domains, where these are left out."""
    found = sql.col(f"`{column}`")
    return _short(found) if is_server and options.naming.short else found


def _short(name: Column) -> Column:
    """The same as `Naming.of` of a name."""
    text = sql.btrim(name.cast("string"), sql.lit(_BLANKS))
    last = sql.element_at(sql.split(text, r"[\\\\/]"), -1)
    host = sql.element_at(sql.split(last, r"\\."), 1)
    return sql.when(text.rlike(f"^(?:{ADDRESS})$") | (host == ""), text).otherwise(host)


def with_counts_of_records(source: FrameSource) -> FrameSource:
    """A source of native records, each beside the number of records of its server where there are several.

    Rows of tall data frames need none: those of a server come together.
    """
    if source.reader is not read_native:
        return source
    frame = source.frame
    key = _key(next(name for name in frame.columns if key_of(name) == "server"))
    several = frame.select(key.alias(KEY)).groupBy(KEY).agg(sql.count("*").alias(SEVERAL))
    marked = frame.withColumn(KEY, key).join(sql.broadcast(several.where(sql.col(SEVERAL) > 1)), KEY, "left")
    return source._replace(frame=marked.drop(KEY), reader=read_once)


def _tall(frame: DataFrame, reader: Tall, options: InventoryOptions) -> FrameSource:
    """Rows of a server together; in the order of files, else in an order that is the same in every run."""
    columns = reader.columns
    server = next(own for own, column in columns.items() if column == "server")
    quoted = [sql.col(f"`{own}`") for own in columns]
    if options.naming.short:
        frame = frame.withColumn(server, _named(server, options, is_server=True))
    keyed = frame.select(*quoted, *_places(frame), _key(server).alias(KEY))
    order = _places(frame) or quoted
    return FrameSource(
        keyed.repartition(KEY).sortWithinPartitions(KEY, sql.lower(sql.col(f"`{server}`")), *order), reader
    )


def _places(frame: DataFrame) -> list[str]:
    return [column for column in frame.columns if column in _PLACES]


def _key(server: str) -> Column:
    """The same for all names that differ in nothing but case, as Python's `casefold` sees it."""
    name = sql.col(f"`{server}`").cast("string")
    for fold in (
        sql.upper,
        sql.lower,
        sql.upper,
    ):  # each needed, and trimmed so that Spark drops none of them
        name = fold(sql.btrim(name, sql.lit(_BLANKS)))
    return name


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))

"""On the driver: a data frame that holds an inventory, checked, and what reads it on executors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading import tall_columns
from needfix.fleet.reading.conform import UnknownColumns, key_of, noted_columns, problems_of, unknown_columns
from needfix.fleet.records import SCHEMA
from needfix.intake.reports import are_of_decisions, decisions_problem
from needfix.spark.reading import FILE, KEY, ROW, SEVERAL, Reader
from needfix.spark.reading import native as read_native
from needfix.spark.reading import once as read_once
from needfix.spark.tall import Tall, is_tall

_PLACES = (FILE, ROW)
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))


class FrameSource(NamedTuple):
    """A data frame, what makes records of its partitions, and what is to be noted of its columns."""

    frame: DataFrame
    reader: Reader
    columns: UnknownColumns = UnknownColumns(())


def source_of(
    frame: DataFrame, name: str = "<data frame>", *, is_strict: bool = False, unites: bool = False
) -> FrameSource:
    """An inventory in a data frame, native or tall; where it `unites`, a server may have several times.

    Raises InventoryError with everything that is wrong with its columns, but for those that are not known.
    """
    schema = frame.drop(*_PLACES).limit(0).toArrow().schema
    if are_of_decisions(schema.names):
        raise InventoryError([decisions_problem(name)])
    native = [field for field in schema if key_of(field.name) in SCHEMA.names]
    nested = [field.name for field in native if pa.types.is_nested(field.type)]
    known = tall_columns.known(schema.names)
    of_rows = {own for own, column in known.items() if column in tall_columns.OWN}
    flat = of_rows.difference(field.name for field in native)
    if nested and flat:
        what = f"native columns ({_listed(nested)}) are mixed with tall ones ({_listed(flat)})"
        raise InventoryError(
            [Problem(Position(name, 1), what, "one or the other", "evaluate them separately")]
        )
    if is_tall(schema):
        _check(tall_columns.problems_of(schema, name))
        columns = noted_columns(tall_columns.unknown(schema.names), name, is_strict=is_strict)
        return _tall(frame, Tall(known, is_strict, unites))._replace(columns=columns)
    _check(problems_of(schema, name))
    columns = noted_columns(unknown_columns(schema), name, is_strict=is_strict)
    return _native(frame, [field.name for field in native])._replace(columns=columns)


def _check(problems: list[Problem]) -> None:
    if problems:
        raise InventoryError(problems)


def _native(frame: DataFrame, columns: list[str]) -> FrameSource:
    return FrameSource(
        frame.select(*(sql.col(f"`{column}`") for column in columns), *_places(frame)), read_native
    )


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


def _tall(frame: DataFrame, reader: Tall) -> FrameSource:
    """Rows of a server together; in the order of files, else in an order that is the same in every run."""
    columns = reader.columns
    server = next(own for own, column in columns.items() if column == "server")
    quoted = [sql.col(f"`{own}`") for own in columns]
    keyed = frame.select(*quoted, *_places(frame), _key(server).alias(KEY))
    order = _places(frame) or quoted
    return FrameSource(keyed.repartition(KEY).sortWithinPartitions(KEY, sql.lower(server), *order), reader)


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


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))

"""For notebooks: decisions for the servers of a data frame, their counts, and the problems of its records."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Unpack

from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from needfix.catalogue import Catalogue
from needfix.errors import UsageError
from needfix.inventory.reading_options import ReadingOptions, options_without_files
from needfix.model.decision import DECISIONS, DecisionKind
from needfix.model.note import MOST_WORDS
from needfix.model.run_request import Selection
from needfix.spark.faults import PARTS
from needfix.spark.frames import FrameSource, source_of, with_counts_of_records
from needfix.spark.objects import Stated
from needfix.spark.shipping import Shipped, shipped
from needfix.spark.work import Counts, Rows

_OUTCOME = "rule string, decision string, action string"
_ROWS = (
    f"server string, {_OUTCOME}, reasons array<string>, severity string, advisories string, problem string"
)
_PARTS = ", ".join(f"{part}: string" for part in ("text", *PARTS))
_PLACE = "file: string, block: bigint, line: bigint, column: bigint"
_PROBLEM = f"struct<{_PLACE}, {_PARTS}>"
_NOTE = f"struct<code: string, {_PLACE}, count: bigint, words: array<string>>"
_NAMES = "bucket int, hashes binary"
_COUNTED = f"server string, problem {_PROBLEM}, number bigint, note {_NOTE}, contradiction string"
_COUNTS = f"{_OUTCOME}, {_COUNTED}, {_NAMES}"


def evaluate(
    df: DataFrame,
    catalogue: Catalogue,
    only: Collection[DecisionKind] | None = None,
    *,
    keep_going: bool = False,
    **stated: Unpack[ReadingOptions],
) -> DataFrame:
    """The decisions for an inventory, native or tall, with the columns of `needfix.fleet.DECISIONS_SCHEMA`.

    A bad record ends the job with InventoryError, raised through Spark. With `keep_going` there is one
    more column, `problem`: a bad record has a row for each of its problems, with nulls in the other columns.
    What may be `stated` of the inventory are the keywords of `needfix.ReadingOptions` that are not about
    files. Raises InventoryError at once if the columns are wrong, and UsageError if `only` has an unknown
    decision.
    """
    if unknown := sorted(set(only or ()) - set(DECISIONS)):
        raise UsageError(f"{unknown[0]!r} is not a decision\n    hint: write one of {', '.join(DECISIONS)}")
    selection = Selection(decisions=DECISIONS if only is None else tuple(only))
    found = rows(_source(df, "evaluate", stated), shipped(catalogue), selection, keep_going=keep_going)
    return found if keep_going else found.drop("problem")


def _source(df: DataFrame, function: str, stated: ReadingOptions) -> FrameSource:
    options = options_without_files(stated, function=f"spark.{function}")
    found = with_counts_of_records(source_of(df, options=options))
    return found._replace(reader=Stated(found.reader, options)) if options.states_of_servers else found


def summary(df: DataFrame, catalogue: Catalogue, **stated: Unpack[ReadingOptions]) -> DataFrame:
    """How many servers have each decision and action for each rule: rule, decision, action, servers.

    Executors count, so no row is made for a decision. In a row of nulls, `servers` is the number of
    problems of bad records. Raises InventoryError at once if the columns are wrong.
    """
    counted = counts(_source(df, "summary", stated), shipped(catalogue), Selection())
    is_count = sql.col("rule").isNotNull() | sql.col("problem").isNotNull()
    grouped = counted.where(is_count).groupBy("rule", "decision", "action")
    return grouped.agg(sql.sum("number").alias("servers"))


def problems(df: DataFrame, catalogue: Catalogue, **stated: Unpack[ReadingOptions]) -> DataFrame:
    """What is wrong with records, the first hundred problems of each partition: one column, `problem`.

    Raises InventoryError at once if the columns are wrong.
    """
    counted = counts(_source(df, "problems", stated), shipped(catalogue), Selection())
    found = counted.where("problem.text is not null")
    return found.select(sql.concat_ws(": ", "problem.file", "problem.text").alias("problem"))


def notes(df: DataFrame, catalogue: Catalogue, **stated: Unpack[ReadingOptions]) -> DataFrame:
    """What was not read, not understood or not counted: columns code, count and words, a row for each code.

    Raises InventoryError at once if the columns are wrong.
    """
    source = _source(df, "notes", stated)
    counted = counts(source, shipped(catalogue), Selection())
    own = counted.where("note.code is not null").select("note.code", "note.count", "note.words")
    of_columns = [(note.code, note.count, list(note.words)) for note in source.columns.notes]
    every = own.union(df.sparkSession.createDataFrame(of_columns, own.schema)) if of_columns else own
    words = sql.array_sort(sql.array_distinct(sql.flatten(sql.collect_list("words"))))
    return every.groupBy("code").agg(
        sql.sum("count").alias("count"), sql.slice(words, 1, MOST_WORDS).alias("words")
    )


def rows(
    source: FrameSource,
    catalogue: Shipped,
    selection: Selection,
    *,
    keep_going: bool,
    is_strict: bool = False,
) -> DataFrame:
    """Decisions as rows, with their problems where records are bad."""
    work = Rows(catalogue, datetime.now(UTC).date(), selection, source.reader, keep_going, is_strict)
    return source.frame.mapInArrow(work.__call__, _ROWS)


def counts(
    source: FrameSource, catalogue: Shipped, selection: Selection, *, is_strict: bool = False
) -> DataFrame:
    """Decisions counted by partition."""
    work = Counts(catalogue, datetime.now(UTC).date(), selection, source.reader, is_strict)
    return source.frame.mapInArrow(work.__call__, _COUNTS)

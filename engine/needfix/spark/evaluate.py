"""For notebooks: decisions for the servers of a data frame, their counts, and the problems of its records."""

from __future__ import annotations

from collections.abc import Collection

from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from needfix.catalogue import Catalogue
from needfix.errors import UsageError
from needfix.model.decision import DECISIONS, DecisionKind
from needfix.model.run_request import Selection
from needfix.spark.faults import PARTS
from needfix.spark.frames import FrameSource, source_of
from needfix.spark.shipping import Shipped, shipped
from needfix.spark.work import Counts, Rows

_OUTCOME = "rule string, decision string, action string"
_ROWS = f"server string, {_OUTCOME}, reasons array<string>, problem string"
_PARTS = ", ".join(f"{part}: string" for part in ("text", *PARTS))
_PROBLEM = f"struct<file: string, block: bigint, line: bigint, column: bigint, {_PARTS}>"
_COUNTS = f"{_OUTCOME}, server string, problem {_PROBLEM}, number bigint"


def evaluate(
    df: DataFrame,
    catalogue: Catalogue,
    only: Collection[DecisionKind] | None = None,
    *,
    keep_going: bool = False,
) -> DataFrame:
    """The decisions for an inventory, native or tall: columns server, rule, decision, action, reasons.

    A bad record ends the job with InventoryError, raised through Spark. With `keep_going` there is one
    more column, `problem`: a bad record has a row for each of its problems, with nulls in the other columns.
    Raises InventoryError at once if the columns are wrong, and UsageError if `only` has an unknown decision.
    """
    if unknown := sorted(set(only or ()) - set(DECISIONS)):
        raise UsageError(f"{unknown[0]!r} is not a decision\n    hint: write one of {', '.join(DECISIONS)}")
    selection = Selection(decisions=DECISIONS if only is None else tuple(only))
    found = rows(source_of(df), shipped(catalogue), selection, keep_going=keep_going)
    return found if keep_going else found.drop("problem")


def summary(df: DataFrame, catalogue: Catalogue) -> DataFrame:
    """How many servers have each decision and action for each rule: rule, decision, action, servers.

    Executors count, so no row is made for a decision. In a row of nulls, `servers` is the number of
    problems of bad records. Raises InventoryError at once if the columns are wrong.
    """
    counted = counts(source_of(df), shipped(catalogue), Selection())
    is_count = sql.col("rule").isNotNull() | sql.col("problem").isNotNull()
    grouped = counted.where(is_count).groupBy("rule", "decision", "action")
    return grouped.agg(sql.sum("number").alias("servers"))


def problems(df: DataFrame, catalogue: Catalogue) -> DataFrame:
    """What is wrong with records, the first hundred problems of each partition: one column, `problem`.

    Raises InventoryError at once if the columns are wrong.
    """
    counted = counts(source_of(df), shipped(catalogue), Selection())
    found = counted.where("problem.text is not null")
    return found.select(sql.concat_ws(": ", "problem.file", "problem.text").alias("problem"))


def rows(source: FrameSource, catalogue: Shipped, selection: Selection, *, keep_going: bool) -> DataFrame:
    """Decisions as rows, with their problems where records are bad."""
    work = Rows(catalogue, selection, source.reader, keep_going)
    return source.frame.mapInArrow(work.__call__, _ROWS)


def counts(source: FrameSource, catalogue: Shipped, selection: Selection) -> DataFrame:
    """Decisions counted by partition."""
    work = Counts(catalogue, selection, source.reader)
    return source.frame.mapInArrow(work.__call__, _COUNTS)

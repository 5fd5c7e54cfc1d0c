"""For the command line: files evaluated on a cluster, decisions written, and the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial, reduce
from typing import Any, NamedTuple, Unpack

from pyspark import StorageLevel
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as sql

from needfix._version import __version__
from needfix.catalogue import Catalogue
from needfix.errors import Position, Problem, UsageError
from needfix.fleet.outcomes import CODES
from needfix.intake.formats import cut_endings
from needfix.intake.limits import PROBLEMS
from needfix.intake.notes import Notes
from needfix.intake.paths import from_here
from needfix.inventory.known_servers import repeated
from needfix.inventory.reading_options import ReadingOptions, options_of
from needfix.model.decision import Action, DecisionKind
from needfix.model.document import BUSIEST, Header, ServerLoad, Summary
from needfix.model.note import OBJECTS_READ, Note
from needfix.model.run_request import RunRequest, Selection
from needfix.spark.evaluate import counts, rows
from needfix.spark.failures import failures_as_ours
from needfix.spark.faults import PARTS, OfServer
from needfix.spark.files import exists, lines_before, sources, write_file
from needfix.spark.frames import FrameSource
from needfix.spark.session import session
from needfix.spark.several_records import ServersOfSeveral, Skipping, repeated_hashes, united
from needfix.spark.shipping import Shipped, shipped

HEADER = "_needfix"
"""The file of the header, whose name readers of Parquet ignore like `_SUCCESS`."""


@dataclass(frozen=True, slots=True)
class SparkRun:
    """The result of a run: its counts and notes, the first problems, and whether decisions were written."""

    summary: Summary
    problems: tuple[Problem, ...]
    is_written: bool


def evaluate_on(
    master: str,
    catalogue: Catalogue,
    request: RunRequest,
    output: str | None = None,
    **stated: Unpack[ReadingOptions],
) -> SparkRun:
    """Count the decisions for the servers of files and folders; write those selected as a folder of Parquet.

    `output` is a folder that does not exist yet; None only counts. The header of the run is written there
    too, as JSON in the file `_needfix`. If records are bad, nothing is written, or with `keep_going` only
    the decisions for the others. What may be `stated` of the inventories are the keywords of
    `needfix.ReadingOptions`, in place of the options of the request.
    Raises UsageError if `output` exists or the cluster cannot be used, and InventoryError if
    inventories or their columns cannot.
    """
    if stated:
        options = options_of(stated, request.inventories, function="spark.evaluate_on")
        request = request._replace(options=options)
    header = Header(__version__, catalogue.digest, request.inventories, datetime.now(UTC), {}, catalogue.date)
    with failures_as_ours(), session(master) as spark:
        if output is not None and exists(spark, output):
            raise UsageError(f"{output} exists already\n    hint: remove it, or name another folder")
        selection = request.selection
        strict = request.is_strict
        read = partial(
            sources, spark, request.inventories, request.options, is_strict=strict, unites=request.join
        )
        found = read()
        packed = shipped(catalogue)
        ran = partial(_ran, spark, catalogue, request, packed)
        counted = ran(found)
        if mixed := _mixed(counted.summary.notes):  # objects of one server may be in several blocks
            found = read(mixed=mixed)
            counted = ran(found)
        if counted.hashes:
            several = ServersOfSeveral.of(found, counted.hashes)
            if request.repeated != "stop" and (names := several.names):
                others = [one._replace(reader=Skipping(one.reader, names)) for one in found]
                found = [*others, united(found, names, is_strict=strict)] if request.join else others
                counted = ran(found)
            if not request.join:
                counted = counted.with_problems(_repeated(spark, several), several.number)
        summary, problems = counted.summary, counted.problems
        is_written = output is not None and (request.keep_going or not summary.bad_records)
        if output is not None and is_written:
            goes_on = request.keep_going
            parts = [
                rows(source, packed, selection, keep_going=goes_on, is_strict=strict) for source in found
            ]
            _write(reduce(DataFrame.union, parts), output)
            write_file(spark, output, HEADER, header.as_metadata(summary.notes))
        return SparkRun(summary, problems, is_written)


def _mixed(notes: Iterable[Note]) -> frozenset[str]:
    """The files in blocks of lines that hold objects of other programs."""
    found = (note for note in notes if note.code == OBJECTS_READ)
    return frozenset(note.file for note in found if note.file and note.file.lower().endswith(cut_endings()))


class _Counted(NamedTuple):
    """What sources come to, their first problems, and the hashes that names of several records have."""

    summary: Summary
    problems: tuple[Problem, ...]
    hashes: list[int]

    def with_problems(self, problems: Iterable[Problem], count: int) -> _Counted:
        """The same with further problems, the first of so many."""
        summary = replace(self.summary, bad_records=self.summary.bad_records + count)
        return self._replace(summary=summary, problems=(*self.problems, *problems)[:PROBLEMS])


def _ran(
    spark: SparkSession,
    catalogue: Catalogue,
    request: RunRequest,
    packed: Shipped,
    found: Sequence[FrameSource],
) -> _Counted:
    """Count the decisions for some sources."""
    selection, strict = request.selection, request.is_strict
    with _kept([counts(source, packed, selection, is_strict=strict) for source in found]) as counted:
        notes = Notes()
        notes.merge(note for source in found for note in source.columns.notes)
        notes.merge(_notes(spark, counted))
        summary = replace(_summary(counted, catalogue, selection), notes=tuple(notes))
        problems = tuple(_problems(spark, counted)) if summary.bad_records else ()
        of_columns = [problem for source in found for problem in source.columns.problems]
        all_of = _Counted(summary, problems, repeated_hashes(counted))
        return all_of.with_problems(of_columns, len(of_columns))


def _repeated(spark: SparkSession, several: ServersOfSeveral) -> Iterator[Problem]:
    """The problems of records beside the first of each server."""
    before: dict[tuple[str, int], int] = {}

    def at(row: Row) -> Position:
        if not row.line:
            return OfServer(row.file, 0)
        place = row.file, row.block
        if row.block and place not in before:
            before[place] = lines_before(spark, *place)
        return Position(from_here(row.file), row.line + before.get(place, 0))

    for row in several.others():
        yield repeated(row.name, at(row), at(row.first))


@contextmanager
def _kept(frames: Sequence[DataFrame]) -> Iterator[DataFrame]:
    """Data frames as one that is made once for several questions."""
    kept = reduce(DataFrame.union, frames).persist(StorageLevel.MEMORY_AND_DISK)
    try:
        yield kept
    finally:
        kept.unpersist()


def _write(decisions: DataFrame, output: str) -> None:
    good = decisions.where("rule is not null").drop("problem")
    good.write.option("compression", "zstd").parquet(output)


def _summary(counted: DataFrame, catalogue: Catalogue, selection: Selection) -> Summary:
    of_codes = counted.where("contradiction is not null").groupBy("contradiction")
    contradictions = dict(map(tuple, of_codes.agg(sql.sum("number")).collect()))
    kinds = counted.where("server is null and contradiction is null").groupBy(
        "rule", "decision", "action", sql.isnotnull("problem").alias("bad")
    )
    numbers = {
        tuple(row)[:4]: int(row.number) for row in kinds.agg(sql.sum("number").alias("number")).collect()
    }
    rules: dict[str, dict[tuple[DecisionKind, Action], int]] = {
        rule: {} for rule in catalogue.rules if selection.has_rule(rule)
    }
    for (rule, decision, action, _), number in sorted(numbers.items(), key=_place):
        if rule is not None:
            rules[rule][decision, action] = number
    servers, bad = (numbers.get((None, None, None, is_bad), 0) for is_bad in (False, True))
    return Summary(servers, rules, tuple(_busiest(counted)), bad, contradictions)


def _place(counted: tuple[tuple[Any, ...], int]) -> int:
    """The place of an outcome among all."""
    _, decision, action, _ = counted[0]
    return CODES.get((decision, action), 0)


def _busiest(counted: DataFrame) -> list[ServerLoad]:
    loads = counted.where("server is not null").select("server", "number").distinct()
    most = loads.orderBy(sql.desc("number"), "server").limit(BUSIEST)
    return [ServerLoad(*row) for row in most.collect()]


def _problems(spark: SparkSession, counted: DataFrame) -> Iterator[Problem]:
    """The first problems, in the order of files and lines."""
    found = counted.where("problem.text is not null").select("problem.*")
    first = found.orderBy("file", "block", "line", "column", "text").limit(PROBLEMS).collect()
    before = {
        place: lines_before(spark, *place) for place in {(row.file, row.block) for row in first} if place[1]
    }
    return (_problem(row, before.get((row.file, row.block), 0)) for row in first)


def _notes(spark: SparkSession, counted: DataFrame) -> Iterator[Note]:
    """The notes of all partitions."""
    found = counted.where("note.code is not null").select("note.*").collect()
    before = {
        place: lines_before(spark, *place) for place in {(row.file, row.block) for row in found} if place[1]
    }
    for row in found:
        at = _position(row, before.get((row.file, row.block), 0))
        # A row has a field and a method of the name count.
        yield Note(row.code, at.file if at.line else None, row["count"], at, tuple(row.words))


def _problem(row: Row, before: int) -> Problem:
    return Problem(_position(row, before), *(row[part] for part in PARTS))


def _position(row: Row, before: int) -> Position:
    file = from_here(row.file)
    return Position(file, row.line + before, row.column) if row.line else OfServer(file, 0)

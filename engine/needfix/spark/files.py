"""On the driver: the files that paths name, on any file system that Spark knows, as sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from needfix.errors import InventoryError, Position, Problem, UsageError
from needfix.inventory.formats import ENDINGS
from needfix.paths import STDIN
from needfix.spark.faults import file_named
from needfix.spark.frames import Source, source_of
from needfix.spark.reading import BLOCK, FILE, ROW
from needfix.spark.text_files import CONTENT, json_lines, whole_files

_LINES = (".jsonl", ".ndjson")
_TABLES = (".parquet",)
_KNOWN = (*_TABLES, *sorted(ENDINGS))
_Open: TypeAlias = Callable[[SparkSession, list[str]], Source]


def sources(spark: SparkSession, paths: Sequence[str]) -> list[Source]:
    """A source for each kind of files. Raises InventoryError with each path that names none."""
    if STDIN in paths:
        raise UsageError("standard input is not seen by executors\n    mend: name files or folders")
    problems: list[Problem] = []
    files = [file for path in paths for file in _files(spark, path, problems)]
    if problems:
        raise InventoryError(problems)
    kinds: list[tuple[Callable[[str], bool], _Open]] = [
        (lambda ending: ending in _TABLES, _parquet),
        (lambda ending: ending in _LINES, _json_lines),
        (lambda ending: ending not in (*_TABLES, *_LINES), _whole_files),
    ]
    chosen = ((sorted(file for file in set(files) if is_of(_ending(file))), read) for is_of, read in kinds)
    return [read(spark, own) for own, read in chosen if own]


def lines_before(spark: SparkSession, file: str, block: int) -> int:
    """How many lines of a file stand before a block of it."""
    before = _lines(spark, [file]).where(sql.col(BLOCK) < block)
    return before.count()


def exists(spark: SparkSession, path: str) -> bool:
    """Whether there is a file or a folder."""
    try:
        spark.read.format("binaryFile").load(path)
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            return False
        raise
    return True


def _files(spark: SparkSession, path: str, problems: list[Problem]) -> Iterator[str]:
    """The files at a path: those of a folder that have a known ending, or the one that is named."""
    at = Position(path, 1)
    if not exists(spark, path):
        mend = "check the path; executors must see it, too"
        problems.append(Problem(at, "there is no such file", "an inventory", mend))
        return
    there = spark.read.format("binaryFile").option("recursiveFileLookup", value=True).load(path).inputFiles()
    found = [file for file in there if _ending(file) in _KNOWN]
    if not found:
        problems.append(Problem(at, "there is no inventory", f"files that end in {', '.join(_KNOWN)}"))
    yield from found


def _ending(file: str) -> str:
    return PurePosixPath(file).suffix.lower()


def _parquet(spark: SparkSession, files: list[str]) -> Source:
    frame = spark.read.option("mergeSchema", value=True).parquet(*files)
    places = [sql.col("_metadata.file_path").alias(FILE), sql.col("_metadata.row_index").alias(ROW)]
    name = files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"
    return source_of(frame.select("*", *places), file_named(name))


def _json_lines(spark: SparkSession, files: list[str]) -> Source:
    return Source(_lines(spark, files), json_lines)


def _lines(spark: SparkSession, files: list[str]) -> DataFrame:
    places = [sql.col("_metadata.file_path").alias(FILE), sql.col("_metadata.file_block_start").alias(BLOCK)]
    lines = spark.read.text(files, lineSep="\n")
    return lines.select(sql.col("value").cast("binary").alias(CONTENT), *places)


def _whole_files(spark: SparkSession, files: list[str]) -> Source:
    frame = spark.read.format("binaryFile").load(files)
    return Source(frame.select(sql.col("content").alias(CONTENT), sql.col("path").alias(FILE)), whole_files)

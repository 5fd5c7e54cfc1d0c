"""On the driver: the files that paths name, on any file system that Spark knows, as sources."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Sequence
from functools import partial
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from needfix.errors import InventoryError, Position, Problem, UsageError
from needfix.fleet.reading.tall_tables import names_of_layout
from needfix.intake.formats import columnar_endings, cut_endings, inventories
from needfix.intake.paths import STDIN, chosen, from_here, nothing_found
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions
from needfix.spark.faults import file_named
from needfix.spark.frames import FrameSource, source_of
from needfix.spark.reading import BLOCK, FILE, ROW
from needfix.spark.whole_files import CONTENT, LAYOUT, json_lines, tall_files, whole_files

_LARGE = 256 << 20
"""Bytes from which a Parquet file is divided among tasks: whole files are read many times as fast."""
_MAGIC = frozenset("*?[{")
_DEEPEST = 4
"""Folders below a path in which names that Spark ignores are looked for."""


def sources(  # noqa: PLR0913 - which files, and how they are read
    spark: SparkSession,
    paths: Sequence[str],
    options: InventoryOptions = STATED_BY_FILES,
    *,
    mixed: Container[str] = (),
    is_strict: bool,
    unites: bool = False,
) -> list[FrameSource]:
    """A source for each kind of files. Raises InventoryError with each path that names none.

    Where more is stated than what names of columns mean, each file is read whole; so are those that are
    `mixed`, which hold objects of other programs beside records.
    """
    if STDIN in paths:
        raise UsageError("executors cannot read standard input\n    hint: name files or folders")
    problems: list[Problem] = []
    sizes = {file: size for path in paths for file, size in _files(spark, path, problems)}
    if problems:
        raise InventoryError(problems)
    files = sorted(sizes)
    roots = tuple(file_named(path) if "://" in path else os.path.abspath(path) for path in paths)  # noqa: PTH100
    naming = options.naming._replace(roots=roots if options.naming.from_path else ())
    options = options._replace(naming=naming, columns=dict(options.columns))
    read_whole = partial(whole_files, options=options, is_strict=is_strict, unites=unites)
    if options._replace(columns={}) != STATED_BY_FILES:
        return [FrameSource(_content(spark, files), read_whole)]
    known = inventories().endings
    tables = [file for file in files if _ends(file, columnar_endings()) or not _ends(file, known)]
    lines = [file for file in files if _ends(file, cut_endings()) and not _is_among(file, mixed)]
    large = [file for file in tables if sizes[file] > _LARGE and _ends(file, columnar_endings())]
    tall = _tall(spark, [file for file in tables if file not in large], large, options)
    of_tall = {file for group in tall for file in group}
    whole = [file for file in files if file not in {*lines, *large, *of_tall}]
    groups = [*([file] for file in large if file not in of_tall), *tall]
    found = [_parquet(spark, group, options, is_strict=is_strict, unites=unites) for group in groups]
    if lines:
        found.append(FrameSource(_lines(spark, lines), partial(json_lines, is_strict=is_strict)))
    if whole:
        found.append(FrameSource(_content(spark, whole), read_whole))
    return found


def _is_among(file: str, names: Container[str]) -> bool:
    """Whether a file is among some, which are called as people name them."""
    return from_here(file_named(file)) in names


def lines_before(spark: SparkSession, file: str, block: int) -> int:
    """How many lines of a file are before a block of it."""
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


def write_file(spark: SparkSession, folder: str, name: str, text: str) -> None:
    """Write a file of text in a folder."""
    jvm: Any = spark._jvm  # noqa: SLF001 - Spark has no other way to its file systems
    path = jvm.org.apache.hadoop.fs.Path(folder, name)
    system = path.getFileSystem(spark._jsc.hadoopConfiguration())  # noqa: SLF001 - as above
    out = system.create(path)
    try:
        out.write(bytearray(text.encode("utf-8")))
    finally:
        out.close()


def _files(spark: SparkSession, path: str, problems: list[Problem]) -> Iterator[tuple[str, int]]:
    """The inventories at a path, with their sizes."""
    kind = inventories()
    if not exists(spark, path):
        problems.append(nothing_found(path, kind, is_folder=False))
        return
    problems += (_passed_over(file) for file in _underscored(spark, path) if kind.takes(file))
    there = spark.read.format("binaryFile").option("recursiveFileLookup", value=True).load(path)
    listing = [(row.path, row.length) for row in there.select("path", "length").collect()]
    found = chosen(_root(spark, path), listing, kind)
    if not found:
        problems.append(nothing_found(path, kind, is_folder=True))
    yield from found


def _root(spark: SparkSession, path: str) -> str:
    """A path in full, as Spark lists what lies at it; of a pattern the part before it."""
    parts = path.split("/")
    plain = list(takewhile(lambda part: not set(part) & _MAGIC, parts))
    path = "/".join(plain) or ("/" if path.startswith("/") else ".")
    jvm: Any = spark._jvm  # noqa: SLF001 - Spark has no other way to its file systems
    hadoop = jvm.org.apache.hadoop.fs.Path(path)
    system = hadoop.getFileSystem(spark._jsc.hadoopConfiguration())  # noqa: SLF001 - as above
    return str(system.makeQualified(hadoop).toString())


def _underscored(spark: SparkSession, path: str) -> Iterator[str]:
    """Files whose names begin with `_`, which Spark never reads, even where they are named."""
    jvm: Any = spark._jvm  # noqa: SLF001 - as above
    root = path.rstrip("/")
    names = [root] if PurePosixPath(root).name.startswith("_") else []
    for name in [*names, *("/".join([root, *["*"] * depth, "_*"]) for depth in range(_DEEPEST + 1))]:
        pattern = jvm.org.apache.hadoop.fs.Path(name)
        system = pattern.getFileSystem(spark._jsc.hadoopConfiguration())  # noqa: SLF001 - as above
        for status in system.globStatus(pattern) or ():
            if status.isFile():
                yield str(status.getPath().toString())


def _passed_over(file: str) -> Problem:
    hint = "rename it, or evaluate it without --on"
    what = "Spark ignores files whose names begin with _"
    return Problem(Position(file_named(file), 1), what, "another name", hint)


def _ends(file: str, endings: tuple[str, ...]) -> bool:
    return file.lower().endswith(endings)


def _tall(
    spark: SparkSession, files: list[str], large: list[str], options: InventoryOptions
) -> list[list[str]]:
    """Of Parquet files, those that are tall, by what their columns are called."""
    layouts = {
        file: names_of_layout(spark.read.parquet(file).limit(0).toArrow().schema, options) for file in large
    }
    if files:
        of_files = partial(tall_files, options=options)
        found = _content(spark, files).mapInArrow(of_files, f"{FILE} string, {LAYOUT} string")
        layouts |= {row[0]: row[1] for row in found.collect()}
    groups: dict[str, list[str]] = {}
    for file, layout in sorted(layouts.items()):
        if layout is not None:
            groups.setdefault(layout, []).append(file)
    return list(groups.values())


def _parquet(
    spark: SparkSession, files: list[str], options: InventoryOptions, *, is_strict: bool, unites: bool = False
) -> FrameSource:
    """Parquet files in partitions of Spark, wherever the rows are."""
    frame = spark.read.option("mergeSchema", value=True).parquet(*files)
    places = [sql.col("_metadata.file_path").alias(FILE), sql.col("_metadata.row_index").alias(ROW)]
    name = file_named(files[0]) + (f" and {len(files) - 1} more" if len(files) > 1 else "")
    return source_of(frame.select("*", *places), name, options, is_strict=is_strict, unites=unites)


def _lines(spark: SparkSession, files: list[str]) -> DataFrame:
    places = [sql.col("_metadata.file_path").alias(FILE), sql.col("_metadata.file_block_start").alias(BLOCK)]
    lines = spark.read.text(files, lineSep="\n")
    return lines.select(sql.col("value").cast("binary").alias(CONTENT), *places)


def _content(spark: SparkSession, files: list[str]) -> DataFrame:
    frame = spark.read.format("binaryFile").load(files)
    return frame.select(sql.col("content").alias(CONTENT), sql.col("path").alias(FILE))

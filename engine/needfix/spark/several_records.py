"""Servers that have several records, wherever these are: found by an exchange of hashes, refused or united.

Executors send the hashes of names, eight bytes for each server, to those that look for equal ones. Only names
that have several records come to the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Words
from needfix.fleet.reading.others import piece_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.several_records import names_in, pieces_by_file, without
from needfix.intake.limits import PROBLEMS
from needfix.intake.notes import Notes
from needfix.inventory.several_records import SeveralRecords
from needfix.model.server import Server, altered
from needfix.spark.faults import OfServer, SparkProblem
from needfix.spark.frames import FrameSource
from needfix.spark.reading import Batches, NativeRecords, Reader
from needfix.spark.shipping import packed_server, unpacked_server

_BUCKETS = 256
_PLACE = "file string, block bigint, line bigint"


class HashesOfNames:
    """The hashes of the names of a partition, in as many parts as there are tasks that compare them."""

    def __init__(self) -> None:
        self._parts: list[Words] = []

    def add(self, piece: Piece) -> None:
        """Take in the names of a piece, also of bad records."""
        self._parts += (names.hashes() for names in names_in(piece))

    def counted(self) -> Iterator[dict[str, object]]:
        """A row for each part."""
        hashes = np.concatenate(self._parts) if self._parts else np.zeros(0, np.uint64)
        buckets = (hashes % np.uint64(_BUCKETS)).astype(np.int64)
        hashes = hashes[np.argsort(buckets, kind="stable")]
        ends = np.cumsum(np.bincount(buckets, minlength=_BUCKETS))
        for bucket, part in enumerate(np.split(hashes, ends[:-1])):
            if len(part):
                yield {"bucket": bucket, "hashes": part.tobytes()}


def repeated_hashes(counted: DataFrame) -> list[int]:
    """The hashes that several names have, of what partitions have counted."""
    parts = counted.where("bucket is not null").select("bucket", "hashes")
    found = parts.repartition("bucket").mapInArrow(_repeated, "hash bigint")
    return [row.hash for row in found.collect()]


def _repeated(batches: Batches) -> Iterator[pa.RecordBatch]:
    """The hashes that are several times in the buckets of a partition."""
    parts: dict[int, list[Words]] = {}
    for batch in batches:
        for bucket, hashes in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            parts.setdefault(bucket, []).append(np.frombuffer(hashes, np.uint64))
    for some in parts.values():
        hashes = np.sort(np.concatenate(some))
        repeated = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
        yield pa.RecordBatch.from_pydict({"hash": pa.array(repeated.view(np.int64))})


class ServersOfSeveral(NamedTuple):
    """The servers that have several records: a row for each record with its key and its place."""

    places: DataFrame

    @classmethod
    def of(cls, sources: Sequence[FrameSource], hashes: Iterable[int]) -> ServersOfSeveral:
        """Those among the names with some hashes."""
        wanted = np.array(sorted(hashes), np.int64)
        columns = f"key string, name string, {_PLACE}"
        frames = [
            one.frame.mapInArrow(_Places(one.reader, wanted.tobytes()).__call__, columns) for one in sources
        ]
        places = reduce(DataFrame.union, frames)
        keys = places.groupBy("key").agg(
            sql.count("*").alias("count"), sql.min(sql.struct("file", "block", "line")).alias("first")
        )
        return cls(places.join(keys.where("count > 1"), "key").persist())

    @property
    def names(self) -> frozenset[str]:
        """Their names, without case."""
        return frozenset(row.key for row in self.places.select("key").distinct().collect())

    @property
    def number(self) -> int:
        """How many records there are beside the first of each server."""
        of_servers = self.places.groupBy("key").agg((sql.count("*") - 1).alias("others"))
        found = of_servers.agg(sql.sum("others")).collect()[0][0]
        return int(found or 0)

    def others(self) -> list[Any]:
        """The first records beside the first of each server: `name`, `file`, `block`, `line`, `first`."""
        is_first = sql.struct("file", "block", "line").eqNullSafe(sql.col("first"))
        in_order = self.places.where(~is_first).orderBy("file", "block", "line")
        return in_order.limit(PROBLEMS).collect()


@dataclass(frozen=True, slots=True)
class _Places:
    """The records whose names have some hashes, each with its place."""

    reader: Reader
    hashes: bytes

    def __call__(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        wanted = np.frombuffer(self.hashes, np.uint64)
        for read in self.reader(batches):
            rows = []
            for names in names_in(read.piece):
                for row in np.flatnonzero(np.isin(names.hashes(), wanted)).tolist():
                    found = read.fault(Problem(names.at(row), ""))
                    at = found.problem.at
                    place = {"file": at.file, "block": found.block, "line": at.line}
                    rows.append({"key": names.key(row), "name": names.texts[row].as_py().strip(), **place})
            if rows:
                yield pa.RecordBatch.from_pylist(rows)


@dataclass(frozen=True, slots=True)
class Skipping:
    """Reads records, without those of some servers; the bad ones among these are problems all the same."""

    reader: Reader
    names: frozenset[str]

    def __call__(self, batches: Batches) -> Iterator[NativeRecords]:
        """The records of a partition."""
        for read in self.reader(batches):
            yield read._replace(piece=without(read.piece, self.names, lambda _: None))


def united(sources: Sequence[FrameSource], names: frozenset[str], *, is_strict: bool) -> FrameSource:
    """The records of some servers, brought together and united."""
    columns = f"key string, record binary, {_PLACE}"
    frames = [one.frame.mapInArrow(_Held(one.reader, names).__call__, columns) for one in sources]
    held = reduce(DataFrame.union, frames)
    return FrameSource(
        held.repartition("key").sortWithinPartitions("key", "file", "block", "line"), _United(is_strict)
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """The records of some servers, as they are when read; bad ones have only a place."""

    reader: Reader
    names: frozenset[str]

    def __call__(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        for read in self.reader(batches):
            rows: list[dict[str, object]] = []
            servers: list[Server] = []
            left = without(read.piece, self.names, servers.append)
            for server in servers:
                place = _place(read, Problem(server.at or Position("", 0), ""), server.server)
                rows.append({"key": server.server.casefold(), "record": packed_server(server), **place})
            for problem in left.problems:
                if problem.server is not None and problem.server.casefold() in self.names:
                    place = _place(read, problem, problem.server)
                    rows.append({"key": problem.server.casefold(), "record": None, **place})
            if rows:
                yield pa.RecordBatch.from_pylist(rows, _HELD)


_HELD = pa.schema(
    {"key": pa.string(), "record": pa.binary(), "file": pa.string(), "block": pa.int64(), "line": pa.int64()}
)


def _place(read: NativeRecords, problem: Problem, server: str) -> dict[str, Any]:
    """Where a record is; its server, where the lines before its block are not known."""
    found = read.fault(problem)
    at = found.problem.at if not found.block else OfServer.named(server)
    return {"file": at.file, "block": found.block, "line": at.line}


@dataclass(frozen=True, slots=True)
class _United:
    """Reads the servers of a partition, each of all its records."""

    is_strict: bool

    def __call__(self, batches: Batches) -> Iterator[NativeRecords]:
        return _united(batches, Notes(is_strict=self.is_strict))


def _united(batches: Batches, notes: Notes) -> Iterator[NativeRecords]:
    rows = (row for batch in batches for row in batch.to_pylist())
    for key, records in groupby(rows, key=itemgetter("key")):
        held = SeveralRecords(frozenset((key,)), notes, unites=True)
        for row in records:
            if row["record"] is None:
                held.add_bad(Problem(Position(row["file"], row["line"]), "", server=key))
            else:
                at = Position(row["file"], row["line"])
                held.add(altered(unpacked_server(row["record"]), at=at))
        for piece in pieces_by_file(held.settled()):
            yield NativeRecords(piece, SparkProblem)
    if notes:
        yield NativeRecords(piece_of([], "", [])._replace(notes=tuple(notes)), SparkProblem)

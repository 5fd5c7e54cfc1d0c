"""On executors: rows that are objects of other programs, and records of which the user states something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.reading.stated import pieces_as_stated
from needfix.fleet.reading.tall_tables import TallTable, tall_pieces
from needfix.model.inventory_options import InventoryOptions
from needfix.spark.faults import OfServer, SparkProblem
from needfix.spark.reading import Batches, NativeRecords, Reader, in_utc


@dataclass(frozen=True, slots=True)
class Objects:
    """Reads the objects in all rows, which come in one partition; `columns` are their properties."""

    columns: tuple[str, ...]
    options: InventoryOptions
    is_strict: bool = False

    def __call__(self, batches: Batches) -> Iterator[NativeRecords]:
        """The servers of the objects."""
        first = next(batches, None)
        if first is None:
            return
        rows = partial(self._rows, first, batches)
        table = TallTable("", first.select(list(self.columns)).schema, rows)
        for piece in tall_pieces(table, self.options, is_strict=self.is_strict, unites=True):
            yield NativeRecords(piece, _fault)

    @staticmethod
    def _rows(first: pa.RecordBatch, others: Batches, columns: list[str]) -> Iterator[pa.RecordBatch]:
        for batch in (first, *others):
            yield in_utc(batch.select(columns))


def _fault(problem: Problem) -> SparkProblem:
    """A problem with its server for its place: rows of a data frame have no numbers."""
    at: Position = OfServer.named(problem.server)
    return SparkProblem(problem._replace(at=at))


@dataclass(frozen=True, slots=True)
class Stated:
    """Reads records with what the user states of them beside their content."""

    reader: Reader
    options: InventoryOptions
    is_strict: bool = False

    def __call__(self, batches: Batches) -> Iterator[NativeRecords]:
        """The records of a partition."""
        for read in self.reader(batches):
            for piece in pieces_as_stated([read.piece], self.options, is_strict=self.is_strict):
                yield read._replace(piece=piece)

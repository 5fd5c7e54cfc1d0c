"""On executors: tall rows, those of a server together, as native records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Ints
from needfix.fleet.reading import tall, tall_columns
from needfix.fleet.reading.piece import Piece
from needfix.fleet.records import batch_of
from needfix.model.whole_lists import ProductRows
from needfix.spark.faults import OfServer, SparkProblem, file_named
from needfix.spark.reading import FILE, KEY, ROW, Batches, NativeRecords, in_utc, joined

_MOST_ROWS = 1 << 18


@dataclass(frozen=True, slots=True)
class Tall:
    """Reads rows that come in the order of their keys; `columns` are the known ones by their names there."""

    columns: dict[str, str]
    is_strict: bool = False
    unites: bool = False
    products: ProductRows = "own"

    def __call__(self, batches: Batches) -> Iterator[NativeRecords]:
        """The servers of a partition, whatever batch a row is in."""
        rows = _Rows(batches, self.columns, unites=self.unites)
        known = tuple(self.columns.values())
        returning = () if self.unites else None  # those of a server come together
        found = tall.pieces(
            rows, "", known, self.products, is_strict=self.is_strict, returning_servers=returning
        )
        for piece in found:
            yield NativeRecords(piece, rows.fault)
            yield from rows.nameless()
        yield from rows.nameless()


@dataclass(slots=True)
class _Rows:
    """The rows of a partition as texts, each with its number; they can be gone through once.

    So servers that the reader takes for known are believed to be new, as they are: rows are sorted.
    """

    batches: Batches
    columns: dict[str, str]
    unites: bool
    _files: dict[str, int] = field(default_factory=dict)
    _firsts: list[int] = field(default_factory=list)
    _places: list[pa.RecordBatch] = field(default_factory=list)
    _nameless: list[Problem] = field(default_factory=list)
    _count: int = 0

    def __call__(self) -> Iterator[tall.TallRows]:
        for batch in joined(self.batches, _MOST_ROWS):
            has_name = pc.fill_null(pc.not_equal(batch.column(KEY), ""), fill_value=False)
            self._tell(batch, batch.num_rows - has_name.true_count, has_name)
            yield self._texts(batch.filter(has_name))

    def fault(self, problem: Problem) -> SparkProblem:
        """A problem of a row, given by its number, with the place of the row."""
        number = problem.at.line
        batch = int(np.searchsorted(self._firsts, number, side="right")) - 1
        return SparkProblem(problem._replace(at=_at(self._places[batch], number - self._firsts[batch])))

    def nameless(self) -> Iterator[NativeRecords]:
        """The problem of rows without a server, which belong to no record."""
        if self._nameless:
            yield NativeRecords(
                Piece(batch_of([]), "", np.zeros(0, np.int64), tuple(self._nameless)), SparkProblem
            )
            self._nameless = []

    def _tell(self, batch: pa.RecordBatch, count: int, has_name: pa.Array) -> None:
        if count:
            others = f", nor have {count - 1} others" if count > 1 else ""
            first = _at(batch, pc.index(has_name, value=False).as_py())
            self._nameless.append(Problem(first, f"the row has no server{others}", 'text such as "MAIL01"'))

    def _texts(self, batch: pa.RecordBatch) -> tall.TallRows:
        own = in_utc(batch)
        texts = [tall_columns.as_texts(own.column(name)) for name in self.columns]
        places = [name for name in (FILE, ROW) if name in batch.schema.names]
        server = next(name for name, column in self.columns.items() if column == "server")
        self._places.append(batch.select(places or [server]).rename_columns(places or ["server"]))
        self._firsts.append(self._count)
        self._count += batch.num_rows
        lines = np.arange(self._count - batch.num_rows, self._count)
        columns = pa.RecordBatch.from_arrays(texts, list(self.columns.values()))
        return tall.TallRows(columns, lines, sources=None if self.unites else self._sources(batch))

    def _sources(self, batch: pa.RecordBatch) -> Ints | None:
        """The number of the file of each row, where that is known: each file has a record of its own."""
        if FILE not in batch.schema.names:
            return None
        found = batch.column(FILE).dictionary_encode()
        numbers = [self._files.setdefault(file, len(self._files)) for file in found.dictionary.to_pylist()]
        of_rows: Ints = np.array(numbers, np.int64)[found.indices.to_numpy()]
        return of_rows


def _at(batch: pa.RecordBatch, row: int) -> Position:
    if FILE in batch.schema.names:
        return Position(file_named(batch.column(FILE)[row].as_py()), batch.column(ROW)[row].as_py() + 1)
    return OfServer.named(batch.column("server")[row].as_py() if "server" in batch.schema.names else None)

"""A run that decides whole columns of servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import pyarrow as pa

from needfix.catalogue import Catalogue
from needfix.fleet.engine import fleet_engine_of
from needfix.fleet.reading.piece import Piece, smaller
from needfix.fleet.rows import FILE_SCHEMA, for_files
from needfix.fleet.run import DecidedPiece, FleetRun, R, decide_all
from needfix.fleet.several_records import pieces_of_files
from needfix.inventory.bad_records import BadRecords
from needfix.model.document import ArrowRows, ServerDecisions, Summary
from needfix.model.run_request import RunRequest
from needfix.run.run import Run


class RunInColumns(Run):
    """Decides pieces of inventories on all cores, in their order; holds a few pieces at a time."""

    def __init__(self, catalogue: Catalogue, request: RunRequest, bad: BadRecords) -> None:
        super().__init__(catalogue, request, bad)
        is_strict = bad.notes.is_strict
        today, engine = self._started.date(), fleet_engine_of(catalogue)
        self._run = FleetRun(engine, request.selection, is_strict=is_strict, today=today)

    def batches(self) -> ArrowRows:
        """The chosen decisions as batches of Arrow, as they are decided."""
        batches = chain.from_iterable(map(for_files, self._to_the_end(self._batches())))
        return ArrowRows(FILE_SCHEMA, batches)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        return self._made(self._run.rows, smaller(self._pieces()))

    def _servers(self) -> Iterator[ServerDecisions]:
        for servers in self._made(self._run.decisions, smaller(self._pieces())):
            yield from servers

    def _counts(self) -> Iterator[object]:
        return self._made(self._run.count, self._pieces())

    def _summed(self) -> Summary:
        return self._run.summary(self._bad.count)

    def _pieces(self) -> Iterator[Piece]:
        asked = self._request
        read = asked.names, asked.repeated, asked.stdin, asked.options
        return pieces_of_files(*read, is_strict=asked.is_strict)

    def _made(self, work: Callable[[Piece], DecidedPiece[R]], pieces: Iterable[Piece]) -> Iterator[R]:
        for piece in decide_all(work, self._run.cut(pieces), self._bad):
            self.rowwise += piece.found.singles
            yield piece.made

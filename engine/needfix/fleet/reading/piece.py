"""What a format hands on: some records in columns, where each stands, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Ints

MOST_SERVERS = 1 << 17
"""Servers in a piece: enough to make the work of one worth while, few enough for memory."""

_FEW_SERVERS = 1 << 14


class Piece(NamedTuple):
    """Records in native columns; `lines` has the line or row of each in the file, counted from 1."""

    records: pa.RecordBatch
    file: str
    lines: Ints
    problems: tuple[Problem, ...] = ()

    def at(self, place: int) -> Position:
        """Where the record in a row of this piece stands."""
        return Position(self.file, int(self.lines[place]))


def smaller(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same records in pieces small enough for all decisions of one to be in memory."""
    for piece in pieces:
        for begin in range(0, max(piece.records.num_rows, 1), _FEW_SERVERS):
            records = piece.records.slice(begin, _FEW_SERVERS)
            lines = piece.lines[begin : begin + _FEW_SERVERS]
            yield Piece(records, piece.file, lines, piece.problems if begin == 0 else ())


def consecutive(records: pa.RecordBatch, file: str, first: int) -> Piece:
    """Records that stand one after another."""
    return Piece(records, file, np.arange(first, first + records.num_rows))

"""What a format hands on: some records in columns, where each stands, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Ints
from needfix.intake.limits import RECORD_BYTES

MOST_SERVERS = 1 << 17
"""Servers in a piece: enough to make the work of one worth while, few enough for memory."""

_FEW_SERVERS = 1 << 14
_OF_NUMBER = 8


class Piece(NamedTuple):
    """Records in native columns; `lines` has the line or row of each in the file, counted from 1."""

    records: pa.RecordBatch
    file: str
    lines: Ints
    problems: tuple[Problem, ...] = ()

    def at(self, place: int) -> Position:
        """Where the record in a row of this piece stands."""
        return Position(self.file, int(self.lines[place]))


def without_large_records(piece: Piece) -> Piece:
    """The piece without records that take more bytes than one may, which are problems."""
    if _most_bytes(piece.records) <= RECORD_BYTES:
        return piece
    sizes = sum((_sizes(column) for column in piece.records.columns), np.zeros(len(piece.lines), np.int64))
    is_large = sizes > RECORD_BYTES
    if not is_large.any():
        return piece
    what = f"the record is larger than {RECORD_BYTES >> 20} MiB"
    problems = [Problem(piece.at(row), what) for row in np.flatnonzero(is_large).tolist()]
    kept = piece.records.filter(pa.array(~is_large))
    return Piece(kept, piece.file, piece.lines[~is_large], (*piece.problems, *problems))


def _most_bytes(records: pa.RecordBatch) -> int:
    """More bytes than any of the records takes: the longest texts, as many as the longest lists have."""
    return sum(_widest(column) for column in records.columns)


def _widest(column: pa.Array) -> int:
    if pa.types.is_list(column.type):
        longest = int(np.diff(column.offsets.to_numpy()).max(initial=0))
        return longest * _widest(column.values)
    if pa.types.is_struct(column.type):
        return sum(_widest(column.field(place)) for place in range(column.type.num_fields))
    if pa.types.is_dictionary(column.type):
        return _widest(column.dictionary)
    return pc.max(pc.binary_length(column)).as_py() or 0 if pa.types.is_string(column.type) else _OF_NUMBER


def _sizes(column: pa.Array) -> Ints:
    """The bytes of texts and numbers in each row of a column."""
    if pa.types.is_list(column.type):
        ends = np.append(0, np.cumsum(_sizes(column.values)))
        lengths: Ints = np.diff(ends[column.offsets.to_numpy()])
        return lengths
    sizes: Ints = np.full(len(column), 0 if pa.types.is_struct(column.type) else _OF_NUMBER, np.int64)
    if pa.types.is_struct(column.type):
        for place in range(column.type.num_fields):
            sizes += _sizes(column.field(place))
    elif pa.types.is_dictionary(column.type):
        own = np.append(_sizes(column.dictionary), 0)
        sizes = own[pc.fill_null(column.indices, len(own) - 1).to_numpy()]
    elif pa.types.is_string(column.type):
        sizes = pc.fill_null(pc.binary_length(column), 0).to_numpy().astype(np.int64)
    return sizes


def smaller(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same records in pieces small enough for all decisions of one to be in memory."""
    return (part for piece in pieces for part in limited(piece, _FEW_SERVERS))


def limited(piece: Piece, most: int) -> Iterator[Piece]:
    """The piece, or several where it has more servers; the first has the problems."""
    for begin in range(0, max(piece.records.num_rows, 1), most):
        records = piece.records.slice(begin, most)
        problems = piece.problems if begin == 0 else ()
        yield Piece(records, piece.file, piece.lines[begin : begin + most], problems)


def consecutive(records: pa.RecordBatch, file: str, first: int) -> Piece:
    """Records that stand one after another."""
    return Piece(records, file, np.arange(first, first + records.num_rows))

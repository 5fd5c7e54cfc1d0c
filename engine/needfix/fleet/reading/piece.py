"""What a format hands on: some records in columns, the position of each, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Flags, Ints
from needfix.model.note import Note
from needfix.model.server import Server

MOST_SERVERS = 1 << 17
"""Servers in a piece: enough to make the work of one worth while, few enough for memory."""

_FEW_SERVERS = 1 << 14


class Piece(NamedTuple):
    """Records in native columns; `lines` has the line or row of each in the file, counted from 1.

    `servers` are those that the row reader has read, by their rows: what decides them one at a time
    takes them as they are. `notes` are about what was not read. `files` has the file of each record where
    they are of several; the first of these is then `file`.
    """

    records: pa.RecordBatch
    file: str
    lines: Ints
    problems: tuple[Problem, ...] = ()
    servers: Mapping[int, Server] = {}
    notes: tuple[Note, ...] = ()
    files: Sequence[str] = ()

    def at(self, place: int) -> Position:
        """The position of the record in a row of this piece."""
        return Position(self.files[place] if self.files else self.file, int(self.lines[place]))

    def only(self, is_kept: Flags) -> Piece:
        """The piece with some of its records, and all of its problems."""
        places = np.cumsum(is_kept) - 1
        servers = {int(places[row]): server for row, server in self.servers.items() if is_kept[row]}
        records, lines = self.records.filter(pa.array(is_kept)), self.lines[is_kept]
        files = (
            [file for file, is_own in zip(self.files, is_kept.tolist(), strict=True) if is_own]
            if self.files
            else ()
        )
        return self._replace(records=records, lines=lines, servers=servers, files=files)


def smaller(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same records in pieces small enough for all decisions of one to be in memory."""
    return (part for piece in pieces for part in limited(piece, _FEW_SERVERS))


def limited(piece: Piece, most: int) -> Iterator[Piece]:
    """The piece, or several where it has more servers; the first has the problems and notes."""
    for begin in range(0, max(piece.records.num_rows, 1), most):
        end = begin + most
        records = piece.records.slice(begin, most)
        problems = piece.problems if begin == 0 else ()
        servers = {row - begin: server for row, server in piece.servers.items() if begin <= row < end}
        notes = piece.notes if begin == 0 else ()
        lines, files = piece.lines[begin:end], piece.files[begin:end]
        yield Piece(records, piece.file, lines, problems, servers, notes, files)


def consecutive(records: pa.RecordBatch, file: str, first: int) -> Piece:
    """Records that follow each other."""
    return Piece(records, file, np.arange(first, first + records.num_rows))

"""Formats without a reader in columns: the servers of the row readers in batches.

This is slower; the answers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import numpy as np

from needfix.errors import Problem
from needfix.fleet.reading.piece import Piece
from needfix.fleet.records import batch_of
from needfix.intake.notes import Notes
from needfix.intake.paths import unreadable_file
from needfix.inventory.items import GiveUpError, Item
from needfix.inventory.reading import read_source
from needfix.inventory.source import Source, opened
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions
from needfix.model.note import Note
from needfix.model.server import Server

_MOST_SERVERS = 1 << 13
_MOST_FACTS = 1 << 15
_MOST_BYTES = 16 << 20


def pieces(  # noqa: PLR0913 - as `opened`
    file: str,
    stdin: BinaryIO | None = None,
    options: InventoryOptions = STATED_BY_FILES,
    *,
    is_strict: bool = False,
    unites: bool = False,
    read: Callable[[Source], Iterator[Item]] = read_source,
) -> Iterator[Piece]:
    """The servers of any inventory that needfix reads; `-` is standard input. The last piece has notes.

    `read` reads a part of it.
    """
    try:
        count, notes = BytesRead(), Notes(is_strict=is_strict)
        with opened(file, stdin, count.add, notes, unites=unites, options=options) as source:
            found = batched(_until_given_up(read(source)), source.file, count)
            yield from _with_notes(found, source.file, notes)
    except OSError as error:
        yield piece_of([], file, [unreadable_file(file, error)])


def _until_given_up(items: Iterator[Item]) -> Iterator[Item]:
    try:
        yield from items
    except GiveUpError as end:
        yield from end.problems


def _with_notes(pieces: Iterator[Piece], file: str, notes: Notes) -> Iterator[Piece]:
    """The pieces, the last one with the notes that there are in the end."""
    last = None
    for piece in pieces:
        if last is not None:
            yield last
        last = piece
    if last is not None or notes:
        yield (last or piece_of([], file, []))._replace(notes=tuple(notes))


class BytesRead:
    """The bytes read of a file since the last piece."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, count: int) -> None:
        """Take in that bytes were read."""
        self.count += count


def batched(items: Iterable[Item], file: str, read: BytesRead) -> Iterator[Piece]:
    """Servers and problems in pieces; the bytes read for one are counted, since a record may be large."""
    servers: list[Server] = []
    problems: list[Problem] = []
    facts = 0
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            servers.append(item)
            facts += _fact_count(item)
        is_full = len(servers) + len(problems) >= _MOST_SERVERS or facts >= _MOST_FACTS
        if is_full or read.count >= _MOST_BYTES:
            yield piece_of(servers, file, problems)
            servers, problems, facts, read.count = [], [], 0, 0
    if servers or problems:
        yield piece_of(servers, file, problems)


def _fact_count(server: Server) -> int:
    """How many entries all lists of a server have."""
    lists = (server.products, server.files, server.events, server.services, server.counters, server.registry)
    return sum(len(own or ()) for own in (*lists, server.hotfixes))


def piece_of(servers: list[Server], file: str, problems: Iterable[Problem]) -> Piece:
    """Servers and problems as one piece."""
    return Piece(batch_of(servers), file, lines_of(servers), tuple(problems), dict(enumerate(servers)))


_FEW_SERVERS = 64
_MOST_JOINED = 1 << 12


def with_small_ones_joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same records and problems; those of small files without a reader in columns in one piece."""
    small = _SmallPieces()
    for piece in pieces:
        is_small = piece.records.num_rows == len(piece.servers) <= _FEW_SERVERS
        if not is_small or small.count >= _MOST_JOINED:
            yield from small.joined()
            small = _SmallPieces()
        if is_small:
            small.add(piece)
        else:
            yield piece
    yield from small.joined()


class _SmallPieces:
    """What there is in small pieces, without their columns: these take far more memory than one record."""

    def __init__(self) -> None:
        self.count = 0
        self._servers: list[Server] = []
        self._problems: list[Problem] = []
        self._notes: list[Note] = []
        self._file = ""
        self._files: list[str] = []

    def add(self, piece: Piece) -> None:
        """Take in a piece."""
        self.count += 1 + len(piece.servers)
        self._servers += [server for _, server in sorted(piece.servers.items())]
        self._problems += piece.problems
        self._notes += piece.notes
        self._file = self._file or piece.file
        self._files += [piece.file] * len(piece.servers)

    def joined(self) -> Iterator[Piece]:
        """One piece of all, if there is any."""
        if self.count:
            files = self._files if {*self._files} - {self._file} else ()
            piece = piece_of(self._servers, self._file, self._problems)
            yield piece._replace(files=files, notes=tuple(self._notes))


def lines_of(servers: Iterable[Server]) -> np.typing.NDArray[np.int64]:
    """The line in which each server begins."""
    return np.array([server.at.line if server.at else 0 for server in servers], np.int64)

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
from needfix.model.server import Server

_MOST_SERVERS = 1 << 13
_MOST_FACTS = 1 << 19
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
            yield from batched(_until_given_up(read(source)), source.file, count)
            if notes:
                yield piece_of([], source.file, [])._replace(notes=tuple(notes))
    except OSError as error:
        yield piece_of([], file, [unreadable_file(file, error)])


def _until_given_up(items: Iterator[Item]) -> Iterator[Item]:
    try:
        yield from items
    except GiveUpError as end:
        yield from end.problems


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
            facts += len(item.files) + len(item.events or ()) + len(item.counters or ())
        is_full = len(servers) + len(problems) >= _MOST_SERVERS or facts >= _MOST_FACTS
        if is_full or read.count >= _MOST_BYTES:
            yield piece_of(servers, file, problems)
            servers, problems, facts, read.count = [], [], 0, 0
    if servers or problems:
        yield piece_of(servers, file, problems)


def piece_of(servers: list[Server], file: str, problems: Iterable[Problem]) -> Piece:
    """Servers and problems as one piece."""
    return Piece(batch_of(servers), file, lines_of(servers), tuple(problems), dict(enumerate(servers)))


def lines_of(servers: Iterable[Server]) -> np.typing.NDArray[np.int64]:
    """The line in which each server begins."""
    return np.array([server.at.line if server.at else 0 for server in servers], np.int64)

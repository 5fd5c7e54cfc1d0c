"""Pieces as servers, and what the plain reader makes of the same file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from needfix.errors import Problem
from needfix.fleet.reading.piece import Piece
from needfix.fleet.several_records import each_once
from needfix.inventory import read_inventory, server_from_record
from needfix.model.server import Server

Read: TypeAlias = tuple[list[tuple[int, Server]], list[str]]
"""Servers with their lines, and problems."""


def servers_of(pieces: Iterable[Piece]) -> Read:
    """The servers of pieces with their lines, and the problems."""
    servers: list[tuple[int, Server]] = []
    problems: list[Problem] = []
    for piece in pieces:
        piece.records.validate(full=True)
        assert len(piece.lines) == piece.records.num_rows
        problems += piece.problems
        for place, record in enumerate(piece.records.to_pylist()):
            bad: list[Problem] = []
            server = server_from_record(record, piece.at(place), bad)
            assert server is not None, bad
            servers.append((_line(server), server))
    return _sorted(servers), sorted(map(str, problems))


def plainly(path: Path) -> Read:
    """The same by the reader of one server after another."""
    problems: list[Problem] = []
    servers = [(_line(server), server) for server in read_inventory(path, on_problem=problems.append)]
    return _sorted(servers), sorted(map(str, problems))


def same(pieces: Callable[[str], Iterator[Piece]], path: Path) -> Read:
    """What both readers make of a file, which must be the same."""
    found = servers_of(each_once(pieces(str(path))))
    assert found == plainly(path)
    return found


def _sorted(servers: list[tuple[int, Server]]) -> list[tuple[int, Server]]:
    return sorted(servers, key=lambda pair: (pair[0], pair[1].server))


def _line(server: Server) -> int:
    assert server.at is not None
    return server.at.line

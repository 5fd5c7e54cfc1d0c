"""Single servers of a fleet, as the single path has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from needfix.errors import Problem
from needfix.fleet.engine import server_at
from needfix.fleet.facts import Batch
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.row_reader import needs_row_reader
from needfix.model.server import Server

Named = tuple[str, Server | None]


def servers_named(name: str, paths: Iterable[str], on_problem: Callable[[Problem], None]) -> Iterator[Named]:
    """The names of all servers, and those that are called so as servers. Bad records are passed on."""
    for piece in pieces_of(paths):
        for problem in piece.problems:
            on_problem(problem)
        yield from _of_piece(piece, name.casefold(), on_problem)


def _of_piece(piece: Piece, name: str, on_problem: Callable[[Problem], None]) -> Iterator[Named]:
    batch = Batch(piece.records, piece.servers)
    odd = frozenset(np.flatnonzero(needs_row_reader(batch)).tolist())
    problems: list[Problem] = []
    for place, own in enumerate(batch.names.to_pylist()):
        is_called = own is not None and own.casefold() == name
        if place in odd or is_called:
            server = server_at(batch, place, piece.at(place), problems)
            if server is not None:
                yield server.server, server if is_called else None
        else:
            yield own, None
    for problem in problems:
        on_problem(problem)

"""On executors: servers from the plain readers, as pieces of native records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from needfix.errors import Position, Problem
from needfix.fleet.reading.piece import Piece
from needfix.fleet.records import batch_of
from needfix.inventory.items import Item
from needfix.model.server import Server
from needfix.spark.faults import Fault
from needfix.spark.reading import Told

_NOWHERE = Position("", 0)
_MOST_AT_ONCE = 1 << 13


def told(items: Iterable[Item], most: int, fault: Callable[[Problem], Fault] = Fault) -> Iterator[Told]:
    """Servers and problems in pieces."""
    servers: list[Server] = []
    problems: list[Problem] = []
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            servers.append(item)
        if len(servers) + len(problems) >= min(most, _MOST_AT_ONCE):
            yield Told(_piece(servers, problems), fault)
            servers, problems = [], []
    if servers or problems:
        yield Told(_piece(servers, problems), fault)


def _piece(servers: list[Server], problems: list[Problem]) -> Piece:
    lines = np.array([(server.at or _NOWHERE).line for server in servers], np.int64)
    return Piece(batch_of(servers), "", lines, tuple(problems))

"""Fleets from end to end: pieces of inventories decided on all cores, in the order in which they come."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import pyarrow as pa

from needfix.errors import Problem
from needfix.fleet.engine import FleetEngine
from needfix.fleet.facts import Batch
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reason_codes import reason_codes
from needfix.fleet.rows import chosen, table
from needfix.fleet.tally import Tally
from needfix.model.decision import DecisionKind

R = TypeVar("R")


def in_order(work: Callable[[Piece], R], pieces: Iterable[Piece], workers: int | None = None) -> Iterator[R]:
    """What work makes of each piece. A few pieces more than there are workers are in memory at a time."""
    count = workers or os.cpu_count() or 1
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(count) as pool:
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) > count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

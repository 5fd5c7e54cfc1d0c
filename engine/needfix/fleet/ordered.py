"""Work on several things at the same time, with what becomes of them in their order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(work: Callable[[T], R], things: Iterable[T], workers: int | None = None) -> Iterator[R]:
    """What work makes of each thing, on so many threads; few more things than threads are in memory."""
    count = workers or os.cpu_count() or 1
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for thing in things:
                waiting.append(pool.submit(work, thing))
                if len(waiting) > count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def ahead(things: Iterator[T]) -> Iterator[T]:
    """The same things; the next one is made, on another thread, while one is worked with."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(_next, things)
        while found := following.result():
            following = pool.submit(_next, things)
            yield found[0]


def _next(things: Iterator[T]) -> tuple[T] | None:
    return next(((thing,) for thing in things), None)

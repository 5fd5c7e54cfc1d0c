"""A progress bar on standard error, on a terminal, for runs that take long."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from needfix.intake.formats import inventory_names
from needfix.inventory.source import size_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

_SILENT_SECONDS = 1.0


@contextmanager
def progress_bar(inventories: Sequence[str]) -> Iterator[Callable[[int], None] | None]:
    """A function that takes the bytes read since the last call; None if standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar("reading inventories", lambda: None if "-" in inventories else _size(inventories))
    try:
        yield bar.advance
    finally:
        bar.stop()


@contextmanager
def counting_bar(what: str) -> Iterator[Callable[[int], None] | None]:
    """A function that takes how many were counted since the last call; None as above."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(what)
    try:
        yield bar.advance
    finally:
        bar.stop()


class _Bar:
    """A bar of bytes, of which `size` knows the number, or a count of anything where there is no `size`."""

    def __init__(self, what: str, size: Callable[[], int | None] | None = None) -> None:
        self._what = what
        self._size = size
        self._started = time.monotonic()
        self._done = 0
        self._progress: Progress | None = None

    def advance(self, read: int) -> None:
        self._done += read
        if self._progress is None:
            if time.monotonic() - self._started < _SILENT_SECONDS:
                return
            self._progress = self._begin()
        self._progress.update(self._progress.task_ids[0], completed=self._done)

    def _begin(self) -> Progress:
        from rich import progress as shown  # noqa: PLC0415
        from rich.console import Console  # noqa: PLC0415 - slow to import, and most runs are short

        columns: tuple[shown.ProgressColumn, ...] = (
            (shown.TextColumn("{task.completed:,}"), shown.TimeElapsedColumn())
            if self._size is None
            else (shown.DownloadColumn(), shown.TimeRemainingColumn())
        )
        first = (shown.TextColumn(self._what), shown.BarColumn())
        progress = shown.Progress(*first, *columns, console=Console(stderr=True), transient=True)
        progress.add_task("", total=None if self._size is None else self._size())
        progress.start()
        return progress

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _size(inventories: Sequence[str]) -> int:
    return sum(map(size_of, inventory_names(inventories)))

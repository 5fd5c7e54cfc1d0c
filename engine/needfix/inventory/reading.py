"""The door: servers from any number of paths, bad records reported and never passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.inventory.bad_records import BadRecords
from needfix.inventory.formats import read_source
from needfix.inventory.paths import named_files
from needfix.inventory.source import opened

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from needfix.inventory.items import Item
    from needfix.model.server import Server


def read_inventory(
    *paths: str | os.PathLike[str],
    on_problem: Callable[[Problem], None] | None = None,
    progress: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Server]:
    """The servers of these files, directories and patterns; `-` is standard input.

    A bad record is passed to `on_problem` and reading goes on. Without it no server is yielded
    after the first bad record, and InventoryError tells all problems when everything was read.
    A path that matches no file raises InventoryError at once.
    """
    names = named_files(paths)
    items = (item for name in names for item in _items(name, progress, stdin))
    return _sound(items) if on_problem is None else _reporting(items, on_problem)


def _items(name: str, progress: Callable[[int], None] | None, stdin: BinaryIO | None) -> Iterator[Item]:
    try:
        with opened(name, stdin, progress) as source:
            yield from read_source(source)
    except OSError as error:
        what = f"the file cannot be read: {error.strerror or error}"
        yield Problem(Position(name, 1), what)


def _reporting(items: Iterable[Item], on_problem: Callable[[Problem], None]) -> Iterator[Server]:
    for item in items:
        if isinstance(item, Problem):
            on_problem(item)
        else:
            yield item


def _sound(items: Iterable[Item]) -> Iterator[Server]:
    bad = BadRecords()
    for item in items:
        if isinstance(item, Problem):
            bad.add(item)
        elif not bad.count:
            yield item
    bad.conclude()

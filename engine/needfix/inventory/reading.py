"""Reads servers from any number of paths; bad records are reported, never skipped silently."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from needfix.errors import Problem
from needfix.intake.formats import (
    MAGIC_BYTES,
    Format,
    columnar_by_start,
    columnar_endings,
    format_of,
    inventory_names,
    module_of,
)
from needfix.intake.notes import Notes
from needfix.intake.paths import STDIN, unreadable_file
from needfix.inventory.bad_records import BadRecords
from needfix.inventory.items import GiveUpError
from needfix.inventory.source import opened

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source
    from needfix.model.note import Note
    from needfix.model.server import Server


def read_inventory(
    *paths: str | os.PathLike[str],
    on_problem: Callable[[Problem], None] | None = None,
    on_note: Callable[[Note], None] | None = None,
    progress: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Server]:
    """The servers of these files, folders and patterns, read as a stream; `-` is standard input.

    The problems of bad records are passed to `on_problem`, and reading continues. Without `on_problem`,
    no server is yielded after the first bad record, and InventoryError with the problems, up to a
    hundred, is raised at the end. A path that matches no file raises InventoryError immediately.
    Notes on what is not read (keys and columns that are not known) are passed to `on_note` at the end, one
    for each kind and file.
    `progress` is called with the number of bytes read since its last call. `stdin` replaces
    standard input.
    """
    unreadable: list[Problem] | None = None if on_problem is None else []
    names = inventory_names(paths, unreadable=unreadable)
    notes = Notes()
    found = chain(unreadable or (), items_of(names, notes, progress, stdin))
    items = found if on_note is None else chain(found, _noted(notes, on_note))
    return _until_bad(items) if on_problem is None else _reporting(items, on_problem)


def items_of(
    names: Iterable[str],
    notes: Notes,
    progress: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Item]:
    """The servers and problems of files; what is not read of them is added to `notes`."""
    for name in names:
        try:
            with opened(name, stdin, progress, notes) as source:
                yield from read_source(source)
        except OSError as error:
            yield unreadable_file(name, error)


def _noted(notes: Notes, on_note: Callable[[Note], None]) -> Iterator[Item]:
    for note in notes:
        on_note(note)
    yield from ()


def servers_of_run(
    paths: Iterable[str],
    bad: BadRecords,
    progress: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Server]:
    """The servers of a run, with their problems and notes passed to `bad`."""
    unreadable: list[Problem] = []
    names = inventory_names(paths, unreadable=unreadable)
    return _reporting(chain(unreadable, items_of(names, bad.notes, progress, stdin)), bad.add)


def inventory_files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The files that these paths name, without standard input."""
    return [Path(name) for name in inventory_names(paths) if name != STDIN]


def is_columnar(file: str) -> bool:
    """Whether a file is in a columnar format, by its first bytes, then by its ending."""
    with suppress(OSError):
        if not Path(file).is_file():
            return False
    with suppress(OSError), Path(file).open("rb", buffering=0) as raw:
        found = columnar_by_start(raw.read(MAGIC_BYTES))
        if found or not file.lower().endswith(columnar_endings()):
            return found
    with suppress(OSError), opened(file) as source:
        by_content = format_of(source.file, source.start, source.head)
        return isinstance(by_content, Format) and by_content.is_columnar
    return file.lower().endswith(columnar_endings())


def read_source(source: Source) -> Iterator[Item]:
    """The servers and problems of a source, read by the module of its format."""
    found = format_of(source.file, source.start, source.head)
    if isinstance(found, Problem):
        yield found
        return
    read: Callable[[Source], Iterator[Item]] = module_of(found.rows).read
    try:
        yield from read(source)
    except GiveUpError as end:
        yield from end.problems


def _reporting(items: Iterable[Item], on_problem: Callable[[Problem], None]) -> Iterator[Server]:
    for item in items:
        if isinstance(item, Problem):
            on_problem(item)
        else:
            yield item


def _until_bad(items: Iterable[Item]) -> Iterator[Server]:
    bad = BadRecords()
    for item in items:
        if isinstance(item, Problem):
            bad.add(item)
        elif not bad.count:
            yield item
    bad.conclude()

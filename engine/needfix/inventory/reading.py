"""Reads servers from any number of paths; bad records are reported, never skipped silently."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from needfix.errors import NOWHERE, Problem
from needfix.intake.formats import (
    MAGIC_BYTES,
    Format,
    columnar_by_start,
    columnar_endings,
    format_of,
    inventory_names,
    module_of,
)
from needfix.intake.notes import Notes, Occurrence
from needfix.intake.paths import STDIN, unreadable_file
from needfix.inventory.bad_records import BadRecords
from needfix.inventory.items import GiveUpError, refused
from needfix.inventory.known_servers import KnownServers
from needfix.inventory.known_servers import repeated as repeated_server
from needfix.inventory.reading_options import ReadingOptions, options_of
from needfix.inventory.source import copied_streams, opened, rewind
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions
from needfix.model.note import COMPLETE_DENIED
from needfix.model.server import SCOPES, altered
from needfix.versions import Moment, parse_clock_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source
    from needfix.model.note import Note
    from needfix.model.run_request import Repeated, RunRequest
    from needfix.model.server import Server


def read_inventory(
    *paths: str | os.PathLike[str],
    on_problem: Callable[[Problem], None] | None = None,
    on_note: Callable[[Note], None] | None = None,
    progress: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
    join: bool = False,
    **stated: Unpack[ReadingOptions],
) -> Iterator[Server]:
    """The servers of these files, folders and patterns, read as a stream; `-` is standard input.

    The problems of bad records are passed to `on_problem`, and reading continues. Without `on_problem`,
    no server is yielded after the first bad record, and InventoryError with the problems, up to a
    hundred, is raised at the end. A path that matches no file raises InventoryError immediately.
    Several records of one server are a problem, and with `on_problem` none of them is yielded. With `join`
    they are united into one server, which comes after all others. In both cases the files are read twice.
    Notes on what is not read (keys and columns that are not known) are passed to `on_note` at the end, one
    for each kind and file.
    What may be `stated` of the inventories are the keywords of `ReadingOptions`.
    `progress` is called with the number of bytes read since its last call. `stdin` replaces
    standard input.
    """
    unreadable: list[Problem] | None = None if on_problem is None else []
    names = inventory_names(paths, unreadable=unreadable)
    options = options_of(stated, [os.fspath(path) for path in paths])
    policy: Repeated = "unite" if join else "stop" if on_problem is None else "refuse"
    notes = Notes()
    found = chain(unreadable or (), records_of(names, policy, notes, progress, stdin, options))
    items = found if on_note is None else chain(found, _noted(notes, on_note))
    return _until_bad(items) if on_problem is None else _reporting(items, on_problem)


def records_of(  # noqa: PLR0913, PLR0917 - what is read, and how
    names: Sequence[str],
    repeated: Repeated,
    notes: Notes,
    progress: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
    options: InventoryOptions = STATED_BY_FILES,
) -> Iterator[Item]:
    """The servers and problems of files, no server twice; what is not read of them is added to `notes`."""
    if repeated == "stop":
        yield from _each_once(
            _items_of(names, notes, progress, {} if stdin is None else {STDIN: stdin}, options=options)
        )
        return
    from needfix.inventory.several_records import (  # noqa: PLC0415 - few runs read twice
        SeveralRecords,
        names_of,
        names_of_several,
    )

    with copied_streams(names, stdin) as streams:
        unites = repeated == "unite"
        named = names_of(_items_of(names, Notes(), None, streams, unites=unites, options=options))
        several = names_of_several(named)
        rewind(streams)
        held = SeveralRecords(several, notes, unites=unites)
        yield from held.without_held(
            _items_of(names, notes, progress, streams, unites=unites, options=options)
        )


def _items_of(  # noqa: PLR0913 - what a source is opened with
    names: Iterable[str],
    notes: Notes,
    progress: Callable[[int], None] | None,
    streams: Mapping[str, BinaryIO],
    *,
    unites: bool = False,
    options: InventoryOptions,
) -> Iterator[Item]:
    """All items of files; those in `streams` are read from there."""
    for name in names:
        try:
            with opened(name, streams.get(name), progress, notes, unites=unites, options=options) as source:
                yield from read_source(source)
        except OSError as error:
            yield unreadable_file(name, error)


def _each_once(items: Iterable[Item]) -> Iterator[Item]:
    """The items, with a problem in place of each further record of a server."""
    known = KnownServers()
    for item in items:
        if isinstance(item, Problem):
            if item.server is not None:
                known.first(item.server, item.at)
            yield item
            continue
        at = item.at or NOWHERE
        first = known.first(item.server, at)
        yield item if first is None else repeated_server(item.server, at, first)


def _noted(notes: Notes, on_note: Callable[[Note], None]) -> Iterator[Item]:
    for note in notes:
        on_note(note)
    yield from ()


def servers_of_run(
    request: RunRequest, bad: BadRecords, progress: Callable[[int], None] | None = None
) -> Iterator[Server]:
    """The servers of a run, with their problems and notes passed to `bad`."""
    unreadable: list[Problem] = []
    names = inventory_names(request.names, unreadable=unreadable)
    found = records_of(names, request.repeated, bad.notes, progress, request.stdin, request.options)
    return _reporting(chain(unreadable, found), bad.add)


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
    options = source.options
    try:
        if options.states_of_servers:
            for item in read(source):
                yield from as_stated(item, options, source.notes)
        else:
            yield from read(source)
    except GiveUpError as end:
        yield from end.problems


def as_stated(item: Item, options: InventoryOptions, notes: Notes) -> Iterator[Item]:
    """An item under its short name, with what the user states and answers about its server.

    There is a note where it is too old, and where it says that a list is not whole that the user says is.
    """
    from needfix.inventory.answer_sheets import answered  # noqa: PLC0415 - few runs have answers
    from needfix.inventory.stated_lists import with_whole_lists  # noqa: PLC0415 - as above

    if isinstance(item, Problem):
        yield item if item.server is None else item._replace(server=options.naming.of(item.server))
        return
    server = altered(item, server=options.naming.of(item.server))
    if options.complete:
        server = with_whole_lists(server, options.complete)
    noted = [*_too_old(server, options.oldest), *_denied(server)]
    problems = refused(notes.take(noted, server.at, server.server), server)
    yield from problems
    if not problems:
        yield answered(server, options.answers, item.server, options.naming.of)


def _too_old(server: Server, oldest: datetime | None) -> Iterator[Occurrence]:
    """What is to be noted where facts are surely older than a time, or do not state theirs."""
    if oldest is None:
        return
    moment = parse_clock_time(server.collected) if server.collected else None
    if moment is None or moment.reaches(Moment(oldest, oldest, has_zone=True)) is False:
        yield Occurrence("facts-old", server.collected or "not stated")


def _denied(server: Server) -> Iterator[Occurrence]:
    """What is to be noted where a record says that a list is not whole that the user says is."""
    denied = server.whole_lists.denied
    return (Occurrence(COMPLETE_DENIED, scope) for scope in SCOPES if scope in denied)


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

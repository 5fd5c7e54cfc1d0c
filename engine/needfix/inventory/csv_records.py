"""Tall CSV: a row for each file, product, event and so on, with the rows of a server together."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.columns import Layout
from needfix.intake.text import unwrapped
from needfix.inventory.csv_server import DividedServer, GatheredServer
from needfix.inventory.csv_table import CsvTable
from needfix.inventory.items import GiveUpError
from needfix.inventory.known_servers import KnownServers
from needfix.inventory.name_filter import NameFilter

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterator

    from needfix.inventory.csv_table import Row
    from needfix.inventory.items import Item
    from needfix.inventory.producers.gathering import Gathering
    from needfix.inventory.source import Source
    from needfix.model.server import Server


_MOST_SUSPECTS = 256


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source, server by server."""
    yield from _tables(source, CsvTable(source))


def read_below_first(source: Source) -> Iterator[Item]:
    """The servers and problems of the tables below the first one."""
    first = CsvTable(source)
    deque(first.rows(), maxlen=0)
    yield from _tables(source, first.following())


def _tables(source: Source, table: CsvTable | None) -> Iterator[Item]:
    """What is in a table and in those below it, each of which has columns of its own."""
    gathering: Gathering | None = None
    while table is not None:
        if table.is_of_objects:
            from needfix.inventory.producers.gathering import Gathering  # noqa: PLC0415 - few tables are of objects

            gathering = gathering or Gathering.of(source)
            yield from _objects(source, table, gathering)
        else:
            yield from _servers(source, table)
        table = table.following()
    if gathering is not None:
        yield from gathering.items()


def _servers(source: Source, table: CsvTable) -> Iterator[Item]:
    """The servers and problems of a table of needfix's own columns."""
    is_divided = source.unites and "server" in table.columns
    returning = _returning_servers(source) if is_divided else frozenset()
    yield from table.note_columns()
    groups = _UnitedGroups(source, table, returning) if source.unites else _Groups(source, table)
    for row in table.rows():
        yield from groups.add(row)
    yield from groups.end()


def _objects(source: Source, table: CsvTable, gathering: Gathering) -> Iterator[Item]:
    """The problems of rows that are objects of another program, whose servers are anywhere in the file."""
    from needfix.inventory.producers.names import named_server  # noqa: PLC0415 - as above
    from needfix.inventory.producers.written import Written  # noqa: PLC0415 - as above

    names = table.distinct_names
    read: set[str] = set()
    for row in table.rows():
        at = Position(source.file, row.line)
        value: dict[object, object] = dict(zip(names, map(unwrapped, row.readable), strict=False))
        if row.flaw:
            gathering.leave_out(named_server(Written.of(value, at).without_zeros()))
            yield Problem(at, *row.flaw, code="syntax")
            gathering.lose_row()
            continue
        gathering.take_object(value, at, read=read)
    table.note_not_read(read)


class _Groups:
    """Builds servers from rows, and finds those whose rows appear again after another server's.

    Finished servers are added to a filter of names. A server that the filter reports as known is a
    suspect: it is held until a second scan of the file shows whether its rows are in two places.
    """

    def __init__(self, source: Source, table: CsvTable) -> None:
        self._source = source
        self._server = table.columns.get("server")
        self._of_file = source.options.naming.of_file(source.file) or ""
        self._layout = Layout(table.columns, table.products)
        self._finished = NameFilter()
        self._key: str | None = None
        self._gathered: GatheredServer | DividedServer | None = None
        self._spoil_next = False
        self._is_suspect = False
        self._suspects: dict[str, tuple[GatheredServer, Server | None]] = {}
        self._unsorted = not source.can_be_read_again

    def add(self, row: Row) -> Iterator[Item]:
        """Add a row; yields the servers that are finished, and problems."""
        at = Position(self._source.file, row.line)
        name = self._of_file if self._server is None else _cell(row, self._server)
        if not name:
            yield self._nameless(row, at)
            return
        gathered = self._gathered
        if gathered is None or name.casefold() != self._key:
            yield from self._finish()
            gathered = yield from self._begin(name, at)
        if row.flaw:
            yield Problem(at, *row.flaw, code="syntax")
        gathered.spoilt |= self._spoil_next or bool(row.flaw)
        self._spoil_next = False
        if not row.flaw:
            yield from gathered.add(row.cells, row.line)

    def end(self) -> Iterator[Item]:
        """Yield the last server and those that were held."""
        yield from self._finish()
        yield from self._confirm()

    def _nameless(self, row: Row, at: Position) -> Problem:
        """A row without a server; it may belong to the one above or below, so neither is complete."""
        self._spoil_next = True
        if self._gathered is not None:
            self._gathered.spoilt = True
        hint = "add the server; the servers above and below are not evaluated, since the row may be theirs"
        what = row.flaw.what if row.flaw else "the row has no server"
        return Problem(at, what, 'text such as "MAIL01"', hint, "missing-key", pointer="/server")

    def _begin(self, name: str, at: Position) -> Generator[Item, None, GatheredServer | DividedServer]:
        self._key = name.casefold()
        self._gathered = gathered = GatheredServer(self._layout, name, at)
        self._is_suspect = self._key in self._finished
        if self._is_suspect and self._unsorted:
            gathered.spoilt = True
            self._is_suspect = False
            yield gathered.scattered()
        return gathered

    def _finish(self) -> Iterator[Item]:
        if not isinstance(self._gathered, GatheredServer) or self._key is None:
            return
        problems: list[Problem] = []
        server = self._gathered.finished(problems, self._source.notes)
        yield from problems
        self._finished.add(self._key)
        if self._is_suspect:
            yield from self._suspect(self._key, self._gathered, server)
        elif server is not None:
            yield server

    def _suspect(self, key: str, gathered: GatheredServer, server: Server | None) -> Iterator[Item]:
        self._suspects.setdefault(key, (gathered, server))
        if len(self._suspects) >= _MOST_SUSPECTS:
            yield from self._confirm()

    def _confirm(self) -> Iterator[Item]:
        if not self._suspects:
            return
        returning = _returning(self._source, self._suspects.keys())
        self._unsorted = self._unsorted or bool(returning)
        for key, (gathered, server) in self._suspects.items():
            if key in returning:
                yield gathered.scattered(returning[key])
            elif server is not None:
                yield server
        self._suspects.clear()


class _UnitedGroups(_Groups):
    """Builds servers from rows that may be in several places and of several times.

    Those of servers that come back are held until the end of the file.
    """

    def __init__(self, source: Source, table: CsvTable, returning: Collection[str]) -> None:
        super().__init__(source, table)
        self._returning = returning
        self._held: dict[str, DividedServer] = {}

    def end(self) -> Iterator[Item]:
        """Yield the last server and those that were held."""
        yield from self._finish()
        while self._held:
            yield from self._finished_at(self._held.pop(next(iter(self._held))))

    def _begin(self, name: str, at: Position) -> Generator[Item, None, GatheredServer | DividedServer]:
        yield from ()
        self._key = name.casefold()
        gathered = self._held.get(self._key) or DividedServer(self._layout, name, at)
        if self._key in self._returning:
            self._held[self._key] = gathered
        self._gathered = gathered
        return gathered

    def _finish(self) -> Iterator[Item]:
        if isinstance(self._gathered, DividedServer) and self._key not in self._held:
            yield from self._finished_at(self._gathered)
        self._gathered = None

    def _finished_at(self, gathered: DividedServer) -> Iterator[Item]:
        problems: list[Problem] = []
        servers = gathered.finished(problems, self._source.notes)
        yield from problems
        yield from servers


def _returning_servers(source: Source) -> frozenset[str]:
    """The servers whose rows are in more than one place of a table."""
    known = KnownServers()
    found: set[str] = set()
    before = ""
    with source.again() as first, suppress(GiveUpError):
        table = CsvTable(first)
        place = table.columns["server"]
        for row in table.rows():
            key = _cell(row, place).casefold() or before
            if key != before and known.first(key, Position(source.file, row.line)) is not None:
                found.add(key)
            before = key
    return frozenset(found)


def _cell(row: Row, place: int) -> str:
    return unwrapped(row.cell(place) or "")


def _returning(read: Source, keys: Collection[str]) -> dict[str, int]:
    """The servers among `keys` whose rows are in more than one place of the file, with their first line."""
    seen: dict[str, int] = {}
    returning: dict[str, int] = {}
    before = ""
    with read.again() as source, suppress(GiveUpError):
        table = CsvTable(source)
        place = table.columns["server"]
        for row in table.rows():
            key = _cell(row, place).casefold() or before
            if key != before and key in keys and seen.setdefault(key, row.line) != row.line:
                returning[key] = seen[key]
            before = key
    return returning

"""Facts of objects that lie anywhere in a file, gathered into one record for each server."""

from __future__ import annotations

import heapq
import json
from contextlib import ExitStack
from functools import partial
from itertools import chain, groupby
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.record import server_from_record
from needfix.inventory.items import refused
from needfix.inventory.lines import long_list
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.recognised import is_native
from needfix.inventory.producers.united import United
from needfix.model.note import OBJECT_UNKNOWN, OBJECTS_READ

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from needfix.intake.notes import Notes, Occurrence
    from needfix.inventory.items import Item
    from needfix.inventory.source import Source
    from needfix.model.inventory_options import Naming

MOST_IN_MEMORY = 100_000
"""Objects and entries that are kept in memory; more are in temporary files, in the order of servers."""
_MOST_RUNS = 64
"""Temporary files; more are merged into one."""

_MOST_IDENTIFIERS = 1 << 18

_Row = tuple[str, Facts]


class Gathering:
    """The facts of one file, by server. Memory is bounded: only those of one server are united at once.

    Where it `has_others`, the file is also about servers of which nothing is gathered, so that objects
    without a server need not be of the only one.
    """

    def __init__(self, file: str, naming: Naming, notes: Notes, most: int = MOST_IN_MEMORY) -> None:
        self._file = file
        self._naming = naming
        self._notes = notes
        self._most = most
        self._own_name = naming.of_file(file)
        self._rows: list[_Row] = []
        self._size = 0
        self._runs: dict[bool, list[IO[str]]] = {True: [], False: []}
        self._stack = ExitStack()
        self._named: set[str] = set()
        self._kinds: set[str] = set()
        self._first: Position | None = None
        self._unnamed: Position | None = None
        self.has_others = False
        self._identifiers: dict[str, str] = {}
        self._ambiguous: set[str] = set()
        self._lost: Position | None = None
        self._lost_of: dict[str, Position] = {}
        self.count = 0

    @classmethod
    def of(cls, source: Source) -> Gathering:
        """That of a source."""
        return cls(source.file, source.options.naming, source.notes)

    def renamed(self, value: object, at: Position) -> object:
        """A parsed value, as a record of needfix where only the names in it are others."""
        if is_native(value) or not isinstance(value, dict):
            return value
        from needfix.inventory.producers.rows import native_of  # noqa: PLC0415 - as below

        found = native_of(value)
        if found is None:
            return value
        self._notes.add(OBJECTS_READ, at, "record with other names")
        return found

    def take(self, value: object, at: Position, server: str = "") -> bool:
        """Whether a parsed value is of another program; then its facts are added.

        `server` is the one of objects that name none.
        """
        if is_native(value):
            self.has_others = self.has_others or isinstance(value, dict)
            return False
        return self.take_object(value, at, server)

    def take_object(self, value: object, at: Position, server: str = "") -> bool:
        """Whether a value is of another program, though it may be named as a record is."""
        from needfix.inventory.producers.kinds import facts_of  # noqa: PLC0415 - most inventories need none

        is_known = False
        for facts in facts_of(value, at, server or None, on_kind=self.add_kind):
            is_known = True
            self.add(facts)
        return is_known

    def lose_row(self, at: Position, servers: Collection[str] = ()) -> None:
        """Take in that something could not be read, which may change what is known of these servers.

        Without any it may be of each server of the file.
        """
        if not servers or len(self._lost_of) > MOST_IN_MEMORY:
            self._lost = self._lost or at
        for server in servers:
            self._lost_of.setdefault(self._naming.of(server).casefold(), at)

    def add_kind(self, name: str) -> None:
        """Take in that objects of a kind were read."""
        self._kinds.add(name)

    def add(self, facts: Facts) -> None:
        """Add the facts of an object."""
        self.count += 1
        self._first = self._first or facts.at
        if facts.unknown:
            self._notes.add(OBJECT_UNKNOWN, facts.at, facts.unknown)
        server = self._naming.of(facts.server) if facts.server else self._own_name
        if facts.identifier and server:
            self._identify(facts.identifier.casefold(), server)
        if server is None:
            self._unnamed = self._unnamed or facts.at
        elif len(self._named) <= 1:
            self._named.add(server)
        self._rows.append((server or "", facts))
        self._size += 1 + sum(map(len, facts.entries.values()))
        if self._size >= self._most:
            self._store()

    def _identify(self, identifier: str, server: str) -> None:
        """Take in by what identifier objects call a server that do not name it."""
        if len(self._identifiers) < _MOST_IDENTIFIERS:
            known = self._identifiers.setdefault(identifier, server)
            if known.casefold() != server.casefold():
                self._ambiguous.add(identifier)

    def items(self) -> Iterator[Item]:
        """The servers and problems, server by server in the order of their names."""
        if self._identifiers:
            self._name_identified()
        if self._kinds:
            self._notes.add(OBJECTS_READ, self._first, self._kinds, self.count)
        is_only = len(self._named) == 1 and not self.has_others
        name = next(iter(self._named), "") if is_only else ""
        with self._stack:
            if self._unnamed is not None and not name:
                yield self._nameless(self._unnamed)
                return
            rows = ((server or name, facts) for server, facts in self._sorted(name))
            for _, group in groupby(rows, key=lambda row: row[0].casefold()):
                yield from self._server(group)

    def _name_identified(self) -> None:
        """Give the servers that only some objects name these names in the others, which have identifiers.

        Objects with an identifier of several servers may be of each of these.
        """
        rows, self._rows, self._size = self._rows, [], 0
        runs = [run for own in self._runs.values() for run in own]
        self._runs = {True: [], False: []}
        self._named = set()
        for server, facts in chain(rows, *map(_read, runs)):
            identifier = server.casefold()
            named = self._identifiers.get(identifier, server) if server else ""
            if identifier in self._ambiguous:
                self._lost = self._lost or facts.at
                continue
            if named and len(self._named) <= 1:
                self._named.add(named)
            self._rows.append((named, facts))
            self._size += 1 + sum(map(len, facts.entries.values()))
            if self._size >= self._most:
                self._store()
        for run in runs:
            run.close()
        self._lost_of |= {
            self._identifiers[own].casefold(): at
            for own, at in self._lost_of.items()
            if own in self._identifiers
        }
        if not self._ambiguous.isdisjoint(self._lost_of):
            self._lost = self._lost or min(self._lost_of.values())

    def _nameless(self, at: Position) -> Problem:
        what = "the file does not name the server that it is about"
        hint = "name it with --server-name NAME, or after the file or its folder with --server-name-from path"
        return Problem(at, what, "a server for each object", hint, "missing-key", pointer="/server")

    def _server(self, rows: Iterable[_Row]) -> Iterator[Item]:
        united = United()
        name, at = "", Position(self._file, 1)
        for server, facts in rows:
            if not name or facts.at < at:
                name, at = server, facts.at
            united.add(facts)
            if (long := united.too_long) is not None:
                yield Problem(at, long_list(long), code="too-large", server=name)
                return
        lost = self._lost_of.get(name.casefold(), self._lost)
        if lost is not None:
            yield self._incomplete(name, lost)
            return
        problems: list[Problem] = []
        noted: list[Occurrence] = []
        found = server_from_record({"server": name, **united.record()}, at, problems, noted)
        if found is not None and not problems:
            problems = refused(self._notes.take(noted, at, name), found)
        if found is not None and not problems:
            yield found
        yield from problems

    @staticmethod
    def _incomplete(name: str, lost: Position) -> Problem:
        what = f"what cannot be read here may be about {name}, of which the file has other objects"
        hint = "correct or export it again; the other objects of the server may be older"
        return Problem(lost, what, "all objects of a server", hint, "syntax", name)

    # Rows in the order of servers, and of each of these in the order of time.

    def _sorted(self, name: str) -> Iterator[_Row]:
        """All rows, where those without a server are of the one that is named so."""
        self._rows.sort(key=partial(_order, name))
        runs = (_read(run) for own in self._runs.values() for run in own)
        return heapq.merge(*runs, self._rows, key=partial(_order, name))

    def _store(self) -> None:
        """Move the rows in memory to files, those without a server to one of their own."""
        for is_named, runs in self._runs.items():
            rows = [row for row in self._rows if bool(row[0]) is is_named]
            if rows:
                runs.append(self._written(sorted(rows, key=_IN_ORDER)))
            if len(runs) >= _MOST_RUNS:
                merged = self._written(heapq.merge(*map(_read, runs), key=_IN_ORDER))
                for run in runs:
                    run.close()
                runs[:] = [merged]
        self._rows, self._size = [], 0

    def _written(self, rows: Iterable[_Row]) -> IO[str]:
        file = TemporaryFile("w+", encoding="utf-8", errors="surrogatepass")  # noqa: SIM115 - the stack closes it
        run = self._stack.enter_context(file)
        run.writelines(f"{json.dumps([server, *facts])}\n" for server, facts in rows)
        return run


def _order(name: str, row: _Row) -> tuple[str, float, bool]:
    server, facts = row
    return (server or name).casefold(), facts.time, not facts.removes


_IN_ORDER = partial(_order, "")


def _read(run: IO[str]) -> Iterator[_Row]:
    run.seek(0)
    for line in run:
        server, named, at, *rest = json.loads(line)
        yield server, Facts(named, Position(*at), *rest)

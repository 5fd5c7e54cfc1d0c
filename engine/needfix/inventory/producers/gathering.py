"""Facts of objects that lie anywhere in a file, gathered into one record for each server."""

from __future__ import annotations

import heapq
import json
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.limits import ENTRIES
from needfix.intake.record import server_from_record
from needfix.inventory.items import refused
from needfix.inventory.lines import long_list
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.recognised import is_native
from needfix.inventory.producers.united import United
from needfix.model.note import OBJECT_UNKNOWN, OBJECTS_READ
from needfix.model.server import altered
from needfix.model.whole_lists import WholeLists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from needfix.intake.notes import Notes, Occurrence
    from needfix.inventory.items import Item
    from needfix.inventory.source import Source
    from needfix.model.inventory_options import Naming

MOST_IN_MEMORY = 100_000
"""Objects and entries that are kept in memory; more are in temporary files, in the order of servers."""
_MOST_RUNS = 64
"""Temporary files; more are merged into one."""

_Row = tuple[str, Facts]


class Gathering:
    """The facts of one file, by server. Memory is bounded: only those of one server are united at once."""

    def __init__(
        self, file: str, naming: Naming, notes: Notes, most: int = MOST_IN_MEMORY, *, unites: bool = False
    ) -> None:
        self._file = file
        self._unites = unites
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
        self._lost_rows = False
        self.count = 0

    @classmethod
    def of(cls, source: Source) -> Gathering:
        """That of a source."""
        return cls(source.file, source.options.naming, source.notes, unites=source.unites)

    def take(self, value: object, at: Position, server: str = "") -> bool:
        """Whether a parsed value is of another program; then its facts are added.

        `server` is the one of objects that name none.
        """
        return not is_native(value) and self.take_object(value, at, server)

    def take_object(self, value: object, at: Position, server: str = "") -> bool:
        """Whether a value is of another program, though it may be named as a record is."""
        from needfix.inventory.producers.kinds import facts_of  # noqa: PLC0415 - most inventories need none

        is_known = False
        for facts in facts_of(value, at, server or None, on_kind=self.add_kind):
            is_known = True
            self.add(facts)
        return is_known

    def lose_row(self) -> None:
        """Take in that something of the file could not be read, which may have been a row of any list."""
        self._lost_rows = True

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
        if server is None:
            self._unnamed = self._unnamed or facts.at
        elif len(self._named) <= 1:
            self._named.add(server)
        self._rows.append((server or "", facts))
        self._size += 1 + sum(map(len, facts.entries.values()))
        if self._size >= self._most:
            self._store()

    def merge(self, other: HeldFacts) -> None:
        """Add the facts of a part of the file."""
        self._kinds |= other.kinds
        self._lost_rows |= other.lost_rows
        for facts in other.facts:
            self.add(facts)

    def items(self) -> Iterator[Item]:
        """The servers and problems, server by server in the order of their names."""
        if self._kinds:
            self._notes.add(OBJECTS_READ, self._first, self._kinds, self.count)
        name = next(iter(self._named), "") if len(self._named) == 1 else ""
        with self._stack:
            if self._unnamed is not None and not name:
                yield self._nameless(self._unnamed)
                return
            rows = ((server or name, facts) for server, facts in self._sorted(name))
            for _, group in groupby(rows, key=lambda row: row[0].casefold()):
                yield from self._server(group)

    def _nameless(self, at: Position) -> Problem:
        what = "the file does not name the server that it is about"
        hint = "name it with --server-name NAME, or after the file or its folder with --server-name-from path"
        return Problem(at, what, "a server for each object", hint, "missing-key", pointer="/server")

    def _server(self, rows: Iterable[_Row]) -> Iterator[Item]:
        united = United()
        log: list[Facts] = []
        name, at = "", Position(self._file, 1)
        for server, facts in rows:
            if not name or facts.at < at:
                name, at = server, facts.at
            united.add(facts)
            if self._unites and len(log) < ENTRIES:
                log.append(facts)
            if (long := united.too_long) is not None:
                yield Problem(at, long_list(long), code="too-large", server=name)
                return
        problems: list[Problem] = []
        noted: list[Occurrence] = []
        found = server_from_record({"server": name, **united.record()}, at, problems, noted)
        lists = WholeLists(united.products, self._lost_rows)
        if found is not None and not problems:
            problems = refused(self._notes.take(noted, at, name), found)
        if found is not None and not problems:
            is_log = len(log) < ENTRIES and any(facts.group for facts in log)
            is_plain = lists == WholeLists() and not is_log
            yield (
                found
                if is_plain
                else altered(found, whole_lists=lists, log_rows=tuple(log) if is_log else ())
            )
        yield from problems

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


class HeldFacts(Gathering):
    """The facts of a part of a file, whose lines are counted from 1, for the gathering of the whole file."""

    def __init__(self, source: Source, first: int) -> None:
        super().__init__(source.file, source.options.naming, source.notes)
        self._before = first - 1
        self.facts: list[Facts] = []

    def add(self, facts: Facts) -> None:
        """Hold the facts of an object, with the line that it has in the file."""
        self.facts.append(facts._replace(at=facts.at._replace(line=facts.at.line + self._before)))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of the objects."""
        return frozenset(self._kinds)

    @property
    def lost_rows(self) -> bool:
        """Whether something of the part could not be read."""
        return self._lost_rows


def _order(name: str, row: _Row) -> tuple[str, float, bool, Position]:
    server, facts = row
    return (server or name).casefold(), facts.time, not facts.removes, facts.at


_IN_ORDER = partial(_order, "")


def _read(run: IO[str]) -> Iterator[_Row]:
    run.seek(0)
    for line in run:
        server, named, at, *rest = json.loads(line)
        yield server, Facts(named, Position(*at), *rest)

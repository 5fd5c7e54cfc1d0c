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
from needfix.intake.limits import ENTRIES
from needfix.intake.record import server_from_record
from needfix.intake.vocabularies import is_lacking
from needfix.inventory.items import refused
from needfix.inventory.lines import long_list
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.recognised import is_native
from needfix.inventory.producers.united import United
from needfix.model.note import OBJECT_UNKNOWN, OBJECTS_READ, SERVER_DIFFERS, SERVER_PERHAPS_SAME
from needfix.model.server import altered
from needfix.model.whole_lists import WholeLists

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
_MOST_PROPERTIES = 64
_OF_ITSELF = frozenset(
    (
        "csname", "systemname", "machinename", "csdnshostname", "cscaption", "dnshostname", "hostname",
        "source", "",
    )
)  # fmt: skip
"""Properties in which objects name the computer that they are of, whoever asked it."""

_Row = tuple[str, Facts]


class Gathering:
    """The facts of one file, by server. Memory is bounded: only those of one server are united at once.

    Where it `has_others`, the file is also about servers of which nothing is gathered, so that objects
    without a server need not be of the only one.
    """

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
        self._named: dict[str, str] = {}
        self._kinds: set[str] = set()
        self._first: Position | None = None
        self._unnamed: Position | None = None
        self.has_others = False
        self._identifiers: dict[str, str] = {}
        self._ambiguous: set[str] = set()
        self._lost: Position | None = None
        self._lost_of: dict[str, Position] = {}
        self._blank: Position | None = None
        self._blank_in: set[str] = set()
        self._named_in: set[str] = set()
        self._flaw: Problem | None = None
        self._is_spoilt = False
        self._left_out: set[str] = set()
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

    def take_object(
        self, value: object, at: Position, server: str = "", read: set[str] | None = None
    ) -> bool:
        """Whether a value is of another program, though it may be named as a record is.

        The folded names of the properties that are read are added to `read`.
        """
        from needfix.inventory.producers.kinds import facts_of  # noqa: PLC0415 - most inventories need none

        is_known = False
        for facts in facts_of(value, at, server or None, on_kind=self.add_kind, read=read):
            is_known = True
            self.add(facts)
        return is_known

    def lose_row(self, at: Position | None = None, servers: Collection[str] = ()) -> None:
        """Take in that something of the file could not be read, which may have been a row of any list.

        With its place it may change what is known of these servers, and without any of each server of the
        file, so that none of them is whole.
        """
        self._lost_rows = True
        if at is not None and (not servers or len(self._lost_of) > MOST_IN_MEMORY):
            self._lost = self._lost or at
        elif at is not None:
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
        if facts.other:
            self._notes.add(SERVER_DIFFERS, facts.at, f"{facts.server}, not {facts.other}")
        server = self._server_of(facts)
        if facts.identifier and server:
            self._identify(facts.identifier.casefold(), server)
        self._rows.append((server, facts))
        self._size += 1 + sum(map(len, facts.entries.values()))
        if self._size >= self._most:
            self._store()

    def _identify(self, identifier: str, server: str) -> None:
        """Take in by what identifier objects call a server that do not name it."""
        if len(self._identifiers) < _MOST_IDENTIFIERS:
            known = self._identifiers.setdefault(identifier, server)
            if known.casefold() != server.casefold():
                self._ambiguous.add(identifier)

    def spoil(self, problem: Problem) -> None:
        """Take in the problem of an object of which it is not known whose it is: no server is whole."""
        self._flaw = self._flaw or problem

    def leave_out(self, server: str | None) -> None:
        """Take in that an object cannot be read: its server is not whole; none is where it names none."""
        if server is None and self._own_name is None:
            self._is_spoilt = True
        else:
            self._left_out.add(self._naming.of(server or self._own_name or "").casefold())

    def _server_of(self, facts: Facts) -> str:
        """The server of facts; empty for those that name none, which may be of the only one that others name.

        Those with a property for it that is blank or says "this computer" are not, unless the others name
        theirs in another way.
        """
        if facts.server and not is_lacking(facts.server):
            if len(self._named_in) < _MOST_PROPERTIES:
                self._named_in.add(facts.named_by)
            server = self._naming.of(facts.server)
            if len(self._named) <= 1:
                self._named.setdefault(server.casefold(), server)
            return server
        if facts.flaw:
            self.spoil(_of_flaw(facts, None))
        if facts.named_by or facts.server:
            if self._own_name is not None:
                return self._own_name
            self._blank = self._blank or facts.at
            self._blank_in.add(facts.named_by)
        else:
            self._unnamed = self._unnamed or facts.at
        return ""

    def _others(self) -> str | None:
        """The server of the facts that name none; None where it is not known."""
        is_only = len(self._named) == 1 and not self.has_others
        name = next(iter(self._named.values())) if is_only else self._own_name
        is_elsewhere = self._named_in <= _OF_ITSELF and self._named_in.isdisjoint(self._blank_in)
        return name if self._blank is None or is_elsewhere else None

    def merge(self, other: HeldFacts) -> None:
        """Add the facts of a part of the file."""
        self._kinds |= other.kinds
        self._lost_rows |= other.lost_rows
        for at, servers in other.lost:
            self.lose_row(at, servers)
        for facts in other.facts:
            self.add(facts)

    def items(self) -> Iterator[Item]:
        """The servers and problems, server by server in the order of their names."""
        if self._identifiers:
            self._name_identified()
        if self._kinds:
            self._notes.add(OBJECTS_READ, self._first, self._kinds, self.count)
        name = self._others() or ""
        with self._stack:
            if self._flaw is not None:
                yield self._flaw
            if self._flaw is not None or self._is_spoilt:
                return
            if self._blank is not None and not name and self._named:
                yield _blank(self._blank)
                return
            unnamed = self._unnamed or self._blank
            if unnamed is not None and not name:
                yield self._nameless(unnamed)
                return
            rows = ((server or name, facts) for server, facts in self._sorted(name))
            short: list[str] = []
            for server, group in groupby(rows, key=lambda row: row[0].casefold()):
                if server not in self._left_out:
                    self._note_short(server, short)
                    yield from self._server(group)

    def _note_short(self, server: str, short: list[str]) -> None:
        """Note a server whose name without its domain is there as well; names come in their order.

        `short` are the names before it, each of which the next begins with.
        """
        while short and not server.startswith(short[-1]):
            short.pop()
        if server.partition(".")[0] in short:
            self._notes.add(SERVER_PERHAPS_SAME, self._first, server)
        if "." not in server:
            short.append(server)

    def _name_identified(self) -> None:
        """Give the servers that only some objects name these names in the others, which have identifiers.

        Objects with an identifier of several servers may be of each of these.
        """
        rows, self._rows, self._size = self._rows, [], 0
        runs = [run for own in self._runs.values() for run in own]
        self._runs = {True: [], False: []}
        self._named = {}
        for server, facts in chain(rows, *map(_read, runs)):
            identifier = server.casefold()
            named = self._identifiers.get(identifier, server) if server else ""
            if identifier in self._ambiguous:
                self._lost = self._lost or facts.at
                continue
            if named and len(self._named) <= 1:
                self._named.setdefault(named.casefold(), named)
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
        log: list[Facts] = []
        name, at = "", Position(self._file, 1)
        for server, facts in rows:
            if not name or facts.at < at:
                name, at = server, facts.at
            if facts.flaw:
                yield _of_flaw(facts, name)
                return
            united.add(facts)
            if self._unites and len(log) < ENTRIES:
                log.append(facts)
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


def _blank(at: Position) -> Problem:
    what = "the object does not name its server, and others of the file do"
    hint = "write it there, or use --server-name NAME; no server of the file is read, since it may be theirs"
    return Problem(at, what, 'text such as "MAIL01"', hint, "missing-key", pointer="/server")


def _of_flaw(facts: Facts, server: str | None) -> Problem:
    hint = "remove one of them, or correct it"
    return Problem(facts.at, facts.flaw, "one value", hint, "duplicate-key", server=server)


class HeldFacts(Gathering):
    """The facts of a part of a file, whose lines are counted from 1, for the gathering of the whole file."""

    def __init__(self, source: Source, first: int) -> None:
        super().__init__(source.file, source.options.naming, source.notes)
        self._before = first - 1
        self.facts: list[Facts] = []
        self.lost: list[tuple[Position, tuple[str, ...]]] = []

    def lose_row(self, at: Position | None = None, servers: Collection[str] = ()) -> None:
        """Hold what could not be read, with the line that it has in the file."""
        super().lose_row()
        if at is not None:
            self.lost.append((at._replace(line=at.line + self._before), tuple(servers)))

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

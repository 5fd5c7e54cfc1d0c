"""Servers that have several records: these are held until all are read, then united or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from needfix.errors import NOWHERE, Position, Problem
from needfix.intake.notes import Occurrence
from needfix.inventory.items import refused
from needfix.inventory.joining import Older, joined
from needfix.inventory.known_servers import KnownServers, repeated
from needfix.model.server import SCOPES, Server
from needfix.versions import parse_clock_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from needfix.intake.notes import Notes
    from needfix.inventory.items import Item


def names_of(items: Iterable[Item]) -> Iterator[tuple[str, Position]]:
    """The name of each record and its place, also of bad ones where it is known; each bad one once."""
    last: tuple[str, str] | None = None
    for item in items:
        if isinstance(item, Server):
            last = None
            yield item.server, item.at or NOWHERE
        elif item.server is not None:
            own = item.server.casefold(), item.at.file
            if own != last:
                yield item.server, item.at
            last = own


def names_of_several(records: Iterable[tuple[str, Position]]) -> frozenset[str]:
    """The names, without case, that several records have."""
    known = KnownServers()
    return frozenset(name.casefold() for name, at in records if known.first(name, at) is not None)


class _Named(NamedTuple):
    """What is said of a record that is refused."""

    server: str
    at: Position


CHANGED = "evaluate files that do not change while they are read"


class SeveralRecords:
    """Holds the records of servers that have several; memory grows with these, and with no others.

    They are united if `unites`, else refused: then none of them is decided, and only their names and places
    are held. Where one of them is bad, the others are refused, since it may be the newest.
    """

    def __init__(self, names: frozenset[str], notes: Notes, *, unites: bool) -> None:
        self.names = names
        self._notes = notes
        self._unites = unites
        self._held: dict[str, list[Server]] = {}
        self._refused: dict[str, list[_Named]] = {}
        self._bad: dict[str, Problem] = {}

    def without_held(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, servers with several records last.

        A server that has got a further record since the names were read is decided once, and a problem.
        """
        known = KnownServers()
        for item in items:
            if isinstance(item, Problem):
                self.add_bad(item)
                yield item
            elif not self.add(item):
                at = item.at or NOWHERE
                first = known.first(item.server, at)
                yield item if first is None else repeated(item.server, at, first, CHANGED)
        yield from self.settled()

    def add(self, server: Server) -> bool:
        """Hold a record, where it is of a server with several; whether it is."""
        key = server.server.casefold()
        if key not in self.names:
            return False
        if self._unites:
            self._held.setdefault(key, []).append(server)
        else:
            self._refused.setdefault(key, []).append(_Named(server.server, server.at or NOWHERE))
        return True

    def add_bad(self, problem: Problem) -> None:
        """Take in that a record is bad."""
        if problem.server is not None and (key := problem.server.casefold()) in self.names:
            self._bad.setdefault(key, problem)

    def settled(self) -> Iterator[Item]:
        """Each server whose records are united, or the problems of its records."""
        held, self._held = self._held, {}
        for key in list(held):
            records = held.pop(key)
            if key in self._bad:
                named = [_Named(one.server, one.at or NOWHERE) for one in records]
                yield from _beside_bad(named, self._bad[key])
            else:
                yield from self._united(records)
        refused, self._refused = self._refused, {}
        for key, names in refused.items():
            if key in self._bad:
                yield from _beside_bad(names, self._bad[key])
            else:
                others = names[1:] or names  # one that has changed since it was read first is not decided
                yield from (repeated(one.server, one.at, names[0].at) for one in others)

    def _united(self, records: list[Server]) -> Iterator[Item]:
        older: list[Older] = []
        server = joined(records, older)
        for one in older:  # what uniting is for, and so never a problem
            self._notes.add("older-fact", one.at, one.fact)
        take, name = self._notes.take, server.server
        problems = [problem for one, at in _left_out(records) for problem in take([one], at, name)]
        yield from refused(problems, server)
        if not problems:
            yield server


def _left_out(records: Sequence[Server]) -> Iterator[tuple[Occurrence, Position | None]]:
    """What is to be noted of several records and is not in the united one.

    These are times of collection that cannot be read, and scopes that are called complete without a list.
    """
    for one in records if len(records) > 1 else ():
        if one.collected and parse_clock_time(one.collected) is None:
            yield Occurrence("time-unreadable", one.collected), one.at
        lacking = (scope for scope in SCOPES if scope in one.complete and not one.reports(scope))
        yield from ((Occurrence("complete-without-list", scope), one.at) for scope in lacking)


def _beside_bad(records: Iterable[_Named], bad: Problem) -> Iterator[Problem]:
    """The problems of good records beside a bad one; rows that come back in a file are one problem."""
    for one in records:
        if bad.code == "repeated-server" and one.at.file == bad.at.file:
            continue
        what = f"{one.server} has another record at {bad.at}, which is bad, so that it is not evaluated"
        hint = "correct the other record, or remove it"
        yield Problem(one.at, what, "one good record", hint, "repeated-server", one.server, "/server")

"""osquery: lines of its results logs, and rows of its tables as `osqueryi --json` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from needfix.intake.other_names import NAMES_OF_SERVERS
from needfix.intake.other_values import as_whole
from needfix.intake.written_times import of_seconds
from needfix.inventory.producers.facts import OF_TABLE, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_in, named_server
from needfix.inventory.producers.osquery_tables import PROGRAMS, TABLES, Table, query_named, table_of
from needfix.inventory.producers.written import Written


class _Line(NamedTuple):
    """A line of a log: which query it is about, and when that ran."""

    written: Written
    query: str
    seconds: int
    is_first: bool
    """Whether the query runs for the first time, so that its rows are all there are."""

    @classmethod
    def of(cls, written: Written) -> _Line:
        query = written.text("name") or ""
        counter = as_whole(written.value("counter"))
        return cls(written, query, _seconds(written), counter == 0)

    @property
    def has_succeeded(self) -> bool:
        """Whether the query ended without an error, so that its rows are all there are."""
        return self.written.text("status") in (None, "0")

    def rows(self, values: object) -> Iterator[Written]:
        """The rows in a list, or a row."""
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, Mapping):
                yield Written.of(value, self.written.at)

    def facts(self, row: Written) -> tuple[Facts, Table | None]:
        """What a row states, and its table if it is a part of a state of the server.

        Rows of a table that is not known, and of one that is a log itself, are none.
        """
        table = table_of(frozenset(row.values), query_named(self.query).table)
        if table is None:
            return Facts(None, row.at, {}, unknown=self.query), None
        found = table.read(row)
        found = found._replace(collected=self.collected) if found.entries else found
        return found, None if table.is_log else table

    @property
    def collected(self) -> str | None:
        """When the query ran, as a time."""
        return of_seconds(self.seconds) if self.seconds else None

    @property
    def time(self) -> float:
        """When the query ran, and of the runs in one second in their order; 0 where that is not known."""
        counter = as_whole(self.written.value("counter")) or 0
        return self.seconds + min(counter, _MOST_RUNS) / (_MOST_RUNS + 1) if self.seconds else 0

    def in_state(
        self, facts: Facts, table: Table | None = None, *, removes: bool = False, replaces: bool = False
    ) -> Facts:
        """Facts as a part of the state that the query shows, or the table where the query is not named."""
        group = f"query {self.query}" if self.query or table is None else f"{OF_TABLE}{table.name}"
        return facts._replace(group=group, time=self.time, removes=removes, replaces=replaces)


_MOST_RUNS = 99_999


def host_of(row: Written) -> str | None:
    """The host that a row names; other columns, such as the device of a file, are about something else.

    Objects of PowerShell name theirs as all of these do.
    """
    if "pscomputername" in row.values:
        return named_server(row)
    return named_in(row, _NAMES_OF_HOSTS)


_NAMES_OF_HOSTS = (
    "hostdisplayname",
    "hosthostname",
    *(name for name in NAMES_OF_SERVERS if name != "device"),
)


def _server_of(written: Written) -> str | None:
    """The host of a line; the one that a decoration names where the identifier is no name."""
    name = host_of(written)
    if name is not None and not _UUID.fullmatch(name):
        return name
    decorations = written.inner("decorations")
    return (named_server(decorations) if decorations else None) or name


_UUID = re.compile(r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", re.IGNORECASE)


def _identifier_of(written: Written) -> str:
    """What a line calls its host beside the name, as lines do that have no decorations; empty for none."""
    own = written.text("hostidentifier")
    return own if own is not None and own != _server_of(written) else ""


def _seconds(written: Written) -> int:
    """When the query ran, in seconds since 1970; 0 where that is not stated."""
    value = written.value("unixtime")
    if isinstance(value, float) and 0 <= value < _MOST_SECONDS:
        return int(value)
    return as_whole(value) or _of_calendar(written.text("calendartime") or "")


_MOST_SECONDS = 1 << 53


def _of_calendar(text: str) -> int:
    """The seconds of `Tue Nov 12 08:26:40 2024 UTC`, which are in English everywhere; 0 for another text."""
    found = _CALENDAR.fullmatch(text)
    if found is None:
        return 0
    month = _MONTHS.index(found[1].casefold()) + 1
    day, hour, minute, second, year = map(int, found.groups()[1:])
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except (ValueError, OverflowError):
        return 0


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CALENDAR = re.compile(
    rf"[a-z]{{3}} ({'|'.join(_MONTHS)}) {{1,2}}(\d{{1,2}}) (\d\d):(\d\d):(\d\d) (\d{{4}}) UTC",
    re.ASCII | re.IGNORECASE,
)


def _event(written: Written) -> Iterator[Facts]:
    """A row that was added or removed, or one of a snapshot that is written row by row."""
    line = _Line.of(written)
    action = (written.text("action") or "").casefold()
    for row in line.rows(written.values.get("columns")):
        facts, table = line.facts(row)
        if action == "snapshot" and table is not None:
            yield line.in_state(facts, table, replaces=bool(line.query))
        else:
            yield _changed(line, facts, table, removes=action == "removed")


def _changed(line: _Line, facts: Facts, table: Table | None, *, removes: bool) -> Facts:
    """A row that was added or removed; what a log no longer lists is as true as before."""
    if table is not None:
        is_all = line.is_first and bool(line.query)
        replaces = (is_all or table.is_single) and not removes
        return line.in_state(facts, table, removes=removes, replaces=replaces)
    return Facts(None, facts.at, {}, unknown=facts.unknown) if removes else facts


def is_flat_row(written: Written) -> bool:
    """Whether an object is a row that was added or removed, with its columns beside the action."""
    return (
        (written.text("action") or "").casefold() in _ACTIONS
        and _HOLDERS.isdisjoint(written.values)
        and not written.values.keys() <= _IN_LINE
    )


_ACTIONS = frozenset(("added", "removed", "snapshot"))
_HOLDERS = frozenset(("columns", "snapshot", "diffresults"))
_IN_LINE = frozenset((
    "action", "hostidentifier", "hostname", "unixtime", "calendartime", "epoch", "counter", "numerics",
    "decorations", "logtype", "packname",
))  # fmt: skip
"""What a line states beside the columns of its row; either may have a `name`."""
_COLUMNS = re.compile(r"columns[._\[-]", re.IGNORECASE)


def read_flat_row(written: Written) -> Iterator[Facts]:
    """What a row states whose columns are beside those of its line, by themselves or as `columns.path`."""
    in_row = [name for name in written.values if _COLUMNS.match(written.names.get(name, name))]
    if in_row:
        columns = {name.removeprefix("columns"): written.values[name] for name in in_row}
        line = {name: own for name, own in written.values.items() if name not in in_row}
    else:
        columns = {name: own for name, own in written.values.items() if name not in _IN_LINE}
        unnamed = {name: own for name, own in columns.items() if name != "name"}
        line = {name: own for name, own in written.values.items() if name in _IN_LINE}
        if "name" in columns and table_of(frozenset(unnamed)) is not None:
            line["name"] = columns["name"]
            columns = unnamed
    yield from _event(Written({**line, "columns": columns}, written.at))


FLAT_ROW = ObjectKind(
    "log of osquery",
    needing("action hostidentifier", "action unixtime", "action calendartime", "action epoch counter"),
    read_flat_row,
    server_of=_server_of,
)
"""A row beside the action in tables; in JSON such objects are known by their values."""


def _batch(written: Written) -> Iterator[Facts]:
    """The rows that were added and removed since the query ran before."""
    line = _Line.of(written)
    yield Facts(None, written.at, {})
    results = written.inner("diffresults")
    if results is None:
        return
    for action in ("removed", "added"):
        for row in line.rows(results.values.get(action)):
            yield _changed(line, *line.facts(row), removes=action == "removed")


def _snapshot(written: Written) -> Iterator[Facts]:
    """All rows of a query; one that has none shows that those before are gone.

    One that lists all products does so where each row names one.
    """
    line = _Line.of(written)
    entries: dict[str, list[Any]] = {}
    is_state, is_whole, unknown = True, query_named(line.query).is_whole, ""
    lists_products = False
    for row in line.rows(written.values.get("snapshot")):
        facts, table = line.facts(row)
        is_state = table is not None
        unknown = unknown or facts.unknown
        lists_products = lists_products or facts.lists_products
        is_whole = is_whole and row.text("name") is not None and is_state
        if not is_state and not facts.unknown:
            yield facts
            continue
        for key, own in facts.entries.items():
            entries.setdefault(key, []).extend(own)
    found = Facts(None, written.at, entries, unknown=unknown, lists_products=lists_products)
    is_whole = is_whole and line.has_succeeded
    if is_state or entries:
        found = line.in_state(found, replaces=line.has_succeeded)
        found = found._replace(
            collected=line.collected if entries else None, is_whole=is_whole and bool(entries)
        )
    yield found


def _status(written: Written) -> Iterator[Facts]:
    """A line about osquery itself."""
    yield Facts(None, written.at, {})


def _row_kind(table: Table, *needs: frozenset[str], alone: bool = False) -> ObjectKind:
    def read(written: Written) -> Iterator[Facts]:
        yield table.read(written)

    return ObjectKind(f"{table.name} of osquery", needs or table.needs, read, alone, host_of)


def _line_kind(read: Callable[[Written], Iterator[Facts]], *needs: str) -> ObjectKind:
    def read_line(written: Written) -> Iterator[Facts]:
        identifier = _identifier_of(written)
        for facts in read(written):
            yield facts._replace(identifier=identifier) if identifier else facts

    return ObjectKind("log of osquery", needing(*needs), read_line, server_of=_server_of)


LINES = (
    _line_kind(_event, "action columns"),
    _line_kind(_batch, "name diffresults"),
    _line_kind(_snapshot, "name snapshot action", "name snapshot hostidentifier"),
    _line_kind(_status, "hostidentifier severity message"),
)
KINDS = tuple(_row_kind(table, *table.distinct) for table in TABLES if table.distinct)
LAST_KINDS = (
    *map(_row_kind, TABLES),
    _row_kind(PROGRAMS, *needing("name version"), alone=True),
)
"""Rows that objects of other programs resemble, which are tried before."""

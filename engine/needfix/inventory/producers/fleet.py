"""Fleet, which manages osquery: hosts with their software, and reports of queries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from needfix.inventory.producers.facts import OTHERS, Entry, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.osquery_tables import table_of
from needfix.inventory.producers.written import Written


def _host(written: Written) -> Iterator[Facts]:
    """A host: its operating system and its programs, which Fleet asks for at different times."""
    server = named_server(written)
    system = [_system(written), OTHERS] if _is_windows(written) else [OTHERS]
    found = Facts.of(server, written.at, products=system)
    yield found._replace(collected=_time(written, "detailupdatedat"))
    programs = [entry for one in _software(written) for entry in _programs(one)]
    if programs:
        found = Facts.of_programs(server, written.at, programs)
        yield found._replace(collected=_time(written, "softwareupdatedat", "detailupdatedat"))


def _is_windows(written: Written) -> bool:
    return (written.text("platform") or "").casefold() == "windows"


def _system(written: Written) -> Entry:
    """The system in `Windows Server 2022 Datacenter 21H2 10.0.20348.2227`, without its release."""
    text = written.text("osversion")
    found = _OF_WINDOWS.fullmatch(text or "")
    name, build = (found[1], found[2]) if found else (text, None)
    if name is None:
        return OTHERS
    return {"name": f"Microsoft {name}" if name.startswith("Windows ") else name, "build": build}


_OF_WINDOWS = re.compile(
    r"(\S.{0,200}?)(?: (?:\d\dH\d|\d{4}))? (\d{1,2}\.\d\.\d{3,5}(?:\.\d{1,5})?)", re.ASCII
)


def _time(written: Written, *names: str) -> str | None:
    """A time; the one that Fleet writes for what never was is none."""
    text = written.text(*names)
    return None if text is None or text.startswith(_NEVER) else text


_NEVER = ("0001-01-01", "2000-01-01T00:00:00")


def _software(written: Written) -> Iterator[Written]:
    for one in written.entries("software"):
        if isinstance(one, Mapping):
            yield Written.of(one, written.at)


def _programs(written: Written) -> Iterator[Entry]:
    """The installed versions of a program; packages of languages and extensions of browsers are none."""
    name = written.text("name")
    if name is None or (written.text("source") or "").casefold() != "programs":
        return
    versions = [
        Written.of(one, written.at).text("version")
        for one in written.entries("installedversions")
        if isinstance(one, Mapping)
    ]
    for version in versions or [written.text("version")]:
        yield {"name": name, "build": version}


def _title(written: Written) -> Iterator[Facts]:
    """A title in the list of one host's software."""
    yield Facts.of_programs(named_server(written), written.at, list(_programs(written)))


def _result(written: Written) -> Iterator[Facts]:
    """A row of a report of a query, of the host that is named beside it."""
    row = written.inner("columns")
    if row is not None:
        yield _facts_of(row, named_server(written), _time(written, "lastfetched"))


def _facts_of(row: Written, server: str | None, collected: str | None) -> Facts:
    table = table_of(frozenset(row.values))
    if table is None:
        return Facts(server, row.at, {}, unknown="report of a query")
    found = table.read(row)
    return found._replace(server=server, collected=collected if found.entries else None)


def _report(written: Written) -> Iterator[Facts]:
    """The report of a query about one host."""
    server, collected = named_server(written), _time(written, "lastfetched")
    yield Facts(server, written.at, {})
    for one in written.entries("results"):
        row = Written.of(one, written.at).inner("columns") if isinstance(one, Mapping) else None
        if row is not None:
            yield _facts_of(row, server, collected)


KINDS = (
    ObjectKind(
        "host of Fleet",
        needing("hostname osversion platform", "hostname osversion uuid", "displayname osversion uuid"),
        _host,
    ),
    ObjectKind("software of Fleet", needing("name source installedversions"), _title),
    ObjectKind("report of Fleet", needing("hostname lastfetched results"), _report),
    ObjectKind(
        "report of Fleet", needing("hostid columns", "hostname columns", "lastfetched columns"), _result
    ),
    ObjectKind("report of Fleet", needing("columns"), _result, alone=True),
)

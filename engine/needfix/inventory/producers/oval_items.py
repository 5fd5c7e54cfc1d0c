"""Items of OVAL system characteristics as facts: files, values of the registry, services, results of WMI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from needfix.errors import Position
from needfix.intake.other_values import as_whole
from needfix.intake.written_times import of_seconds
from needfix.inventory.producers import files, services, updates
from needfix.inventory.producers.facts import Entry, Facts
from needfix.inventory.producers.oval_system import System
from needfix.inventory.producers.written import Written

_EXISTS, _NOT_THERE = "exists", "does not exist"
_TICKS = 10_000_000
_SECONDS_TO_1970 = 11_644_473_600
"""From 1601, where Windows begins to count, to 1970."""


class Value(NamedTuple):
    """The value of an entity, with the status of its collection; not known where it is masked or nil."""

    status: str = _EXISTS
    text: str = ""
    is_known: bool = True

    @property
    def is_stated(self) -> bool:
        """Whether the value is a fact."""
        return self.is_known and self.status == _EXISTS


class Item:
    """An item that was collected: its entities by name, and the records in them."""

    def __init__(self, kind: str, status: str, at: Position, *, is_partial: bool) -> None:
        self.kind = kind
        self.status = status
        self.at = at
        self.is_partial = is_partial
        self.records: list[dict[str, str]] = []
        self._values: dict[str, list[Value]] = {}

    def add(self, name: str, value: Value) -> None:
        """Add an entity."""
        self._values.setdefault(name, []).append(value)

    def text(self, name: str) -> str | None:
        """The text of an entity; None where it is not stated, or there are several."""
        own = self._values.get(name, ())
        return own[0].text or None if len(own) == 1 and own[0].is_stated else None

    def texts(self, name: str) -> Iterator[str]:
        """All texts of an entity that are stated."""
        return (value.text for value in self._values.get(name, ()) if value.is_stated and value.text)


def facts_of_item(item: Item, system: System) -> Iterator[Facts]:
    """What an item states of a server.

    One that could not be collected, or is of an object of which others could not, is a copy or a value that
    states nothing: what it is about is not decided without it.
    """
    read = _KINDS.get(item.kind)
    if read is None or item.status == _NOT_THERE:
        return
    yield from read(item, system, item.status == _EXISTS)


def _file(item: Item, system: System, is_known: bool) -> Iterator[Facts]:  # noqa: FBT001 - as all of _KINDS
    folder, name, whole = item.text("path"), item.text("filename"), item.text("filepath")
    path = whole or ("\\".join((folder.rstrip("/\\"), name)) if folder and name else None)
    named: Entry = {"path": path} if path else {"name": name}
    if path is None and name is None:
        return
    found = [named]
    if is_known:
        size = as_whole(item.text("size"))
        stated = {"version": item.text("version"), "modified": _time(item.text("m_time")), "size": size}
        found = [{**named, **stated}]
    if item.is_partial:
        found.append({"name": name} if name is not None else named)
    yield Facts.of(system.server, item.at, files=found)


def _time(text: str | None) -> str | None:
    """A time in steps of 100 nanoseconds since 1601."""
    ticks = as_whole(text)
    if ticks is None:
        return None
    seconds, rest = divmod(ticks, _TICKS)
    whole = of_seconds(seconds - _SECONDS_TO_1970)
    return whole if whole is None or not rest else f"{whole.removesuffix('Z')}.{rest:07}Z"


def _value(item: Item, system: System, is_known: bool) -> Iterator[Facts]:  # noqa: FBT001
    hive, key, name = item.text("hive"), item.text("key"), item.text("name")
    if hive is None or key is None or name is None:
        return
    named = {"path": f"{hive}\\{key}", "name": name, "view": _VIEWS.get(item.text("windows_view") or "")}
    text = item.text("value") if is_known else None
    if text is not None:
        system.take_value(key, named["view"], name, text)
    found = [{**named, "value": text}]
    if text is not None and item.is_partial:
        found.append(named)
    yield Facts.of(system.server, item.at, registry=found)


_VIEWS = {"32_bit": "32", "64_bit": "64"}


def _service(item: Item, system: System, is_known: bool) -> Iterator[Facts]:  # noqa: FBT001
    name = item.text("service_name")
    if name is None:
        return
    state = item.text("current_state") if is_known else None
    entry = {"name": name, "state": None if state is None else state.removeprefix("SERVICE_")}
    yield Facts.of(system.server, item.at, services=[entry])


# ---- results of WMI

_QUERY = re.compile(r"select ([\w ,*]{1,500}?) from (\w{1,100})\b", re.IGNORECASE)
_LONGEST_QUERY = 2000


def _single_results(item: Item, system: System, is_known: bool) -> Iterator[Facts]:  # noqa: FBT001
    """Results of the old item: values of one property."""
    found = _query_of(item)
    if found is None or not is_known:
        return
    rows = [{found[1].strip(): text} for text in item.texts("result")]
    yield from _of_class(found[2], rows, item, system)


def _records(item: Item, system: System, is_known: bool) -> Iterator[Facts]:  # noqa: FBT001
    """Results of the newer item: records."""
    found = _query_of(item)
    if found is not None and is_known:
        yield from _of_class(found[2], item.records, item, system)


def _query_of(item: Item) -> re.Match[str] | None:
    """The properties and the class that a query is about."""
    return _QUERY.match(" ".join((item.text("wql") or "")[:_LONGEST_QUERY].split()))


def _of_class(name: str, rows: list[dict[str, str]], item: Item, system: System) -> Iterator[Facts]:
    """Rows of a class of WMI, as far as they say what they are about."""
    written = [Written.of(dict(row.items()), item.at) for row in rows]
    folded = name.casefold()
    if folded == "win32_operatingsystem":
        for row in written:
            system.take_windows(row)
        return
    reading = _CLASSES.get(folded)
    if reading is None:
        return
    names, read = reading
    for row in written:
        if row.text(*names):
            for facts in read(row):
                yield facts._replace(server=system.server)


_CLASSES: dict[str, tuple[tuple[str, ...], Callable[[Written], Iterator[Facts]]]] = {
    "win32_quickfixengineering": (("hotfixid",), updates.hotfix),
    "win32_product": (("name",), updates.program),
    "win32_service": (("name",), services.service),
    "cim_datafile": (("name",), files.data_file),
}
"""By the class: the properties that say what a row is about, and what reads it."""

_Reader = Callable[[Item, System, bool], Iterator[Facts]]
_KINDS: dict[str, _Reader] = {
    "file_item": _file,
    "registry_item": _value,
    "service_item": _service,
    "wmi_item": _single_results,
    "wmi57_item": _records,
}

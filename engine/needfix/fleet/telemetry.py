"""Symptoms that the telemetry of a batch shows; each distinct event and service state is looked at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from needfix.compare.telemetry import SymptomKey, Telemetry
from needfix.errors import Position
from needfix.fleet.arrays import Ints
from needfix.fleet.dense import Dense, alike, joined, settled
from needfix.fleet.facts import Batch
from needfix.fleet.native import Part, part
from needfix.fleet.symptom_evidence import Said
from needfix.inventory import server_from_record
from needfix.model.server import Event, Server, ServiceState

Shown = dict[SymptomKey, int]


def shown(batch: Batch, telemetry: Telemetry) -> Said:
    """The symptoms that events, services and counters of servers show."""
    keys: Shown = {}
    servers: list[Ints] = []
    codes: list[Ints] = []
    for name, of_part in _LISTENERS.items():
        told = part(batch.records, name)
        if told is not None and len(told.lists.elements) and telemetry.listens_to(name):
            owners, found = of_part(told, telemetry, keys)
            servers.append(owners)
            codes.append(found)
    if not servers:
        return Said.nothing()
    return Said(np.concatenate(servers), np.concatenate(codes), list(keys))


def _events(told: Part, telemetry: Telemetry, keys: Shown) -> tuple[Ints, Ints]:
    def facts(texts: Sequence[str | None]) -> Server:
        source, number, message = texts
        event = Event(source or "", int(float(number)) if number else None, message or "")
        return Server("", events=(event,))

    return _distinct(told, ("source", "id", "message"), lambda texts: telemetry.observed(facts(texts)), keys)


def _services(told: Part, telemetry: Telemetry, keys: Shown) -> tuple[Ints, Ints]:
    def facts(texts: Sequence[str | None]) -> Server:
        return Server("", services=(ServiceState(texts[0] or "", texts[1] or ""),))

    return _distinct(told, ("name", "state"), lambda texts: telemetry.observed(facts(texts)), keys)


def _distinct(
    told: Part,
    fields: Sequence[str],
    look: Callable[[Sequence[str | None]], frozenset[SymptomKey]],
    keys: Shown,
) -> tuple[Ints, Ints]:
    """What each distinct object shows, for all servers that tell it."""
    columns = [told.texts(name) for name in fields]
    found: Dense = alike(len(told.lists.elements))
    for column in columns:
        if column is not None:
            found = joined(found, column.codes, column.untold + 1)
    found = settled(found)
    values = [column.values() if column is not None else [] for column in columns]
    objects: list[Ints] = []
    codes: list[Ints] = []
    for kind, row in enumerate(found.rows().tolist()):
        texts = [
            own[column.codes[row]] if column is not None else None
            for column, own in zip(columns, values, strict=True)
        ]
        for key in look(texts):
            rows = np.flatnonzero(found.codes == kind)
            objects.append(rows)
            codes.append(np.full(len(rows), keys.setdefault(key, len(keys))))
    if not objects:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return told.lists.owners[np.concatenate(objects)], np.concatenate(codes)


def _counters(told: Part, telemetry: Telemetry, keys: Shown) -> tuple[Ints, Ints]:
    """Readings of counters belong together: servers are looked at one by one."""
    column = told.texts("name")
    wanted = (
        [text is not None and telemetry.knows_counter(text) for text in column.values()] if column else []
    )
    rows = (
        np.flatnonzero(np.array(wanted, np.bool_)[column.codes])
        if column is not None
        else np.zeros(0, np.int64)
    )
    servers: list[int] = []
    codes: list[int] = []
    for place in np.unique(told.lists.owners[rows]).tolist():
        begin, end = told.lists.begins[place : place + 2]
        record = {"server": "one", "counters": told.lists.elements[begin:end].to_pylist()}
        server = server_from_record(record, Position("", 0), [])
        for key in telemetry.observed(server) if server is not None else ():
            servers.append(place)
            codes.append(keys.setdefault(key, len(keys)))
    return np.array(servers, np.int64), np.array(codes, np.int64)


_LISTENERS = {"events": _events, "services": _services, "counters": _counters}

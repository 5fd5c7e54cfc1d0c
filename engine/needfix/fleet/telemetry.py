"""What events, services and counters of servers show of symptoms, and what they may show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from needfix.compare.possible import may_be_in_state
from needfix.compare.telemetry import Shown, SymptomKey, Telemetry
from needfix.errors import Position
from needfix.fleet.arrays import Dense, Flags, Ints, joined, settled, uniform
from needfix.fleet.columns import ObjectColumn, Texts, part
from needfix.fleet.facts import Batch, Statements, mask_of
from needfix.intake.vocabularies import is_short_name
from needfix.inventory import server_from_record
from needfix.model.server import Event, Scope, Server, ServiceState, as_read


class TelemetrySymptoms(NamedTuple):
    """The symptoms that telemetry shows, may show, and may show by a state that is not understood."""

    seen: Statements
    possible: Statements
    unread: Statements


_Found = tuple[list[Ints], list[Shown]]
"""Servers, and what each of them shows by an object or by its counters."""


def symptoms_of_telemetry(batch: Batch, telemetry: Telemetry) -> TelemetrySymptoms:
    """What events, services and counters of servers show."""
    found = [
        of_part(stated, telemetry, (batch.reports & mask_of([name])) != 0)
        for name, of_parts in _READERS
        if (stated := part(batch.records, name)) is not None
        and len(stated.lists.elements)
        and telemetry.listens_to(name)
        for of_part in of_parts
    ]
    return TelemetrySymptoms(*(_statements(found, kind) for kind in range(len(Shown._fields))))


def _statements(found: Sequence[_Found], kind: int) -> Statements:
    keys: dict[SymptomKey, int] = {}
    servers: list[Ints] = []
    codes: list[Ints] = []
    for owners, shown in found:
        for own, what in zip(owners, shown, strict=True):
            for key in what[kind]:
                servers.append(own)
                codes.append(np.full(len(own), keys.setdefault(key, len(keys))))
    if not servers:
        return Statements.nothing()
    return Statements(np.concatenate(servers), np.concatenate(codes), list(keys))


def _events(stated: ObjectColumn, telemetry: Telemetry, _is_whole: Flags) -> _Found:
    def shown(texts: Sequence[str | None]) -> Shown:
        source, number, message = texts
        event = as_read(
            Event, source=source or "", id=int(float(number)) if number else None, message=message or ""
        )
        return telemetry.shown(as_read(Server, server="", events=(event,)))

    return _distinct(stated, ("source", "id", "message"), shown)


def _services(stated: ObjectColumn, telemetry: Telemetry, _is_whole: Flags) -> _Found:
    def shown(texts: Sequence[str | None]) -> Shown:
        state = as_read(ServiceState, name=texts[0] or "", state=texts[1] or "")
        return telemetry.shown(as_read(Server, server="", services=(state,)))

    return _distinct(stated, ("name", "state"), shown)


def _other_services(stated: ObjectColumn, telemetry: Telemetry, is_whole: Flags) -> _Found:
    """What services may show that a whole list has not, or under other names."""
    names, states = stated.texts("name"), stated.texts("state")
    owners: list[Ints] = []
    shown: list[Shown] = []
    if names is None or not is_whole.any():
        return owners, shown
    have_others = is_whole & _have(stated, names, lambda name: not is_short_name(name))
    for service, observations in telemetry.services.items() if have_others.any() else ():
        lack_it = have_others & ~_have(stated, names, partial(_is_named, service))
        for seen in observations:
            found = lack_it & _have(stated, states, partial(may_be_in_state, seen))
            if found.any():
                owners.append(np.flatnonzero(found))
                shown.append(Shown(possible=telemetry.shown_by(seen)))
    return owners, shown


def _is_named(service: str, name: str) -> bool:
    return name.casefold() == service


def _have(stated: ObjectColumn, column: Texts | None, is_selected: Callable[[str], bool]) -> Flags:
    """The servers that have an object whose text is selected; one that is not stated is empty."""
    found = np.zeros(len(stated.lists.begins) - 1, np.bool_)
    if column is None:
        return found | is_selected("") & (stated.lists.lengths > 0)
    found[stated.lists.owners[column.rows(lambda text: is_selected(text or ""))]] = True
    return found


def _distinct(
    stated: ObjectColumn, fields: Sequence[str], look: Callable[[Sequence[str | None]], Shown]
) -> _Found:
    """What each distinct object shows, for all servers that state it."""
    columns = [stated.texts(name) for name in fields]
    found: Dense = uniform(len(stated.lists.elements))
    for column in columns:
        if column is not None:
            found = joined(found, column.codes, column.unstated + 1)
    found = settled(found)
    values = [column.values() if column is not None else [] for column in columns]
    owners: list[Ints] = []
    shown: list[Shown] = []
    for kind, row in enumerate(found.rows().tolist()):
        texts = [
            own[column.codes[row]] if column is not None else None
            for column, own in zip(columns, values, strict=True)
        ]
        what = look(texts)
        if any(what):
            owners.append(stated.lists.owners[np.flatnonzero(found.codes == kind)])
            shown.append(what)
    return owners, shown


def _counters(stated: ObjectColumn, telemetry: Telemetry, is_whole: Flags) -> _Found:
    """Readings of counters belong together: servers are evaluated one by one."""
    column = stated.texts("name")
    owners: list[Ints] = []
    shown: list[Shown] = []
    if column is None:
        return owners, shown
    have_known = _have(stated, column, telemetry.knows_counter)
    have_others = is_whole & _have(stated, column, lambda name: not is_short_name(name))
    for place in np.flatnonzero(have_known | have_others).tolist():
        begin, end = stated.lists.begins[place : place + 2]
        scopes = ["counters"] if is_whole[place] else []
        counters = stated.lists.elements[begin:end].to_pylist()
        record = {"server": "one", "counters": counters, "complete": scopes}
        server = server_from_record(record, Position("", 0), [])
        if server is not None:
            owners.append(np.array([place]))
            shown.append(telemetry.shown(server))
    return owners, shown


_Reader = Callable[[ObjectColumn, Telemetry, Flags], _Found]
_READERS: tuple[tuple[Scope, tuple[_Reader, ...]], ...] = (
    ("events", (_events,)),
    ("services", (_services, _other_services)),
    ("counters", (_counters,)),
)

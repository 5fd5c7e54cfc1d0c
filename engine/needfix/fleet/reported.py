"""What servers report of symptoms, telemetry and hotfixes, as rule bits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from needfix.compare.reported import normal_id, symptom_names
from needfix.compare.telemetry import SymptomKey, Telemetry
from needfix.decide.checklist import RuleChecklist
from needfix.errors import Position
from needfix.fleet.arrays import Dense, Flags, Ints, Words, joined, settled, uniform
from needfix.fleet.bits import width, words
from needfix.fleet.columns import ObjectColumn, lists, part
from needfix.fleet.facts import Batch, Statements, mask_of
from needfix.inventory import server_from_record
from needfix.model.evidence import Symptoms
from needfix.model.rule import Symptom, scope_of
from needfix.model.server import Event, Scope, Server, ServiceState, as_read


def hotfixes(batch: Batch) -> tuple[Statements, Flags]:
    """The hotfixes that servers list, by the form that ids are compared in, and whether they have a list."""
    listed = lists(batch.records, "hotfixes")
    for owners, column in batch.listed("hotfixes"):
        return Statements(
            owners.owners, column.codes, [normal_id(text or "") for text in column.values()]
        ), owners.is_stated
    return Statements.nothing(), listed.is_stated if listed is not None else np.zeros(len(batch), np.bool_)


def claimed(rules: Sequence[RuleChecklist], listed: Statements, places: Ints, count: int) -> Words:
    """The rules that servers of a checklist claim."""
    numbers: dict[object, list[int]] = {}
    for place, rule in enumerate(rules):
        numbers.setdefault(normal_id(rule.rule.id), []).append(place)
    return spread(listed.of(places), count, width(len(rules)), numbers.get)


SymptomCodes = dict[SymptomKey, int]


def shown_by_telemetry(batch: Batch, telemetry: Telemetry) -> Statements:
    """The symptoms that events, services and counters of servers show."""
    keys: SymptomCodes = {}
    servers: list[Ints] = []
    codes: list[Ints] = []
    for name, of_part in _READERS.items():
        stated = part(batch.records, name)
        if stated is not None and len(stated.lists.elements) and telemetry.listens_to(name):
            owners, found = of_part(stated, telemetry, keys)
            servers.append(owners)
            codes.append(found)
    if not servers:
        return Statements.nothing()
    return Statements(np.concatenate(servers), np.concatenate(codes), list(keys))


def _events(stated: ObjectColumn, telemetry: Telemetry, keys: SymptomCodes) -> tuple[Ints, Ints]:
    def facts(texts: Sequence[str | None]) -> Server:
        source, number, message = texts
        event = as_read(
            Event, source=source or "", id=int(float(number)) if number else None, message=message or ""
        )
        return as_read(Server, server="", events=(event,))

    return _distinct(
        stated, ("source", "id", "message"), lambda texts: telemetry.observed(facts(texts)), keys
    )


def _services(stated: ObjectColumn, telemetry: Telemetry, keys: SymptomCodes) -> tuple[Ints, Ints]:
    def facts(texts: Sequence[str | None]) -> Server:
        state = as_read(ServiceState, name=texts[0] or "", state=texts[1] or "")
        return as_read(Server, server="", services=(state,))

    return _distinct(stated, ("name", "state"), lambda texts: telemetry.observed(facts(texts)), keys)


def _distinct(
    stated: ObjectColumn,
    fields: Sequence[str],
    look: Callable[[Sequence[str | None]], frozenset[SymptomKey]],
    keys: SymptomCodes,
) -> tuple[Ints, Ints]:
    """What each distinct object shows, for all servers that state it."""
    columns = [stated.texts(name) for name in fields]
    found: Dense = uniform(len(stated.lists.elements))
    for column in columns:
        if column is not None:
            found = joined(found, column.codes, column.unstated + 1)
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
    return stated.lists.owners[np.concatenate(objects)], np.concatenate(codes)


def _counters(stated: ObjectColumn, telemetry: Telemetry, keys: SymptomCodes) -> tuple[Ints, Ints]:
    """Readings of counters belong together: servers are evaluated one by one."""
    column = stated.texts("name")
    is_known = (
        [text is not None and telemetry.knows_counter(text) for text in column.values()] if column else []
    )
    rows = (
        np.flatnonzero(np.array(is_known, np.bool_)[column.codes])
        if column is not None
        else np.zeros(0, np.int64)
    )
    servers: list[int] = []
    codes: list[int] = []
    for place in np.unique(stated.lists.owners[rows]).tolist():
        begin, end = stated.lists.begins[place : place + 2]
        record = {"server": "one", "counters": stated.lists.elements[begin:end].to_pylist()}
        server = server_from_record(record, Position("", 0), [])
        for key in telemetry.observed(server) if server is not None else ():
            servers.append(place)
            codes.append(keys.setdefault(key, len(keys)))
    return np.array(servers, np.int64), np.array(codes, np.int64)


_READERS = {"events": _events, "services": _services, "counters": _counters}


class SymptomFacts(NamedTuple):
    """All that the servers of a batch state about symptoms; `scopes` are bits in the order of SCOPES."""

    observed: Statements
    absent: Statements
    shown: Statements
    scopes: Ints

    def has_facts(self, count: int) -> Flags:
        """The servers that state anything about symptoms."""
        found: Flags = (self.scopes & mask_of(_SYMPTOM_SCOPES)) != 0
        for statements in (self.observed, self.absent, self.shown):
            found[statements.servers] = True
        return found[:count]


_SYMPTOM_SCOPES: tuple[Scope, ...] = ("symptoms", "events", "services", "counters")


class SymptomEvidence:
    """Works out the evidence for servers of one checklist."""

    def __init__(self, rules: Sequence[RuleChecklist]) -> None:
        self._size = width(len(rules))
        pairs = [
            (place, number, rule.rule.id, symptom)
            for place, rule in enumerate(rules)
            for number, symptom in enumerate(rule.rule.symptoms)
        ]
        self._observed = _by_name((place, rules[place], symptom) for place, _, _, symptom in pairs)
        self._shown: dict[SymptomKey, list[int]] = {}
        for place, _, rule_id, symptom in pairs:
            self._shown.setdefault((rule_id, symptom.id), []).append(place)
        self._layers = [
            _SymptomLayer(
                [(place, rules[place], s) for place, number, _, s in pairs if number == layer], self._size
            )
            for layer in range(max((number for _, number, _, _ in pairs), default=-1) + 1)
        ]
        self._any = words((place for place, *_ in pairs), self._size)

    def of(self, reported: SymptomFacts, places: Ints, count: int) -> Mapping[Symptoms, Words]:
        """The evidence for so many servers; `places` has the row of each server of the batch, or -1."""
        observed = spread(reported.observed.of(places), count, self._size, self._observed.get)
        observed |= spread(reported.shown.of(places), count, self._size, self._shown.get)
        scopes = np.zeros(count, np.int64)
        scopes[places[places >= 0]] = reported.scopes[places >= 0]
        denied = reported.absent.of(places)
        absent = np.broadcast_to(self._any, observed.shape)
        for layer in self._layers:
            absent = absent & (layer.denied(denied, count) | layer.out_of_scope(scopes) | ~layer.has)
        absent = absent & ~observed
        return {"observed": observed, "absent": absent, "unreported": ~(observed | absent)}

    def contradicted(self, reported: SymptomFacts, places: Ints, count: int) -> Words:
        """The rules with a symptom that is observed and denied at the same time."""
        observed, shown, denied = (
            statements.of(places) for statements in (reported.observed, reported.shown, reported.absent)
        )
        found = np.zeros((count, self._size), np.uint64)
        for layer in self._layers:
            found |= layer.denied(denied, count) & layer.seen(observed, shown, count)
        return found


def spread(
    statements: Statements, count: int, size: int, places_of: Callable[..., list[int] | None]
) -> Words:
    """For each server the bits of all that it states."""
    found = np.zeros((count, size), np.uint64)
    if len(statements.servers):
        table = np.array([words(places_of(what) or (), size) for what in statements.what])
        np.bitwise_or.at(found, statements.servers, table[statements.codes])
    return found


class _SymptomLayer:
    """Of each rule one symptom at most."""

    def __init__(self, symptoms: Sequence[tuple[int, RuleChecklist, Symptom]], size: int) -> None:
        self._size = size
        self._symptoms = symptoms
        self._names = _by_name(symptoms)
        self._keys = {(rule.rule.id, symptom.id): [place] for place, rule, symptom in symptoms}
        self._by_scopes: dict[int, Words] = {}
        self.has = words((place for place, *_ in symptoms), size)

    def denied(self, absent: Statements, count: int) -> Words:
        """The symptoms that servers deny."""
        return spread(absent, count, self._size, self._names.get)

    def seen(self, observed: Statements, shown: Statements, count: int) -> Words:
        """The symptoms that servers name, or that their telemetry shows."""
        named = spread(observed, count, self._size, self._names.get)
        return named | spread(shown, count, self._size, self._keys.get)

    def out_of_scope(self, scopes: Ints) -> Words:
        """The symptoms that servers would have reported, as they are complete for what shows them."""
        found = np.zeros((len(scopes), self._size), np.uint64)
        for mask in np.unique(scopes).tolist():
            found[scopes == mask] = self._reported_by(mask)
        return found

    def _reported_by(self, mask: int) -> Words:
        if mask not in self._by_scopes:
            reported = (place for place, _, symptom in self._symptoms if _is_reported(symptom, mask))
            self._by_scopes[mask] = words(reported, self._size)
        return self._by_scopes[mask]


def _is_reported(symptom: Symptom, mask: int) -> bool:
    if mask & mask_of(["symptoms"]):
        return True
    needed = mask_of(scope_of(seen) for seen in symptom.observe)
    return bool(symptom.observe) and mask & needed == needed


def _by_name(symptoms: Iterable[tuple[int, RuleChecklist, Symptom]]) -> dict[str, list[int]]:
    """The rules that each name of a symptom belongs to."""
    found: dict[str, list[int]] = {}
    for place, rule, symptom in symptoms:
        for name in symptom_names(rule.rule, symptom):
            found.setdefault(name, []).append(place)
    return found

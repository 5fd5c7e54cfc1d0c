"""What servers say about symptoms, as rule bits: those observed, and those that are certainly absent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from needfix.compare.reported import symptom_names
from needfix.compare.telemetry import SymptomKey
from needfix.decide.rule_plan import RulePlan
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.bits import width, words
from needfix.model.evidence import Symptoms
from needfix.model.rule import Symptom, scope_of
from needfix.model.server import SCOPES, Scope


class Said(NamedTuple):
    """Pairs of a server and something that it says, by its place in `what`."""

    servers: Ints
    codes: Ints
    what: Sequence[object]

    @classmethod
    def nothing(cls) -> Said:
        """No server says anything."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), ())

    def of(self, places: Ints) -> Said:
        """What servers say that have a place, by their places; -1 means none."""
        found = places[self.servers]
        return Said(found[found >= 0], self.codes[found >= 0], self.what)


class Speech(NamedTuple):
    """All that the servers of a batch say about symptoms; `scopes` are bits in the order of SCOPES."""

    observed: Said
    absent: Said
    shown: Said
    scopes: Ints

    def is_heard(self, count: int) -> Flags:
        """The servers that say anything about symptoms."""
        found: Flags = (self.scopes & mask_of(_TELLING)) != 0
        for said in (self.observed, self.absent, self.shown):
            found[said.servers] = True
        return found[:count]


_TELLING: tuple[Scope, ...] = ("symptoms", "events", "services", "counters")


def mask_of(scopes: Iterable[Scope]) -> int:
    """Scopes as bits."""
    return sum(1 << SCOPES.index(scope) for scope in set(scopes))


class SymptomEvidence:
    """Works out the evidence for servers of one plan."""

    def __init__(self, rules: Sequence[RulePlan]) -> None:
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

    def of(self, speech: Speech, places: Ints, count: int) -> Mapping[Symptoms, Words]:
        """The evidence for so many servers; `places` has the row of each server of the batch, or -1."""
        observed = spread(speech.observed.of(places), count, self._size, self._observed.get)
        observed |= spread(speech.shown.of(places), count, self._size, self._shown.get)
        scopes = np.zeros(count, np.int64)
        scopes[places[places >= 0]] = speech.scopes[places >= 0]
        denied = speech.absent.of(places)
        absent = np.broadcast_to(self._any, observed.shape)
        for layer in self._layers:
            absent = absent & (layer.denied(denied, count) | layer.out_of_scope(scopes) | ~layer.has)
        absent = absent & ~observed
        return {"observed": observed, "absent": absent, "unreported": ~(observed | absent)}

    def contradicted(self, speech: Speech, places: Ints, count: int) -> Words:
        """The rules of which a symptom is observed and denied at the same time."""
        observed, shown, denied = (said.of(places) for said in (speech.observed, speech.shown, speech.absent))
        found = np.zeros((count, self._size), np.uint64)
        for layer in self._layers:
            found |= layer.denied(denied, count) & layer.seen(observed, shown, count)
        return found


def spread(said: Said, count: int, size: int, places_of: Callable[..., list[int] | None]) -> Words:
    """For each server the bits of all that it says."""
    found = np.zeros((count, size), np.uint64)
    if len(said.servers):
        table = np.array([words(places_of(what) or (), size) for what in said.what])
        np.bitwise_or.at(found, said.servers, table[said.codes])
    return found


class _SymptomLayer:
    """Of each rule one symptom at most."""

    def __init__(self, symptoms: Sequence[tuple[int, RulePlan, Symptom]], size: int) -> None:
        self._size = size
        self._symptoms = symptoms
        self._names = _by_name(symptoms)
        self._keys = {(rule.rule.id, symptom.id): [place] for place, rule, symptom in symptoms}
        self._by_scopes: dict[int, Words] = {}
        self.has = words((place for place, *_ in symptoms), size)

    def denied(self, absent: Said, count: int) -> Words:
        """The symptoms that servers deny."""
        return spread(absent, count, self._size, self._names.get)

    def seen(self, observed: Said, shown: Said, count: int) -> Words:
        """The symptoms that servers name, or that their telemetry shows."""
        named = spread(observed, count, self._size, self._names.get)
        return named | spread(shown, count, self._size, self._keys.get)

    def out_of_scope(self, scopes: Ints) -> Words:
        """The symptoms that servers would have told, as they are complete for where those show."""
        found = np.zeros((len(scopes), self._size), np.uint64)
        for mask in np.unique(scopes).tolist():
            found[scopes == mask] = self._told_by(mask)
        return found

    def _told_by(self, mask: int) -> Words:
        if mask not in self._by_scopes:
            told = (place for place, _, symptom in self._symptoms if _is_told(symptom, mask))
            self._by_scopes[mask] = words(told, self._size)
        return self._by_scopes[mask]


def _is_told(symptom: Symptom, mask: int) -> bool:
    if mask & mask_of(["symptoms"]):
        return True
    needed = mask_of(scope_of(seen) for seen in symptom.observe)
    return bool(symptom.observe) and mask & needed == needed


def _by_name(symptoms: Iterable[tuple[int, RulePlan, Symptom]]) -> dict[str, list[int]]:
    """The rules that each name of a symptom speaks of."""
    found: dict[str, list[int]] = {}
    for place, rule, symptom in symptoms:
        for name in symptom_names(rule.rule, symptom):
            found.setdefault(name, []).append(place)
    return found

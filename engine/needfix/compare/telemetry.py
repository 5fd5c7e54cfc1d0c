"""Events, service states and counters turned into observed symptoms.

The rules' `observe` blocks are compiled into durable-rules networks over tokens. Each distinct
observation is one network rule, however many rules share it, and each network stays far below the
limits of durable-rules. The symptoms that a fact shows are inferred once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from needfix.compare.possible import PossibleObservations, folded, is_above
from needfix.infer.network import MOST_RULES, Fact, Network, NetworkRule
from needfix.intake.vocabularies import service_state
from needfix.model.rule import Rule
from needfix.model.server import CounterSample, Event, Server
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen, scope_of
from needfix.versions import parse_clock_time

TokenFact = tuple[tuple[str, str], ...]
"""A fact as pairs; only facts that a catalogue's observations distinguish are different."""


class Tokens:
    """Tokens for the names, texts and thresholds in a catalogue's observations."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._sources: dict[str, str] = {}
        self._texts: dict[str, dict[str, str]] = {}
        self._services: dict[str, str] = {}
        self._states: dict[str, str] = {}
        self._counters: dict[CounterSeen, str] = {}
        self._ids: dict[int, str] = {}
        self._patterns = {seen: self._pattern(seen) for seen in observations}

    def pattern(self, observation: Observation) -> Fact:
        """The values that a fact must have to show an observation."""
        return self._patterns[observation]

    def facts(self, server: Server) -> Sequence[TokenFact]:
        """A server's telemetry in tokens, each fact once, without what no observation names."""
        facts = [fact for event in server.events or () for fact in self._event_facts(event)]
        facts += (fact for own in server.services or () for fact in self._service_facts(own.name, own.state))
        facts += self._counter_facts(server.counters or ())
        return list(dict.fromkeys(tuple(fact.items()) for fact in facts))

    def _pattern(self, seen: Observation) -> dict[str, str]:
        match seen:
            case EventSeen():
                return self._event_pattern(seen)
            case ServiceSeen(service, state):
                name = _number(self._services, service.casefold(), "v")
                token = _number(self._states, service_state(state) or state.casefold(), "w")
                return {"kind": "service", "service": name, "state": token}
            case CounterSeen():
                return {"kind": "counter", "held": self._counters.setdefault(seen, f"c{len(self._counters)}")}

    def _event_pattern(self, seen: EventSeen) -> dict[str, str]:
        source = _number(self._sources, seen.source.casefold(), "s")
        pattern = {"kind": "event", "source": source}
        if seen.id is not None:
            pattern["event"] = self._ids.setdefault(seen.id, f"e{len(self._ids)}")
        if seen.contains is not None:
            texts = self._texts.setdefault(source, {})
            pattern["text"] = _number(texts, folded(seen.contains), "t")
        return pattern

    def _event_facts(self, event: Event) -> Iterator[dict[str, str]]:
        source = self._sources.get(event.source.casefold())
        if source is None:
            return
        fact = {"kind": "event", "source": source}
        event_id = None if event.id is None else self._ids.get(event.id)
        if event_id is not None:
            fact["event"] = event_id
        yield fact
        texts = self._texts.get(source)
        message = folded(event.message) if texts else ""
        for text, token in (texts or {}).items():
            if text in message:
                yield {**fact, "text": token}

    def _service_facts(self, name: str, state: str) -> Iterator[dict[str, str]]:
        known = service_state(state)
        service, token = self._services.get(name.casefold()), self._states.get(known) if known else None
        if service is not None and token is not None:
            yield {"kind": "service", "service": service, "state": token}

    def _counter_facts(self, samples: Sequence[CounterSample]) -> Iterator[dict[str, str]]:
        for seen, token in self._counters.items():
            name = seen.counter.casefold()
            if held_above([sample for sample in samples if sample.name.casefold() == name], seen):
                yield {"kind": "counter", "held": token}


def held_above(samples: Sequence[CounterSample], seen: CounterSeen) -> bool:
    """Whether a counter was above a value for long enough, by one sample or by consecutive ones."""
    high = [sample for sample in samples if is_above(sample.value, seen)]
    if not seen.for_seconds:
        return bool(high)
    return any((sample.held_seconds or 0) >= seen.for_seconds for sample in high) or _in_a_row(samples, seen)


_NO_READING = -math.inf
"""Stands for a reading that is not stated: it shows nothing, and ends a row of high ones."""


def _in_a_row(samples: Sequence[CounterSample], seen: CounterSeen) -> bool:
    """Whether readings one after another were above a value for long enough, whenever exactly they were."""
    timed = sorted(
        (moment, _NO_READING if s.value is None else s.value)
        for s in samples
        if s.at and (moment := parse_clock_time(s.at))
    )
    is_in_order = len({moment.has_zone for moment, _ in timed}) <= 1
    if not is_in_order or any(not moment.has_time and value <= seen.above for moment, value in timed):
        return False
    begin: datetime | None = None
    for moment, value in timed:
        if value <= seen.above:
            begin = None
            continue
        own = moment.first if moment.has_time else moment.last
        begin = own if begin is None else min(begin, own)
        if (moment.first - begin).total_seconds() >= seen.for_seconds:
            return True
    return False


def _number(known: dict[str, str], text: str, prefix: str) -> str:
    return known.setdefault(text, f"{prefix}{len(known)}")


SymptomKey = tuple[str, str]
"""The id of a rule and the id of one of its symptoms."""


class Shown(NamedTuple):
    """What telemetry shows: symptoms that are `seen`, and those that are `possible`.

    A symptom is possible where an entry lacks a value and would match if it were right. `unread` are those
    that are possible because the state of a service is not understood.
    """

    seen: frozenset[SymptomKey] = frozenset()
    possible: frozenset[SymptomKey] = frozenset()
    unread: frozenset[SymptomKey] = frozenset()


_NOTHING = Shown()


class Telemetry:
    """The observations of a catalogue, compiled."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._shows = _symptoms_by_observation(rules)
        self._tokens = Tokens(self._shows)
        self._known: dict[TokenFact, frozenset[SymptomKey]] = {}
        observations = list(self._shows)
        self._possible = PossibleObservations(observations)
        self._parts = [
            _ObservationNetwork(observations[start : start + MOST_RULES], self._tokens)
            for start in range(0, len(observations), MOST_RULES)
        ]

    def for_rules(self, rules: Iterable[Rule]) -> Telemetry:
        """The observations of other rules: where they are the same, these with what was inferred of them."""
        return self if _symptoms_by_observation(rules) == self._shows else Telemetry(rules)

    def shown(self, server: Server) -> Shown:
        """The symptoms that a server's events, services and counters show, or may show."""
        if not self._parts or not (server.events or server.services or server.counters):
            return _NOTHING
        services = [(own, seen) for own in server.services or () for seen in self._possible.of_service(own)]
        possible: list[Observation] = [seen for _, seen in services]
        if "services" in server.complete:
            possible += self._possible.of_other_services(server.services or ())
        is_whole = "counters" in server.complete
        possible += self._possible.of_counters(server.counters or (), is_whole=is_whole)
        possible += (seen for event in server.events or () for seen in self._possible.of_event(event))
        unread = (
            seen
            for own, seen in services
            if service_state(own.state) is None and own.name.casefold() == seen.service.casefold()
        )
        return Shown(self._seen(server), self._symptoms(possible), self._symptoms(unread))

    def _symptoms(self, observations: Iterable[Observation]) -> frozenset[SymptomKey]:
        return frozenset(key for seen in observations for key in self._shows[seen])

    def _seen(self, server: Server) -> frozenset[SymptomKey]:
        facts = self._tokens.facts(server)
        new = [fact for fact in facts if fact not in self._known]
        self._known.update({fact: frozenset(self._symptoms_shown_by(fact)) for fact in new})
        return frozenset().union(*(self._known[fact] for fact in facts))

    def listens_to(self, scope: str) -> bool:
        """Whether any observation is of this scope: events, services or counters."""
        return any(scope_of(observation) == scope for observation in self._shows)

    @property
    def services(self) -> Mapping[str, Sequence[ServiceSeen]]:
        """The observations of services, by their names casefolded."""
        return self._possible.services

    def shown_by(self, observation: Observation) -> frozenset[SymptomKey]:
        """The symptoms that an observation is of."""
        return self._symptoms([observation])

    def knows_counter(self, name: str) -> bool:
        """Whether any observation is of a counter with this name, which may be left out."""
        return self._possible.knows_counter(name)

    def _symptoms_shown_by(self, fact: TokenFact) -> Iterator[SymptomKey]:
        """The symptoms that a fact shows; an observation always needs a single fact."""
        for part in self._parts:
            for observation in part.seen(dict(fact)):
                yield from self._shows[observation]


class _ObservationNetwork:
    """One network, with its observations."""

    def __init__(self, observations: Sequence[Observation], tokens: Tokens) -> None:
        self._names = {f"o{number}": seen for number, seen in enumerate(observations)}
        self._patterns = {name: tokens.pattern(seen) for name, seen in self._names.items()}
        self._kinds = frozenset(pattern["kind"] for pattern in self._patterns.values())
        self._network: Network | None = None

    def seen(self, fact: Fact) -> Iterator[Observation]:
        """The observations that a fact shows."""
        if fact["kind"] in self._kinds:
            yield from (self._names[name] for name in self._own_network().run([fact]))

    def _own_network(self) -> Network:
        if self._network is None:
            self._network = Network([NetworkRule(name, when) for name, when in self._patterns.items()])
        return self._network


def _symptoms_by_observation(rules: Iterable[Rule]) -> dict[Observation, list[SymptomKey]]:
    shows: dict[Observation, list[SymptomKey]] = {}
    for rule in rules:
        for symptom in rule.symptoms:
            for observation in symptom.observe:
                shows.setdefault(observation, []).append((rule.id, symptom.id))
    return shows

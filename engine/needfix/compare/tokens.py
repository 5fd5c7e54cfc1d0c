"""Telemetry and observations as tokens: all that durable-rules gets to see of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from needfix.infer.network import Fact
from needfix.model.rule import CounterSeen, EventSeen, Observation, ServiceSeen
from needfix.model.server import CounterSample, Event, Server
from needfix.versions import parse_moment

TokenFact = tuple[tuple[str, str], ...]
"""A fact as pairs; there are no more of them than a catalogue's observations can tell apart."""


class Tokens:
    """Numbers the names, texts and thresholds that a catalogue's observations speak of."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._sources: dict[str, str] = {}
        self._texts: dict[str, dict[str, str]] = {}
        self._services: dict[str, str] = {}
        self._states: dict[str, str] = {}
        self._counters: dict[CounterSeen, str] = {}
        self._ids: dict[int, str] = {}
        self._patterns = {seen: self._pattern(seen) for seen in observations}

    def pattern(self, observation: Observation) -> Fact:
        """What a fact must equal to show an observation."""
        return self._patterns[observation]

    def facts(self, server: Server) -> Sequence[TokenFact]:
        """What a server's telemetry says in tokens, each fact once; the rest is no one's concern."""
        facts = [fact for event in server.events for fact in self._event_facts(event)]
        facts += (fact for state in server.services for fact in self._service_facts(state.name, state.state))
        facts += self._counter_facts(server.counters)
        return list(dict.fromkeys(tuple(fact.items()) for fact in facts))

    def _pattern(self, seen: Observation) -> dict[str, str]:
        match seen:
            case EventSeen():
                return self._event_pattern(seen)
            case ServiceSeen(service, state):
                name = _number(self._services, service.casefold(), "v")
                return {
                    "kind": "service",
                    "service": name,
                    "state": _number(self._states, state.casefold(), "w"),
                }
            case CounterSeen():
                return {"kind": "counter", "held": self._counters.setdefault(seen, f"c{len(self._counters)}")}

    def _event_pattern(self, seen: EventSeen) -> dict[str, str]:
        source = _number(self._sources, seen.source.casefold(), "s")
        pattern = {"kind": "event", "source": source}
        if seen.id is not None:
            pattern["event"] = self._ids.setdefault(seen.id, f"e{len(self._ids)}")
        if seen.contains is not None:
            texts = self._texts.setdefault(source, {})
            pattern["text"] = _number(texts, _folded(seen.contains), "t")
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
        message = _folded(event.message) if texts else ""
        for text, token in (texts or {}).items():
            if text in message:
                yield {**fact, "text": token}

    def _service_facts(self, name: str, state: str) -> Iterator[dict[str, str]]:
        service, token = self._services.get(name.casefold()), self._states.get(state.casefold())
        if service is not None and token is not None:
            yield {"kind": "service", "service": service, "state": token}

    def _counter_facts(self, samples: Sequence[CounterSample]) -> Iterator[dict[str, str]]:
        for seen, token in self._counters.items():
            name = seen.counter.casefold()
            if held_above([sample for sample in samples if sample.name.casefold() == name], seen):
                yield {"kind": "counter", "held": token}


def held_above(samples: Sequence[CounterSample], seen: CounterSeen) -> bool:
    """Whether a counter was above a value for long enough, by one reading or by several in a row."""
    high = [sample for sample in samples if sample.value > seen.above]
    if not seen.for_seconds:
        return bool(high)
    return any((sample.held_seconds or 0) >= seen.for_seconds for sample in high) or _in_a_row(samples, seen)


def _in_a_row(samples: Sequence[CounterSample], seen: CounterSeen) -> bool:
    timed = [(moment.first, s.value) for s in samples if s.at and (moment := parse_moment(s.at))]
    held = 0.0
    for (before, low), (after, high) in pairwise(sorted(timed)):
        both = low > seen.above and high > seen.above
        held = held + (after - before).total_seconds() if both else 0.0
        if held >= seen.for_seconds:
            return True
    return False


def _number(known: dict[str, str], text: str, prefix: str) -> str:
    return known.setdefault(text, f"{prefix}{len(known)}")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())

"""Symptoms that telemetry may show: an entry lacks a value, and would match if that value were right.

Such a symptom is neither observed nor absent, also where the scope of the entry is complete. A complete list
with names for people to read, such as those that Windows displays, may have a service or counter under
another name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from needfix.intake.vocabularies import is_lacking, is_short_name, lacks_message, service_state
from needfix.model.server import CounterSample, Event, ServiceState
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen
from needfix.versions import parse_clock_time

T = TypeVar("T", EventSeen, ServiceSeen, CounterSeen)


def folded(text: str) -> str:
    """A text casefolded, with line breaks as spaces."""
    return " ".join(text.casefold().split())


class PossibleObservations:
    """The observations of a catalogue by the names of their sources, services and counters."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        every = list(observations)
        self._events = _by_name((seen for seen in every if isinstance(seen, EventSeen)), _source)
        self._services = _by_name((seen for seen in every if isinstance(seen, ServiceSeen)), _service)
        self._counters = _by_name((seen for seen in every if isinstance(seen, CounterSeen)), _counter)

    def of_event(self, event: Event) -> Iterator[EventSeen]:
        """The observations that an event would match if the values that it lacks were right."""
        lacks_source, lacks_id = is_lacking(event.source), event.id is None
        own = _named(self._events, event.source, lacks=lacks_source)
        if not own:
            return
        lacks_text = lacks_message(event.message)
        message = "" if lacks_text else folded(event.message)
        for seen in own:
            asks_id, asks_message = seen.id is not None, seen.contains is not None
            if not (lacks_source or (asks_id and lacks_id) or (asks_message and lacks_text)):
                continue
            is_id = not asks_id or lacks_id or seen.id == event.id
            if is_id and (lacks_text or folded(seen.contains or "") in message):
                yield seen

    def of_service(self, entry: ServiceState) -> Iterator[ServiceSeen]:
        """The observations that a service would match if its name or state were stated and right."""
        lacks_name, state = is_lacking(entry.name), service_state(entry.state)
        for seen in _named(self._services, entry.name, lacks=lacks_name):
            known = service_state(seen.state)
            if state is None or known is None or (lacks_name and state == known):
                yield seen

    def of_other_services(self, entries: Sequence[ServiceState]) -> Iterator[ServiceSeen]:
        """The observations of services that a whole list has not, or under another name."""
        if not self._services or lists_short_names(entry.name for entry in entries):
            return
        listed = {entry.name.casefold() for entry in entries}
        for name, own in self._services.items():
            if name not in listed:
                yield from (
                    seen for seen in own if any(may_be_in_state(seen, entry.state) for entry in entries)
                )

    def of_counters(self, samples: Sequence[CounterSample], *, is_whole: bool) -> Iterator[CounterSeen]:
        """The observations that readings would match if a name, time or duration were stated and right.

        In a list that `is_whole` a counter that it has not may be there under another name.
        """
        if not self._counters or not samples:
            return
        named: defaultdict[str, list[CounterSample]] = defaultdict(list)
        for sample in samples:
            named["" if is_lacking(sample.name) else sample.name.casefold()].append(sample)
        has_others = is_whole and not lists_short_names(sample.name for sample in samples)
        for name, own in self._counters.items():
            others = samples if has_others and name not in named else named.get("", ())
            for seen in own:
                nameless = (sample.value for sample in others)
                if any(value is None or is_above(value, seen) for value in nameless) or may_be_held(
                    named.get(name, ()), seen
                ):
                    yield seen

    @property
    def services(self) -> Mapping[str, Sequence[ServiceSeen]]:
        """The observations of services, by their names casefolded."""
        return self._services

    def knows_counter(self, name: str) -> bool:
        """Whether a reading of a counter of this name can show or may show an observation."""
        return bool(self._counters) and (name.casefold() in self._counters or is_lacking(name))


def lists_short_names(names: Iterable[str]) -> bool:
    """Whether a list of services or counters has them by such names as observations do."""
    return all(map(is_short_name, names))


def may_be_in_state(seen: ServiceSeen, state: str) -> bool:
    """Whether a service is in the state that an observation names, as far as is known."""
    known, own = service_state(seen.state), service_state(state)
    return own is None or known is None or own == known


def is_above(value: float | None, seen: CounterSeen) -> bool:
    """Whether a reading is stated, and above the value that an observation names."""
    return value is not None and value > seen.above


def may_be_held(samples: Sequence[CounterSample], seen: CounterSeen) -> bool:
    """Whether a counter was above a value for long enough, if a value or time that it lacks were right."""
    if any(sample.value is None for sample in samples):
        return True
    high = [sample for sample in samples if is_above(sample.value, seen)]
    if not seen.for_seconds:
        return False
    if any(sample.held_seconds is None for sample in high):
        return True
    return len(high) > 1 and not all(map(_is_timed, high))


def _is_timed(sample: CounterSample) -> bool:
    moment = parse_clock_time(sample.at) if sample.at else None
    return moment is not None and moment.is_precise


Named = dict[str, list[T]]


def _by_name(observations: Iterable[T], name: Callable[[T], str]) -> Named[T]:
    found: Named[T] = {}
    for seen in observations:
        found.setdefault(name(seen).casefold(), []).append(seen)
    return found


def _named(known: Named[T], name: str, *, lacks: bool) -> Iterable[T]:
    if lacks:
        return [seen for own in known.values() for seen in own]
    return known.get(name.casefold(), ())


def _source(seen: EventSeen) -> str:
    return seen.source


def _service(seen: ServiceSeen) -> str:
    return seen.service


def _counter(seen: CounterSeen) -> str:
    return seen.counter

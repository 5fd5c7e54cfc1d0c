"""Compares observations: which are equal, and which are narrower than others."""

from __future__ import annotations

from collections.abc import Hashable

from needfix.intake.vocabularies import service_state
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen


def observation_key(seen: Observation) -> Hashable:
    """Equal for equal observations: names and texts are compared without case and line breaks."""
    match seen:
        case EventSeen(source, event_id, contains):
            return "event", source.casefold(), event_id, contains and folded(contains)
        case ServiceSeen(service, state):
            return "service", service.casefold(), service_state(state) or state.casefold()
        case CounterSeen(counter, above, seconds):
            return "counter", counter.casefold(), above, seconds


def is_implied(seen: Observation, by: Observation) -> bool:
    """Whether another observation occurs whenever this one does."""
    match seen, by:
        case EventSeen(), EventSeen():
            return _is_event_implied(seen, by)
        case CounterSeen(), CounterSeen():
            same = seen.counter.casefold() == by.counter.casefold()
            return same and by.above <= seen.above and by.for_seconds <= seen.for_seconds
        case _:
            return observation_key(seen) == observation_key(by)


def _is_event_implied(seen: EventSeen, by: EventSeen) -> bool:
    if seen.source.casefold() != by.source.casefold() or by.id not in (None, seen.id):
        return False
    return by.contains is None or (seen.contains is not None and folded(by.contains) in folded(seen.contains))


def folded(text: str) -> str:
    """A text casefolded, with line breaks as spaces."""
    return " ".join(text.casefold().split())

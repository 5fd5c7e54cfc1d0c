"""Telemetry that just shows an observation, and telemetry that just does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))


class ShownFacts(NamedTuple):
    """Facts in the form of cases, and what they are in words."""

    words: str
    given: dict[str, object]


def seen(observation: Observation) -> ShownFacts:
    """Telemetry at the boundary that shows an observation."""
    match observation:
        case EventSeen(source, number, contains):
            return ShownFacts(_event_words(source, number), _event(source, number, contains))
        case ServiceSeen(service, state):
            return _service(service, state)
        case CounterSeen(counter, above, for_seconds):
            return _counter(counter, _just_over(above), for_seconds)


def nearly_seen(observation: Observation, all_ids: Collection[int]) -> Iterator[ShownFacts]:
    """Telemetry one step off, for each condition of the observation.

    `all_ids` are those of events that the rule looks for.
    """
    match observation:
        case EventSeen(source, number, contains):
            if number is not None:
                other = next(one for one in count(number + 1) if one not in all_ids)
                yield ShownFacts(_event_words(source, other), _event(source, other, contains))
            if contains is not None:
                yield ShownFacts(
                    f"{_event_words(source, number)} of another text", _event(source, number, None)
                )
        case ServiceSeen(service, state):
            yield _service(service, "stopped" if state.casefold() == "running" else "running")
        case CounterSeen(counter, above, for_seconds):
            yield _counter(counter, above, for_seconds)
            if for_seconds:
                yield _counter(counter, _just_over(above), for_seconds - 1)


def _event_words(source: str, number: int | None) -> str:
    return f"event {number} of {source}" if number is not None else f"an event of {source}"


def _event(source: str, number: int | None, message: str | None) -> dict[str, object]:
    event = {"source": source, "id": None if number is None else str(number), "message": message}
    return {"events": [{key: value for key, value in event.items() if value is not None}]}


def _service(service: str, state: str) -> ShownFacts:
    return ShownFacts(f"{service} {state}", {"services": [{"name": service, "state": state}]})


def _counter(counter: str, value: float, seconds: float) -> ShownFacts:
    text = _number(value)
    held = {"for": _duration(seconds)} if seconds else {}
    words = f"{counter} {text}" + (f" for {held['for']}" if held else "")
    return ShownFacts(words, {"counters": [{"name": counter, "value": text, **held}]})


def _just_over(above: float) -> float:
    """One more in the last digit that is written."""
    exponent = Decimal(_number(above)).as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
    return float(Decimal(_number(above)) + step)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _duration(seconds: float) -> str:
    if seconds != int(seconds):
        return f"{max(seconds, 0):g}s"
    unit, letter = next(((one, letter) for one, letter in _UNITS if seconds % one == 0), (1, "s"))
    return f"{int(seconds) // unit}{letter}"

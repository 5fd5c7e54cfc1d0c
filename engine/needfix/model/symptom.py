"""Symptoms of a rule, and the telemetry that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from needfix.model.server import Scope
from needfix.model.value import Value


@dataclass(frozen=True, slots=True)
class EventSeen(Value):
    """An event log entry of a source, with an id or a text in its message or both."""

    source: str
    id: int | None = None
    contains: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceSeen(Value):
    """A service in a state."""

    service: str
    state: str


@dataclass(frozen=True, slots=True)
class CounterSeen(Value):
    """A counter above a value, throughout a number of seconds (0: at any moment)."""

    counter: str
    above: float
    for_seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The observation as a rule writes it."""
        seconds = f"{self.for_seconds:.9f}".rstrip("0").rstrip(".")
        lasts = {"for": f"{seconds}s"} if self.for_seconds else {}
        return {"counter": self.counter, "above": self.above, **lasts}


Observation = EventSeen | ServiceSeen | CounterSeen


def scope_of(seen: Observation) -> Scope:
    """The scope of an inventory in which an observation shows."""
    match seen:
        case EventSeen():
            return "events"
        case ServiceSeen():
            return "services"
        case CounterSeen():
            return "counters"


@dataclass(frozen=True, slots=True)
class Symptom(Value):
    """What the problem looks like; any one of `observe` shows it in telemetry."""

    id: str
    text: str
    observe: tuple[Observation, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The symptom as a rule writes it."""
        observe = {"observe": [seen.as_dict() for seen in self.observe]} if self.observe else {}
        return {"id": self.id, "text": self.text, **observe}

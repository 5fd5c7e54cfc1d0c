"""Whether a server shows the symptoms of a rule."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from needfix.cases.plain.reading import moment
from needfix.model.evidence import Symptoms
from needfix.model.rule import CounterSeen, EventSeen, Observation, Rule, ServiceSeen, Symptom, scope_of
from needfix.model.server import CounterSample, Event, Server


def symptoms(rule: Rule, server: Server) -> Symptoms:
    """Observed where any symptom is, absent where each is reported absent."""
    if any(_is_observed(rule, symptom, server) for symptom in rule.symptoms):
        return "observed"
    absent = [_is_absent(rule, symptom, server) for symptom in rule.symptoms]
    return "absent" if absent and all(absent) else "unreported"


def is_seen(seen: Observation, server: Server) -> bool:
    """Whether telemetry shows an observation."""
    match seen:
        case EventSeen():
            return any(_is_event(seen, event) for event in server.events)
        case ServiceSeen(service, state):
            observed = (service.casefold(), state.casefold())
            return any((one.name.casefold(), one.state.casefold()) == observed for one in server.services)
        case CounterSeen():
            samples = [one for one in server.counters if one.name.casefold() == seen.counter.casefold()]
            return _is_held(seen, samples)


def _is_observed(rule: Rule, symptom: Symptom, server: Server) -> bool:
    return _is_named(rule, symptom, server.observed) or any(is_seen(seen, server) for seen in symptom.observe)


def _is_absent(rule: Rule, symptom: Symptom, server: Server) -> bool:
    """Reported absent, or not reported by an inventory that would list it."""
    if _is_named(rule, symptom, server.absent) or "symptoms" in server.complete:
        return True
    return bool(symptom.observe) and {scope_of(seen) for seen in symptom.observe} <= server.complete


def _is_named(rule: Rule, symptom: Symptom, reported: Iterable[str]) -> bool:
    names = {symptom.id.casefold(), f"{rule.id}/{symptom.id}".casefold()}
    return any(one.casefold() in names for one in reported)


def _is_event(seen: EventSeen, event: Event) -> bool:
    is_source = seen.source.casefold() == event.source.casefold()
    is_id = seen.id is None or seen.id == event.id
    return is_source and is_id and _in_one_line(seen.contains or "") in _in_one_line(event.message)


def _in_one_line(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_held(seen: CounterSeen, samples: list[CounterSample]) -> bool:
    """Whether a counter was above its threshold for long enough, by one reading or by some in a row."""
    high = [sample for sample in samples if sample.value > seen.above]
    if not seen.for_seconds:
        return bool(high)
    if any(sample.held_seconds is not None and sample.held_seconds >= seen.for_seconds for sample in high):
        return True
    timed = sorted((at[0], sample.value) for sample in samples if (at := moment(sample.at)))
    rows = [list(row) for is_high, row in groupby(timed, lambda one: one[1] > seen.above) if is_high]
    return any((row[-1][0] - row[0][0]).total_seconds() >= seen.for_seconds for row in rows)

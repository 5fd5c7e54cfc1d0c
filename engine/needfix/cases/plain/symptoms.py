"""Whether a server shows the symptoms of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from needfix.cases.plain.times import Span, clock_time
from needfix.cases.plain.words import says_nothing, service_state
from needfix.intake.known_names import MESSAGES_NOT_FOUND
from needfix.intake.near import nearest
from needfix.model.evidence import Symptoms
from needfix.model.rule import Rule
from needfix.model.server import CounterSample, Event, Scope, Server, ServiceState
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen, Symptom

Sight = Literal["seen", "may-be", "not-seen"]


def symptoms(rule: Rule, server: Server) -> Symptoms:
    """Observed where any symptom is, absent where each is reported absent."""
    if any(_is_for_rule(rule, symptom, one) for symptom in rule.symptoms for one in server.observed or ()):
        return "observed-for-rule"
    if any(_is_observed(rule, symptom, server) for symptom in rule.symptoms):
        return "observed"
    absent = [_is_absent(rule, symptom, server) for symptom in rule.symptoms]
    return "absent" if absent and all(absent) else "unreported"


def is_contradicted(rule: Rule, server: Server) -> bool:
    """Whether one scope shows a symptom and another, complete one denies it."""
    return any(
        _is_observed(rule, symptom, server)
        and (_is_named(rule, symptom, server.absent) or _is_denied(rule, symptom, server))
        for symptom in rule.symptoms
    )


def is_seen(seen: Observation, server: Server) -> bool:
    """Whether telemetry shows an observation."""
    return sight(seen, server) == "seen"


def sight(seen: Observation, server: Server) -> Sight:
    """What telemetry says of an observation; an entry that lacks a value may be it."""
    match seen:
        case EventSeen():
            return _best(_event(seen, event) for event in server.events or ())
        case ServiceSeen():
            return _best(_service(seen, one, server.services or ()) for one in server.services or ())
        case CounterSeen():
            return _counter(seen, server.counters or ())


def _best(found: Iterable[Sight]) -> Sight:
    every = set(found)
    return "seen" if "seen" in every else "may-be" if "may-be" in every else "not-seen"


def _is_observed(rule: Rule, symptom: Symptom, server: Server) -> bool:
    return _is_named(rule, symptom, server.observed) or any(is_seen(seen, server) for seen in symptom.observe)


def _is_absent(rule: Rule, symptom: Symptom, server: Server) -> bool:
    """Reported absent, or not reported by an inventory that would list it."""
    if _is_named(rule, symptom, server.absent):
        return True
    if "symptoms" in listed(server) and not _may_be_named(rule, symptom, server):
        return True
    return bool(symptom.observe) and all(
        scope_of(seen) in listed(server) and sight(seen, server) == "not-seen" for seen in symptom.observe
    )


def _is_denied(rule: Rule, symptom: Symptom, server: Server) -> bool:
    """Whether a complete list of symptoms, or complete telemetry, leaves out what the other one shows."""
    is_named = _is_named(rule, symptom, server.observed) or _may_be_named(rule, symptom, server)
    if "symptoms" in listed(server) and not is_named:
        return True
    scopes = {scope_of(seen) for seen in symptom.observe}
    is_silent = all(sight(seen, server) == "not-seen" for seen in symptom.observe)
    return bool(scopes) and scopes <= listed(server) and is_silent


def listed(server: Server) -> frozenset[Scope]:
    """The scopes that a server is complete for, and of which it has a list.

    That of symptoms is the list of those observed. With a name that says nothing it is not whole: it may be
    any symptom.
    """
    lists: dict[Scope, object] = {
        "symptoms": None if any(map(says_nothing, server.observed or ())) else server.observed,
        "events": server.events,
        "services": server.services,
        "counters": server.counters,
        "hotfixes": server.hotfixes,
    }
    return frozenset(
        scope for scope, stated in lists.items() if scope in server.complete and stated is not None
    )


def _is_named(rule: Rule, symptom: Symptom, reported: Iterable[str] | None) -> bool:
    return any(
        one.casefold() == symptom.id.casefold() or _is_for_rule(rule, symptom, one) for one in reported or ()
    )


def _may_be_named(rule: Rule, symptom: Symptom, server: Server) -> bool:
    """Whether an id that no symptom of the rule has may have been meant as this one's."""
    known = {one.id.casefold() for one in rule.symptoms}
    wanted = symptom.id.casefold()
    for name in (one.casefold() for one in server.observed or ()):
        before, sign, own = name.rpartition("/")
        if own in known:
            continue
        if (sign or _article(own) == _article(rule.id.casefold())) and _article(before or own) == _article(
            rule.id.casefold()
        ):
            return True
        if not sign and (re.sub(r"[\W_]", "", own) == re.sub(r"[\W_]", "", wanted) or nearest(own, [wanted])):
            return True
    return False


def _is_for_rule(rule: Rule, symptom: Symptom, name: str) -> bool:
    """Whether a name is `rule/symptom`; KB279798 is Q279798."""
    before, sign, own = name.casefold().partition("/")
    return bool(sign) and own == symptom.id.casefold() and _article(before) == _article(rule.id.casefold())


def _article(rule_id: str) -> str:
    found = re.fullmatch("(?:q|kb)?([0-9]{5,8})", rule_id, re.ASCII)
    return found[1] if found else rule_id


def scope_of(seen: Observation) -> Scope:
    """The scope of an inventory in which an observation shows."""
    match seen:
        case EventSeen():
            return "events"
        case ServiceSeen():
            return "services"
        case CounterSeen():
            return "counters"


def _event(seen: EventSeen, event: Event) -> Sight:
    source: Sight = "seen" if seen.source.casefold() == event.source.casefold() else "not-seen"
    if says_nothing(event.source):
        source = "may-be"
    number: Sight = "seen" if seen.id is None or seen.id == event.id else "not-seen"
    if seen.id is not None and event.id is None:
        number = "may-be"
    text: Sight = "seen" if _in_one_line(seen.contains or "") in _in_one_line(event.message) else "not-seen"
    is_not_found = _in_one_line(event.message).startswith(MESSAGES_NOT_FOUND)
    if text == "not-seen" and (is_not_found or says_nothing(event.message)):
        text = "may-be"
    return _all_of([source, number, text])


def _is_by_another_name(wanted: str, names: Sequence[str]) -> bool:
    """Whether a list may have a service or counter under another name: it has names for people to read."""
    is_listed = wanted.casefold() in [name.casefold() for name in names]
    return not is_listed and any(says_nothing(name) or _is_for_people(name) for name in names)


def _is_for_people(name: str) -> bool:
    return any(not (sign.isascii() and (sign.isalnum() or sign in "._$#@&+!%~-")) for sign in name)


def _service(seen: ServiceSeen, one: ServiceState, every: Sequence[ServiceState]) -> Sight:
    name: Sight = "seen" if seen.service.casefold() == one.name.casefold() else "not-seen"
    if says_nothing(one.name) or _is_by_another_name(seen.service, [other.name for other in every]):
        name = "may-be"
    wanted, state = service_state(seen.state), service_state(one.state)
    if seen.state.casefold() == one.state.casefold() or (wanted is not None and wanted == state):
        return _all_of([name, "seen"])
    return _all_of([name, "may-be" if state is None else "not-seen"])


def _all_of(parts: Sequence[Sight]) -> Sight:
    if "not-seen" in parts:
        return "not-seen"
    return "may-be" if "may-be" in parts else "seen"


def _in_one_line(text: str) -> str:
    return " ".join(text.casefold().split())


def _counter(seen: CounterSeen, samples: Sequence[CounterSample]) -> Sight:
    """Whether a counter was above its threshold for long enough, by one reading or by some in a row."""
    own = [one for one in samples if one.name.casefold() == seen.counter.casefold()]
    is_renamed = _is_by_another_name(seen.counter, [one.name for one in samples])
    nameless = [
        one
        for one in samples
        if (is_renamed or says_nothing(one.name)) and (one.value is None or one.value > seen.above)
    ]
    high = [one for one in own if one.value is not None and one.value > seen.above]
    without_value = [one for one in own if one.value is None]
    is_held = any(one.held_seconds is not None and one.held_seconds >= seen.for_seconds for one in high)
    if (high and not seen.for_seconds) or is_held or _is_held_in_a_row(seen, own):
        return "seen"
    lacking = [one for one in high if one.held_seconds is None or (len(high) > 1 and not _is_timed(one))]
    return "may-be" if lacking or nameless or without_value else "not-seen"


def _is_timed(sample: CounterSample) -> bool:
    """Whether a reading has a time, written down to the second."""
    at = clock_time(sample.at)
    return at is not None and _is_to_the_second(at)


def _is_to_the_second(at: Span) -> bool:
    return (at.last - at.first).total_seconds() < 1


def _is_a_day(at: Span) -> bool:
    return (at.last - at.first).total_seconds() > _SECONDS_OF_A_MINUTE


_SECONDS_OF_A_MINUTE = 60


def _is_held_in_a_row(seen: CounterSeen, samples: Iterable[CounterSample]) -> bool:
    """Whether high readings follow each other for so long, wherever in their spans they were taken."""
    timed = sorted(
        (at.first, sample.value is not None and sample.value > seen.above, at)
        for sample in samples
        if (at := clock_time(sample.at))
    )
    if {at.has_zone for _, _, at in timed} == {True, False}:
        return False
    if any(not is_high and _is_a_day(at) for _, is_high, at in timed):
        return False
    rows = [[at for _, _, at in row] for is_high, row in groupby(timed, lambda one: one[1]) if is_high]
    begins = [min(at.last if _is_a_day(at) else at.first for at in row) for row in rows]
    return any(
        (row[-1].first - begin).total_seconds() >= seen.for_seconds
        for row, begin in zip(rows, begins, strict=True)
    )

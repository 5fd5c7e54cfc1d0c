"""Symptoms that can never be seen, or that nothing tells apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from needfix.catalogue.describe import observation_text
from needfix.catalogue.places import position_of
from needfix.intake.near import suggestion
from needfix.lint.check import Check, Detection, in_each_rule
from needfix.lint.observations import is_covered, observation_key
from needfix.model.rule import EventSeen, Observation, Rule, ServiceSeen, Symptom

_STATES = (
    "running", "stopped", "paused", "starting", "stopping", "pausing", "resuming",
    "start pending", "stop pending", "continue pending", "pause pending",
    "start_pending", "stop_pending", "continue_pending", "pause_pending",
)  # fmt: skip
"""What Windows and its tools call the states of a service."""

_MOST_EVENT_IDS = 1 << 32


def _nobody_told(rule: Rule) -> Iterator[Detection]:
    if rule.apply == "if-symptoms" and not rule.symptoms:
        what = "'apply' is if-symptoms, and the rule has no symptoms"
        yield Detection(rule, position_of(rule, ("apply",)), what, "add the symptoms, or write apply: always")


def _covered(rule: Rule) -> Iterator[Detection]:
    for number, symptom in enumerate(rule.symptoms):
        for item, seen in enumerate(symptom.observe):
            wider = _wider(symptom, seen)
            if wider is not None:
                own, other = observation_text(seen), observation_text(wider)
                what = f"{own} of {symptom.id} is never seen without {other}"
                hint = "remove it, or narrow the other one"
                yield Detection(rule, position_of(rule, ("symptoms", number, "observe", item)), what, hint)


def _wider(symptom: Symptom, seen: Observation) -> Observation | None:
    """Another observation of the symptom that is there wherever this one is."""
    own = observation_key(seen)
    return next(
        (other for other in symptom.observe if observation_key(other) != own and is_covered(seen, other)),
        None,
    )


def _same(rule: Rule) -> Iterator[Detection]:
    groups: defaultdict[frozenset[Hashable], list[int]] = defaultdict(list)
    for number, symptom in enumerate(rule.symptoms):
        if symptom.observe:
            groups[frozenset(map(observation_key, symptom.observe))].append(number)
    for first, *others in groups.values():
        for number in others:
            what = (
                f"{rule.symptoms[number].id} is shown by the same observations as {rule.symptoms[first].id}"
            )
            hint = "make one symptom of the two, or correct the observations"
            yield Detection(rule, position_of(rule, ("symptoms", number, "observe")), what, hint)


def _never_seen(rule: Rule) -> Iterator[Detection]:
    for number, symptom in enumerate(rule.symptoms):
        for item, seen in enumerate(symptom.observe):
            if told := _impossible(seen):
                what, hint = told
                at = position_of(rule, ("symptoms", number, "observe", item))
                yield Detection(rule, at, f"nothing can show {symptom.id} so: {what}", hint)


def _impossible(seen: Observation) -> tuple[str, str] | None:
    if isinstance(seen, EventSeen) and seen.id is not None and not 0 <= seen.id < _MOST_EVENT_IDS:
        return f"no event has the id {seen.id}", "correct the id; it is a whole number from 0 on"
    if isinstance(seen, ServiceSeen) and seen.state.casefold() not in _STATES:
        close = suggestion(seen.state, _STATES)
        if close:
            return f"no service is {seen.state!r}", f"did you mean {close!r}?"
    return None


NOBODY_TOLD = Check(
    "NF401",
    "error",
    "'apply' is if-symptoms, and there are no symptoms",
    "no symptom can be observed, so that nobody is ever told to apply the fix",
    in_each_rule(_nobody_told),
)
OBSERVATION_COVERED = Check(
    "NF403",
    "warning",
    "an observation is never seen without another one of the same symptom",
    "any one of the observations is enough, so that the narrower one changes nothing",
    in_each_rule(_covered),
)
SYMPTOMS_ALIKE = Check(
    "NF404",
    "warning",
    "two symptoms of a rule are shown by the same observations",
    "telemetry cannot tell them apart: both are seen, or none",
    in_each_rule(_same),
)
NEVER_SEEN = Check(
    "NF405",
    "warning",
    "an observation that nothing can show: a misspelt state of a service, an impossible event id",
    "the symptom is never seen in telemetry, and the rule waits for it in vain",
    in_each_rule(_never_seen),
)

"""Symptoms that can never be observed, or that telemetry cannot distinguish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from needfix.catalogue.describe import observation_text
from needfix.catalogue.places import position_of
from needfix.intake.known_names import SERVICE_STATES
from needfix.intake.near import did_you_mean, suggestion
from needfix.intake.vocabularies import service_state
from needfix.lint.check import Check, Detection, in_each_rule
from needfix.lint.observations import is_implied, observation_key
from needfix.model.rule import Rule
from needfix.model.symptom import EventSeen, Observation, ServiceSeen, Symptom

_MOST_EVENT_IDS = 1 << 32


def _without_symptoms(rule: Rule) -> Iterator[Detection]:
    if rule.apply == "if-symptoms" and not rule.symptoms:
        what = "'apply' is if-symptoms, but the rule has no symptoms"
        yield Detection(rule, position_of(rule, ("apply",)), what, "add the symptoms, or write apply: always")


def _redundant(rule: Rule) -> Iterator[Detection]:
    for number, symptom in enumerate(rule.symptoms):
        for item, seen in enumerate(symptom.observe):
            wider = _wider(symptom, seen)
            if wider is not None:
                own, other = observation_text(seen), observation_text(wider)
                what = f"{own} of {symptom.id} never occurs without {other}"
                hint = "remove it, or narrow the other one"
                yield Detection(rule, position_of(rule, ("symptoms", number, "observe", item)), what, hint)


def _wider(symptom: Symptom, seen: Observation) -> Observation | None:
    """Another observation of the symptom that occurs whenever this one does."""
    own = observation_key(seen)
    return next(
        (other for other in symptom.observe if observation_key(other) != own and is_implied(seen, other)),
        None,
    )


def _same(rule: Rule) -> Iterator[Detection]:
    groups: defaultdict[frozenset[Hashable], list[int]] = defaultdict(list)
    for number, symptom in enumerate(rule.symptoms):
        if symptom.observe:
            groups[frozenset(map(observation_key, symptom.observe))].append(number)
    for first, *others in groups.values():
        for number in others:
            what = f"{rule.symptoms[number].id} has the same observations as {rule.symptoms[first].id}"
            hint = "merge the two symptoms, or correct the observations"
            yield Detection(rule, position_of(rule, ("symptoms", number, "observe")), what, hint)


def _never_seen(rule: Rule) -> Iterator[Detection]:
    for number, symptom in enumerate(rule.symptoms):
        for item, seen in enumerate(symptom.observe):
            if found := _impossible(seen):
                what, hint = found
                at = position_of(rule, ("symptoms", number, "observe", item))
                yield Detection(rule, at, f"this observation of {symptom.id} can never occur: {what}", hint)


def _impossible(seen: Observation) -> tuple[str, str] | None:
    if isinstance(seen, EventSeen) and seen.id is not None and not 0 <= seen.id < _MOST_EVENT_IDS:
        return (
            f"no event has the id {seen.id}",
            f"correct the id; it is a whole number below {_MOST_EVENT_IDS}",
        )
    if isinstance(seen, ServiceSeen) and service_state(seen.state) is None:
        known = sorted(set(SERVICE_STATES.values()))
        close = suggestion(seen.state, known)
        hint = did_you_mean(close, quoted=True) if close else f"write one of {', '.join(known)}"
        return f"{seen.state!r} is not a state of a service", hint
    return None


WITHOUT_SYMPTOMS = Check(
    "NF401",
    "error",
    "'apply' is if-symptoms, but there are no symptoms",
    "no symptom can be observed, so the fix is never recommended",
    in_each_rule(_without_symptoms),
)
OBSERVATION_REDUNDANT = Check(
    "NF403",
    "warning",
    "an observation never occurs without another one of the same symptom",
    "one observation is enough, so the narrower one has no effect",
    in_each_rule(_redundant),
)
SAME_OBSERVATIONS = Check(
    "NF404",
    "warning",
    "two symptoms of a rule have the same observations",
    "telemetry cannot distinguish them: it shows both or neither",
    in_each_rule(_same),
)
NEVER_SEEN = Check(
    "NF405",
    "error",
    "an observation can never occur: an unknown state of a service, an impossible event id",
    "telemetry never shows the symptom by it, so the rule waits for it in vain",
    in_each_rule(_never_seen),
)

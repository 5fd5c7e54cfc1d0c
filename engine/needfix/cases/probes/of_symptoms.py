"""Probes of symptoms: named, denied, not reported, and shown by telemetry or only nearly so."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.cases.probes.copies import at_minimum, first_below, given_files, values_of
from needfix.cases.probes.probe import Given, Probe
from needfix.cases.probes.stage import Stage
from needfix.cases.probes.telemetry import nearly_seen, seen
from needfix.catalogue.places import position_of
from needfix.model.rule import Rule
from needfix.model.symptom import EventSeen


def symptom_probes(stage: Stage) -> Iterator[Probe]:
    """Every probe of the symptoms, on a server where they change what is to be done."""
    rule = stage.rule
    if not rule.symptoms:
        return
    base = _base(stage)
    where = stage.label(stage.highest)
    for number, symptom in enumerate(rule.symptoms):
        at = position_of(rule, ("symptoms", number))
        given = {**base, "symptoms": {"observed": [symptom.id]}}
        yield Probe(f"{where}, {symptom.id} observed", given, "symptom", at, symptom.id)
        yield from _observations(rule, number, where, base)
    at = position_of(rule, ("symptoms",))
    absent = {**base, "symptoms": {"absent": [symptom.id for symptom in rule.symptoms]}}
    yield Probe(f"{where}, every symptom reported absent", absent, "symptoms-absent", at)
    yield Probe(f"{where}, no symptom reported", base, "symptoms-unreported", at)


def _base(stage: Stage) -> Given:
    """Symptoms change the action where the fix waits for them, else where it is present."""
    level = stage.highest
    copies = first_below(stage, level) if stage.rule.apply == "if-symptoms" else at_minimum(stage)
    own = list(copies)
    return {**stage.product_facts(level), "files": given_files(own), **values_of(stage, own)}


def _observations(rule: Rule, symptom: int, where: str, base: Given) -> Iterator[Probe]:
    own = rule.symptoms[symptom]
    ids = {two.id for one in rule.symptoms for two in one.observe if isinstance(two, EventSeen) and two.id}
    for number, observation in enumerate(own.observe):
        at = position_of(rule, ("symptoms", symptom, "observe", number))
        shown = seen(observation)
        about = f"{own.id} {number + 1}"
        yield Probe(
            f"{where}, {own.id} shown by {shown.words}", {**base, **shown.given}, "observation", at, about
        )
        for near in nearly_seen(observation, ids):
            name = f"{where}, {own.id} not shown by {near.words}"
            yield Probe(name, {**base, **near.given}, "observation-outside", at, about)

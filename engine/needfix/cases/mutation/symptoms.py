"""Mutants of a rule's symptoms and of what shows them in telemetry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from needfix.cases.mutation.mutant import Mutant, instead, without
from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.model.rule import Rule
from needfix.model.symptom import CounterSeen, EventSeen, Observation, Symptom


def symptom_mutants(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    """A symptom or an observation dropped, a threshold a step up or down, an event distinguished less."""
    del catalogue
    for number, symptom in enumerate(rule.symptoms):
        at = position_of(rule, ("symptoms", number))
        changed = replace(rule, symptoms=without(rule.symptoms, number))
        yield Mutant(changed, at, f"without the symptom {symptom.id}")
        for index in range(len(symptom.observe)):
            yield from _of_observation(rule, number, symptom, index)


def _of_observation(rule: Rule, number: int, symptom: Symptom, index: int) -> Iterator[Mutant]:
    at = position_of(rule, ("symptoms", number, "observe", index))
    dropped = replace(symptom, observe=without(symptom.observe, index))
    yield _mutant(rule, number, dropped, at, f"{symptom.id} not shown by the observation here")
    for other, change in _others(symptom.observe[index]):
        changed = replace(symptom, observe=instead(symptom.observe, index, other))
        yield _mutant(rule, number, changed, at, change)


def _mutant(rule: Rule, number: int, symptom: Symptom, at: Position, change: str) -> Mutant:
    return Mutant(replace(rule, symptoms=instead(rule.symptoms, number, symptom)), at, change)


def _others(seen: Observation) -> Iterator[tuple[Observation, str]]:
    match seen:
        case CounterSeen():
            for step in (_step(seen.above), -_step(seen.above)):
                other = seen.above + step
                yield replace(seen, above=other), f"{seen.counter} above {other:g} instead of {seen.above:g}"
            for seconds in (1.0, -1.0) if seen.for_seconds else (1.0,):
                other = seen.for_seconds + seconds
                change = f"{seen.counter} for {other:g} s instead of {seen.for_seconds:g} s"
                yield replace(seen, for_seconds=other), change
        case EventSeen(id=int(), contains=str()):
            yield replace(seen, id=None), f"any event of {seen.source} with the text {seen.contains!r}"
            yield replace(seen, contains=None), f"every event {seen.id} of {seen.source}"


def _step(value: float) -> float:
    """One in the last decimal place that is written."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(min(exponent, 0))) if isinstance(exponent, int) else 1.0

"""Changes between two versions of a rule, of everything that decisions depend on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from needfix.catalogue.describe import correction, observations
from needfix.diff.affects_edits import LevelChanges, affects_edits
from needfix.diff.edits import Edit, Listed, Pair, StatedValue
from needfix.diff.fix_edits import fix_edits, requirement_identity
from needfix.intake.vocabularies import normal_id
from needfix.model.requirement import Requirement, requirement
from needfix.model.rule import Correction, Rule
from needfix.model.symptom import Symptom

_REQUIRES: Listed[Rule, Requirement, Hashable] = Listed(
    "requires",
    lambda rule: rule.requires,
    lambda rule, items: replace(rule, requires=items),
    requirement_identity,
    requirement,
)
_SUPERSEDES: Listed[Rule, str, str] = Listed(
    "supersedes",
    lambda rule: rule.supersedes,
    lambda rule, items: replace(rule, supersedes=items),
    str.casefold,
    str,
)
_ADVISORIES: Listed[Rule, str, str] = Listed(
    "advisories",
    lambda rule: rule.advisories,
    lambda rule, items: replace(rule, advisories=items),
    str.casefold,
    str,
)
_UPDATES: Listed[Rule, str, str] = Listed(
    "updates",
    lambda rule: rule.updates,
    lambda rule, items: replace(rule, updates=items),
    normal_id,
    str,
)
_CORRECTED_IN: Listed[Rule, Correction, Correction] = Listed(
    "corrected_in",
    lambda rule: rule.corrected_in,
    lambda rule, items: replace(rule, corrected_in=items),
    lambda mark: mark,
    correction,
)
_SYMPTOMS: Listed[Rule, Symptom, str] = Listed(
    "symptoms",
    lambda rule: rule.symptoms,
    lambda rule, items: replace(rule, symptoms=items),
    lambda symptom: symptom.id.casefold(),
    lambda symptom: symptom.id,
)


def rule_edits(pair: Pair[Rule], levels: LevelChanges) -> Iterator[Edit[Rule]]:
    """Every change that can matter, smallest parts apart. Titles, cases, order and the like never do.

    Severity and advisories change no decision, but each decision carries them.
    """
    yield from affects_edits(pair, levels)
    yield from fix_edits(pair)
    yield from pair.listed(_SYMPTOMS)
    yield from _observe_edits(pair)
    yield from pair.listed(_REQUIRES)
    yield from pair.value(
        "requires",
        lambda rule: "[]" if rule.needs_nothing else None,
        lambda rule, new: replace(rule, needs_nothing=new.needs_nothing),
    )
    yield from pair.listed(_SUPERSEDES)
    yield from pair.listed(_UPDATES)
    yield from pair.listed(_CORRECTED_IN)
    yield from pair.value("apply", lambda rule: rule.apply, lambda rule, new: replace(rule, apply=new.apply))
    yield from pair.value(
        "if_missing",
        lambda rule: rule.if_missing,
        lambda rule, new: replace(rule, if_missing=new.if_missing),
    )
    yield from pair.value(
        "also_needed",
        lambda rule: rule.also_needed,
        lambda rule, new: replace(rule, also_needed=new.also_needed),
    )
    yield from pair.value(
        "severity", lambda rule: rule.severity, lambda rule, new: replace(rule, severity=new.severity)
    )
    yield from pair.listed(_ADVISORIES)


def _observe_edits(pair: Pair[Rule]) -> Iterator[Edit[Rule]]:
    """How telemetry shows symptoms that both versions have."""
    old, new = _SYMPTOMS.by_key(pair.old), _SYMPTOMS.by_key(pair.new)
    for key, (number, before) in old.items():
        there, after = new.get(key, (0, before))
        if set(before.observe) != set(after.observe):
            values = _observed(pair.old, number, before), _observed(pair.new, there, after)
            yield Edit(pair.change(f"observe of {after.id}", *values), _observing(key, after))


def _observed(rule: Rule, number: int, symptom: Symptom) -> StatedValue | None:
    if not symptom.observe:
        return None
    return StatedValue(observations(symptom), rule.places.get(("symptoms", number, "observe")))


def _observing(key: str, after: Symptom) -> Callable[[Rule], Rule]:
    def make(rule: Rule) -> Rule:
        symptoms = (
            replace(symptom, observe=after.observe) if symptom.id.casefold() == key else symptom
            for symptom in rule.symptoms
        )
        return replace(rule, symptoms=tuple(symptoms))

    return make

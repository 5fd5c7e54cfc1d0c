"""Everything in a rule that a case can reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.model.coverage import TargetKind
from needfix.model.decision import DECISIONS
from needfix.model.rule import Affects, Fix, Rule

Key = tuple[str | int | None, ...]
"""What a target is known by; its first part is its kind."""

SIDES = ("below", "at", "above")


class Goal(NamedTuple):
    """A target that is not looked for yet."""

    key: Key
    kind: TargetKind
    what: str
    at: Position


def goals(rule: Rule, catalogue: Catalogue) -> Iterator[Goal]:
    """The decisions, levels, branches, files, boundary sides and symptoms of a rule."""
    yield from _decisions(rule)
    for entry in rule.affects:
        yield from _levels(rule, entry, catalogue)
    for number, fix in enumerate(rule.fixes):
        yield Goal(("branch", number), "branch", f"the fix for {fix.name}", fix.at or position_of(rule))
        yield from _files(rule, number, fix)
    for number, symptom in enumerate(rule.symptoms):
        at = position_of(rule, ("symptoms", number))
        yield Goal(("symptom", symptom.id), "symptom", f"{symptom.id} observed", at)
        if symptom.observe:
            shown = position_of(rule, ("symptoms", number, "observe"))
            yield Goal(("symptom", symptom.id, "shown"), "symptom", f"{symptom.id} shown by telemetry", shown)


def level_key(entry: Affects, level: object) -> Key:
    """What an affected level is known by; None is every level of the product."""
    return ("level", entry.product, entry.edition, None if level is None else str(level))


def _decisions(rule: Rule) -> Iterator[Goal]:
    can_compare = any(minimum.is_compared for fix in rule.fixes for minimum in fix.files)
    for decision in DECISIONS if can_compare else DECISIONS[2:]:
        yield Goal(("decision", decision), "decision", decision, position_of(rule, ("id",)))


def _levels(rule: Rule, entry: Affects, catalogue: Catalogue) -> Iterator[Goal]:
    product = catalogue.products[entry.product].name
    edition = f" {entry.edition}" if entry.edition else ""
    if entry.levels is None:
        at = entry.at or position_of(rule)
        yield Goal(level_key(entry, None), "level", f"any level of {product}{edition}", at)
    for level in sorted(entry.levels or ()):
        at = entry.places.get(level) or position_of(rule, ("affects",))
        yield Goal(level_key(entry, level), "level", f"{product} {level}{edition}", at)


def _files(rule: Rule, number: int, fix: Fix) -> Iterator[Goal]:
    for minimum in fix.files:
        if not minimum.is_compared:
            continue
        key = (number, minimum.name, minimum.path)
        at = position_of(rule, ("fixes", number, "files", minimum.name))
        yield Goal(("file", *key), "file", minimum.name, at)
        for side in SIDES:
            what = f"{minimum.name} {side} {minimum.text}"
            yield Goal(("boundary", *key, side), "boundary", what, at)

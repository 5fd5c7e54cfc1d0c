"""Everything in a rule that a case can reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from needfix.cases.probes.affected_builds import is_of_affected_build
from needfix.cases.probes.sides import sides
from needfix.catalogue import Catalogue
from needfix.catalogue.describe import affected
from needfix.catalogue.places import minimum_place, position_of
from needfix.errors import Position
from needfix.model.coverage import TargetKind
from needfix.model.decision import DECISIONS
from needfix.model.minimum import Minimum
from needfix.model.rule import Affects, Fix, Rule

Key = tuple[str | int | None, ...]
"""What a target is known by; its first part is its kind."""

SIDES = ("below", "at", "above")
SIDES_OF_VALUE = ("below", "at")
"""A value of the registry is as it is asked for, or it is not; only a version has values above."""

SIDES_OF_ABOVE = ("at", "above")
"""Where the fixed version is not named, the last one without the fix is the boundary."""


class Goal(NamedTuple):
    """A target that is not looked for yet."""

    key: Key
    kind: TargetKind
    what: str
    at: Position


def goals(rule: Rule, catalogue: Catalogue) -> Iterator[Goal]:
    """The decisions, levels, branches, files, boundary sides and symptoms of a rule.

    Left out is what no server reaches that has a build for which the rule asks.
    """
    yield from _decisions(rule, catalogue)
    for entry in rule.affects:
        yield from _levels(rule, entry, catalogue)
    for number, fix in enumerate(rule.fixes):
        yield Goal(("branch", number), "branch", f"the fix for {fix.name}", fix.at or position_of(rule))
        yield from _files(rule, number, fix, catalogue)
    for number, symptom in enumerate(rule.symptoms):
        at = position_of(rule, ("symptoms", number))
        yield Goal(("symptom", symptom.id), "symptom", f"{symptom.id} observed", at)
        if symptom.observe:
            shown = position_of(rule, ("symptoms", number, "observe"))
            yield Goal(("symptom", symptom.id, "shown"), "symptom", f"{symptom.id} shown by telemetry", shown)


def level_key(entry: Affects, level: object) -> Key:
    """What an affected level is known by; None is every level of the product."""
    return ("level", affected(entry.kind), None if level is None else str(level))


def _decisions(rule: Rule, catalogue: Catalogue) -> Iterator[Goal]:
    can_compare = any(fix.minima for fix in rule.fixes)
    can_be_present = any(_can_be_present(rule, fix, catalogue) for fix in rule.fixes)
    for decision in DECISIONS if can_compare else DECISIONS[2:]:
        if decision == "fix-present" and not can_be_present:
            continue
        yield Goal(("decision", decision), "decision", decision, position_of(rule, ("id",)))


def _levels(rule: Rule, entry: Affects, catalogue: Catalogue) -> Iterator[Goal]:
    product = catalogue.products[entry.product].name
    asked = " with ".join((" ".join(entry.conditions), *map(affected, entry.beside))).strip()
    edition = "".join(f" {one}" for one in (entry.edition, asked) if one)
    if entry.levels is None:
        at = entry.at or position_of(rule)
        yield Goal(level_key(entry, None), "level", f"any level of {product}{edition}", at)
    for level in sorted(entry.levels or ()):
        at = entry.places.get(level) or position_of(rule, ("affects",))
        yield Goal(level_key(entry, level), "level", f"{product} {level}{edition}", at)


def _can_be_present(rule: Rule, fix: Fix, catalogue: Catalogue) -> bool:
    """Whether an affected server can reach every minimum."""
    return all(
        any(
            side.aim != "below" and is_of_affected_build(rule, fix, minimum, side.value, catalogue)
            for side in sides(minimum)
        )
        for minimum in fix.minima
    )


def _sides_of(rule: Rule, fix: Fix, minimum: Minimum, catalogue: Catalogue) -> Iterator[str]:
    """The sides of a minimum that an affected server can be on."""
    known = list(sides(minimum))
    for name in _sides(minimum):
        # The last version without the fix is below what is to be above it.
        aim = "below" if minimum.above is not None and name == "at" else name
        own = [side for side in known if side.aim == aim]
        if not own or any(is_of_affected_build(rule, fix, minimum, side.value, catalogue) for side in own):
            yield name


def _files(rule: Rule, number: int, fix: Fix, catalogue: Catalogue) -> Iterator[Goal]:
    for minimum in fix.minima:
        key = (number, minimum.label, minimum.path)
        at = position_of(rule, minimum_place(number, minimum))
        yield Goal(("file", *key), "file", minimum.label, at)
        for line, text in _lines(minimum):
            for side in _sides_of(rule, fix, minimum, catalogue):
                what = f"{minimum.label} {_side_words(minimum, side, text)}"
                yield Goal(("boundary", *key, line, side), "boundary", what, at)


def _sides(minimum: Minimum) -> tuple[str, ...]:
    if minimum.registry is not None and minimum.version is None:
        return SIDES_OF_VALUE
    return SIDES if minimum.above is None else SIDES_OF_ABOVE


def _side_words(minimum: Minimum, side: str, text: str) -> str:
    if minimum.registry is None or minimum.version is not None:
        return f"{side} {text}"
    return minimum.value_needed if side == "at" else f"other than {minimum.value_needed}"


def _lines(minimum: Minimum) -> Iterator[tuple[int, str]]:
    """The lines of a minimum by their numbers; one that names no lines has one."""
    if not minimum.lines:
        yield 0, minimum.text.removeprefix("above ")
    for number, line in enumerate(minimum.lines):
        since = f" in the line from {line.since_text or line.since}" if line.since is not None else ""
        yield number, f"{line.text or line.version}{since}"

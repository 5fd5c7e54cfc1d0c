"""Mutants of a rule's fixes: minima moved, files and branches dropped, branch keys forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from needfix.cases.mutation.minima import moves
from needfix.cases.mutation.mutant import Mutant, instead, without
from needfix.catalogue import Catalogue
from needfix.catalogue.places import minimum_place, position_of
from needfix.errors import Position
from needfix.model.minimum import Minimum
from needfix.model.rule import Fix, Rule


def fix_mutants(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    """What a small mistake in a fix makes of a rule."""
    del catalogue
    for number, fix in enumerate(rule.fixes):
        for minimum in fix.minima:
            yield from _of_minimum(rule, number, minimum)
        yield from _of_branch(rule, number, fix)


def _of_minimum(rule: Rule, number: int, minimum: Minimum) -> Iterator[Mutant]:
    fix, name = rule.fixes[number], minimum.label
    at = position_of(rule, minimum_place(number, minimum))
    for changed, change in moves(minimum):
        yield _mutant(rule, number, _with(fix, minimum, changed), at, f"{name} {change}")
    yield _mutant(rule, number, _with(fix, minimum, None), at, f"{name} not compared")
    if minimum.path is not None:
        anywhere = _with(fix, minimum, replace(minimum, path=None))
        yield _mutant(rule, number, anywhere, at, f"{name} not only in {minimum.path}")


def _with(fix: Fix, minimum: Minimum, other: Minimum | None) -> Fix:
    """A fix with another minimum in the place of one, or without it."""
    if minimum.is_build:
        return replace(fix, build=other)
    if minimum.registry is not None:
        index = next(number for number, one in enumerate(fix.registry) if one is minimum)
        values = fix.registry
        return replace(
            fix, registry=without(values, index) if other is None else instead(values, index, other)
        )
    index = next(number for number, one in enumerate(fix.files) if one is minimum)
    return replace(
        fix, files=without(fix.files, index) if other is None else instead(fix.files, index, other)
    )


def _of_branch(rule: Rule, number: int, fix: Fix) -> Iterator[Mutant]:
    at, name = fix.at or position_of(rule), fix.name
    if len(rule.fixes) > 1:
        yield Mutant(replace(rule, fixes=without(rule.fixes, number)), at, f"without the fix for {name}")
    for level in sorted(fix.levels or ()):
        changed = replace(fix, levels=(fix.levels or frozenset()) - {level})
        at_key = position_of(rule, ("fixes", number, "level"))
        yield _mutant(rule, number, changed, at_key, f"the fix for {name} not for {level}")
    for attribute, key in _KEYS.items():
        if getattr(fix, attribute) is not None and _gates(fix, attribute):
            changed = replace(fix, **{attribute: None})  # type: ignore[arg-type]  # each may be None
            at_key = position_of(rule, ("fixes", number, key))
            yield _mutant(rule, number, changed, at_key, f"the fix for {name} for any {key}")


_KEYS = {"levels": "level", "edition": "edition", "platform": "platform", "language": "language"}


def _gates(fix: Fix, attribute: str) -> bool:
    """Whether a branch key decides anything: versions are compared whatever the language."""
    return attribute != "language" or any(minimum.modified is not None for minimum in fix.files)


def _mutant(rule: Rule, number: int, fix: Fix, at: Position, change: str) -> Mutant:
    return Mutant(replace(rule, fixes=instead(rule.fixes, number, fix)), at, change)

"""Mutants of a rule's fixes: minima moved, files and branches dropped, branch keys forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from needfix.cases.mutation.mutant import Mutant, instead, without
from needfix.cases.steps import just_above, just_below
from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.model.rule import Fix, Minimum, Rule
from needfix.versions import parse_moment, parse_version


def fix_mutants(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    """What a small mistake in a fix makes of a rule."""
    del catalogue
    for number, fix in enumerate(rule.fixes):
        for index, minimum in enumerate(fix.files):
            if minimum.is_compared:
                yield from _of_file(rule, number, index, minimum)
        yield from _of_branch(rule, number, fix)


def _of_file(rule: Rule, number: int, index: int, minimum: Minimum) -> Iterator[Mutant]:
    fix = rule.fixes[number]
    at = position_of(rule, ("fixes", number, "files", minimum.name))
    for text in (just_above(minimum.text), just_below(minimum.text)):
        if text is not None:
            changed = replace(fix, files=instead(fix.files, index, _moved(minimum, text)))
            yield _mutant(rule, number, changed, at, f"{minimum.name} {text} instead of {minimum.text}")
    dropped = replace(fix, files=without(fix.files, index))
    yield _mutant(rule, number, dropped, at, f"{minimum.name} not compared")
    if minimum.path is not None:
        anywhere = replace(fix, files=instead(fix.files, index, replace(minimum, path=None)))
        yield _mutant(rule, number, anywhere, at, f"{minimum.name} not only in {minimum.path}")


def _moved(minimum: Minimum, text: str) -> Minimum:
    if minimum.version is not None:
        return replace(minimum, version=parse_version(text), text=text)
    return replace(minimum, modified=parse_moment(text), text=text)


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

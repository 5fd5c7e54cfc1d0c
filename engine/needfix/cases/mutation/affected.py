"""Mutants of what a rule affects, and of the levels that carry its fix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from needfix.cases.mutation.minima import moves
from needfix.cases.mutation.mutant import Mutant, instead, without
from needfix.catalogue import Catalogue
from needfix.catalogue.describe import affected
from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.model.minimum import Minimum
from needfix.model.rule import Affects, Correction, Rule
from needfix.versions import Level


def affected_mutants(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    """A level dropped or added, an edition or a product dropped, a correction dropped or moved."""
    for number, entry in enumerate(rule.affects):
        known = _known(catalogue, entry.product)
        yield from _with_other_levels(rule, number, entry, known)
        yield from _without_edition_or_all(rule, number, entry)
        for changed, change in _with_other_conditions(entry):
            other = replace(rule, affects=instead(rule.affects, number, changed))
            yield Mutant(other, _at(rule, entry), change)
    for number, mark in enumerate(rule.corrected_in):
        yield from _corrections(rule, number, mark, _known(catalogue, mark.product))


def _known(catalogue: Catalogue, product: str) -> tuple[Level, ...]:
    return tuple(defined.level for defined in catalogue.products[product].levels)


def _with_other_levels(rule: Rule, number: int, entry: Affects, known: tuple[Level, ...]) -> Iterator[Mutant]:
    listed = frozenset(known) if entry.levels is None else entry.levels
    # Of a rule for every level, the ends of the range are what an author would get wrong.
    dropped = known[:1] + known[1:][-1:] if entry.levels is None else sorted(entry.levels)
    for level in dropped:
        changed = _with_levels(rule, number, listed - {level})
        yield Mutant(changed, _at(rule, entry, level), f"{entry.product} {level} not affected")
    for level in _just_outside(rule, entry, known):
        changed = _with_levels(rule, number, listed | {level})
        yield Mutant(changed, _at(rule, entry), f"{entry.product} {level} affected, too")


def _with_levels(rule: Rule, number: int, levels: frozenset[Level]) -> Rule:
    return replace(rule, affects=instead(rule.affects, number, replace(rule.affects[number], levels=levels)))


def _just_outside(rule: Rule, entry: Affects, known: tuple[Level, ...]) -> Iterator[Level]:
    """The levels next to those of an entry that no entry for the same product and edition lists."""
    if entry.levels is None:
        return
    same = [one for one in rule.affects if one.kind == entry.kind]
    if any(one.levels is None for one in same):
        return
    listed = frozenset[Level]().union(*(one.levels or () for one in same))
    beside = {level for pair in pairwise(known) if not entry.levels.isdisjoint(pair) for level in pair}
    yield from sorted(beside - listed)


def _without_edition_or_all(rule: Rule, number: int, entry: Affects) -> Iterator[Mutant]:
    if entry.edition is not None:
        changed = replace(rule, affects=instead(rule.affects, number, replace(entry, edition=None)))
        change = f"{entry.product} affected in other editions than {entry.edition}, too"
        yield Mutant(changed, _at(rule, entry), change)
    if entry.levels is None and len(rule.affects) > 1:
        changed = replace(rule, affects=without(rule.affects, number))
        yield Mutant(changed, _at(rule, entry), f"{entry.product} not affected")


def _with_other_conditions(entry: Affects) -> Iterator[tuple[Affects, str]]:
    """An entry without one of the things that it asks for, or with another end of its builds."""
    if entry.builds is not None:
        yield replace(entry, builds=None), f"{entry.product} affected in every build"
        for key in ("least", "beyond"):
            minimum: Minimum | None = getattr(entry.builds, key)
            for moved, change in moves(minimum) if minimum is not None else ():
                other = replace(entry, builds=replace(entry.builds, **{key: moved}))
                yield other, f"{entry.product} affected builds {other.builds}: {change}"
    if entry.platform is not None:
        yield replace(entry, platform=None), f"{entry.product} affected on every platform"
    if entry.language is not None:
        yield replace(entry, language=None), f"{entry.product} affected in every language"
    for number, value in enumerate(entry.registry):
        others = replace(entry, registry=without(entry.registry, number))
        yield others, f"{entry.product} affected without {value.value_asked}, too"
        for moved, change in moves(value):
            other = replace(entry, registry=instead(entry.registry, number, moved))
            yield other, f"{entry.product} affected where {value.name} is {change}"
    for number, beside in enumerate(entry.beside):
        fewer = replace(entry, beside=without(entry.beside, number))
        yield fewer, f"{entry.product} affected without {affected(beside)}, too"


def _corrections(rule: Rule, number: int, mark: Correction, known: tuple[Level, ...]) -> Iterator[Mutant]:
    at, named = position_of(rule, ("corrected_in", number)), f"{mark.product} {mark.level}"
    yield Mutant(
        replace(rule, corrected_in=without(rule.corrected_in, number)), at, f"not corrected in {named}"
    )
    for earlier, later in pairwise(known):
        moved = later if earlier == mark.level else earlier if later == mark.level else None
        if moved is not None:
            other = replace(mark, level=moved)
            changed = replace(rule, corrected_in=instead(rule.corrected_in, number, other))
            yield Mutant(changed, at, f"corrected in {mark.product} {moved} instead of {mark.level}")


def _at(rule: Rule, entry: Affects, level: Level | None = None) -> Position:
    placed = entry.places.get(level) if level is not None else None
    return placed or entry.at or position_of(rule, ("affects",))

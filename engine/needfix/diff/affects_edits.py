"""Changes of the levels that a rule affects, level by level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from needfix.catalogue.describe import affected
from needfix.diff.edits import Edit, Pair, StatedValue
from needfix.errors import Position
from needfix.model.difference import CatalogueChange
from needfix.model.rule import Affects, Rule
from needfix.versions import Level

_NO_LEVEL: frozenset[Level] = frozenset()

LevelChanges = Mapping[tuple[str, Level], CatalogueChange]
"""Levels that product definitions gained or lost, with the changes that did it."""


class _AffectedLevel(NamedTuple):
    """A level that a rule affects, by the entry without its levels; None is every level."""

    kind: Affects
    level: Level | None

    @property
    def product(self) -> str:
        """The product of the level."""
        return self.kind.product


def affects_edits(pair: Pair[Rule], levels: LevelChanges) -> Iterator[Edit[Rule]]:
    """Levels taken out, then levels put in."""
    old, new = dict(_affected(pair.old)), dict(_affected(pair.new))
    for one in [key for key in old if key not in new]:
        own = pair.change("affects", StatedValue(_text(pair, one), old[one]), None)
        yield Edit(_of_product(pair.old, one, levels) or own, _taken_out(one))
    for one in [key for key in new if key not in old]:
        own = pair.change("affects", None, StatedValue(_text(pair, one), new[one]))
        yield Edit(_of_product(pair.new, one, levels) or own, _put_in(one))


def _affected(rule: Rule) -> Iterator[tuple[_AffectedLevel, Position | None]]:
    for entry in rule.affects:
        for level in sorted(entry.levels) if entry.levels is not None else (None,):
            at = entry.places.get(level, entry.at) if level is not None else entry.at
            yield _AffectedLevel(entry.kind, level), at


def _text(pair: Pair[Rule], one: _AffectedLevel) -> str:
    """The level, and its product where the rule concerns several."""
    text = affected(replace(one.kind, levels=None if one.level is None else frozenset({one.level})))
    has_several = len({*pair.old.products, *pair.new.products}) > 1
    return text if has_several else text.removeprefix(f"{one.product} ")


def _of_product(rule: Rule, one: _AffectedLevel, levels: LevelChanges) -> CatalogueChange | None:
    """The change of the product definition that is enough to bring a level into a range, or out of it."""
    change = levels.get((one.product, one.level)) if one.level is not None else None
    return change if change is not None and _is_in_range(rule, one) else None


def _is_in_range(rule: Rule, one: _AffectedLevel) -> bool:
    """Whether a level is not named by itself: other levels have the same position."""
    return any(
        entry.places.get(level) == entry.places.get(one.level)
        for entry in rule.affects
        if entry.product == one.product and one.level is not None and entry.places.get(one.level)
        for level in entry.levels or ()
        if level != one.level
    )


def _taken_out(one: _AffectedLevel) -> Callable[[Rule], Rule]:
    def make(rule: Rule) -> Rule:
        return _with_entries(rule, [_without(e, one) if _is_of(e, one) else e for e in rule.affects])

    return make


def _without(entry: Affects, one: _AffectedLevel) -> Affects:
    return replace(entry, levels=(entry.levels or _NO_LEVEL) - {one.level})


def _put_in(one: _AffectedLevel) -> Callable[[Rule], Rule]:
    levels = frozenset({one.level}) if one.level is not None else None

    def make(rule: Rule) -> Rule:
        own = next((entry for entry in rule.affects if _is_of(entry, one)), None)
        if own is None:
            return _with_entries(rule, [*rule.affects, replace(one.kind, levels=levels)])
        grown = replace(own, levels=own.levels | levels if own.levels is not None and levels else None)
        return _with_entries(rule, [grown if entry is own else entry for entry in rule.affects])

    return make


def _is_of(entry: Affects, one: _AffectedLevel) -> bool:
    """Whether an entry is the one for a level. Every level is an entry of its own."""
    return entry.kind == one.kind and (entry.levels is None) == (one.level is None)


def _with_entries(rule: Rule, entries: list[Affects]) -> Rule:
    """The rule with these entries. One without a level goes, unless no other is left."""
    kept = [entry for entry in entries if entry.levels != _NO_LEVEL]
    return replace(rule, affects=tuple(kept or entries))

"""Affected levels that carry the fix, and levels that are not in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.lint.affected_levels import Concerned, concerned
from needfix.lint.check import Check, Detection, all_rules, in_each_rule
from needfix.lint.edits import Reorder
from needfix.lint.twice import level_items, level_lists
from needfix.model.rule import KeyPath, Rule
from needfix.versions import Level


def _never_affected(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        entries = list(concerned(rule, catalogue.products))
        if any(here.listed for here in entries) and not any(here.levels for here in entries):
            marks = ", ".join(dict.fromkeys(_mark(here, at) for here in entries for at in here.corrected))
            what = f"every affected level carries the fix: it is corrected in {marks}"
            hint = "correct 'corrected_in' or 'affects'"
            yield Detection(rule, position_of(rule, ("corrected_in",)), what, hint)


def _mark(here: Concerned, level: Level) -> str:
    return f"{here.entry.product} {here.corrected[level]}"


def _carries_fix(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        entries = list(concerned(rule, catalogue.products))
        for here in entries if any(here.levels for here in entries) else ():
            if here.corrected and here.entry.levels is not None:
                yield _listed(rule, here)


def _listed(rule: Rule, here: Concerned) -> Detection:
    first, named = next(iter(here.corrected)), ", ".join(map(str, here.corrected))
    what = f"{here.entry.product} {named} is in 'affects' but carries the fix: it is corrected in "
    what += ", ".join(dict.fromkeys(map(str, here.corrected.values())))
    at = here.entry.places.get(first) or position_of(rule, ("affects",))
    return Detection(rule, at, what, "remove it from 'affects', or correct 'corrected_in'")


def _out_of_order(rule: Rule) -> Iterator[Detection]:
    for key, named in level_lists(rule) if len(rule.products) == 1 else ():
        for before, after in pairwise(named):
            if after < before:
                what = f"{after} is listed after {before} in {_list_name(key)!r}"
                edit = _sorted(rule, key)
                yield Detection(rule, named[after], what, "list the levels in ascending order", edit=edit)
                break


def _list_name(key: KeyPath) -> str:
    return "level" if key[-1] == "level" else "affects"


def _sorted(rule: Rule, key: KeyPath) -> Reorder | None:
    """The items sorted by their lowest level, if all of them are levels or ranges."""
    named = next(places for where, places in level_lists(rule) if where == key)
    lowest: dict[object, Level] = {}
    for level, at in named.items():
        lowest[at] = min(level, lowest.get(at, level))
    items = [rule.places[item] for item in level_items(rule, key)]
    if key not in rule.places or len(items) != len(lowest) or not all(at in lowest for at in items):
        return None
    order = sorted(range(len(items)), key=lambda number: lowest[items[number]])
    return Reorder(rule.places[key], tuple(order))


NEVER_AFFECTED = Check(
    "NF202",
    "error",
    "'corrected_in' leaves no affected level",
    "the rule decides not-affected for every server",
    _never_affected,
)
CARRIES_FIX = Check(
    "NF203",
    "warning",
    "a level in 'affects' carries the fix according to 'corrected_in'",
    "a server at that level is not affected, although the rule lists it",
    _carries_fix,
)
OUT_OF_ORDER = Check(
    "NF204",
    "note",
    "levels are not in ascending order",
    "gaps are easy to overlook, and a bare service pack belongs to the version before it",
    in_each_rule(_out_of_order),
)

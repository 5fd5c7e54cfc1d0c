"""Values of the registry that no server can have, or that are asked for as what they are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from needfix.catalogue.places import minimum_place, position_of
from needfix.lint.check import Check, Detection, in_each_rule
from needfix.model.minimum import Minimum
from needfix.model.rule import Affects, KeyPath, Rule, by_branch
from needfix.versions import parse_file_version

_LEAST_NUMBERS = 3
"""So many numbers are those of a version, and not of something else."""

_Placed = tuple[KeyPath, Minimum]


def _asked(rule: Rule) -> Iterator[_Placed]:
    """Every value that a rule asks for, with its place."""
    for number, fix in enumerate(rule.fixes):
        yield from ((minimum_place(number, one), one) for one in fix.registry)
    for entry in rule.affects:
        yield from _of_entry(rule, entry)


def _of_entry(rule: Rule, entry: Affects) -> Iterator[_Placed]:
    places = {at: path for path, at in rule.places.items() if path[0] == "affects"}
    own = places.get(entry.at, ("affects",)) if entry.at is not None else ("affects",)
    yield from (((*own, "registry", one.name), one) for one in entry.registry)


def _equal_versions(rule: Rule) -> Iterator[Detection]:
    for place, minimum in _asked(rule):
        asked = minimum.registry
        if asked is None or asked.equals is None or not _is_version(minimum.text):
            continue
        what = f"{minimum.name} must equal {minimum.text}, which is a version"
        hint = f'write {{version: "{minimum.text}"}}, if later versions will do as well'
        yield Detection(rule, position_of(rule, (*place, "equals"), place), what, hint)


def _is_version(text: str) -> bool:
    version = parse_file_version(text)
    return version is not None and len(version.release) >= _LEAST_NUMBERS


def _excluding(rule: Rule) -> Iterator[Detection]:
    for fixes in by_branch(rule.fixes):
        numbers = [number for number, fix in enumerate(rule.fixes) if any(fix is one for one in fixes)]
        yield from _pairs(
            rule, [(minimum_place(n, one), one) for n in numbers for one in rule.fixes[n].registry]
        )
    for entry in rule.affects:
        together = [pair for one in (entry, *entry.beside) for pair in _of_entry(rule, one)]
        yield from _pairs(rule, together)


def _pairs(rule: Rule, placed: Sequence[_Placed]) -> Iterator[Detection]:
    for (_, first), (place, second) in combinations(placed, 2):
        if _exclude_each_other(first, second):
            what = f"{second.value_asked} here, and {first.value_asked} before it, are never both true"
            hint = "correct one of the two, or give each view its own value"
            yield Detection(rule, position_of(rule, place), what, hint)


def _exclude_each_other(first: Minimum, second: Minimum) -> bool:
    one, other = first.registry, second.registry
    if one is None or other is None or (one.key, one.name) != (other.key, other.name):
        return False
    if None not in (one.view, other.view) and one.view != other.view:
        return False
    if None not in (one.equals, other.equals):
        return one.equals != other.equals
    needs_none = (one.present is False, other.present is False)
    return needs_none[0] != needs_none[1]


EQUAL_VERSION = Check(
    "NF311",
    "warning",
    "a value of the registry must equal a version",
    "a server with a later version then does not have what is asked for",
    in_each_rule(_equal_versions),
)
EXCLUDING_VALUES = Check(
    "NF312",
    "error",
    "values of the registry that are asked for together exclude each other",
    "no server can have both, so no server ever has the fix, or none is affected",
    in_each_rule(_excluding),
)

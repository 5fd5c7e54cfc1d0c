"""Fixes that contain others, by the minima of their files."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.containment.containment import ContainedFix, containment_of
from needfix.containment.contains import SharedFile
from needfix.lint.check import Check, Detection
from needfix.model.rule import Rule

_MOST_FILES = 3


def _contains(catalogue: Catalogue) -> Iterator[Detection]:
    for rule_id, older in containment_of(catalogue).directly.items():
        rule = catalogue.rules[rule_id]
        stated = _stated_rules(catalogue, rule)
        unstated = [one for one in older if one.rule not in stated]
        if unstated:
            ids = ", ".join(one.rule for one in unstated)
            what = f"this fix contains {'; '.join(map(_contained, unstated))}"
            yield Detection(
                rule, position_of(rule), what, f"add {ids} to 'supersedes' if the vendor also says so"
            )


def _stated_rules(catalogue: Catalogue, rule: Rule) -> set[str]:
    """The rules that this one supersedes, or that supersede it (another check reports those)."""
    superseded = (one for name in rule.supersedes for one in catalogue.meant_by(name))
    return {*superseded, *catalogue.superseded_by.get(rule.id, ())}


def _contained(older: ContainedFix) -> str:
    raised_first = sorted(older.files, key=lambda file: not file.is_raised)
    shown = ", ".join(map(_file, raised_first[:_MOST_FILES]))
    more = len(older.files) - _MOST_FILES
    return f"{older.rule} ({shown}{f' and {more} more' if more > 0 else ''})"


def _file(file: SharedFile) -> str:
    return f"{file.name} {file.older} → {file.newer}" if file.is_raised else f"{file.name} {file.older}"


def _same(catalogue: Catalogue) -> Iterator[Detection]:
    for first, *others in containment_of(catalogue).same:
        rule = catalogue.rules[first]
        what = f"this is the same fix as {', '.join(others)}: the files have the same minima"
        yield Detection(
            rule,
            position_of(rule),
            what,
            "nothing to correct if the vendor has one fix for several articles",
        )


CONTAINS = Check(
    "NF104",
    "note",
    "the fix contains another rule's fix: the same files, with minima at least as high",
    "a server with this fix does not need the other one, on levels that both rules affect",
    _contains,
)
SAME_FIX = Check(
    "NF105",
    "note",
    "several rules have the same fix",
    "installing it for one rule installs it for all of them",
    _same,
)

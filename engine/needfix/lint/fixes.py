"""Fixes that contain others by the minima of their files, whether or not the rules say so."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.containment.containment import ContainedFix, containment_of
from needfix.containment.contains import SharedFile
from needfix.lint.check import Check, Detection
from needfix.model.rule import Rule

_MOST_FILES = 3


def _covers(catalogue: Catalogue) -> Iterator[Detection]:
    for rule_id, older in containment_of(catalogue).directly.items():
        rule = catalogue.rules[rule_id]
        said = _said(catalogue, rule)
        unsaid = [one for one in older if one.rule not in said]
        if unsaid:
            ids = ", ".join(one.rule for one in unsaid)
            what = f"this fix covers {'; '.join(map(_told, unsaid))}"
            yield Detection(
                rule, position_of(rule), what, f"add {ids} to 'supersedes', if the vendor says so, too"
            )


def _said(catalogue: Catalogue, rule: Rule) -> set[str]:
    """The rules that this one supersedes, or that supersede it, which is another check's finding."""
    return {*map(catalogue.known_id, rule.supersedes), *catalogue.superseded_by.get(rule.id, ())}


def _told(older: ContainedFix) -> str:
    raised_first = sorted(older.files, key=lambda file: not file.is_raised)
    shown = ", ".join(map(_file, raised_first[:_MOST_FILES]))
    more = len(older.files) - _MOST_FILES
    return f"{older.rule} ({shown}{f' and {more} more' if more > 0 else ''})"


def _file(file: SharedFile) -> str:
    return f"{file.name} {file.older} → {file.newer}" if file.is_raised else f"{file.name} {file.older}"


def _same(catalogue: Catalogue) -> Iterator[Detection]:
    for first, *others in containment_of(catalogue).same:
        rule = catalogue.rules[first]
        what = f"same fix as {', '.join(others)}: the files have the same minima"
        yield Detection(
            rule,
            position_of(rule),
            what,
            "nothing to correct, if the vendor has one fix for several articles",
        )


COVERS = Check(
    "NF104",
    "note",
    "the fix covers another rule's: it has the same files, at minima as high or higher",
    "who installs this fix needs no other for those rules, on levels that both affect",
    _covers,
)
SAME_FIX = Check(
    "NF105",
    "note",
    "several rules have the same fix",
    "who installs it for one rule has it for the others, too",
    _same,
)

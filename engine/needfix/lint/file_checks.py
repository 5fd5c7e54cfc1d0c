"""Files that are never compared, or compared by time in one rule and by version in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.describe import fix_branch
from needfix.catalogue.places import position_of
from needfix.containment.branches import Branch, FileKey, branches_of
from needfix.lint.check import Check, Detection, all_rules
from needfix.model.minimum import Minimum
from needfix.model.rule import Fix, KeyPath, Rule

_MOST_NAMED = 3


def _not_compared(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        if not any(fix.minima for fix in rule.fixes):
            what = "no file of the rule has a minimum"
            yield Detection(
                rule, position_of(rule, ("fixes",)), what, "add the version or the modified time of a file"
            )
            continue
        for number, fix in enumerate(rule.fixes):
            if not _is_compared(fix, rule.fixes):
                what = f"no file of the fix for {fix_branch(fix) or 'every server'} has a minimum"
                hint = "add the version or the modified time of a file"
                yield Detection(rule, position_of(rule, ("fixes", number, "files")), what, hint)


def _is_compared(fix: Fix, fixes: Sequence[Fix]) -> bool:
    """Whether a fix, or another component of its branch, has a minimum."""
    return any(other.minima for other in fixes if other.branch == fix.branch)


class _Timed(NamedTuple):
    """A branch that compares a file by its modified time."""

    rule: Rule
    branch: Branch


def _two_kinds(catalogue: Catalogue) -> Iterator[Detection]:
    versioned: defaultdict[FileKey, list[_Timed]] = defaultdict(list)
    timed: defaultdict[FileKey, list[_Timed]] = defaultdict(list)
    for rule in all_rules(catalogue):
        for branch in branches_of(rule, catalogue.products):
            for key, every in branch.minima.items():
                minima = [one for one in every if one.registry is None]
                if any(one.by_version for one in minima):
                    versioned[key].append(_Timed(rule, branch))
                if any(not one.by_version for one in minima):
                    timed[key].append(_Timed(rule, branch))
    for key in timed.keys() & versioned.keys():
        yield from _against(key, timed[key], versioned[key])


def _against(key: FileKey, timed: Sequence[_Timed], versioned: Sequence[_Timed]) -> Iterator[Detection]:
    found: dict[str, tuple[_Timed, dict[str, None]]] = {}
    for one in timed:
        for other in versioned:
            if one.branch.key.meets(other.branch.key):
                found.setdefault(one.rule.id, (one, {}))[1][other.rule.id] = None
    for one, others in found.values():
        minimum = next(each for each in one.branch.minima[key] if not each.by_version)
        named = _few(list(others))
        what = f"{minimum.name} is compared by its modified time here and by its version in {named}"
        hint = "write the version here as well, if the file has one"
        yield Detection(one.rule, position_of(one.rule, _file_place(one.rule, minimum)), what, hint)


def _few(ids: Sequence[str]) -> str:
    more = len(ids) - _MOST_NAMED
    return ", ".join(ids[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _file_place(rule: Rule, minimum: Minimum) -> KeyPath:
    number = next(number for number, fix in enumerate(rule.fixes) if minimum in fix.files)
    return "fixes", number, "files", minimum.name


TWO_KINDS = Check(
    "NF304",
    "note",
    "for the same servers, a file is compared by its modified time here and by its version elsewhere",
    "the two cannot be compared with each other; if the file has a version, use the version",
    _two_kinds,
)
NOT_COMPARED = Check(
    "NF305",
    "warning",
    "no file of a fix has a minimum",
    "there is nothing to compare, so the rule never decides fix-required",
    _not_compared,
)

"""Branches without servers, servers without a branch, and servers of two branches that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.describe import fix_branch
from needfix.catalogue.places import minimum_place, position_of
from needfix.containment.branches import file_key
from needfix.lint.affected_levels import concerned
from needfix.lint.check import Check, Detection, all_rules, remembered
from needfix.lint.choice import ServerKind, choices
from needfix.model.minimum import Minimum
from needfix.model.rule import Fix, Rule, by_branch


class _Selection(NamedTuple):
    """The fixes of a rule that are chosen for a kind of server."""

    rule: Rule
    at: ServerKind
    fixes: list[Fix]
    key: str


@remembered
def _choices(catalogue: Catalogue) -> Iterator[_Selection]:
    for rule in all_rules(catalogue):
        for here in concerned(rule, catalogue.products):
            yield from (_Selection(rule, *chosen) for chosen in choices(here, rule.fixes))


def _for_nobody(catalogue: Catalogue) -> Iterator[Detection]:
    used = {id(fix) for choice in _choices(catalogue) for fix in choice.fixes}
    for rule in all_rules(catalogue):
        is_used = [id(fix) in used for fix in rule.fixes]
        for number, fix in enumerate(rule.fixes) if any(is_used) else ():
            if not is_used[number]:
                what = f"no affected server belongs to the branch {fix_branch(fix) or 'without any key'}"
                hint = f"correct the branch or 'affects'{_hint_of_version(rule, fix)}, or remove the fix"
                yield Detection(rule, position_of(rule, ("fixes", number)), what, hint)


def _hint_of_version(rule: Rule, fix: Fix) -> str:
    """That an open range ends with its version, where the fix is for a level of another version."""
    affected = {level.version_name for entry in rule.affects for level in entry.levels or ()}
    own = {level.version_name for level in fix.levels or ()}
    is_of_another = bool(affected and own) and affected.isdisjoint(own)
    return " (a range without one end stays within its version)" if is_of_another else ""


def _without_fix(catalogue: Catalogue) -> Iterator[Detection]:
    for _, of_rule in groupby(_choices(catalogue), key=lambda choice: id(choice.rule)):
        own = list(of_rule)
        missing: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for choice in own:
            if not choice.fixes and _is_stated(choice, own):
                missing[_product_and_value(choice)][str(choice.at.level or "")] = None
        for (product, value), levels in missing.items():
            what = f"there is no fix for {' '.join(filter(None, (product, ', '.join(levels), value)))}"
            hint = "add it to the branch of a fix, or remove it from 'affects'"
            yield Detection(own[0].rule, position_of(own[0].rule, ("fixes",)), what, hint)


def _is_stated(choice: _Selection, own: Sequence[_Selection]) -> bool:
    """Whether servers are known to have the value that rules out every fix.

    Known editions are those of the product or of a fix; known platforms are those for which another
    level of the product has a fix.
    """
    match choice.key:
        case "product" | "level":
            return True
        case "edition":
            return choice.at.edition is not None
        case "platform":
            value = choice.at.platform, choice.at.product
            return choice.at.platform is not None and any(
                other.fixes and (other.at.platform, other.at.product) == value for other in own
            )
        case _:
            return False


def _product_and_value(choice: _Selection) -> tuple[str, str]:
    value = {"edition": choice.at.edition, "platform": choice.at.platform}.get(choice.key)
    return choice.at.product, value or ""


def _ambiguous(catalogue: Catalogue) -> Iterator[Detection]:
    differing: dict[tuple[int, int], tuple[_Selection, Fix, Fix]] = {}
    for choice in _choices(catalogue):
        groups = by_branch(choice.fixes) if len(choice.fixes) > 1 else []
        for other in groups[1:]:
            if _minima(groups[0]) != _minima(other):
                key = id(groups[0][0]), id(other[0])
                differing.setdefault(key, (choice, groups[0][0], other[0]))
    for choice, first, second in differing.values():
        yield _differing(choice, first, second)


def _differing(choice: _Selection, first: Fix, second: Fix) -> Detection:
    numbers = {id(fix): number for number, fix in enumerate(choice.rule.fixes)}
    one, other = numbers[id(first)], numbers[id(second)]
    what = f"fix {other + 1} and fix {one + 1} both apply to {choice.at}, and their minima differ"
    hint = "add a key that distinguishes them: level, edition, platform or language"
    return Detection(choice.rule, position_of(choice.rule, ("fixes", other)), what, hint)


def _minima(fixes: Sequence[Fix]) -> frozenset[Hashable]:
    return frozenset((file_key(one), one.meaning) for fix in fixes for one in fix.minima)


def _two_minima(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        for fixes in by_branch(rule.fixes) if len(rule.fixes) > 1 else ():
            yield from _two_minima_in(rule, fixes)


def _two_minima_in(rule: Rule, fixes: Sequence[Fix]) -> Iterator[Detection]:
    seen: dict[Hashable, Minimum] = {}
    for fix in fixes:
        for minimum in (one for one in fix.minima if one.registry is None):
            first = seen.setdefault(file_key(minimum), minimum)
            if first.meaning != minimum.meaning:
                number = next(n for n, one in enumerate(rule.fixes) if one is fix)
                what = (
                    f"{minimum.label} has the minimum {minimum.text} here and {first.text} in an earlier fix"
                )
                hint = "correct one of the two, or add the branch keys of each fix"
                yield Detection(rule, position_of(rule, minimum_place(number, minimum)), what, hint)


FOR_NOBODY = Check(
    "NF206",
    "warning",
    "no affected server belongs to the branch of a fix",
    "its files are never compared",
    _for_nobody,
)
WITHOUT_FIX = Check(
    "NF207",
    "warning",
    "an affected level has no fix",
    "its servers stay undetermined, whatever their files are",
    _without_fix,
)
AMBIGUOUS = Check(
    "NF208",
    "error",
    "two fixes of a rule apply to the same servers and differ",
    "no fact shows which of the two counts, so such a server can stay undetermined",
    _ambiguous,
)
TWO_MINIMA = Check(
    "NF303",
    "error",
    "fixes of the same branch have different minima for one file",
    "they are combined, so the lower minimum never counts",
    _two_minima,
)

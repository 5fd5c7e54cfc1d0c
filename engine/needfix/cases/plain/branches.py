"""The fixes of a rule that can be for a product on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product as every_combination
from typing import NamedTuple

from needfix.cases.plain.affected import concerned_levels
from needfix.cases.plain.builds import OTHER, is_among, version_of
from needfix.cases.plain.places import Here, Place
from needfix.cases.plain.words import language, plain_edition, platform
from needfix.model.product import ProductDefinition
from needfix.model.rule import Fix, Rule


class Choice(NamedTuple):
    """The fixes of one branch, and the level at which they count; none where none is for that level.

    `is_of_later_level`: no fix is for this level; the next one is for a later level.
    """

    fixes: tuple[Fix, ...]
    level: int
    is_of_later_level: bool = False


class _KnownPlace(NamedTuple):
    """A product with all its facts known; None is a value that no fix names."""

    level: int
    edition: str | None
    platform: str | None
    language: str | None


def branches(rule: Rule, chosen: Sequence[Choice]) -> list[list[Fix]]:
    """The fixes that are chosen, those of one branch together, in the order of the rule.

    The last one is empty where a level is possible that no fix is for.
    """
    found = {id(fix) for choice in chosen for fix in choice.fixes}
    groups = _together([fix for fix in rule.fixes if id(fix) in found])
    return groups if all(choice.fixes for choice in chosen) else [*groups, []]


def choices(rule: Rule, place: Place, here: Here) -> list[Choice]:
    """The branches that can be for a place, each with a level at which it counts.

    What is not known of the place is tried with every value that makes a difference.
    """
    found: list[Choice] = []
    for known in _possible(rule, place, here):
        chosen, is_later = _chosen(rule, place.product, known)
        found += [Choice(tuple(group), known.level, is_later) for group in _together(chosen)]
    without = concerned_levels(rule, place, here) - {OTHER, *(one.level for one in found)}
    return [*found, *(Choice((), level) for level in sorted(without))] if found else []


def is_closed_by_a_key(rule: Rule, place: Place, chosen: Sequence[Choice], here: Here) -> bool:
    """Whether no fix is for a level, and one would be if edition, platform and language were not known."""
    if not chosen:
        return True
    for one in chosen:
        level = place.levels._replace(possible=frozenset({one.level}))
        is_open = replace(place, levels=level, editions=(), platforms=frozenset(), language=None)
        if not one.fixes and choices(rule, is_open, here):
            return True
    return False


def _possible(rule: Rule, place: Place, here: Here) -> Iterator[_KnownPlace]:
    fixes = rule.fixes
    values = every_combination(
        sorted(concerned_levels(rule, place, here)),
        place.editions or _values(plain_edition, [fix.edition for fix in fixes]),
        sorted(place.platforms) or _values(_platform, [fix.platform for fix in fixes]),
        [place.language] if place.language else _values(_language, [fix.language for fix in fixes]),
    )
    return (_KnownPlace(*one) for one in values)


def _values(normal: Callable[[str], str], named: Sequence[str | None]) -> list[str | None]:
    return [None, *sorted({normal(name) for name in named if name is not None})]


def _chosen(rule: Rule, product: ProductDefinition, known: _KnownPlace) -> tuple[list[Fix], bool]:
    """The most specific of the fixes that are for it, key by key, and whether they are a later level's."""
    fitting = [fix for fix in rule.fixes if _is_for(fix, product, known)]
    of_level = [fix for fix in fitting if _is_of_level(rule, fix, product, known.level)]
    of_product = [fix for fix in rule.fixes if fix.product is None or fix.product == product.product]
    is_ruled_out = not any(_is_of_level(rule, fix, product, known.level) for fix in of_product)
    kept = _of_next_level(rule, fitting, product, known.level) if is_ruled_out else of_level
    in_language = [fix for fix in kept if fix.language is None or _language(fix.language) == known.language]
    own = in_language or kept
    for key in ("product", "levels", "edition", "platform", "language"):
        own = [fix for fix in own if getattr(fix, key) is not None] or own
    if not in_language:
        own = _without_times(own)
    return own, is_ruled_out


def _is_for(fix: Fix, product: ProductDefinition, known: _KnownPlace) -> bool:
    return (
        (fix.product is None or fix.product == product.product)
        and (fix.edition is None or plain_edition(fix.edition) == known.edition)
        and (fix.platform is None or _platform(fix.platform) == known.platform)
    )


def _is_of_level(rule: Rule, fix: Fix, product: ProductDefinition, level: int) -> bool:
    """A fix with levels and no product belongs to the products whose entries list them."""
    if fix.levels is None:
        return True
    if level == OTHER:
        return False
    own = product.levels[level].level
    listing = [entry.levels for entry in rule.affects if entry.product == product.product]
    is_listed = fix.product is not None or any(one is None or is_among(own, one) for one in listing)
    return is_listed and is_among(own, fix.levels)


def _of_next_level(rule: Rule, fitting: Sequence[Fix], product: ProductDefinition, level: int) -> list[Fix]:
    """Where the level alone rules out every fix, those for the next later level of its version."""
    if level == OTHER:
        return []
    version = version_of(product, level)
    of_version = (one for one in range(level + 1, len(product.levels)) if version_of(product, one) == version)
    for later in of_version:
        found = [fix for fix in fitting if _is_of_level(rule, fix, product, later)]
        if found:
            return found
    return []


def _without_times(fixes: Sequence[Fix]) -> list[Fix]:
    """The branches without modified times: versions are the same in every language, times are not."""
    groups = _together(fixes)
    return [fix for group in groups if not any(_times(group)) for fix in group]


def _times(fixes: Sequence[Fix]) -> Iterator[bool]:
    return (minimum.modified is not None for fix in fixes for minimum in fix.files)


def _platform(name: str) -> str:
    return platform(name) or name.casefold()


def _language(name: str) -> str:
    return language(name) or name.casefold()


def _together(fixes: Sequence[Fix]) -> list[list[Fix]]:
    groups: dict[object, list[Fix]] = {}
    for fix in fixes:
        branch = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
        groups.setdefault(branch, []).append(fix)
    return list(groups.values())

"""The fixes of a rule that can be for a product on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product as every_combination
from typing import NamedTuple

from needfix.cases.plain.builds import is_among
from needfix.cases.plain.names import edition, language, platform
from needfix.cases.plain.places import Place
from needfix.model.rule import Fix, Rule
from needfix.versions.level import Level


class _KnownPlace(NamedTuple):
    """A product with all its facts known; None is a value that no fix names."""

    product: str
    level: Level | None
    edition: str | None
    platform: str | None
    language: str | None


def branches(rule: Rule, place: Place) -> list[list[Fix]]:
    """The fixes that can be for a place, those of one branch together.

    What the place does not state is tried with every value that makes a difference.
    """
    found = [fix for known in _possible(rule.fixes, place) for fix in _chosen(rule.fixes, known)]
    return _together([fix for fix in rule.fixes if any(fix is one for one in found)])


def _possible(fixes: Sequence[Fix], place: Place) -> Iterator[_KnownPlace]:
    values = every_combination(
        [place.product.product],
        _levels(fixes, place),
        _values(edition, place.edition, [fix.edition for fix in fixes]),
        _values(platform, place.platform, [fix.platform for fix in fixes]),
        _values(language, place.language, [fix.language for fix in fixes]),
    )
    return (_KnownPlace(*one) for one in values)


def _levels(fixes: Sequence[Fix], place: Place) -> Sequence[Level | None]:
    if place.level is not None:
        return [place.level]
    return place.possible or [None, *{level for fix in fixes for level in fix.levels or ()}]


def _values(normal: Callable[[str], str], stated: str | None, named: list[str | None]) -> list[str | None]:
    if stated is not None:
        return [normal(stated)]
    return [None, *{normal(name) for name in named if name is not None}]


def _chosen(fixes: Sequence[Fix], known: _KnownPlace) -> list[Fix]:
    """Of those that are for it the most specific ones, key by key."""
    kept = [fix for fix in fixes if _is_for(fix, known)]
    in_language = [fix for fix in kept if fix.language is None or language(fix.language) == known.language]
    kept = in_language or kept
    for key in ("product", "levels", "edition", "platform", "language"):
        kept = [fix for fix in kept if getattr(fix, key) is not None] or kept
    return kept if in_language else [fix for fix in kept if _has_only_versions(fix)]


def _is_for(fix: Fix, known: _KnownPlace) -> bool:
    return (
        (fix.product is None or fix.product == known.product)
        and (fix.levels is None or is_among(known.level, fix.levels))
        and (fix.edition is None or edition(fix.edition) == known.edition)
        and (fix.platform is None or platform(fix.platform) == known.platform)
    )


def _has_only_versions(fix: Fix) -> bool:
    """Versions are the same in every language, modified times are not."""
    return all(minimum.modified is None for minimum in fix.files)


def _together(fixes: list[Fix]) -> list[list[Fix]]:
    groups: dict[object, list[Fix]] = {}
    for fix in fixes:
        branch = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
        groups.setdefault(branch, []).append(fix)
    return list(groups.values())

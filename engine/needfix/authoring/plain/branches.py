"""The fixes of a rule that can be for a product on a server."""

from __future__ import annotations

from collections.abc import Callable

from needfix.authoring.plain.places import Place
from needfix.model.names import edition, language, platform
from needfix.model.rule import Fix, Rule


def branches(rule: Rule, place: Place) -> list[list[Fix]]:
    """The fixes that can be for a place, those of one branch together."""
    fixes = _narrowed(list(rule.fixes), lambda fix: _is_product(fix, place))
    fixes = _narrowed(fixes, lambda fix: _is_level(fix, place))
    fixes = _narrowed(fixes, lambda fix: _same(edition, fix.edition, place.edition))
    fixes = _narrowed(fixes, lambda fix: _same(platform, fix.platform, place.platform))
    return _together(_of_language(fixes, place))


def _narrowed(fixes: list[Fix], is_for: Callable[[Fix], bool | None]) -> list[Fix]:
    """Those that are for it by name, else those that say nothing about it."""
    named = [fix for fix in fixes if is_for(fix) is True]
    return named or [fix for fix in fixes if is_for(fix) is None]


def _is_product(fix: Fix, place: Place) -> bool | None:
    return None if fix.product is None else fix.product == place.product.product


def _is_level(fix: Fix, place: Place) -> bool | None:
    return None if fix.levels is None or place.level is None else place.level in fix.levels


def _same(normal: Callable[[str], str], wanted: str | None, stated: str | None) -> bool | None:
    return None if wanted is None or stated is None else normal(wanted) == normal(stated)


def _of_language(fixes: list[Fix], place: Place) -> list[Fix]:
    """Versions are the same in every language, modified times are not."""
    kept = _narrowed(fixes, lambda fix: _same(language, fix.language, place.language))
    return kept or [fix for fix in fixes if all(minimum.modified is None for minimum in fix.files)]


def _together(fixes: list[Fix]) -> list[list[Fix]]:
    groups: dict[object, list[Fix]] = {}
    for fix in fixes:
        branch = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
        groups.setdefault(branch, []).append(fix)
    return list(groups.values())

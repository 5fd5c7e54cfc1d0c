"""What a decision takes from levels and from other rules: what a rule requires, and what supersedes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from needfix.compare.affected import Assessment, assess
from needfix.compare.installed import Installation, Installed
from needfix.model.evidence import Requires
from needfix.model.rule import ProductLevel, Rule
from needfix.versions import Level

_BEST_FIRST: tuple[Requires, ...] = ("met", "unknown", "unmet")


def combined(answers: Iterable[Requires]) -> Requires:
    """The answer where all must be met: unmet before unknown before met."""
    seen = set(answers)
    if "unmet" in seen:
        return "unmet"
    return "unknown" if "unknown" in seen else "met"


def levels_reached(rule: Rule, here: Installed) -> Requires:
    """Whether a server has reached all levels that a rule requires."""
    entries = (entry for entry in rule.requires if not isinstance(entry, str))
    return combined(level_reached(entry, here) for entry in entries)


def level_reached(entry: Sequence[ProductLevel], here: Installed) -> Requires:
    """Whether a server has reached one of the levels in an entry of `requires`.

    A later version is enough only where the entry names no level of that version.
    """
    products = dict.fromkeys(one.product for one in entry)
    answers = {_product_reached(product, entry, here) for product in products}
    return next((answer for answer in _BEST_FIRST if answer in answers), "unknown")


def _product_reached(product: str, entry: Sequence[ProductLevel], here: Installed) -> Requires:
    installations = here.of(product)
    if not installations:
        resembled = any(product in products for _, products in here.unclear_names)
        return "unmet" if here.is_listed and not resembled else "unknown"
    needed = [one.level for one in entry if one.product == product]
    answers = {_at_or_after(needed, installation) for installation in installations}
    return next(answer for answer in _BEST_FIRST if answer in answers)


def _at_or_after(needed: Sequence[Level], here: Installation) -> Requires:
    levels = here.possible if here.level is None else (here.level,)
    reached = {_is_reached(level, needed) for level in levels}
    if len(reached) != 1:
        return "unknown"
    return "met" if reached == {True} else "unmet"


def _is_reached(level: Level, needed: Sequence[Level]) -> bool:
    """Whether a level is one of those needed or later: of those of its own version, if there are any."""
    own = [one for one in needed if one.numbers == level.numbers]
    return level >= min(own or needed)


def is_carried(assessment: Assessment) -> bool:
    """Whether a rule does not affect a server because its level carries the fix."""
    codes = {reason.code for reason in assessment.reasons}
    return assessment.affected == "no" and "corrected-in-level" in codes and "level-not-listed" not in codes


_MOST_COMBINATIONS = 256


def proves_others(rule: Rule, assessment: Assessment, here: Installed) -> bool:
    """Whether the files of a rule prove the fixes that it supersedes.

    It must affect the server, and would whatever edition its products have where none is stated.
    """
    if assessment.affected != "yes" or not rule.supersedes:
        return False
    choices = [_editions(rule, installation) for installation in here.installations]
    if prod(map(len, choices)) > _MOST_COMBINATIONS:
        return False
    others = (here._replace(installations=chosen) for chosen in product(*choices))
    return all(assess(rule, other).affected == "yes" for other in others)


def _editions(rule: Rule, here: Installation) -> tuple[Installation, ...]:
    """A product in every edition that it may be."""
    if here.edition is not None or here.product.product not in rule.products:
        return (here,)
    editions = dict.fromkeys((*here.product.editions, *here.product.separate_editions))
    return (here, *(replace(here, edition=edition) for edition in editions))

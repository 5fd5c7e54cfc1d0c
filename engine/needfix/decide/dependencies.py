"""What a decision takes from levels and from other rules: what a rule requires, and what supersedes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from needfix.compare.affected import Assessment, assess, carries_fix, is_corrected_elsewhere
from needfix.compare.installation import Installation, Installed
from needfix.model.evidence import Requires
from needfix.model.requirement import ProductLevel
from needfix.model.rule import Rule
from needfix.versions import Level

_BEST_FIRST: tuple[Requires, ...] = ("met", "unknown", "unmet")


def levels_reached(
    levels: Iterable[Sequence[ProductLevel]], here: Installed, own: Installation | None
) -> tuple[Requires, ...]:
    """Whether a server has reached each required level; `own` is what a rule is decided for."""
    return tuple(_level_reached(entry, here, own) for entry in levels)


def _level_reached(entry: Sequence[ProductLevel], here: Installed, own: Installation | None) -> Requires:
    """Whether one of several levels is reached.

    A later version is enough only where the entry names no level of that version.
    """
    products = dict.fromkeys(one.product for one in entry)
    answers = {_product_reached(product, entry, here, own) for product in products}
    return next((answer for answer in _BEST_FIRST if answer in answers), "unknown")


def _product_reached(
    product: str, entry: Sequence[ProductLevel], here: Installed, own: Installation | None
) -> Requires:
    installations = (own,) if own is not None and own.product.product == product else here.of(product)
    if not installations:
        return "unknown" if here.may_have(product) else "unmet"
    needed = [one.level for one in entry if one.product == product]
    answers = {_at_or_after(needed, installation) for installation in installations}
    return next(answer for answer in _BEST_FIRST if answer in answers)


def _at_or_after(needed: Sequence[Level], here: Installation) -> Requires:
    """A level that is possible only because a key file is newer does not meet a required one."""
    reached = {_is_reached(level, needed) for level in here.possible if level not in here.raised}
    if len(reached) != 1 or not here.is_known or here.contradictions:
        return "unknown"
    return "met" if reached == {True} else "unmet"


def _is_reached(level: Level, needed: Sequence[Level]) -> bool:
    """Whether a level is one of those needed or later: of those of its own version, if there are any."""
    own = [one for one in needed if one.version_name == level.version_name]
    return level >= min(own or needed)


def is_carried(rule: Rule, assessment: Assessment, here: Installed) -> bool:
    """Whether a rule does not affect a server, and its level carries the fix, listed by the rule or not."""
    if assessment.affected != "no":
        return False
    own = (there for product in rule.products for there in here.of(product))
    return any(carries_fix(rule, there) for there in own) or is_corrected_elsewhere(rule, here)


class Proofs:
    """Which rules can show, by their own files, that the fixes they contain are present on a server."""

    def __init__(self, here: Installed) -> None:
        self._here = here
        self._sure: dict[str, bool] = {}

    def has(self, of_older: Assessment, newer: Rule, of_newer: Assessment) -> bool:
        """Whether a newer rule affects the server wherever an older one may, and in every edition.

        One that is for one of several products shows nothing about the others.
        """
        if of_newer.affected != "yes" or any(part.affected != "yes" for part in of_newer.parts):
            return False
        known = [part.installation for part in of_newer.parts]
        concerned = [part.installation for part in of_older.parts]
        if any(one is None or one not in known for one in concerned):
            return False
        if newer.id not in self._sure:
            self._sure[newer.id] = self._is_in_every_edition(newer, of_newer)
        return self._sure[newer.id]

    def _is_in_every_edition(self, rule: Rule, found: Assessment) -> bool:
        return all(
            self._is_sure(rule, replace(part.installation, edition=edition))
            for part in found.parts
            if part.installation is not None and part.installation.edition is None
            for edition in (*part.installation.product.editions, *part.installation.product.separate_editions)
        )

    def _is_sure(self, rule: Rule, own: Installation) -> bool:
        """Whether a rule affects an installation, which stands for all those of its product."""
        name = own.product.product
        others = (there for there in self._here.installations if there.product.product != name)
        found = assess(rule, replace(self._here, installations=(own, *others)))
        return any(part.installation is own and part.affected == "yes" for part in found.parts)

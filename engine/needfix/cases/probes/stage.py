"""Servers on which one branch of a rule is decided: the levels, and what else must be stated for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from needfix.cases.plain.affected import affected
from needfix.cases.plain.branches import choices
from needfix.cases.plain.builds import place_of
from needfix.cases.plain.places import Here, Place, stated_place
from needfix.cases.plain.words import edition as plain_edition
from needfix.cases.plain.words import language as plain_language
from needfix.cases.plain.words import platform as plain_platform
from needfix.cases.probes.products_beside import build_of, in_build, product_beside
from needfix.cases.probes.registry_values import as_asked
from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.intake.vocabularies import edition as normal_edition
from needfix.intake.vocabularies import folded_language as normal_language
from needfix.intake.vocabularies import folded_platform, is_separate
from needfix.model.minimum import Minimum
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Fix, Rule, by_branch
from needfix.versions import Level

_PLATFORMS = ("x86", "x64", "arm64", "ia64")
_PLATFORMS_OF_LAST_CENTURY = ("x86", "alpha", "x64", "ia64", "mips")
_OF_LAST_CENTURY = re.compile(r"Q[0-9]+", re.IGNORECASE)
"""Ids of articles from before 2003; later ones begin with KB."""

LANGUAGES = ("en", "de", "fr", "ja", "es", "it", "ko", "zh")


@dataclass(frozen=True, slots=True)
class Stage:
    """One product that a rule affects, and one branch of its fixes.

    `levels` are those that are affected and get this branch, in order; never empty. `others` are the
    products that must be there beside it, as an inventory lists them, and `values` those of the registry that
    the entry asks for.
    """

    rule: Rule
    product: ProductDefinition
    entry: Affects
    fixes: tuple[Fix, ...]
    levels: tuple[Level, ...]
    edition: str | None
    platform: str | None
    language: str | None
    others: tuple[dict[str, object], ...] = ()
    values: tuple[tuple[Minimum, str], ...] = ()

    @property
    def lowest(self) -> Level:
        """The first affected level."""
        return self.levels[0]

    @property
    def highest(self) -> Level:
        """The last affected level."""
        return self.levels[-1]

    def product_facts(self, level: Level | None, build: str | None = None) -> dict[str, object]:
        """The product at a level and in a build, in the short form of cases."""
        is_first = self.product.product == self.rule.products[0]
        stated = {
            "product": None if is_first else self.product.name,
            "level": level and level.text,
            "build": build,
            "edition": self.edition,
            "platform": self.platform,
            "language": self.language,
        }
        return {key: value for key, value in stated.items() if value is not None}

    def listed(self, level: Level | None, build: str | None = None) -> dict[str, object]:
        """The product at a level and in a build, as an inventory lists it."""
        stated = self.product_facts(level, build)
        return {"name": stated.pop("product", self.product.name), **stated}

    def label(self, level: Level | None) -> str:
        """The product at a level, in the name of a case."""
        several = len(self.rule.products) > 1
        parts = [self.product.name if several else "", level.text if level else "", self.edition]
        return " ".join(part for part in (*parts, self.platform, self.language) if part)

    def place_of_level(self, level: Level) -> Position | None:
        """Where the rule names a level."""
        return self.entry.places.get(level) or self.entry.at


def stages(rule: Rule, catalogue: Catalogue) -> list[Stage]:
    """Every branch of a rule for every product and edition that it affects."""
    return [stage for entry in rule.affects for stage in _of_entry(rule, entry, catalogue)]


def _of_entry(rule: Rule, entry: Affects, catalogue: Catalogue) -> Iterator[Stage]:
    product = catalogue.products[entry.product]
    beside = [product_beside(one, catalogue) for one in entry.beside]
    others = tuple(facts for facts, _ in beside)
    around = tuple(place for _, place in beside)
    values = tuple((own, as_asked(own)) for one in (entry, *entry.beside) for own in one.registry)
    known: dict[tuple[str | None, ...], dict[Level, list[tuple[Fix, ...]]]] = {}
    for fixes in by_branch(rule.fixes):
        keys = _stated(rule, entry, product, fixes[0])
        stage = Stage(rule, product, entry, fixes, (), *keys, others, values)
        chosen = known.get(keys)
        if chosen is None:
            chosen = {level: _chosen(stage, level, around) for level in levels_of(product)}
            known[keys] = chosen
        levels = tuple(level for level, branches in chosen.items() if fixes in branches)
        if levels:
            yield replace(stage, levels=levels)


def levels_of(product: ProductDefinition) -> tuple[Level, ...]:
    """The levels of a product, in order."""
    return tuple(entry.level for entry in product.levels)


def _chosen(stage: Stage, level: Level, around: tuple[Place, ...]) -> list[tuple[Fix, ...]]:
    """The branches of a rule that are for a level; none where the level is not affected."""
    there = stated_place(
        stage.product,
        frozenset({place_of(stage.product, level)}),
        edition=plain_edition(stage.product, stage.edition),
        platform=plain_platform(stage.platform),
        language=plain_language(stage.language),
    )
    there = in_build(there, build_of(stage.product, level, stage.entry.builds))
    here = Here((there, *around), frozenset())
    if affected(stage.rule, there, here) != "yes":
        return []
    return [one.fixes for one in choices(stage.rule, there, here) if not one.is_of_later_level]


def _stated(
    rule: Rule, entry: Affects, product: ProductDefinition, fix: Fix
) -> tuple[str | None, str | None, str | None]:
    """Edition, platform and language that lead to a fix."""
    editions = {normal_edition(one.edition) for one in rule.fixes if one.edition}
    others = [one for one in product.editions if not is_separate(product, one)]
    edition = entry.edition or fix.edition or another(editions, others, normal_edition)
    platform = fix.platform or entry.platform or another_platform(rule)
    return edition, platform, fix.language or entry.language or another_language(rule)


def another_platform(rule: Rule) -> str | None:
    """A platform that no fix is for; None where none names a platform."""
    return platform_beside(rule, {fix.platform for fix in rule.fixes if fix.platform})


def platform_beside(rule: Rule, named: Iterable[str]) -> str | None:
    """A platform of the rule's time that is none of those named; None where none is named."""
    is_old = rule.released is None and _OF_LAST_CENTURY.fullmatch(rule.id) is not None
    candidates = _PLATFORMS_OF_LAST_CENTURY if is_old else _PLATFORMS
    return another(map(folded_platform, named), candidates, folded_platform)


def another_language(rule: Rule) -> str | None:
    """A language that no fix is for; None where none names a language."""
    named = {normal_language(fix.language) for fix in rule.fixes if fix.language}
    return another(named, LANGUAGES, normal_language)


def another(named: Iterable[str], candidates: Iterable[str], normal: Callable[[str], str]) -> str | None:
    """The first of some names that is none of those that are named; None where none is named."""
    taken = set(named)
    return next((one for one in candidates if normal(one) not in taken), None) if taken else None

"""Probes of the levels, editions and products that a rule affects, and of those just outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from needfix.cases.probes.copies import (
    facts_of,
    first_below,
    given_files,
    listed_products,
    without_build,
    without_key_files,
)
from needfix.cases.probes.probe import Aim, Boundary, Probe
from needfix.cases.probes.stage import Stage, another_language, another_platform, levels_of
from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.intake.vocabularies import same_edition
from needfix.model.product import ProductDefinition
from needfix.model.rule import Correction
from needfix.versions import Level


def level_probes(stage: Stage) -> Iterator[Probe]:
    """Each affected level, each level next to one, and no level at all."""
    affects = position_of(stage.rule, ("affects",))
    for level in stage.levels:
        at = stage.place_of_level(level) or affects
        yield _probe(stage, level, Boundary("level", "listed", at, level.text))
    for level, neighbour in _outside(stage):
        at = stage.place_of_level(neighbour) or affects
        yield _probe(stage, level, Boundary("level-outside", _words_outside(stage, level), at, level.text))
    facts = facts_of(stage, None, without_build(first_below(stage, stage.highest)))
    name = ", ".join(filter(None, (stage.label(None), "level not stated")))
    yield Probe(name, facts, "level-unstated", affects)


def _words_outside(stage: Stage, level: Level) -> str:
    """Why a level does not get this branch."""
    listed = stage.entry.levels
    if listed is not None and level not in listed:
        return "not listed"
    marks = (mark for mark in stage.rule.corrected_in if mark.product == stage.product.product)
    is_corrected = any(
        mark.level.version_name == level.version_name and mark.level <= level for mark in marks
    )
    if is_corrected:
        return "carries the fix"
    has_own = any(fix.levels is None or level in fix.levels for fix in stage.rule.fixes)
    return "other branch" if has_own else "no fix of its own"


def unfixed_level_probes(stage: Stage) -> Iterator[Probe]:
    """Affected levels that a fix of this branch is not for, where the branch names levels."""
    at = position_of(stage.rule, ("fixes",))
    affected = stage.entry.levels
    for level in levels_of(stage.product) if stage.fixes[0].levels is not None else ():
        if level not in stage.levels and (affected is None or level in affected):
            yield _probe(stage, level, Boundary("level-unfixed", "other branch", at, level.text))


def _outside(stage: Stage) -> Iterator[tuple[Level, Level]]:
    """Levels without the fix next to a level with it, each with the nearest of those."""
    own, found = set(stage.levels), set[Level]()
    for before, after in pairwise(levels_of(stage.product)):
        outside, inside = (before, after) if after in own else (after, before)
        if inside in own and outside not in own | found:
            found.add(outside)
            yield outside, inside


def correction_probes(stage: Stage) -> Iterator[Probe]:
    """The level that brought the fix, and the one before it."""
    for number, mark in enumerate(stage.rule.corrected_in):
        at = position_of(stage.rule, ("corrected_in", number))
        if mark.product == stage.product.product:
            for level, aim in _around(stage.product, mark):
                words = "carries the fix" if aim == "corrected" else "just before the fix"
                with_edition = stage if mark.edition is None else replace(stage, edition=mark.edition)
                yield _probe(with_edition, level, Boundary(aim, words, at, mark.level.text))


def foreign_correction_probes(stage: Stage, catalogue: Catalogue) -> Iterator[Probe]:
    """A product that the rule's own runs on, at the level that brought the fix and before it."""
    copies = first_below(stage, stage.highest)
    for number, mark in enumerate(stage.rule.corrected_in):
        if mark.product in stage.rule.products:
            continue
        product, at = catalogue.products[mark.product], position_of(stage.rule, ("corrected_in", number))
        for level, aim in _around(product, mark):
            edition = {"edition": mark.edition} if mark.edition else {}
            below: dict[str, object] = {"name": product.name, "level": level.text, **edition}
            given = listed_products(stage, copies, below)
            name = f"{stage.label(stage.highest)} on {product.name} {level}"
            yield Probe(name, given, aim, at, mark.level.text)


def _around(product: ProductDefinition, mark: Correction) -> Iterator[tuple[Level, Aim]]:
    before = [level for level in levels_of(product) if level < mark.level]
    yield mark.level, "corrected"
    if before:
        yield before[-1], "not-yet-corrected"


def branch_probes(stage: Stage) -> Iterator[Probe]:
    """The edition that is stated, others, none; and a platform and a language that no fix is for."""
    affects = position_of(stage.rule, ("affects",))
    at = stage.entry.at or affects
    if stage.edition is not None:
        yield _probe(stage, stage.highest, Boundary("edition", "listed", at, stage.edition))
        unstated = Boundary("edition-unstated", "edition not stated", at, stage.edition)
        yield _probe(replace(stage, edition=None), stage.highest, unstated)
    for edition in _other_editions(stage):
        yield _probe(
            replace(stage, edition=edition), stage.highest, Boundary("edition-other", "other", at, edition)
        )
    platform, language = another_platform(stage.rule), another_language(stage.rule)
    fixes = position_of(stage.rule, ("fixes",))
    if platform is not None:
        other = replace(stage, platform=platform)
        yield _probe(other, stage.highest, Boundary("platform-other", "no fix for it", fixes, platform))
    if language is not None:
        other = replace(stage, language=language)
        yield _probe(other, stage.highest, Boundary("language-other", "no fix for it", fixes, language))


def _other_editions(stage: Stage) -> list[str]:
    """One edition beside the stated one; where none is stated, those that have files of their own."""
    own = stage.edition
    if own is None:
        return list(stage.product.separate_editions)
    return [edition for edition in stage.product.editions if not same_edition(own, edition)][:1]


def product_probes(stage: Stage, catalogue: Catalogue) -> Iterator[Probe]:
    """A server with another product only, and one with none."""
    at = position_of(stage.rule, ("affects",))
    files = given_files(without_key_files(stage, first_below(stage, stage.highest)))
    none = {"products": [], "files": files, "complete": ["products"]}
    yield Probe("no product", none, "other-product", at)
    other = _other_product(stage, catalogue)
    if other is not None:
        given = {"products": [{"name": other.name}], "files": files}
        yield Probe(f"only {other.name}", given, "other-product", at, other.product)


def _other_product(stage: Stage, catalogue: Catalogue) -> ProductDefinition | None:
    named = {*stage.rule.products, *(mark.product for mark in stage.rule.corrected_in)}
    others = (product for product in catalogue.products.values() if product.product not in named)
    return next((product for product in others if _is_found(product, catalogue)), None)


def _is_found(product: ProductDefinition, catalogue: Catalogue) -> bool:
    found = catalogue.names.find(product.name)
    return found is not None and found.product == product.product


def _probe(stage: Stage, level: Level, boundary: Boundary) -> Probe:
    return boundary.probe(stage.label(level), facts_of(stage, level, first_below(stage, level)))

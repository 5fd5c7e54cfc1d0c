"""Whether a rule concerns a product that is there: for each level and edition that it may have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from needfix.cases.plain.builds import OTHER, Places, is_among, place_of, version_of
from needfix.cases.plain.places import Here, Place
from needfix.cases.plain.words import is_separate, plain_edition
from needfix.model.evidence import Affected
from needfix.model.rule import Affects, Correction, Rule

Answer = Literal["yes", "no", "unknown"]


def affected(rule: Rule, place: Place, here: Here) -> Affected:
    """The answer for one product on a server."""
    elsewhere = carried_elsewhere(rule, here)
    if place.is_absent or elsewhere == "yes":
        return "no"
    if place.contradictions:
        return "no" if _is_denied_by_each(rule, place) else "contradicted"
    found = _alike(at_level(rule, place, level, place.edition) for level in place.levels.possible)
    if found == "no":
        return "no"
    return "unknown" if elsewhere == "unknown" or not place.is_certain else found


def concerned_levels(rule: Rule, place: Place) -> Places:
    """The possible levels that are affected, or may be; all that are possible where none is."""
    editions = place.editions or (None,)
    found = frozenset(
        level
        for level in place.levels.possible
        if any(at_level(rule, place, level, edition) != "no" for edition in editions)
    )
    return found or place.levels.possible


def is_affected_at_every_edition(rule: Rule, place: Place, here: Here) -> bool:
    """Whether the answer is yes whatever edition the product has, where none is known."""
    if place.editions:
        return affected(rule, place, here) == "yes"
    product = place.product
    editions = [None, *map(plain_edition, (*product.editions, *product.separate_editions))]
    return affected(rule, place, here) == "yes" and all(
        at_level(rule, place, level, edition) == "yes"
        for level in place.levels.possible
        for edition in editions
    )


def at_level(rule: Rule, place: Place, level: int, edition: str | None) -> Answer:
    """The answer for a product at one level."""
    entries = [
        _of_entry(entry, place, level, edition)
        for entry in rule.affects
        if entry.product == place.product.product
    ]
    listed: Answer = "yes" if "yes" in entries else "unknown" if "unknown" in entries else "no"
    carried = carried_at(rule, place, level, edition)
    if listed == "no" or carried == "yes":
        return "no"
    return "unknown" if "unknown" in (listed, carried) else "yes"


def carried_at(rule: Rule, place: Place, level: int, edition: str | None) -> Answer:
    """Whether a level carries the fix: it is one of `corrected_in`, or a later one of the same version."""
    marks = [mark for mark in rule.corrected_in if mark.product == place.product.product]
    answers = [
        _both(_is_reached(mark, place, level), _is_for_edition(rule, mark, place, edition)) for mark in marks
    ]
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def carried_elsewhere(rule: Rule, here: Here) -> Answer:
    """Whether a product that the rule's own run on carries the fix, as Windows 2000 SP3 does for IIS."""
    answers: list[Answer] = []
    for mark in rule.corrected_in:
        if mark.product in rule.products:
            continue
        installed = here.of(mark.product)
        answers += [_carries(rule, mark, place) for place in installed]
        answers += ["unknown"] if not installed and mark.product in here.open_products else []
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def _carries(rule: Rule, mark: Correction, place: Place) -> Answer:
    edition = _is_for_edition(rule, mark, place, place.edition)
    answers = [_both(_is_reached(mark, place, level), edition) for level in place.levels.possible]
    found = _alike(answers)
    return "unknown" if place.contradictions and found == "yes" else found


def _is_reached(mark: Correction, place: Place, level: int) -> Answer:
    if level == OTHER:
        return "unknown"
    first = place_of(place.product, mark.level)
    same = version_of(place.product, level) == version_of(place.product, first)
    return "yes" if same and level >= first else "no"


def _is_for_edition(rule: Rule, mark: Correction, place: Place, edition: str | None) -> Answer:
    """A correction without edition is not for a separate one, unless the rule is only for that one."""
    if mark.edition is not None:
        return _is_edition(mark.edition, edition)
    if not is_separate(place.product, edition):
        return "yes"
    named = [entry.edition for entry in rule.affects if entry.product == mark.product]
    only = all(one is not None and _is_edition(one, edition) == "yes" for one in named)
    return "yes" if only else "no"


def _of_entry(entry: Affects, place: Place, level: int, edition: str | None) -> Answer:
    if entry.levels is None:
        by_level: Answer = "yes"
    elif level == OTHER:
        by_level = "unknown"
    else:
        by_level = "yes" if is_among(place.product.levels[level].level, entry.levels) else "no"
    if entry.edition is not None:
        return _both(by_level, _is_edition(entry.edition, edition))
    return "no" if is_separate(place.product, edition) else by_level


def _is_edition(named: str, known: str | None) -> Answer:
    if known is None:
        return "unknown"
    return "yes" if plain_edition(named) == known else "no"


def _is_denied_by_each(rule: Rule, place: Place) -> bool:
    """Whether each of the facts that exclude each other says no by itself."""
    each = place.levels.each or (place.levels.possible,)
    return all(
        at_level(rule, place, level, edition) == "no"
        for levels in each
        for level in levels
        for edition in place.editions or (None,)
    )


def _both(one: Answer, other: Answer) -> Answer:
    if "no" in (one, other):
        return "no"
    return "unknown" if "unknown" in (one, other) else "yes"


def _alike(answers: Iterable[Answer]) -> Answer:
    """What all possible levels agree on."""
    found = set(answers)
    return found.pop() if len(found) == 1 else "unknown"

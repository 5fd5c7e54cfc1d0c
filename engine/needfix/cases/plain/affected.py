"""Whether a rule concerns a server, and which of its products."""

from __future__ import annotations

from needfix.cases.plain.builds import is_among, position
from needfix.cases.plain.names import edition, is_separate
from needfix.cases.plain.places import Here, Place
from needfix.cases.plain.reading import numbers_of
from needfix.model.evidence import Affected
from needfix.model.rule import Affects, Correction, Rule
from needfix.versions.level import Level


def affected(rule: Rule, here: Here) -> tuple[Affected, list[Place]]:
    """The answer, and the products on the server that it is about."""
    matches = [
        (_match(rule, entry, place), place) for entry in rule.affects for place in here.of(entry.product)
    ]
    concerned = [place for answer, place in matches if answer != "no"]
    if any(answer == "yes" for answer, _ in matches):
        answer: Affected = "yes"
    elif concerned or not here.open_products.isdisjoint(set(rule.products)):
        answer = "unknown"
    else:
        answer = "no"
    return ("no", []) if concerned and _is_brought_by_another_product(rule, here) else (answer, concerned)


def reaches(place: Place, level: Level, other: Level) -> bool:
    """Whether a level of a product is another one or comes after it."""
    return position(place.product, level) >= position(place.product, other)


def _match(rule: Rule, entry: Affects, place: Place) -> Affected:
    by_level = _by_level(rule, entry, place)
    if by_level == "no":
        return "no"
    if entry.edition is None:
        return "no" if is_separate(place.product, place.edition) else by_level
    if place.edition is None:
        return "unknown"
    return by_level if _is_edition(entry.edition, place.edition) else "no"


def _by_level(rule: Rule, entry: Affects, place: Place) -> Affected:
    if place.level is not None:
        return "yes" if _is_level_affected(rule, entry, place, place.level) else "no"
    every_level = entry.levels is None and not _corrections(rule, entry, place)
    if every_level and place.doubt in ("missing", "ambiguous", "unknown"):
        return "yes"
    answers = {_is_level_affected(rule, entry, place, level) for level in place.possible}
    if answers == {True}:
        return "yes"
    return "no" if answers == {False} else "unknown"


def _is_level_affected(rule: Rule, entry: Affects, place: Place, level: Level) -> bool:
    if entry.levels is not None and not is_among(level, entry.levels):
        return False
    marks = _corrections(rule, entry, place)
    own = [mark for mark in marks if numbers_of(mark) == numbers_of(level)]
    # A level that the rule lists by name was not corrected by one of another version.
    counted = own if own or entry.levels is not None else marks
    return not any(reaches(place, level, mark) for mark in counted)


def _corrections(rule: Rule, entry: Affects, place: Place) -> list[Level]:
    marks = [mark for mark in rule.corrected_in if mark.product == entry.product]
    return [mark.level for mark in marks if _holds_for_edition(rule, mark, place)]


def _holds_for_edition(rule: Rule, mark: Correction, place: Place) -> bool:
    """A correction without edition is not for a separate one, unless the rule is only for that one."""
    if mark.edition is not None or not is_separate(place.product, place.edition):
        return _is_edition(mark.edition, place.edition)
    named = [entry.edition for entry in rule.affects if entry.product == mark.product]
    return all(one is not None and _is_edition(one, place.edition) for one in named)


def _is_edition(named: str | None, stated: str | None) -> bool:
    return named is None or (stated is not None and edition(named) == edition(stated))


def _is_brought_by_another_product(rule: Rule, here: Here) -> bool:
    """Whether a product that the rule's own run on carries the fix, as Windows 2000 SP3 does for IIS."""
    return any(
        place.level is not None
        and reaches(place, place.level, mark.level)
        and _is_edition(mark.edition, place.edition)
        for mark in rule.corrected_in
        if mark.product not in rule.products
        for place in here.of(mark.product)
    )

"""Whether a rule concerns a product that is there: for each level and edition that it may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from needfix.cases.plain.build_minima import in_range
from needfix.cases.plain.builds import OTHER, Places, is_among, place_of, version_of
from needfix.cases.plain.places import Here, Place
from needfix.cases.plain.registry import is_as_asked
from needfix.cases.plain.words import is_separate, language, plain_edition, platform
from needfix.model.evidence import Affected
from needfix.model.rule import Affects, Correction, Rule

Answer = Literal["yes", "no", "unknown"]


def affected(rule: Rule, place: Place, here: Here) -> Affected:
    """The answer for one product on a server."""
    elsewhere = carried_elsewhere(rule, here)
    if place.is_absent or elsewhere == "yes":
        return "no"
    if place.contradictions:
        return "no" if _is_denied_by_each(rule, place, here) else "contradicted"
    found = _alike(at_level(rule, place, level, place.edition, here) for level in place.levels.possible)
    if found == "no":
        return "no"
    return "unknown" if elsewhere == "unknown" or not place.is_certain else found


def concerned_levels(rule: Rule, place: Place, here: Here) -> Places:
    """The possible levels that are affected, or may be; all that are possible where none is."""
    editions = place.editions or (None,)
    found = frozenset(
        level
        for level in place.levels.possible
        if any(at_level(rule, place, level, edition, here) != "no" for edition in editions)
    )
    return found or place.levels.possible


def is_affected_at_every_edition(rule: Rule, place: Place, here: Here) -> bool:
    """Whether the answer is yes whatever edition the product has, where none is known."""
    if place.editions:
        return affected(rule, place, here) == "yes"
    product = place.product
    editions = [None, *map(plain_edition, (*product.editions, *product.separate_editions))]
    return affected(rule, place, here) == "yes" and all(
        _at_level_and_edition(rule, place, level, edition, here) == "yes"
        for level in place.levels.possible
        for edition in editions
    )


def at_level(rule: Rule, place: Place, level: int, edition: str | None, here: Here) -> Answer:
    """The answer for a product at one level; of an edition that is not known, what all agree on."""
    if edition is not None:
        return _at_level_and_edition(rule, place, level, edition, here)
    editions = (None, *_named_editions(rule, place))
    return _alike(_at_level_and_edition(rule, place, level, one, here) for one in editions)


def carried_at(rule: Rule, place: Place, level: int, edition: str | None) -> Answer:
    """Whether a level carries the fix: it is one of `corrected_in`, or a later one of the same version."""
    if edition is not None:
        return _carried(rule, place, level, edition)
    return _alike(_carried(rule, place, level, one) for one in (None, *_named_editions(rule, place)))


def _named_editions(rule: Rule, place: Place) -> set[str]:
    """The editions that a rule distinguishes; one with files of its own only where an entry is for it."""
    product = place.product
    entries = [entry.edition for entry in rule.affects if entry.product == product.product]
    marks = [mark.edition for mark in rule.corrected_in if mark.product == product.product]
    own = {plain_edition(one) for one in entries if one is not None}
    others = {plain_edition(one) for one in marks if one is not None}
    return own | {one for one in others if not is_separate(product, one)}


def _at_level_and_edition(rule: Rule, place: Place, level: int, edition: str | None, here: Here) -> Answer:
    """The answer for a product at one level, of an edition or of one that the rule does not name."""
    entries = [
        _all((_of_entry(entry, place, level, edition), asked_for(entry, place, here)))
        for entry in rule.affects
        if entry.product == place.product.product
    ]
    listed: Answer = "yes" if "yes" in entries else "unknown" if "unknown" in entries else "no"
    carried = _carried(rule, place, level, edition)
    if listed == "no" or carried == "yes":
        return "no"
    return "unknown" if "unknown" in (listed, carried) else "yes"


def _carried(rule: Rule, place: Place, level: int, edition: str | None) -> Answer:
    marks = [mark for mark in rule.corrected_in if mark.product == place.product.product]
    reached = [_is_reached(mark, place, level) for mark in marks if _is_of(rule, mark, place, edition)]
    return "yes" if "yes" in reached else "unknown" if "unknown" in reached else "no"


def carried_elsewhere(rule: Rule, here: Here) -> Answer:
    """Whether a product that the rule's own run on carries the fix, as Windows 2000 SP3 does for IIS."""
    answers: list[Answer] = []
    for mark in rule.corrected_in:
        if mark.product in rule.products:
            continue
        installed = here.of(mark.product)
        answers += [_alike(_carries(rule, mark, place) for place in installed)] if installed else []
        answers += ["unknown"] if not installed and mark.product in here.open_products else []
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def _carries(rule: Rule, mark: Correction, place: Place) -> Answer:
    is_unknown = place.edition is None and mark.edition is not None
    if not is_unknown and not _is_of(rule, mark, place, place.edition):
        return "no"
    found = _alike(_is_reached(mark, place, level) for level in place.levels.possible)
    return "unknown" if found == "yes" and (place.contradictions or is_unknown) else found


def _is_reached(mark: Correction, place: Place, level: int) -> Answer:
    if level == OTHER:
        return "unknown"
    first = place_of(place.product, mark.level)
    same = version_of(place.product, level) == version_of(place.product, first)
    return "yes" if same and level >= first else "no"


def _is_of(rule: Rule, mark: Correction, place: Place, edition: str | None) -> bool:
    """A correction without edition is not for a separate one, unless the rule is only for that one."""
    if mark.edition is not None:
        return _is_edition(mark.edition, edition)
    named = [entry.edition for entry in rule.affects if entry.product == mark.product]
    only = all(one is not None and _is_edition(one, edition) for one in named)
    return only or not is_separate(place.product, edition)


def _of_entry(entry: Affects, place: Place, level: int, edition: str | None) -> Answer:
    if entry.edition is None:
        is_of_edition = not is_separate(place.product, edition)
    else:
        is_of_edition = _is_edition(entry.edition, edition)
    if not is_of_edition:
        return "no"
    return _at(entry, place, level)


def asked_for(entry: Affects, place: Place, here: Here) -> Answer:
    """Whether all is there that an entry asks for beside level and edition."""
    beside = (_there(one, here) for one in entry.beside)
    return _all((*_asked_of(entry, place, here), *beside))


def _asked_of(entry: Affects, place: Place, here: Here) -> Iterator[Answer]:
    if entry.builds is not None:
        found, _ = in_range(place.product, place.builds, entry.builds)
        # Of facts that exclude each other, a level shows no build, and so does not deny the range.
        yield "unknown" if found == "no" and "level-contradicted" in place.contradictions else found
    if entry.platform is not None:
        named = platform(entry.platform) or entry.platform.casefold()
        yield _alike("yes" if one == named else "no" for one in place.platforms)
    if entry.language is not None:
        named = language(entry.language) or entry.language.casefold()
        yield "unknown" if place.language is None else "yes" if place.language == named else "no"
    for minimum in entry.registry:
        yield "yes" if here.server is None else is_as_asked(minimum, here.server)


def _there(entry: Affects, here: Here) -> Answer:
    """Whether a product beside the rule's own is there, as an entry asks for it."""
    answers = [_is_as_asked(entry, place, here) for place in here.of(entry.product)]
    if not answers:
        return "unknown" if entry.product in here.open_products else "no"
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def _is_as_asked(entry: Affects, place: Place, here: Here) -> Answer:
    """By each of the facts that exclude each other, where some do."""
    own = _all(_asked_of(entry, place, here))
    is_each = place.contradictions and place.levels.is_contradicted
    each = place.levels.each if is_each else (place.levels.possible,)
    found = {
        _all((own, _alike(_at(entry, place, level) for level in levels), _edition(entry, place, edition)))
        for levels in each
        for edition in place.editions or (None,)
    }
    if place.contradictions:
        return "no" if found == {"no"} else "unknown"
    return _alike(found)


def _at(entry: Affects, place: Place, level: int) -> Answer:
    if entry.levels is None:
        return "yes"
    if level == OTHER:
        return "unknown"
    return "yes" if is_among(place.product.levels[level].level, entry.levels) else "no"


def _edition(entry: Affects, place: Place, edition: str | None) -> Answer:
    if entry.edition is None:
        return "no" if is_separate(place.product, edition) else "yes"
    if edition is None:
        return "unknown"
    return "yes" if _is_edition(entry.edition, edition) else "no"


def _all(answers: Iterable[Answer]) -> Answer:
    """No before unknown before yes."""
    seen = set(answers)
    return "no" if "no" in seen else "unknown" if "unknown" in seen else "yes"


def _is_edition(named: str, known: str | None) -> bool:
    return known is not None and plain_edition(named) == known


def _is_denied_by_each(rule: Rule, place: Place, here: Here) -> bool:
    """Whether each of the facts that exclude each other says no by itself."""
    each = place.levels.each if place.levels.is_contradicted else (place.levels.possible,)
    return all(
        at_level(rule, place, level, edition, here) == "no"
        for levels in each
        for level in levels
        for edition in place.editions or (None,)
    )


def _alike(answers: Iterable[Answer]) -> Answer:
    """What all possible levels or editions agree on."""
    found = set(answers)
    return found.pop() if len(found) == 1 else "unknown"

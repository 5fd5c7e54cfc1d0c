"""The levels of a product by their place in its definition: what a text means, and whose build one is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from needfix.cases.plain.level_names import (
    Label,
    LevelName,
    VersionName,
    any_level_name,
    in_words,
    label,
    level_name,
    name_of,
    numbers_in,
    numbers_of,
    trimmed_name,
)
from needfix.cases.plain.reading import Numbers, is_by_years, numbering_of_free, trimmed
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions.level import Level

Places = frozenset[int]
"""Places of levels in a definition; OTHER is a level that the definition does not have."""

OTHER = -1
_LEAST_BARE_BUILD = 100
_PARTS_OF_BARE_BUILD = 2
_PARTS_OF_A_VERSION = 2
_MOST_NUMBERS = 12
_MOST_REMEMBERED = 1 << 12
_BEYOND = (10**18,)
"""Above every build."""


class Range(NamedTuple):
    """The builds from the first up to another, which is not among them; all have as many numbers."""

    first: Numbers
    behind: Numbers

    def meets(self, other: Range) -> bool:
        """Whether both have a build in common."""
        return self.first < other.behind and other.first < self.behind


def place_of(product: ProductDefinition, level: Level) -> int:
    """The place of a level in the definition, which is its order; OTHER where it has none."""
    own = label(level)
    return next((place for place, entry in enumerate(product.levels) if label(entry.level) == own), OTHER)


def is_among(level: Level | None, levels: frozenset[Level]) -> bool:
    """Whether a level is one of several."""
    return level is not None and label(level) in _labels(_SameSet(levels))


class _SameSet:
    """A set of levels, known by itself: how levels compare is the engine's business."""

    __slots__ = ("levels",)

    def __init__(self, levels: frozenset[Level]) -> None:
        self.levels = levels

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameSet) and self.levels is other.levels

    def __hash__(self) -> int:
        return id(self.levels)


@lru_cache(_MOST_REMEMBERED)
def _labels(of: _SameSet) -> frozenset[Label]:
    return frozenset(map(label, of.levels))


def version_of(product: ProductDefinition, place: int) -> VersionName:
    """The version that a level belongs to."""
    return numbers_of(product.levels[place].level)


def all_places(product: ProductDefinition) -> Places:
    """Every level, and OTHER."""
    return frozenset({OTHER, *range(len(product.levels))})


def is_in_no_range(product: ProductDefinition, build: Numbers) -> bool:
    """Whether a build may lie in the range of no level, of a product that has such ranges."""
    has_builds = any(entry.build is not None for entry in product.levels)
    return has_builds and is_numbered_alike(product, build) and OTHER in levels_of_build(product, build)


def is_numbered_alike(product: ProductDefinition, build: Numbers) -> bool:
    """Whether a build and those of a product, if it has any, are both numbered by years, or neither.

    Free builds are alike where both are dates, or numbers of builds by themselves, or neither.
    """
    known = [entry.build.release for entry in product.levels if entry.build is not None]
    numbering = numbering_of_free if product.free_builds else is_by_years
    return not known or numbering(build) == numbering(known[0])


def levels_of_build(
    product: ProductDefinition, build: Numbers | None, version: VersionName | None = None
) -> Places:
    """The levels that a build can belong to, with OTHER where it may lie in the range of none.

    `version` is stated beside it, and may complete a build that lacks its own.
    """
    firsts = [None if entry.build is None else entry.build.release for entry in product.levels]
    known = [first for first in firsts if first is not None]
    if build is None or not known or not is_numbered_alike(product, build):
        return all_places(product)
    own = _ranges(product)
    every = [_levels_that_meet(own, _beginning_with(one)) for one in builds_meant(product, build, version)]
    return frozenset().union(*every)


def builds_meant(
    product: ProductDefinition, build: Numbers, version: VersionName | None = None
) -> tuple[Numbers, ...]:
    """A build, with each version that it can have where it lacks one; none where it is numbered otherwise."""
    if not is_numbered_alike(product, build):
        return ()
    is_bare = len(build) <= _PARTS_OF_BARE_BUILD and build[0] >= _LEAST_BARE_BUILD
    if product.free_builds or not is_bare or is_by_years(build):
        return (build,)
    known = [entry.build.release for entry in product.levels if entry.build is not None]
    versions = {first[:_PARTS_OF_A_VERSION] for first in known}
    begins = version is not None and versions_begun(product, version, (trimmed_name(version), 0, ""))
    alike = [one[:1] if begins else trimmed(one) for one in versions]
    wanted = trimmed_name(version or (0,))
    stated = {one for one, own in zip(versions, alike, strict=True) if own == wanted}
    return tuple((*one, *build) for one in stated or versions)


def _levels_that_meet(own: Sequence[Range | None], build: Range) -> Places:
    """The levels with builds among these; one without a build shares those of the one before it."""
    found: set[int] = set()
    reached = build.first  # builds below are in the range of a level
    for place, one in enumerate(own):
        if one is None:
            found |= {place} if place - 1 in found else set()
        elif one.meets(build):
            found.add(place)
            reached = max(reached, one.behind) if one.first <= reached else reached
    return frozenset(found if reached >= build.behind else {*found, OTHER})


def _ranges(product: ProductDefinition) -> list[Range | None]:
    """The builds of each level in order; None for a level without a build."""
    found: list[Range | None] = []
    later: Numbers | None = None
    for entry in reversed(product.levels):
        if entry.build is None:
            found.append(None)
            continue
        first = _padded(entry.build.release)
        begun = entry.build.release[:_PARTS_OF_A_VERSION]
        ends = [_padded(_BEYOND) if product.free_builds else _beginning_with(begun).behind]
        if later is not None and later > first:
            ends.append(later)
        if entry.until is not None:
            ends.append(_padded(entry.until.release))
        found.append(Range(first, min(ends)))
        later = first
    return found[::-1]


def _beginning_with(build: Numbers) -> Range:
    """Every build that begins with these numbers: one that is written short does not show the rest."""
    return Range(_padded(build), _padded((*build[:-1], build[-1] + 1)))


def levels_of_version(product: ProductDefinition, name: VersionName) -> Places:
    """Every level of a version, by its own name or another label, or of all that begin with one number."""
    begun = versions_begun(product, name, (trimmed_name(name), 0, ""))
    meant = {trimmed_name(one) for one in (name, *begun)}
    own = {numbers_of(entry.level) for entry in product.levels if meant & _versions_of(entry)}
    return frozenset(place for place, entry in enumerate(product.levels) if numbers_of(entry.level) in own)


def versions_begun(product: ProductDefinition, name: VersionName, written: Label) -> set[VersionName]:
    """The versions that one number can be the beginning of, unless some level is written just so."""
    if len(name) > 1 or isinstance(name[0], str):
        return set()
    labels = [name_of(one.text) for entry in product.levels for one in (entry.level, *entry.also)]
    if any(one.label == written and one.version == name for one in labels):
        return set()
    versions = [one.version for one in labels if one.version is not None]
    return {one for one in versions if len(numbers_in(one)) > 1 and one[0] == name[0]}


def level_stated(product: ProductDefinition, written: str) -> LevelName | None:
    """A level that a server states, in the usual way or by words that the definition has."""
    usual = level_name(written)
    said = usual or any_level_name(written)
    if usual is not None or said is None or said.version is None:
        return usual
    labels = [label(one) for entry in product.levels for one in (entry.level, *entry.also)]
    is_of_words = any(isinstance(one, str) for one in said.version) and said.version in [
        one[0] for one in labels
    ]
    is_usual = re.fullmatch("[a-z]?( ?(hrp|srp))?( ?(cu|ru|u) [0-9]+[a-z]?)?", said.rest) is not None
    if said.label in labels or (is_of_words and is_usual):
        return said
    is_bare = not (said.pack or said.is_first or said.builds)
    for entry in product.levels:
        is_of_version = is_bare and numbers_of(entry.level) == trimmed_name(said.version)
        if is_of_version and said.rest in [in_words(one.text) for one in entry.also]:
            return name_of(entry.level.text)
    words = in_words(written)
    if words in ("rtm", "ga", "gold"):
        is_named = any(name_of(entry.level.text).is_first for entry in product.levels)
        return LevelName(None, is_first=True) if is_named else None
    if words and any(one[1:] == (0, words) for one in labels):
        return LevelName(None, rest=words)
    return None


def levels_meant(product: ProductDefinition, name: LevelName) -> Places:
    """The levels that have the name; a service pack by itself is that of any version, or of `shorthand`."""
    if name.version is not None and (begun := versions_begun(product, name.version, name.label)):
        if name.is_version_only:
            return levels_of_version(product, name.version)
        labels = [name._replace(version=one).label for one in (name.version, *begun)]
        return _stated_in_short(product, _labelled(product, labels))
    if name.version is not None:
        return _stated_in_short(product, _labelled(product, [name.label]))
    shorthand = None if product.shorthand is None else name_of(product.shorthand).version
    if shorthand is not None:
        own = _labelled(product, [name._replace(version=shorthand).label])
    else:
        versions = [numbers_of(entry.level) for entry in product.levels]
        own = _labelled(product, [name._replace(version=one).label for one in versions])
    return _stated_in_short(product, own)


def _stated_in_short(product: ProductDefinition, meant: Places) -> Places:
    """With every level that is written like one of these where the product's words are left out."""
    if not product.stated_without:
        return meant
    written = [_label_without(product.stated_without, entry.level.text) for entry in product.levels]
    # One that has such a word is written in full.
    short = {label(product.levels[place].level) for place in meant} & {written[place] for place in meant}
    return meant | frozenset(place for place, one in enumerate(written) if one in short)


def _label_without(words: Iterable[str], text: str) -> Label | None:
    for word in words:
        text = re.sub(rf"\s*\b{re.escape(word)}\s*[0-9]*[a-z]?\b", "", text, flags=re.IGNORECASE)
    found = any_level_name(text)
    return None if found is None else found.label


def _labelled(product: ProductDefinition, labels: Iterable[Label]) -> Places:
    wanted = set(labels)
    return frozenset(
        place
        for place, entry in enumerate(product.levels)
        if wanted & {label(one) for one in (entry.level, *entry.also)}
    )


def _versions_of(entry: LevelDefinition) -> set[VersionName]:
    return {numbers_of(one) for one in (entry.level, *entry.also)}


def _padded(numbers: Numbers) -> Numbers:
    """As many numbers as any version has."""
    return numbers + (0,) * (_MOST_NUMBERS - len(numbers))

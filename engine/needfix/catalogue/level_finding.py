"""The levels of a product that a text can mean, in a rule and in an inventory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packaging.version import Version

from needfix.model.product import ProductDefinition
from needfix.versions import Level, LevelText, read_level


def levels_meant(
    product: ProductDefinition, parsed: LevelText, version: str | None = None
) -> tuple[Level, ...]:
    """Every level of the product that a rule's text can mean.

    A bare service pack belongs to `version` if that is given. Otherwise it is searched in the
    version of `shorthand`, then in all versions; more than one result means that the text is ambiguous.
    """
    if parsed.version or version:
        return _among(product, [parsed.version or version or ""], parsed)
    if product.shorthand and (found := _among(product, [product.shorthand], parsed)):
        return found
    return _among(product, product.versions, parsed)


def levels_possible(product: ProductDefinition, parsed: LevelText) -> tuple[Level, ...]:
    """Every level that an inventory's text leaves possible; none where the product has no such level.

    A version alone leaves every level of that version possible, unless the definition has a level of
    exactly that text. A bare service pack is that of any version, or of `shorthand`. One number may be
    the beginning of a version. Words that servers leave out (`stated_without`) may belong to the level.
    """
    begun = versions_begun(product, parsed.version, parsed) if parsed.version is not None else ()
    if begun and parsed.version is not None and parsed.is_version_alone:
        return levels_of_version(product, parsed.version)
    texts = (parsed, *(parsed._replace(version=one, written=None) for one in begun))
    return tuple(dict.fromkeys(level for text in texts for level in _possible(product, text)))


def _possible(product: ProductDefinition, parsed: LevelText) -> tuple[Level, ...]:
    exact = levels_meant(product, parsed, product.shorthand)
    is_written = any(not level.text.endswith(" RTM") for level in exact)
    if parsed.version is not None and parsed.is_version_alone and not is_written:
        return levels_of_version(product, parsed.version)
    if not product.stated_without:
        return exact
    return tuple(dict.fromkeys(level for own in exact for level in _with_more_words(product, own)))


def levels_of_version(product: ProductDefinition, version: str) -> tuple[Level, ...]:
    """Every level of a version, by its own number or by another label of its levels.

    One number may be the beginning of a version: 5 of 5.0 and 5.5.
    """
    numbers = {_numbers(one) for one in (version, *versions_begun(product, version))}
    labels = {
        entry.level.numbers
        for entry in product.levels
        if any(label.numbers in numbers for label in (entry.level, *entry.also))
    }
    return tuple(entry.level for entry in product.levels if entry.level.numbers in labels)


def versions_begun(
    product: ProductDefinition, version: str, parsed: LevelText | None = None
) -> tuple[str, ...]:
    """The versions that begin with one number; none where a level is written with this number itself.

    `parsed` is the whole text, by default the number alone.
    """
    if "." in version:
        return ()
    labels = [label for entry in product.levels for label in (entry.level, *entry.also)]
    own = (parsed or LevelText(version)).of_version(version).key
    if any(label.key == own and label.key.release == own.release for label in labels):
        return ()
    begun = (label.version for label in labels if label.key.release[0] == own.release[0])
    return tuple(dict.fromkeys(one for one in begun if "." in one))


def levels_between(product: ProductDefinition, first: Level, last: Level) -> tuple[Level, ...]:
    """The levels from `first` to `last`, both included."""
    return tuple(entry.level for entry in product.levels if first <= entry.level <= last)


def _with_more_words(product: ProductDefinition, stated: Level) -> Iterator[Level]:
    words = "|".join(map(re.escape, product.stated_without))
    left_out = re.compile(rf"\s*\b(?:{words})\s*[0-9]*[a-z]?\b", re.IGNORECASE)
    for entry in product.levels:
        bare = read_level(left_out.sub("", entry.level.text))
        if entry.level == stated or (bare is not None and bare.level() == stated):
            yield entry.level


def _numbers(version: str) -> tuple[int, ...]:
    return Level(Version(version), version).numbers


def _among(product: ProductDefinition, versions: Iterable[str], parsed: LevelText) -> tuple[Level, ...]:
    keys = {parsed.key_of(version) for version in versions}
    return tuple(
        entry.level
        for entry in product.levels
        if entry.level.key in keys or any(label.key in keys for label in entry.also)
    )

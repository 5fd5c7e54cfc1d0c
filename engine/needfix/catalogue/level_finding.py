"""The levels of a product that a text can mean, in a rule and in an inventory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, LevelText, read_any_level, read_level, version_name


def level_stated(product: ProductDefinition, text: str) -> LevelText | None:
    """What an inventory's text states about a level; None where it is none.

    Words that usually belong to no level (`SE`, `21H2`, `Azure Edition`) are those of a level where the
    definition has them, by themselves or behind the version.
    """
    usual = read_level(text)
    if usual is not None:
        return usual
    read = read_any_level(text)
    own = None if read is None else read.level()
    if read is None or own is None:
        return None
    labels = {label.name for entry in product.levels for label in _labels(entry)}
    if own.name in labels or (not read.words and own.version_name in {label.version for label in labels}):
        return read
    return _with_label_behind(product, read) or _of_words_alone(product, text)


def _with_label_behind(product: ProductDefinition, read: LevelText) -> LevelText | None:
    """A level whose other label stands behind its version: 2022 21H2."""
    label = read_any_level(read.words.strip()) if read.words else None
    meant = None if label is None else label.level()
    version = version_name(read.version or "")
    if meant is None or read._replace(words="") != LevelText(read.version):
        return None
    for entry in product.levels:
        if entry.level.version_name == version and meant in entry.also:
            return read_any_level(entry.level.text)
    return None


def _of_words_alone(product: ProductDefinition, text: str) -> LevelText | None:
    """A short form in words, which stand behind the version of some level: RTM, Azure Edition."""
    short = _in_words(text)
    levels = [entry.level for entry in product.levels]
    if short.is_original:
        return short if any(map(is_named_original, levels)) else None
    own = short.of_version("").name[1:]
    is_known = any(label.name[1:] == own for entry in product.levels for label in _labels(entry))
    return short if is_known else None


def _in_words(text: str) -> LevelText:
    """A short form that by itself looks like a version."""
    plain = " ".join(text.split())
    if plain.casefold() in _ORIGINAL:
        return LevelText(None, is_original=True)
    return LevelText(None, words=f" {plain}")


_ORIGINAL = frozenset({"rtm", "ga", "gold"})


def is_named_original(level: Level) -> bool:
    """Whether a level says that it is its version as released, and is not the version alone."""
    return level.text.endswith(" RTM")


def levels_meant(
    product: ProductDefinition, parsed: LevelText, version: str | None = None
) -> tuple[Level, ...]:
    """Every level of the product that a rule's text can mean.

    A short form such as a bare service pack belongs to `version` if that is given. Otherwise it is searched
    in the version of `shorthand`, then in all versions; more than one result means that the text is
    ambiguous.
    """
    if parsed.version or version:
        found = _among(product, [parsed.version or version or ""], parsed)
        return found or _in_short(product, parsed, version)
    if product.shorthand and (found := _among(product, [product.shorthand], parsed)):
        return found
    return _among(product, product.versions, parsed)


def _in_short(product: ProductDefinition, parsed: LevelText, version: str | None) -> tuple[Level, ...]:
    """A short form in words, which by itself looks like a version: `Azure Edition` after `2022`."""
    word = parsed.version
    if version is None or word is None or word[:1].isdigit() or parsed != LevelText(word):
        return ()
    return _among(product, [version], _in_words(word))


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
    is_written = any(not is_named_original(level) for level in exact)
    if parsed.version is not None and parsed.is_version_alone and not is_written:
        return levels_of_version(product, parsed.version)
    if not product.stated_without:
        return exact
    return tuple(dict.fromkeys(level for own in exact for level in _with_more_words(product, own)))


def levels_of_version(product: ProductDefinition, version: str) -> tuple[Level, ...]:
    """Every level of a version, by its own number or by another label of its levels.

    One number may be the beginning of a version: 5 of 5.0 and 5.5.
    """
    names = {version_name(one) for one in (version, *versions_begun(product, version))}
    labelled = {
        entry.level.version_name
        for entry in product.levels
        if any(label.version_name in names for label in _labels(entry))
    }
    return tuple(entry.level for entry in product.levels if entry.level.version_name in labelled)


def is_version_of(product: ProductDefinition, version: str) -> bool:
    """Whether levels of the product are of a version, by their own number."""
    name = version_name(version)
    return any(entry.level.version_name == name for entry in product.levels)


def versions_begun(
    product: ProductDefinition, version: str, parsed: LevelText | None = None
) -> tuple[str, ...]:
    """The versions that begin with one number; none where a level is written with this number itself.

    `parsed` is the whole text, by default the number alone.
    """
    if not version.isdecimal():
        return ()
    labels = [label for entry in product.levels for label in _labels(entry)]
    own = (parsed or LevelText(version)).of_version(version)
    if any(label == own and label.version == own.version for label in labels):
        return ()
    begun = (label.version for label in labels if label.version_name[:1] == own.version_name[:1])
    return tuple(dict.fromkeys(one for one in begun if "." in one))


def levels_between(product: ProductDefinition, first: Level, last: Level) -> tuple[Level, ...]:
    """The levels from `first` to `last`, both included."""
    start, end = (_place(product, level) for level in (first, last))
    if start is None or end is None:
        return tuple(entry.level for entry in product.levels if first <= entry.level <= last)
    return tuple(entry.level for entry in product.levels[start : end + 1])


def _place(product: ProductDefinition, level: Level) -> int | None:
    """The place of a level by its own name; its order is that of the names."""
    return next((one.place for one in product.labels.get(level.name, ()) if one == level), None)


def _with_more_words(product: ProductDefinition, stated: Level) -> Iterator[Level]:
    words = "|".join(map(re.escape, product.stated_without))
    left_out = re.compile(rf"\s*\b(?:{words})\s*[0-9]*[a-z]?\b", re.IGNORECASE)
    for entry in product.levels:
        bare = read_any_level(left_out.sub("", entry.level.text))
        if entry.level == stated or (bare is not None and bare.level() == stated):
            yield entry.level


def _among(product: ProductDefinition, versions: Iterable[str], parsed: LevelText) -> tuple[Level, ...]:
    names = {parsed.name_of(version) for version in versions}
    found = {level.place for name in names for level in product.labels.get(name, ())}
    return tuple(product.levels[place].level for place in sorted(found))


def _labels(entry: LevelDefinition) -> tuple[Level, ...]:
    return (entry.level, *entry.also)

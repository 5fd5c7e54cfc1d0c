"""Facts that show a level: what an entry of the products list states, and what key files show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from needfix.catalogue.level_finding import level_stated, levels_of_version, levels_possible
from needfix.compare.builds import (
    Numbers,
    begins_builds,
    completed,
    levels_of_build,
    levels_of_file,
)
from needfix.compare.by_identity import ByIdentity
from needfix.intake.vocabularies import is_remark
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct
from needfix.versions import Level, LevelText, parse_build, parse_free_build

Levels = frozenset[Level]

_NUMBERS_OF_VERSION = 2


class LevelFact(NamedTuple):
    """A fact that shows a level. `is_open`: the level may also be none of the definition's.

    `levels` is None for a level that is not defined, which no build and no key file agrees with; `alike`
    are then the levels of its version. A key file or a build that `is_outside` every level's range proves no
    minimum. `builds` are those that it may be: several where a build lacks its version.
    """

    kind: str
    words: str
    text: str
    levels: Levels | None
    is_open: bool = False
    is_outside: bool = False
    builds: tuple[Numbers, ...] = ()
    copy: FileCopy | None = None
    alike: Levels = frozenset()

    @property
    def shows(self) -> bool:
        """Whether it leaves only levels of the definition."""
        return bool(self.levels) and not self.is_open

    @property
    def by_itself(self) -> Levels | None:
        """What it leaves by itself; None where that can be any level."""
        return None if self.is_open or not self.levels else self.levels


def joined_level(product: ProductDefinition, level: str | None, in_name: str | None) -> str | None:
    """The stated level, with the version of the product's name where it has none of its own.

    A name with a version only (`Microsoft Exchange Server 5.5`) states no level.
    """
    named = level_stated(product, in_name) if in_name else None
    if level is None:
        return in_name if named is not None and not named.is_version_alone else None
    stated = level_stated(product, level)
    if stated is not None and stated.version is None and named is not None and named.version is not None:
        return f"{named.version} {level}"
    return level


def stated_facts(
    product: ProductDefinition, entry: InstalledProduct | None, in_name: str | None
) -> tuple[list[LevelFact], list[Reason]]:
    """What level, build and name state, and what cannot be read of it."""
    named = level_stated(product, in_name) if in_name else None
    facts: list[LevelFact] = []
    unreadable: list[Reason] = []
    if named is not None and in_name:
        facts.extend(_of_name(product, named, in_name))
    if entry is not None and entry.level:
        found = list(_of_level(product, entry.level, named))
        facts += found
        unreadable += [] if found else [_unreadable("level", entry.level)]
    if entry is not None and entry.build:
        found = list(_of_build(product, entry.build, _version_beside(product, entry, named)))
        facts += found
        unreadable += [] if found else [_unreadable("build", entry.build)]
    return facts, unreadable


def not_understood(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None
) -> Iterator[tuple[str, str]]:
    """The level and build that an entry states and that cannot be read, and a level that is not defined.

    Each is the code of a note, and the text.
    """
    named = level_stated(product, in_name) if in_name else None
    in_level = list(_of_level(product, entry.level, named)) if entry.level else []
    if entry.level and not in_level:
        yield "level-unreadable", entry.level
    if entry.build and not list(_of_build(product, entry.build, _version_beside(product, entry, named))):
        yield "build-unreadable", entry.build
    in_names = _of_name(product, named, in_name) if named is not None and in_name else ()
    undefined = (fact.text for fact in (*in_names, *in_level) if fact.levels is None)
    yield from (("level-not-defined", text) for text in islice(undefined, 1))


def _unreadable(what: str, text: str) -> Reason:
    sentence = f"The {what} {text!r} cannot be read, and counts as not stated"
    return Reason("level-unreadable", sentence, observed=text)


def _of_name(product: ProductDefinition, named: LevelText, in_name: str) -> Iterator[LevelFact]:
    """A version in a name is a version alone, also where the definition has a level of this text."""
    if named.is_version_alone and named.version is not None:
        levels = levels_of_version(product, named.version)
        kind = "name"
        if not levels:
            yield from _of_level(product, in_name, None)
            return
    else:
        levels = levels_possible(product, named)
        kind = "level"
    words = f"the product's name, which states {in_name},"
    yield (
        LevelFact(kind, words, in_name, frozenset(levels))
        if levels
        else _undefined(product, named, words, in_name)
    )


def _undefined(product: ProductDefinition, parsed: LevelText, words: str, text: str) -> LevelFact:
    """A level that can be read and is not in the definition."""
    alike = levels_of_version(product, parsed.version) if parsed.version else every_level(product)
    return LevelFact("level", words, text, None, alike=frozenset(alike))


def _of_level(product: ProductDefinition, text: str, named: LevelText | None) -> Iterator[LevelFact]:
    """What a level text states: a level, builds, or both."""
    parsed, is_named = _read(product, text)
    version = named.version if named is not None else None
    if parsed is None:
        return
    if version is not None and parsed.version is None:
        parsed = parsed._replace(version=version)
    words = f"the stated level {text}"
    if is_named and parsed.is_version_alone and parsed.version is not None and not parsed.builds:
        of_version = levels_of_version(product, parsed.version)
        if of_version:
            yield LevelFact("name", words, text, frozenset(of_version))
            return
    levels, is_build = _levels_stated(product, parsed)
    if levels:
        yield LevelFact("level", words, text, frozenset(levels))
    elif not is_build or not parsed.is_version_alone:
        yield _undefined(product, parsed, words, text)
    if is_build and parsed.version is not None and not (parsed.is_version_alone and parsed.builds):
        yield from _of_one_build(product, parsed.version, text, None)
    for build in parsed.builds:
        yield from _of_one_build(product, completed(product, build, parsed.version or version), text, None)


def _read(product: ProductDefinition, text: str) -> tuple[LevelText | None, bool]:
    """What a level states, and whether the product's name is before it.

    A platform or a language behind it says nothing of the level.
    """
    found = level_stated(product, text)
    if found is not None:
        return found, False
    plain = " ".join(text.split())
    names = (name for name in (product.name, *product.aliases) if not _IN_PATTERN_OR_LEVEL.search(name))
    before = [name for name in names if plain.casefold().startswith(f"{name.casefold()} ")]
    rest = plain[max(map(len, before)) :] if before else plain
    remark = _REMARK.fullmatch(rest)
    if remark is not None and is_remark(remark["remark"]):
        rest = remark["level"]
    return level_stated(product, rest), bool(before)


_IN_PATTERN_OR_LEVEL = re.compile(r"[*0-9]")
_REMARK = re.compile(r"(?P<level>.*\S)(?:\s*[(\[]|,\s*|\s+-\s+)(?P<remark>[^()\[\],]+?)[)\]]?")


def _levels_stated(product: ProductDefinition, parsed: LevelText) -> tuple[tuple[Level, ...], bool]:
    """The levels that a text leaves, and whether its version is a build of the product."""
    version = parsed.version
    if version is None:
        return levels_possible(product, parsed), False
    if parsed.builds and parsed.is_version_alone:
        levels = levels_of_version(product, version)
        return levels, not levels and begins_builds(product, version)
    levels = levels_possible(product, parsed)
    if levels:
        return levels, False
    numbers = version.split(".")
    if len(numbers) > _NUMBERS_OF_VERSION:
        if parsed.is_version_alone:
            return (), True
        short = ".".join(numbers[:_NUMBERS_OF_VERSION])
        own = short if levels_of_version(product, short) else None
        return levels_possible(product, parsed._replace(version=own, written=None)), True
    return (), parsed.is_version_alone and begins_builds(product, version)


def _of_build(product: ProductDefinition, text: str, version: str | None) -> Iterator[LevelFact]:
    """What a build text states: a build, and a level where it has one, too."""
    yield from _of_one_build(product, text, text, version)
    if product.free_builds and parse_free_build(text) is not None:
        return
    parsed = level_stated(product, text)
    if parsed is None or parsed.is_version_alone:
        return
    parsed = parsed._replace(version=parsed.version or version)
    levels, _ = _levels_stated(product, parsed)
    words = f"the level in the build {text}"
    if levels:
        yield LevelFact("level", words, text, frozenset(levels))
    else:
        yield _undefined(product, parsed, words, text)
    for build in parsed.builds if parsed.version else ():
        yield from _of_one_build(product, completed(product, build, parsed.version), text, None)


def _of_one_build(
    product: ProductDefinition, build: str, text: str, version: str | None
) -> Iterator[LevelFact]:
    found = levels_of_build(product, build, version)
    if found is not None:
        yield LevelFact("build", f"build {build}", text, *found)
    elif parse_build(build) is not None:
        yield LevelFact("build", f"build {build}", text, every_level(product), is_open=True)


def _version_beside(
    product: ProductDefinition, entry: InstalledProduct, named: LevelText | None
) -> str | None:
    """The version that is stated beside a build, and by which a bare build is completed."""
    stated = _read(product, entry.level)[0] if entry.level else None
    versions = [text.version for text in (stated, named) if text is not None and text.version is not None]
    return next(iter(versions), None)


def shown_facts(product: ProductDefinition, copies: Iterable[FileCopy]) -> Iterator[LevelFact]:
    """What each copy of a key file shows."""
    for copy in copies:
        found = levels_of_file(product, copy.name, copy.version) if copy.version else None
        if found is not None and copy.version is not None:
            words = f"{copy.name} {copy.version}" + (f" in {copy.path}" if copy.path else "")
            yield LevelFact("file", words, copy.version, *found, copy)


@ByIdentity
def every_level(product: ProductDefinition) -> Levels:
    """Every level of a definition."""
    return frozenset(entry.level for entry in product.levels)


def in_order(product: ProductDefinition, levels: Levels) -> tuple[Level, ...]:
    """Levels in the order of their definition."""
    return tuple(entry.level for entry in product.levels if entry.level in levels)

"""The levels that a product can be at: what all facts that show a level leave possible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from needfix.cases.plain.builds import (
    OTHER,
    Places,
    all_places,
    builds_meant,
    is_numbered_alike,
    level_stated,
    levels_meant,
    levels_of_build,
    levels_of_version,
    place_of,
    version_of,
)
from needfix.cases.plain.level_names import LevelName, VersionName, name_of, numbers_in
from needfix.cases.plain.reading import Numbers, build, free_build
from needfix.cases.plain.reading import version as file_version
from needfix.cases.plain.words import is_remark, stated
from needfix.model.product import ProductDefinition
from needfix.model.server import InstalledProduct
from needfix.versions.level import Level

_PARTS_OF_A_PAIR = 2
_PARTS_OF_A_VERSION = 2
"""A text with more numbers is a build, not the version of a level."""


class LevelFact(NamedTuple):
    """What one fact leaves possible. `undefined`: it states a level that the definition does not have.

    `builds` are those that it may be, where it states one.
    """

    kind: Literal["stated", "build", "name", "key"]
    possible: Places
    undefined: LevelName | None = None
    builds: tuple[Numbers, ...] = ()


class LevelSet(NamedTuple):
    """The levels that are possible. `base` are those without the ones that only a newer key file shows.

    `each` are the levels that each fact by itself leaves possible.
    """

    possible: Places
    base: Places
    is_contradicted: bool = False
    is_file_newer: bool = False
    each: tuple[Places, ...] = ()


def level_set(product: ProductDefinition, facts: Sequence[LevelFact]) -> LevelSet:
    """What several facts leave possible together."""
    every = all_places(product)
    each = tuple(_or_unknown(product, fact.possible) for fact in _excluding(product, facts))
    hard = [fact for fact in facts if fact.kind != "key"]
    keys = [fact.possible for fact in facts if fact.kind == "key"]
    # A level that is not defined is unknown, and a version of the same name leaves what it leaves.
    is_named = any(_is_of_undefined(product, fact, hard) for fact in hard)
    left = every.intersection(*(one.possible for one in hard if one.undefined is None or not is_named))
    is_undefined = any(fact.undefined is not None for fact in hard)
    shows_build = any(fact.kind in ("build", "key") and fact.possible != every for fact in facts)
    if not left or (is_undefined and shows_build):
        return _contradicted(each)
    common = left.intersection(*keys)
    if common:
        possible = _or_unknown(product, common)
        return LevelSet(possible, possible, each=each)
    shown = frozenset().union(*keys)
    base = _built_upon(product, left & shown, keys) or _built_upon(product, left, keys)
    if not base:
        return _contradicted(each)
    later = {key for key in shown if any(_is_later(product, key, level) for level in base)}
    return LevelSet(base | later, base, is_file_newer=True, each=each)


def _excluding(product: ProductDefinition, facts: Sequence[LevelFact]) -> Sequence[LevelFact]:
    """The facts that exclude another one; all of them, where they do so only together."""
    if len(facts) < _PARTS_OF_A_PAIR + 1:
        return facts
    pairs = list(combinations(facts, _PARTS_OF_A_PAIR))
    found = [(pair, level_set(product, pair)) for pair in pairs]
    wrong = [pair for pair, one in found if one.is_contradicted]
    # A key file that is only newer or older than another fact shows a level as well.
    newer = [
        fact
        for pair, one in found
        if one.is_file_newer
        for fact in pair
        if fact.kind == "key" and OTHER not in fact.possible
    ]
    kept = [fact for fact in facts if any(fact is one for pair in (*wrong, newer) for one in pair)]
    return kept if wrong else facts


def stated_facts(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None
) -> Iterator[LevelFact]:
    """What an entry of the products list shows: its level, its build, and what its name says."""
    named = level_stated(product, in_name) if in_name else None
    if named is not None:
        yield from _of_name(product, named)
    version = None if named is None else named.version
    yield from _of_text(product, "stated", stated(entry.level), version)
    said = _said(product, stated(entry.level) or "")[0]
    beside = version if said is None or said.version is None else said.version
    yield from _of_text(product, "build", stated(entry.build), beside)


def key_facts(product: ProductDefinition, files: Iterable[tuple[str, Numbers | None]]) -> Iterator[LevelFact]:
    """What key files show, one by one; a numbering by years shows nothing about one without."""
    for name, one in files:
        numbered = product.numbered_as(name)
        if one is not None and is_numbered_alike(numbered, one):
            yield LevelFact("key", levels_of_build(numbered, one))


def denies(product: ProductDefinition, level: Level, file: str, version: str) -> bool:
    """Whether a key file with this version contradicts a level."""
    return _with_key_file(product, level, file, version).is_contradicted


def denies_build(product: ProductDefinition, level: Level, text: str) -> bool:
    """Whether this build contradicts a level."""
    numbers = (free_build(text) if product.free_builds else None) or build(text)
    stated_level = LevelFact("stated", frozenset({place_of(product, level)}))
    shown = [] if numbers is None else [_of_build(product, numbers)]
    return level_set(product, [stated_level, *shown]).is_contradicted


def is_of(product: ProductDefinition, level: Level, file: str, version: str) -> bool:
    """Whether a key file with this version belongs to a level, and leaves no other one possible."""
    found = _with_key_file(product, level, file, version)
    return not found.is_contradicted and found.possible == frozenset({place_of(product, level)})


def _with_key_file(product: ProductDefinition, level: Level, file: str, version: str) -> LevelSet:
    stated_level = LevelFact("stated", frozenset({place_of(product, level)}))
    return level_set(product, [stated_level, *key_facts(product, [(file, file_version(version))])])


def _contradicted(each: tuple[Places, ...]) -> LevelSet:
    possible = frozenset().union(*each)
    return LevelSet(possible, possible, is_contradicted=True, each=each)


def _or_unknown(product: ProductDefinition, possible: Places) -> Places:
    """A build that may be in no level's range, by itself, leaves the level unknown."""
    return all_places(product) if OTHER in possible else possible


def _is_of_undefined(product: ProductDefinition, fact: LevelFact, hard: Iterable[LevelFact]) -> bool:
    """Whether a name says the version of the level that is stated and not defined."""
    undefined = [one.undefined.version for one in hard if one.undefined is not None]
    alike = (levels_of_version(product, one) for one in undefined if one is not None)
    return fact.kind == "name" and any(fact.possible & places for places in alike)


def _built_upon(product: ProductDefinition, levels: Places, keys: Iterable[Places]) -> Places:
    """The levels at which every key file is of the level, or of a later one of the same version."""
    return frozenset(
        level
        for level in levels
        if all(level in key or any(_is_later(product, one, level) for one in key) for key in keys)
    )


def _is_later(product: ProductDefinition, one: int, other: int) -> bool:
    if OTHER in (one, other):
        return False
    return one > other and version_of(product, one) == version_of(product, other)


def _of_name(product: ProductDefinition, named: LevelName) -> Iterator[LevelFact]:
    if not named.is_version_only or named.version is None:
        yield _of_level(product, "stated", named)
    elif of_version := levels_of_version(product, named.version):
        yield LevelFact("name", of_version)
    else:
        yield from _of_parts(product, named)


def _of_text(
    product: ProductDefinition,
    kind: Literal["stated", "build"],
    text: str | None,
    version: VersionName | None,
) -> Iterator[LevelFact]:
    """A text may hold a level and builds: each of them counts.

    A service pack or a build by itself is of the version that is stated beside it.
    """
    if text is None:
        return
    if kind == "build" and product.free_builds and (free := free_build(text)) is not None:
        yield _of_build(product, free, version)
        return
    said, is_behind_name = _said(product, text) if kind == "stated" else (level_stated(product, text), False)
    if said is not None and said.version is None:
        said = said._replace(version=version)
    if said is not None and is_behind_name and not said.builds:
        yield from _of_name(product, said)
        return
    numbers = build(text)
    if kind == "build":
        if numbers is not None:
            yield _of_build(product, numbers, version)
        if said is None or said.is_version_only:
            return
    if said is None:
        if kind == "stated" and numbers is not None and len(numbers) > _PARTS_OF_A_VERSION:
            yield _of_build(product, numbers)
        return
    yield from _of_parts(product, said)


def _said(product: ProductDefinition, text: str) -> tuple[LevelName | None, bool]:
    """What a level says without a remark behind it, and whether the product's name is before it."""
    said = level_stated(product, text)
    if said is not None:
        return said, False
    words = text.split()
    names = [name.split() for name in (product.name, *product.aliases) if not re.search("[*0-9]", name)]
    ends = [
        len(name)
        for name in names
        if [word.casefold() for word in words[: len(name)]] == [word.casefold() for word in name]
    ]
    rest = " ".join(words[max(ends, default=0) :])
    parts = re.fullmatch(r"(.*\S)(?: ?[(\[]|, ?| - )([^()\[\],]+?)[)\]]?", rest)
    if parts and is_remark(parts[2]):
        rest = parts[1]
    return level_stated(product, rest), bool(ends)


def _of_build(product: ProductDefinition, numbers: Numbers, version: VersionName | None = None) -> LevelFact:
    possible = levels_of_build(product, numbers, version)
    return LevelFact("build", possible, builds=builds_meant(product, numbers, version))


def _of_parts(product: ProductDefinition, said: LevelName) -> Iterator[LevelFact]:
    """The level and the builds that one text says."""
    yield from (_of_build(product, one, said.version) for one in said.builds)
    numbers = numbers_in(said.version or ())
    if levels_meant(product, said) or len(numbers) <= _PARTS_OF_A_VERSION:
        yield from _of_version(product, said)
        return
    if numbers != said.version:
        return
    yield _of_build(product, numbers)
    if not said.is_version_only:
        own = said._replace(version=numbers[:_PARTS_OF_A_VERSION])
        known = levels_of_version(product, numbers[:_PARTS_OF_A_VERSION])
        yield _of_level(product, "stated", own if known else said._replace(version=None))


def _of_version(product: ProductDefinition, said: LevelName) -> Iterator[LevelFact]:
    """A level; of a version by itself every level, unless one has that name."""
    numbers = said.version
    if numbers is None or not said.is_version_only:
        yield _of_level(product, "stated", said)
        return
    of_version = levels_of_version(product, numbers)
    meant = levels_meant(product, said)
    begins = any(
        entry.build is not None and entry.build.release[: len(numbers)] == numbers for entry in product.levels
    )
    is_written = any(not name_of(product.levels[one].level.text).is_first for one in meant)
    if is_written and not said.builds:
        yield LevelFact("stated", meant)
    elif of_version:
        yield LevelFact("stated", of_version)
    elif begins:
        if not said.builds:
            yield _of_build(product, numbers_in(numbers))
    else:
        yield LevelFact("stated", frozenset({OTHER}), said)


def _of_level(product: ProductDefinition, kind: Literal["stated", "name"], said: LevelName) -> LevelFact:
    meant = levels_meant(product, said)
    return LevelFact(kind, meant) if meant else LevelFact(kind, frozenset({OTHER}), said)

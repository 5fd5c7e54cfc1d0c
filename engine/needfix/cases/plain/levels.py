"""The level of one product: stated, or shown by a build or key files, unless they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from needfix.cases.plain.builds import is_among, levels_of_build, meant, place, position
from needfix.cases.plain.reading import (
    Label,
    LevelName,
    Numbers,
    label,
    level_name,
    numbers_of,
    trimmed,
    version,
)
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct
from needfix.versions.level import Level

Doubt = Literal["missing", "unreadable", "not-defined", "ambiguous", "unknown", "contradicted"]

_PARTS_OF_A_VERSION = 2
"""A text with more numbers is a build, not the version of a level."""


class StatedLevel(NamedTuple):
    """A level, or why there is none and which ones it can be."""

    level: Level | None = None
    doubt: Doubt | None = None
    possible: tuple[Level, ...] = ()


CONTRADICTED = StatedLevel(doubt="contradicted")


def key_versions(product: ProductDefinition, files: Iterable[FileCopy]) -> list[Numbers | None]:
    """The lowest version of each key file that a server has; None for a file without a readable one.

    They are in the product's order, so the order of an inventory changes nothing.
    """
    copies = [copy for copy in files if _is_key_file(product, copy)]
    here = {copy.name.casefold() for copy in copies}
    names = [name for name in dict.fromkeys(map(str.casefold, product.key_files)) if name in here]
    return [_lowest([copy.version for copy in copies if copy.name.casefold() == name]) for name in names]


def level_of_keys(product: ProductDefinition, keys: Iterable[Numbers | None]) -> StatedLevel:
    """The level that key files show: the lowest, since hotfixes raise files."""
    runs = [levels_of_build(product, key) for key in keys]
    levels = [run[0] for run in runs if len(run) == 1]
    if not levels:
        return StatedLevel(doubt="missing")
    return StatedLevel(min(levels, key=lambda level: position(product, level)))


def stated_level(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None, keys: Sequence[Numbers | None]
) -> StatedLevel:
    """The level of a product on a server; `in_name` is what its name says of it."""
    named = level_name(in_name) if in_name else None
    build = version(entry.build)
    if entry.level is None and (named is None or not named.pack):
        by_facts = _level_of_build(product, entry.build, keys)
        return _held_against_name(product, named, by_facts)
    written = named if entry.level is None else level_name(entry.level)
    if written is None:
        return StatedLevel(doubt="unreadable")
    if written.version is None and named is not None:
        written = written._replace(version=named.version)
    levels = meant(product, written)
    if not levels and written.version is not None and len(written.version) > _PARTS_OF_A_VERSION:
        by_build = _level_of_numbers(product, written.version, keys)
        if by_build.level is not None:
            by_build = _held_against(product, by_build.level, [build], [])
        return _held_against_name(product, named, by_build)
    levels = _narrowed(product, levels, [build if entry.build else written.build, *keys])
    if named is not None and _names_another(product, written, named):
        return CONTRADICTED
    if len(levels) == 1:
        return _held_against(product, levels[0], [build, written.build], keys)
    return StatedLevel(doubt="ambiguous" if levels else "not-defined", possible=levels)


def _is_key_file(product: ProductDefinition, copy: FileCopy) -> bool:
    return any(copy.name.casefold() == name.casefold() for name in product.key_files)


def _lowest(texts: Iterable[str | None]) -> Numbers | None:
    versions = [found for text in texts if (found := version(text)) is not None]
    return min(versions, key=trimmed) if versions else None


def _level_of_build(
    product: ProductDefinition, build: str | None, keys: Sequence[Numbers | None]
) -> StatedLevel:
    if build is None:
        return level_of_keys(product, keys)
    numbers = version(build)
    if numbers is not None:
        return _level_of_numbers(product, numbers, keys)
    by_keys = level_of_keys(product, keys)
    return by_keys if by_keys.level is not None else StatedLevel(doubt="unreadable")


def _level_of_numbers(
    product: ProductDefinition, build: Numbers, keys: Sequence[Numbers | None]
) -> StatedLevel:
    levels = levels_of_build(product, build)
    if len(levels) == 1:
        return _held_against(product, levels[0], [], keys)
    by_keys = level_of_keys(product, keys)
    if by_keys.level is None:
        return StatedLevel(doubt="unknown", possible=levels)
    return by_keys if is_among(by_keys.level, levels) else CONTRADICTED


def _narrowed(
    product: ProductDefinition, levels: tuple[Level, ...], builds: Iterable[Numbers | None]
) -> tuple[Level, ...]:
    """Which of several versions a service pack is of, by a build or a key file."""
    for build in builds:
        versions = [numbers_of(level) for level in levels_of_build(product, build)]
        same = tuple(level for level in levels if numbers_of(level) in versions)
        levels = same if len(levels) > 1 and same else levels
    return levels


def _held_against(
    product: ProductDefinition,
    level: Level,
    builds: Iterable[Numbers | None],
    keys: Iterable[Numbers | None],
) -> StatedLevel:
    """A build contradicts a level in either direction, a key file only where it is older."""
    differs = any(place(product, build, level) is not None for build in builds)
    is_older = any(place(product, key, level) == "older" for key in keys)
    return CONTRADICTED if differs or is_older else StatedLevel(level)


def _held_against_name(
    product: ProductDefinition, named: LevelName | None, found: StatedLevel
) -> StatedLevel:
    """A level that the facts show must be of the version, or at the service pack, in the product's name."""
    if named is None or found.doubt == "contradicted":
        return found
    own = meant(product, named)
    if not named.pack:
        versions = [numbers_of(level) for level in own]
        own = tuple(entry.level for entry in product.levels if numbers_of(entry.level) in versions)
    if found.level is None:
        return found._replace(
            possible=tuple(level for level in found.possible or own if is_among(level, own))
        )
    return found if is_among(found.level, own) else CONTRADICTED


def _names_another(product: ProductDefinition, written: LevelName, named: LevelName) -> bool:
    """Whether the product's name says another level than the stated one."""
    if written.version is None or named.version is None:
        return False
    stated, in_name = _in_full(product, written), _in_full(product, named)
    return stated != in_name if named.pack else stated[0] != in_name[0]


def _in_full(product: ProductDefinition, name: LevelName) -> Label:
    """A level written with its version, by the product's own label where it has one."""
    levels = meant(product, name)
    return label(levels[0]) if levels else name.label

"""The level of one product: stated, or told by a build or key files, unless they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct
from needfix.versions import Level, LevelText, parse_version, read_level

Doubt = Literal["missing", "unreadable", "not-defined", "ambiguous", "unknown", "contradicted"]


class Told(NamedTuple):
    """A level, or why there is none and which ones it can be."""

    level: Level | None = None
    doubt: Doubt | None = None
    possible: tuple[Level, ...] = ()


def key_versions(product: ProductDefinition, files: Iterable[FileCopy]) -> list[str]:
    """The lowest version of each key file that a server has; "" for a file without a readable one."""
    copies = [copy for copy in files if _is_key_file(product, copy)]
    names = dict.fromkeys(copy.name.casefold() for copy in copies)
    return [_lowest([copy.version for copy in copies if copy.name.casefold() == name]) for name in names]


def level_of_keys(product: ProductDefinition, keys: Iterable[str]) -> Told:
    """The level that key files tell: the lowest, since hotfixes raise files."""
    runs = [product.levels_of_build(version) for version in keys]
    levels = [run[0] for run in runs if len(run) == 1]
    return Told(min(levels)) if levels else Told(doubt="missing")


def told_level(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None, keys: Sequence[str]
) -> Told:
    """The level of a product on a server; `in_name` is what its name tells of it."""
    named = read_level(in_name) if in_name else None
    text = _full_text(entry.level, in_name, named)
    if text is None:
        return _held_against_name(product, named, _level_of_build(product, entry.build, keys))
    said = read_level(text)
    if said is None:
        return Told(doubt="unreadable")
    if not product.candidates(said) and (said.version or "").count(".") > 1:
        told = _level_of_build(product, said.version, keys)
        return _held_against_name(product, named, _held_against_build(product, told, entry.build))
    meant = _meant(product, said, entry.build or said.build, keys)
    if named is not None and _names_another(product, said, named):
        return Told(doubt="contradicted")
    if len(meant) == 1:
        return _held_against(product, meant[0], [entry.build, said.build], keys)
    return Told(doubt="ambiguous" if meant else "not-defined", possible=meant)


def _is_key_file(product: ProductDefinition, copy: FileCopy) -> bool:
    return any(copy.name.casefold() == name.casefold() for name in product.key_files)


def _lowest(texts: Iterable[str | None]) -> str:
    versions = [version for text in texts if text and (version := parse_version(text))]
    return str(min(versions)) if versions else ""


def _full_text(level: str | None, in_name: str | None, named: LevelText | None) -> str | None:
    """The stated level, with the version of the product's name where it is a bare service pack."""
    if level is None:
        return in_name if named is not None and named.service_pack else None
    said = read_level(level)
    is_bare = said is not None and said.version is None
    return f"{named.version} {level}" if is_bare and named is not None and named.version else level


def _level_of_build(product: ProductDefinition, build: str | None, keys: Sequence[str]) -> Told:
    by_keys = level_of_keys(product, keys)
    if build is None:
        return by_keys
    levels = product.levels_of_build(build)
    if len(levels) == 1:
        return _held_against(product, levels[0], [], keys)
    if by_keys.level is None:
        return Told(doubt="unknown" if parse_version(build) else "unreadable", possible=levels)
    is_silent = parse_version(build) is None
    return by_keys if is_silent or by_keys.level in levels else Told(doubt="contradicted")


def _meant(
    product: ProductDefinition, said: LevelText, build: str | None, keys: Sequence[str]
) -> tuple[Level, ...]:
    """The levels that a text can mean. A bare service pack is told apart by a build or a key file."""
    meant = product.candidates(said)
    for text in [build or "", *keys]:
        versions = {level.version for level in product.levels_of_build(text)}
        same = tuple(level for level in meant if level.version in versions)
        meant = same if len(meant) > 1 and same else meant
    return meant


def _held_against(
    product: ProductDefinition, level: Level, builds: Iterable[str | None], keys: Iterable[str]
) -> Told:
    """A build contradicts a level in either direction, a key file only where it is older."""
    differs = any(product.place(build, level) in ("older", "newer") for build in builds if build)
    is_older = any(product.place(version, level) == "older" for version in keys)
    return Told(doubt="contradicted") if differs or is_older else Told(level)


def _held_against_build(product: ProductDefinition, told: Told, build: str | None) -> Told:
    return told if told.level is None else _held_against(product, told.level, [build], [])


def _held_against_name(product: ProductDefinition, named: LevelText | None, told: Told) -> Told:
    """A level that the facts tell must be of the version, or at the service pack, in the product's name."""
    if named is None or told.doubt == "contradicted":
        return told
    own = product.candidates(named)
    if not named.service_pack:
        versions = {level.version for level in own}
        own = tuple(entry.level for entry in product.levels if entry.level.version in versions)
    if told.level is None:
        return told._replace(possible=tuple(level for level in told.possible or own if level in own))
    return told if told.level in own else Told(doubt="contradicted")


def _names_another(product: ProductDefinition, said: LevelText, named: LevelText) -> bool:
    """Whether the product's name tells another level than the stated one."""
    stated, in_name = _in_full(product, said), _in_full(product, named)
    if stated is None or in_name is None:
        return False
    return stated != in_name if named.service_pack else stated.version != in_name.version


def _in_full(product: ProductDefinition, said: LevelText) -> Level | None:
    """A level written with its version, by the product's own label where it has one."""
    if said.version is None:
        return None
    return next(iter(product.candidates(said)), said.level())

"""The level of a product: stated, or derived from a build or a key file; and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from needfix.catalogue.level_finding import levels_possible
from needfix.compare.builds import levels_of_build, place_of_build
from needfix.compare.tracked import lowest_copy
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct, Server
from needfix.versions import Level, LevelText, parse_version, read_level


class LevelFinding(NamedTuple):
    """A level, or why there is none and which ones are possible; remarks do not change it."""

    level: Level | None = None
    doubt: Reason | None = None
    possible: tuple[Level, ...] = ()
    remarks: tuple[Reason, ...] = ()


def key_copies(product: ProductDefinition, server: Server) -> list[FileCopy]:
    """The lowest copy of each key file that a server has."""
    names = [name.casefold() for name in product.key_files]
    copies = (lowest_copy([c for c in server.files if c.name.casefold() == name]) for name in names)
    return [copy for copy in copies if copy is not None]


def find_level(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None, copies: Sequence[FileCopy]
) -> LevelFinding:
    """The level of an installed product; `in_name` is the part of its name that states a level."""
    text = joined_level(entry.level, in_name)
    if text is None:
        return _within(product, in_name, _unstated(product, entry.build, copies))
    stated = read_level(text)
    if stated is None:
        return LevelFinding(doubt=_doubt("level-unreadable", f"The level {text!r} cannot be read", text))
    candidates = levels_possible(product, stated)
    if not candidates and stated.version is not None and stated.version.count(".") > 1:
        derived = _unstated(product, stated.version, copies)
        doubt = _against_build(product, derived.level, entry.build) if derived.level and entry.build else None
        return _within(product, in_name, LevelFinding(doubt=doubt) if doubt else derived)
    candidates = _narrowed(product, candidates, entry.build or stated.build, copies)
    if doubt := _against_name(product, stated, text, in_name):
        return LevelFinding(doubt=doubt)
    if len(candidates) != 1:
        return LevelFinding(doubt=_unclear_level(product, text, candidates), possible=candidates)
    return _checked(product, candidates[0], [b for b in (entry.build, stated.build) if b], copies)


def joined_level(level: str | None, in_name: str | None) -> str | None:
    """The stated level, with the version of the product's name where it has none of its own.

    A name with a version only (`Microsoft Exchange Server 5.5`) states no level.
    """
    named = read_level(in_name) if in_name else None
    if level is None:
        return in_name if named is not None and named.service_pack else None
    stated = read_level(level)
    if stated is not None and stated.version is None and named is not None and named.version is not None:
        return f"{named.version} {level}"
    return level


def level_of_files(product: ProductDefinition, copies: Sequence[FileCopy]) -> LevelFinding:
    """The level that key files show. Hotfixes raise files, so the lowest one counts."""
    shown = [
        (levels[0], copy)
        for copy in copies
        if copy.version and len(levels := levels_of_build(product, copy.version)) == 1
    ]
    if not shown:
        seen = ", ".join(f"{copy.name} {copy.version or 'without version'}" for copy in copies)
        sentence = f"The level of {product.name} is not stated"
        sentence += f", and {seen} does not show it" if seen else ""
        return LevelFinding(doubt=_doubt("level-missing", sentence))
    level, copy = min(shown, key=lambda pair: pair[0])
    sentence = f"{copy.name} {copy.version} means level {level}"
    return LevelFinding(
        level, remarks=(Reason("level-from-file", sentence, copy.name, copy.path, copy.version),)
    )


def _unstated(product: ProductDefinition, build: str | None, copies: Sequence[FileCopy]) -> LevelFinding:
    """The level derived from a build, else from key files."""
    levels = levels_of_build(product, build) if build else ()
    if build is not None and len(levels) == 1:
        found = _checked(product, levels[0], (), copies)
        sentence = f"Build {build} means level {levels[0]}"
        remark = Reason("level-from-build", sentence, observed=build)
        return found._replace(remarks=(remark, *found.remarks))
    by_files = level_of_files(product, copies)
    is_unreadable = build is not None and parse_version(build) is None
    if build is None or by_files.level in levels or (is_unreadable and by_files.level):
        return by_files
    possible = () if by_files.level else levels
    return LevelFinding(doubt=_unclear_build(build, levels, by_files.level), possible=possible)


def _unclear_build(build: str, levels: Sequence[Level], by_files: Level | None) -> Reason:
    if by_files is not None:
        sentence = f"Build {build} contradicts the key files, which mean level {by_files}"
        return _doubt("level-contradicted", sentence, build, str(by_files))
    if parse_version(build) is None:
        return _doubt(
            "level-unreadable", f"The level is not stated, and the build {build!r} cannot be read", build
        )
    can_be = f"can belong to {' or '.join(map(str, levels))}" if levels else "belongs to no known level"
    return _doubt("level-unknown", f"The level is not stated, and build {build} {can_be}", build)


def _within(product: ProductDefinition, in_name: str | None, found: LevelFinding) -> LevelFinding:
    """A level that was found, compared with what the product's name states."""
    named = read_level(in_name) if in_name else None
    if named is None or (found.doubt is not None and found.doubt.code == "level-contradicted"):
        return found
    own = levels_possible(product, named) if named.service_pack else _levels_of(product, named)
    if found.level is None:
        possible = tuple(level for level in found.possible or own if level in own)
        return found._replace(possible=possible)
    if found.level in own:
        return found
    kind = "level" if named.service_pack else "version"
    sentence = f"The product's name states {kind} {in_name}, but the other facts mean level {found.level}"
    return LevelFinding(doubt=_doubt("level-contradicted", sentence, str(found.level), in_name))


def _against_name(
    product: ProductDefinition, stated: LevelText, text: str, in_name: str | None
) -> Reason | None:
    """A stated level that is not the one in the product's name."""
    named = read_level(in_name) if in_name else None
    level, in_product = _labelled(product, stated), _labelled(product, named) if named else None
    if level is None or in_product is None or named is None:
        return None
    same = level == in_product if named.service_pack else level.numbers == in_product.numbers
    if same:
        return None
    sentence = f"The stated level {text} contradicts the product's name, which states {in_product}"
    return _doubt("level-contradicted", sentence, str(in_product), text)


def _labelled(product: ProductDefinition, text: LevelText) -> Level | None:
    """A level that is written in full, by the product's own label for it."""
    return next(iter(levels_possible(product, text)), text.level()) if text.version else None


def _levels_of(product: ProductDefinition, text: LevelText) -> tuple[Level, ...]:
    first = levels_possible(product, text)
    return tuple(e.level for e in product.levels if any(e.level.numbers == level.numbers for level in first))


def _narrowed(
    product: ProductDefinition, candidates: tuple[Level, ...], build: str | None, copies: Sequence[FileCopy]
) -> tuple[Level, ...]:
    """The candidates of the version that the build or a key file shows, where several versions have them."""
    for text in [build, *(copy.version for copy in copies)] if len(candidates) > 1 else []:
        shown = levels_of_build(product, text) if text else ()
        versions = {level.numbers for level in shown}
        candidates = tuple(level for level in candidates if level.numbers in versions) or candidates
    return candidates


def _unclear_level(product: ProductDefinition, text: str, candidates: Sequence[Level]) -> Reason:
    if candidates:
        named = " or ".join(map(str, candidates))
        return _doubt("level-ambiguous", f"The level {text!r} can mean {named}", text)
    sentence = f"The level {text!r} is not in the definition of {product.name}"
    return _doubt("level-not-defined", sentence, text)


def _checked(
    product: ProductDefinition, level: Level, builds: Iterable[str], copies: Sequence[FileCopy]
) -> LevelFinding:
    """A level compared with builds and key files.

    A build contradicts it in either direction, a key file only where it is older.
    """
    for build in builds:
        if doubt := _against_build(product, level, build):
            return LevelFinding(doubt=doubt)
    newer: list[Reason] = []
    for copy in copies:
        place = place_of_build(product, copy.version or "", level)
        if place == "older":
            return LevelFinding(doubt=_older_file(level, copy))
        if place == "newer":
            newer.append(_newer_file(level, copy))
    return LevelFinding(level, remarks=tuple(newer))


def _against_build(product: ProductDefinition, level: Level, build: str) -> Reason | None:
    if place_of_build(product, build, level) not in ("older", "newer"):
        return None
    sentence = f"Build {build} contradicts level {level}"
    return _doubt("level-contradicted", sentence, build, str(level))


def _older_file(level: Level, copy: FileCopy) -> Reason:
    sentence = f"{copy.name} {copy.version} contradicts level {level}: the file is older than that level"
    return Reason("level-contradicted", sentence, copy.name, copy.path, copy.version, str(level))


def _newer_file(level: Level, copy: FileCopy) -> Reason:
    sentence = (
        f"{copy.name} {copy.version} is newer than {level}; a hotfix may have installed it, so {level} counts"
    )
    return Reason("file-newer-than-level", sentence, copy.name, copy.path, copy.version, str(level))


def _doubt(code: str, sentence: str, observed: str | None = None, expected: str | None = None) -> Reason:
    return Reason(code, sentence, observed=observed, expected=expected)

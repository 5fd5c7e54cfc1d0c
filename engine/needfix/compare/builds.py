"""The levels to which a build can belong, by the ranges of builds in a product definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue.level_finding import versions_begun
from needfix.compare.by_identity import ByIdentity
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, is_bare, parse_build, parse_file_version

Numbers = tuple[int, ...]

_NUMBERS_OF_VERSION = 2
_YEARS = range(1980, 2100)
_MOST_PART = 65535


class BuildLevels(NamedTuple):
    """The levels that a build leaves possible; `is_open`: it may also belong to none of them.

    `is_outside`: it is in no level's range, or, where it is cut short, may be.
    """

    levels: frozenset[Level]
    is_open: bool = False
    is_outside: bool = False


class _Range(NamedTuple):
    """The builds of some levels: from `begin` up to `end`, which is not included."""

    begin: Numbers
    end: Numbers
    levels: tuple[Level, ...]


def levels_of_build(product: ProductDefinition, text: str, version: str | None = None) -> BuildLevels | None:
    """The levels that a build leaves possible; None where it cannot be read.

    A level's builds run up to the next level's, and only while their first two numbers are those of its
    own build. A level without build shares the range of the one before it, if there is one; where the
    definition has no builds, a build shows nothing. A build that is cut short (`5.5`) may belong to every
    level whose builds begin so, and to none of them. One without its version (`2653.23`) is completed by
    `version`, or else by any.
    """
    numbers = _numbers(text)
    if numbers is None:
        return None
    ranges = _ranges(product)
    if ranges and _is_by_year(numbers) != _is_by_year(ranges[0].begin):
        return None
    if not ranges:
        return BuildLevels(frozenset(entry.level for entry in product.levels), is_open=True)
    if not is_bare(Version(".".join(map(str, numbers)))):
        return _in_ranges(numbers, ranges)
    versions = list(dict.fromkeys(own.begin[:_NUMBERS_OF_VERSION] for own in ranges))
    known = [one for one in versions if version and _is_of_version(product, one, version)] or versions
    return _united(_in_ranges((*_padded(one), *numbers), ranges) for one in known)


def _is_of_version(product: ProductDefinition, begin: Numbers, version: str) -> bool:
    """Whether builds that begin so are of a version, or of one that begins with its only number."""
    stated = _numbers(version) or ()
    if stated and versions_begun(product, version):
        return begin[:1] == stated
    return _stripped(begin) == _stripped(stated)


def _padded(version: Numbers) -> Numbers:
    return (*version, *(0 for _ in range(_NUMBERS_OF_VERSION - len(version))))


def _united(found: Iterable[BuildLevels]) -> BuildLevels:
    """What a build leaves possible that is one of several."""
    every = list(found)
    levels = frozenset[Level]().union(*(one.levels for one in every))
    is_outside = any(one.is_outside for one in every)
    return BuildLevels(levels, is_open=bool(levels) and is_outside, is_outside=is_outside)


def completed(product: ProductDefinition, build: str, version: str | None) -> str:
    """A build with the version that is stated beside it, where the builds of some level begin with that."""
    numbers, stated = _numbers(build), _numbers(version) if version else None
    if numbers is None or stated is None or len(numbers) > _NUMBERS_OF_VERSION:
        return build
    if version and versions_begun(product, version):
        return build
    own = stated[:_NUMBERS_OF_VERSION]
    begins = any(entry.build.release[: len(own)] == own for entry in product.levels if entry.build)
    return ".".join(map(str, (*own, *numbers))) if begins else build


def levels_of_file(product: ProductDefinition, version: str) -> BuildLevels | None:
    """The levels that the version of a key file leaves possible; None where it is not one version."""
    return None if parse_file_version(version) is None else levels_of_build(product, version)


def _is_by_year(numbers: Numbers) -> bool:
    """Whether numbers are those of a file that counts by years, such as 2022.160.4075.1, cut short or not."""
    return bool(numbers) and numbers[0] in _YEARS


def boundaries(product: ProductDefinition) -> Iterator[Version]:
    """The versions at which the levels of builds change."""
    ranges = _ranges(product)
    yield from (Version(str(year)) for year in (_YEARS.start, _YEARS.stop) if ranges)
    for own in ranges:
        yield Version(".".join(map(str, own.begin or (0,))))
        yield Version(".".join(map(str, own.end)))


def begins_builds(product: ProductDefinition, text: str) -> bool:
    """Whether some level's build begins with these numbers."""
    numbers = _numbers(text) or ()
    builds = (entry.build.release for entry in product.levels if entry.build)
    return any(len(build) > len(numbers) and build[: len(numbers)] == numbers for build in builds)


_BARE = re.compile(r"\s*[0-9]{1,9}\s*", re.ASCII)


def _numbers(text: str) -> Numbers | None:
    """The numbers of a build as they are written, with zeros at the end; one number may be a build, too."""
    version = parse_build(text)
    if version is not None:
        return version.release
    return (int(text),) if _BARE.fullmatch(text) and 0 < int(text) <= _MOST_PART else None


def _stripped(numbers: Sequence[int]) -> Numbers:
    """Numbers without zeros at the end, by which 5.5 and 5.5.0 are equal."""
    end = len(numbers)
    while end and numbers[end - 1] == 0:
        end -= 1
    return tuple(numbers[:end])


def _behind(numbers: Sequence[int]) -> Numbers:
    """The first numbers behind all that begin with these."""
    return (*numbers[:-1], numbers[-1] + 1)


@ByIdentity
def _ranges(product: ProductDefinition) -> tuple[_Range, ...]:
    """The ranges of builds, in order."""
    groups: list[list[LevelDefinition]] = []
    for entry in product.levels:
        if entry.build is not None:
            groups.append([entry])
        elif groups:
            groups[-1].append(entry)
    begins = [group[0].build.release for group in groups if group[0].build]
    behind = [*begins[1:], None] if begins else []
    found = []
    for group, begin, after in zip(groups, begins, behind, strict=True):
        ends = [_behind(begin[:_NUMBERS_OF_VERSION]), *([_stripped(after)] if after else [])]
        until = group[0].until
        end = min([*ends, *([_stripped(until.release)] if until else [])])
        found.append(_Range(_stripped(begin), end, tuple(entry.level for entry in group)))
    return tuple(found)


def _in_ranges(numbers: Numbers, ranges: Iterable[_Range]) -> BuildLevels:
    """The levels of the ranges that a build, or all builds that begin with it, meet."""
    begin, end = _stripped(numbers), _behind(numbers)
    covered, found = begin, set[Level]()
    for own in ranges:
        if own.begin < end and begin < own.end:
            found.update(own.levels)
            covered = own.end if own.begin <= covered < own.end else covered
    if covered >= end:
        return BuildLevels(frozenset(found))
    return BuildLevels(frozenset(found), is_open=bool(found), is_outside=True)

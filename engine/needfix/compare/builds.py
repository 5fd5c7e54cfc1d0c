"""The levels to which a build can belong, by the ranges of builds in a product definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue.level_finding import versions_begun
from needfix.compare.by_identity import ByIdentity
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, is_bare, numbering, parse_build, parse_file_version, parse_free_build

Numbers = tuple[int, ...]

_BEYOND = (10**18,)
"""Above every build."""

_NUMBERS_OF_VERSION = 2
_YEARS = range(1980, 2100)
_MOST_PART = 65535


class BuildLevels(NamedTuple):
    """The levels that a build leaves possible; `is_open`: it may also belong to none of them.

    `is_outside`: it is in no level's range, or, where it is cut short, may be. `builds` are those that it may
    be: one without its version in every way in which it can be completed.
    """

    levels: frozenset[Level]
    is_open: bool = False
    is_outside: bool = False
    builds: tuple[Numbers, ...] = ()


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
    numbers = _numbers(product, text)
    if numbers is None:
        return None
    ranges = _ranges(product)
    if _is_numbered_otherwise(product, numbers, ranges):
        return None
    builds = _completed(product, numbers, ranges, version)
    if not ranges:
        every = frozenset(entry.level for entry in product.levels)
        return BuildLevels(every, is_open=True, builds=builds)
    if len(builds) == 1:
        return _in_ranges(builds[0], ranges)._replace(builds=builds)
    return _united(_in_ranges(one, ranges) for one in builds)._replace(builds=builds)


def _completed(
    product: ProductDefinition, numbers: Numbers, ranges: Sequence[_Range], version: str | None
) -> tuple[Numbers, ...]:
    """A build as it is, or one without its version in every way in which it can be completed."""
    if product.free_builds or not is_bare(Version(".".join(map(str, numbers)))):
        return (numbers,)
    versions = list(dict.fromkeys(own.begin[:_NUMBERS_OF_VERSION] for own in ranges))
    known = [one for one in versions if version and _is_of_version(product, one, version)] or versions
    return tuple((*_padded(one), *numbers) for one in known)


def _is_of_version(product: ProductDefinition, begin: Numbers, version: str) -> bool:
    """Whether builds that begin so are of a version, or of one that begins with its only number."""
    stated = _numbers(product, version) or ()
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
    numbers, stated = _numbers(product, build), _numbers(product, version) if version else None
    if product.free_builds or numbers is None or stated is None or len(numbers) > _NUMBERS_OF_VERSION:
        return build
    if version and versions_begun(product, version):
        return build
    own = stated[:_NUMBERS_OF_VERSION]
    begins = any(entry.build.release[: len(own)] == own for entry in product.levels if entry.build)
    return ".".join(map(str, (*own, *numbers))) if begins else build


def levels_of_file(product: ProductDefinition, name: str, version: str) -> BuildLevels | None:
    """The levels that the version of a key file leaves possible; None where it is not one version.

    A file with a numbering of its own shows no build.
    """
    if parse_file_version(version) is None:
        return None
    numbered = product.numbered_as(name)
    found = levels_of_build(numbered, version)
    return found if found is None or numbered is product else found._replace(builds=())


def _is_numbered_otherwise(product: ProductDefinition, numbers: Numbers, ranges: Sequence[_Range]) -> bool:
    """Whether they are numbered otherwise than the levels: by years, or free builds as dates for example."""
    if not ranges:
        return False
    first = next((entry.build for entry in product.levels if entry.build is not None), None)
    own, is_free = Version(".".join(map(str, numbers or (0,)))), product.free_builds
    return first is not None and numbering(own, is_free=is_free) != numbering(first, is_free=is_free)


def boundaries(product: ProductDefinition) -> Iterator[Version]:
    """The versions at which the levels of builds change."""
    ranges = _ranges(product)
    yield from (
        Version(str(year)) for year in (_YEARS.start, _YEARS.stop) if ranges and not product.free_builds
    )
    for own in ranges:
        yield Version(".".join(map(str, own.begin or (0,))))
        yield Version(".".join(map(str, own.end)))


def begins_builds(product: ProductDefinition, text: str) -> bool:
    """Whether some level's build begins with these numbers."""
    numbers = _numbers(product, text) or ()
    builds = (entry.build.release for entry in product.levels if entry.build and numbers)
    return any(len(build) > len(numbers) and build[: len(numbers)] == numbers for build in builds)


_BARE = re.compile(r"\s*[0-9]{1,9}\s*", re.ASCII)


def _numbers(product: ProductDefinition, text: str) -> Numbers | None:
    """The numbers of a build as they are written, with zeros at the end; one number may be a build, too."""
    free = parse_free_build(text) if product.free_builds else None
    version = free or parse_build(text)
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
def _ranges(product: ProductDefinition) -> list[_Range]:
    """The ranges of builds, in order."""
    return list(_ranges_of(product))


def _ranges_of(product: ProductDefinition) -> Iterator[_Range]:
    groups: list[list[LevelDefinition]] = []
    for entry in product.levels:
        if entry.build is not None:
            groups.append([entry])
        elif groups:
            groups[-1].append(entry)
    begins = [group[0].build.release for group in groups if group[0].build]
    behind = [*begins[1:], None] if begins else []
    for group, begin, after in zip(groups, begins, behind, strict=True):
        own = _BEYOND if product.free_builds else _behind(begin[:_NUMBERS_OF_VERSION])
        ends = [own, *([_stripped(after)] if after else [])]
        until = group[0].until
        end = min([*ends, *([_stripped(until.release)] if until else [])])
        yield _Range(_stripped(begin), end, tuple(entry.level for entry in group))


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

"""The place of a build among the levels of a product."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Literal

from packaging.version import Version

from needfix.model.product import ProductDefinition
from needfix.versions import Level, parse_version

BuildPlace = Literal["older", "within", "newer", "unreadable"]

_PARTS_OF_BARE_BUILD = 2
_LEAST_BARE_BUILD = 100
"""A first number below this is a product's version; otherwise it begins a build without its version."""


def place_of_build(product: ProductDefinition, build: str, level: Level) -> BuildPlace:
    """Where a build is relative to a level: older, within, newer, or unreadable."""
    levels = levels_of_build(product, build)
    if level in levels:
        return "within"
    if levels:
        return "older" if levels[-1] < level else "newer"
    version = parse_version(build)
    first = next((entry.build for entry in product.levels if entry.build), None)
    if version is None or first is None:
        return "unreadable"
    return "older" if version < first else "newer"


def levels_of_build(product: ProductDefinition, text: str) -> tuple[Level, ...]:
    """The levels that a build can belong to: one if the definition shows it exactly.

    A level's builds run up to the next known build, those of the last level up to the next major
    version. A build without its version (`2653.23`) is compared with the last parts of the builds; if
    these do not ascend, every level is possible. The result is empty if the text is unreadable or the
    build is outside all levels.
    """
    version = parse_version(text)
    if version is None:
        return ()
    if truncated := _starting_with(product, version.release):
        return truncated
    bare = len(version.release) <= _PARTS_OF_BARE_BUILD and version.release[0] >= _LEAST_BARE_BUILD
    builds = [(i, _tail(e.build) if bare else e.build) for i, e in enumerate(product.levels) if e.build]
    if any(after <= before for (_, before), (_, after) in pairwise(builds)):
        return tuple(entry.level for entry in product.levels)
    return _run_of(product, version, builds, bounded=not bare)


def _starting_with(product: ProductDefinition, numbers: tuple[int, ...]) -> tuple[Level, ...]:
    """The levels whose builds begin with a shortened build, such as `5.5`."""
    return tuple(
        entry.level
        for entry in product.levels
        if entry.build
        and len(entry.build.release) > len(numbers)
        and entry.build.release[: len(numbers)] == numbers
    )


def _run_of(
    product: ProductDefinition, version: Version, builds: list[tuple[int, Version]], *, bounded: bool
) -> tuple[Level, ...]:
    place = bisect_right([build for _, build in builds], version)
    if not builds:
        return tuple(entry.level for entry in product.levels)
    if place == 0:
        return tuple(entry.level for entry in product.levels[: builds[0][0]])
    first, build = builds[place - 1]
    if place == len(builds):
        beyond = bounded and version.release[0] != build.release[0]
        return () if beyond else tuple(entry.level for entry in product.levels[first:])
    return tuple(entry.level for entry in product.levels[first : builds[place][0]])


def _tail(build: Version) -> Version:
    return Version(".".join(map(str, build.release[2:] or build.release)))

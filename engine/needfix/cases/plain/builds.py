"""The levels of a product: their order, what a text means, and where a build lies among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from needfix.cases.plain.reading import Label, LevelName, Numbers, label, numbers_of, trimmed
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions.level import Level

Side = Literal["older", "newer"]

_LEAST_BARE_BUILD = 100
_PARTS_OF_BARE_BUILD = 2


def position(product: ProductDefinition, level: Level) -> int:
    """The place of a level in the definition, which is its order."""
    return [label(entry.level) for entry in product.levels].index(label(level))


def is_among(level: Level | None, levels: Iterable[Level]) -> bool:
    """Whether a level is one of several."""
    return level is not None and label(level) in [label(one) for one in levels]


def meant(product: ProductDefinition, name: LevelName) -> tuple[Level, ...]:
    """The levels that a text can mean: a service pack by itself that of any version."""
    if name.version is not None:
        labels = [name.label]
    else:
        labels = [name._replace(version=numbers_of(entry.level)).label for entry in product.levels]
    return tuple(entry.level for entry in product.levels if any(one in labels for one in _labels(entry)))


def levels_of_build(product: ProductDefinition, build: Numbers | None) -> tuple[Level, ...]:
    """The levels that a build can belong to; none where it cannot be read or is of a later version.

    A level begins with its own build. One whose build is not known may begin at any build behind
    that of the level before it.
    """
    if build is None:
        return ()
    written_short = [entry.level for entry in product.levels if _begins_with(_build(entry), build)]
    if written_short:
        return tuple(written_short)
    is_bare = len(build) <= _PARTS_OF_BARE_BUILD and build[0] >= _LEAST_BARE_BUILD
    firsts = [_bare(_build(entry)) if is_bare else _build(entry) for entry in product.levels]
    known = [first for first in firsts if first is not None]
    if any(trimmed(behind) <= trimmed(before) for before, behind in pairwise(known)):
        return tuple(entry.level for entry in product.levels)
    if known and not is_bare and build[0] > known[-1][0]:
        return ()
    return _last_begun(product.levels, firsts, build)


def place(product: ProductDefinition, build: Numbers | None, level: Level) -> Side | None:
    """Whether a build lies before a level or behind it."""
    levels = levels_of_build(product, build)
    if is_among(level, levels):
        return None
    if levels:
        return "older" if position(product, levels[-1]) < position(product, level) else "newer"
    firsts = [first for entry in product.levels if (first := _build(entry)) is not None]
    if build is None or not firsts:
        return None
    return "older" if trimmed(build) < trimmed(firsts[0]) else "newer"


def _last_begun(
    levels: Sequence[LevelDefinition], firsts: Sequence[Numbers | None], build: Numbers
) -> tuple[Level, ...]:
    """The last level whose first build is reached, with those after it whose builds are not known."""
    found: list[Level] = []
    for entry, first in zip(levels, firsts, strict=True):
        if first is not None and trimmed(first) > trimmed(build):
            break
        found = [entry.level] if first is not None else [*found, entry.level]
    return tuple(found)


def _labels(entry: LevelDefinition) -> list[Label]:
    return [label(one) for one in (entry.level, *entry.also)]


def _build(entry: LevelDefinition) -> Numbers | None:
    return None if entry.build is None else entry.build.release


def _begins_with(first: Numbers | None, build: Numbers) -> bool:
    return first is not None and len(first) > len(build) and first[: len(build)] == build


def _bare(first: Numbers | None) -> Numbers | None:
    """A build without the version before it: 2653.23 of 5.5.2653.23."""
    return None if first is None else first[2:] or first

"""Made-up fleets in arrays, block by block: the first servers are the same whatever the count.

`real` servers are built from 40 images and got up to 3 of the 60 hotfix packages of their product and level.
`worst` servers have any product, level and versions. Of both kinds 3 % lack one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.sample import (
    EVERY_BUILD,
    FILES,
    LEVELS,
    PRODUCTS,
    REVISIONS,
    SEED,
    Version,
    builds_of,
    files_of,
    text,
)

BLOCK = 10_000
IMAGES = 40
PACKAGES = 60
MISSING = -1
SHARES = (0.60, 0.25, 0.15)
LEVEL_SHARES = (1 / 15, 1 / 15, 2 / 15, 5 / 15, 6 / 15)
IMAGE_SHARES = tuple(
    1 / place / sum(1 / other for other in range(2, IMAGES + 2)) for place in range(2, IMAGES + 2)
)
PACKAGE_SHARES = (0.55, 0.25, 0.12, 0.08)
PATCHED = 0.3
LACKING = 0.03

Places: TypeAlias = NDArray[np.int32]
"""Places of versions among all that there are, a row for each server and a column for each of FILES."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Servers next to each other: their product, level and versions, all by place."""

    first: int
    products: NDArray[np.int8]
    levels: NDArray[np.int8]
    versions: Places

    def __len__(self) -> int:
        return len(self.products)


@cache
def every_version() -> tuple[Version, ...]:
    """All versions that a server may have, in order."""
    return tuple((5, 5, build, revision) for build in EVERY_BUILD for revision in range(REVISIONS))


def version_texts() -> list[str]:
    """All versions that a server may have, as people write them."""
    return [text(version) for version in every_version()]


def blocks(kind: str, count: int) -> Iterator[Servers]:
    """The first servers of a kind, block by block."""
    for first in range(0, count, BLOCK):
        yield _cut(block(kind, first), count - first)


def block(kind: str, first: int) -> Servers:
    """The servers of a kind from one on; each block has a seed of its own."""
    return KINDS[kind](np.random.default_rng((SEED, *kind.encode(), first)), first)


def _cut(made: Servers, most: int) -> Servers:
    return Servers(made.first, made.products[:most], made.levels[:most], made.versions[:most])


def _worst(chance: np.random.Generator, first: int) -> Servers:
    products = chance.choice(len(PRODUCTS), BLOCK, p=SHARES).astype(np.int8)
    levels = chance.integers(len(LEVELS), size=BLOCK, dtype=np.int8)
    versions = chance.integers(len(EVERY_BUILD) * REVISIONS, size=(BLOCK, len(FILES)), dtype=np.int32)
    versions[~_HAS[products]] = MISSING
    return _lacking(chance, Servers(first, products, levels, versions))


def _real(chance: np.random.Generator, first: int) -> Servers:
    images = _images()
    image = chance.choice(IMAGES, BLOCK, p=IMAGE_SHARES)
    made = Servers(first, images.products[image], images.levels[image], images.versions[image])
    packages = _packages()
    installed = chance.choice(len(PACKAGE_SHARES), BLOCK, p=PACKAGE_SHARES)
    for number in range(1, len(PACKAGE_SHARES)):
        package = packages[made.products, made.levels, chance.integers(PACKAGES, size=BLOCK)]
        replaced = (installed >= number)[:, None] & (package != MISSING)
        np.copyto(made.versions, package, where=replaced)
    return _lacking(chance, made)


KINDS = {"real": _real, "worst": _worst}

_HAS = np.array([[name in files_of(product) for name in FILES] for product in range(len(PRODUCTS))])


@cache
def _images() -> Servers:
    """Every product has an image; of its files a third were patched within its level."""
    chance = np.random.default_rng(SEED)
    others = chance.choice(len(PRODUCTS), IMAGES - len(PRODUCTS), p=SHARES)
    products = np.concatenate((np.arange(len(PRODUCTS)), others)).astype(np.int8)
    levels = chance.choice(len(LEVELS), IMAGES, p=LEVEL_SHARES).astype(np.int8)
    shipped = np.array([_shipped(int(level)) for level in levels], dtype=np.int32)[:, None]
    patched = np.stack([_within(chance, int(level), len(FILES)) for level in levels])
    versions = np.where(chance.random((IMAGES, len(FILES))) < PATCHED, patched, shipped)
    versions[~_HAS[products]] = MISSING
    return Servers(0, products, levels, versions)


@cache
def _packages() -> Places:
    """For each product, level and package the versions that it brings for one to three files."""
    chance = np.random.default_rng(SEED + 1)
    made = np.full((len(PRODUCTS), len(LEVELS), PACKAGES, len(FILES)), MISSING, dtype=np.int32)
    for product, level, package in np.ndindex(*made.shape[:3]):
        count = int(chance.integers(1, 4))
        brought = chance.choice(np.flatnonzero(_HAS[product]), count, replace=False)
        made[product, level, package, brought] = _within(chance, level, count)
    return made


def _shipped(level: int) -> int:
    return (builds_of(level)[0] - EVERY_BUILD[0]) * REVISIONS


def _within(chance: np.random.Generator, level: int, count: int) -> Places:
    first = _shipped(level)
    return chance.integers(first, first + len(builds_of(level)) * REVISIONS, size=count, dtype=np.int32)


def _lacking(chance: np.random.Generator, made: Servers) -> Servers:
    """A few servers lose one of their files."""
    likely = np.where(made.versions != MISSING, chance.random(made.versions.shape), -1.0)
    servers = np.flatnonzero(chance.random(len(made)) < LACKING)
    made.versions[servers, likely[servers].argmax(axis=1)] = MISSING
    return made

"""Key files: what the version of each tells about levels, as one code a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from threading import Lock
from typing import NamedTuple

import numpy as np
from packaging.version import Version

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.texts import Texts
from needfix.fleet.version_ranks import VersionRanks
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy
from needfix.versions import parse_version


class KeyFileCodes(NamedTuple):
    """For each server what its lowest copy tells, and where copies do not tell which is the lowest."""

    codes: Ints
    is_unclear: Flags


class KeyFile:
    """One name of a key file, and what versions of it tell of the products that it is a key file of.

    Whole versions that lie between the same builds tell the same. Code 0 is "no copy".
    """

    def __init__(self, name: str, products: Iterable[ProductDefinition], ranks: VersionRanks) -> None:
        self.name = name
        self._products = tuple(products)
        self._ranks = ranks
        builds = (entry.build for product in self._products for entry in product.levels if entry.build)
        self._most_parts = max((len(build.release) for build in builds), default=0)
        self._codes: dict[object, int] = {}
        self._by_rank: dict[int, int] = {}
        self._texts = [""]
        self._lock = Lock()

    def copy(self, code: int) -> FileCopy | None:
        """A copy that tells what a code stands for; None for "no copy"."""
        return FileCopy(self.name, version=self._texts[code] or None) if code else None

    @property
    def size(self) -> int:
        """Codes so far."""
        return len(self._texts)

    def of_servers(
        self, count: int, owners: Ints, rows: Ints, versions: Texts | None, ranks: Ints
    ) -> KeyFileCodes:
        """The codes of servers. `owners` has the server of each row of this name; `ranks` is by version."""
        codes = versions.codes[rows] if versions is not None else np.zeros(len(rows), np.int64)
        table = self._table(versions, codes, ranks)
        return _lowest(count, owners, table[codes], np.minimum(ranks[codes], self._ranks.unreadable))

    def _table(self, versions: Texts | None, codes: Ints, ranks: Ints) -> Ints:
        """What each version that is there tells."""
        table = np.zeros(len(ranks), np.int64)
        seen = np.zeros(len(ranks), np.bool_)
        seen[codes] = True
        there = np.flatnonzero(seen)
        told = there[: np.searchsorted(there, versions.untold)] if versions is not None else there[:0]
        written = versions.distinct.take(told).to_pylist() if versions is not None else []
        for code, text in zip_longest(there.tolist(), written):
            table[code] = self._code((text or "").strip(), int(ranks[code]))
        return table

    def _code(self, text: str, rank: int) -> int:
        # A version with as many numbers as any build is neither cut short nor told without its version.
        is_whole = text.count(".") >= max(self._most_parts - 1, 2) and text.replace(".", "").isdecimal()
        if not is_whole or rank >= self._ranks.unreadable:
            return self._numbered(text)
        code = self._by_rank.get(rank)
        if code is None:
            code = self._by_rank[rank] = self._numbered(text)
        return code

    def _numbered(self, text: str) -> int:
        """The code of what a version tells, and a version that tells it."""
        told = self._told(text)
        with self._lock:
            if told not in self._codes:
                self._codes[told] = len(self._texts)
                self._texts.append(text)
            return self._codes[told]

    def _told(self, text: str) -> object:
        """All that decisions and reason codes can take from a version of this file."""
        return tuple(_of_product(product, text) for product in self._products), bool(text)


def _of_product(product: ProductDefinition, text: str) -> object:
    if not text:
        return None
    levels = product.levels_of_build(text)
    if levels:
        return tuple(level.text for level in levels)
    return product.place(text, product.levels[0].level) if product.levels else parse_version(text) is None


def key_files(products: Mapping[str, ProductDefinition], ranks: VersionRanks) -> tuple[KeyFile, ...]:
    """Every key file of the products, by name."""
    names = dict.fromkeys(name.casefold() for product in products.values() for name in product.key_files)
    return tuple(KeyFile(name, _of_name(name, products), ranks) for name in names)


def _of_name(name: str, products: Mapping[str, ProductDefinition]) -> list[ProductDefinition]:
    return [p for p in products.values() if name in (own.casefold() for own in p.key_files)]


def boundaries(products: Iterable[ProductDefinition]) -> set[Version]:
    """The versions where what key files tell changes: builds, and the major version behind the last."""
    found: set[Version] = set()
    for product in products:
        builds = [entry.build for entry in product.levels if entry.build] if product.key_files else []
        found.update(builds)
        found.update(Version(str(build.release[0] + 1)) for build in builds[-1:])
    return found


def _lowest(count: int, owners: Ints, told: Ints, ranks: Ints) -> KeyFileCodes:
    """For each server what the copy with the lowest version tells, else its first copy."""
    codes = np.zeros(count, np.int64)
    is_unclear = np.zeros(count, np.bool_)
    copies = np.bincount(owners, minlength=count)
    if copies.max(initial=0) <= 1:
        codes[owners] = told
        return KeyFileCodes(codes, is_unclear)
    order = np.lexsort((ranks, owners))
    owners, told, ranks = owners[order], told[order], ranks[order]
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    codes[owners[first]] = told[first]
    lowest = np.zeros(count, ranks.dtype)
    lowest[owners[first]] = ranks[first]
    differs = (ranks == lowest[owners]) & (told != codes[owners])
    is_unclear[owners[differs]] = True
    return KeyFileCodes(codes, is_unclear)

"""Kinds of servers: those with equal products, key files and platforms are prepared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from threading import Lock
from typing import NamedTuple

import numpy as np
from packaging.version import Version

from needfix.compare.builds import levels_of_build, place_of_build
from needfix.fleet.arrays import Dense, Flags, Ints, dense, joined, settled, uniform
from needfix.fleet.columns import Lists, ObjectColumn, Texts
from needfix.fleet.version_ranks import VersionRanks
from needfix.intake.fields import PRODUCT
from needfix.intake.vocabularies import platform as normal_platform
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, as_read
from needfix.versions import parse_version


class KeyFileCodes(NamedTuple):
    """For each server what its lowest copy shows, and whether it is unclear which copy is the lowest."""

    codes: Ints
    is_unclear: Flags


class KeyFile:
    """One name of a key file, and what its versions show about the products whose key file it is.

    Whole versions that lie between the same builds show the same. Code 0 is "no copy".
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
        """A copy that shows what a code means; None for "no copy"."""
        return as_read(FileCopy, name=self.name, version=self._texts[code] or None) if code else None

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
        """What each version present shows."""
        table = np.zeros(len(ranks), np.int64)
        seen = np.zeros(len(ranks), np.bool_)
        seen[codes] = True
        there = np.flatnonzero(seen)
        codes = there[: np.searchsorted(there, versions.unstated)] if versions is not None else there[:0]
        written = versions.distinct.take(codes).to_pylist() if versions is not None else []
        for code, text in zip_longest(there.tolist(), written):
            table[code] = self._code((text or "").strip(), int(ranks[code]))
        return table

    def _code(self, text: str, rank: int) -> int:
        # A version with as many numbers as any build is neither cut short nor written without its version.
        is_whole = text.count(".") >= max(self._most_parts - 1, 2) and text.replace(".", "").isdecimal()
        if not is_whole or rank >= self._ranks.unreadable:
            return self._numbered(text)
        code = self._by_rank.get(rank)
        if code is None:
            code = self._by_rank[rank] = self._numbered(text)
        return code

    def _numbered(self, text: str) -> int:
        """The code of what a version shows, and a version that shows it."""
        meaning = self._meaning(text)
        with self._lock:
            if meaning not in self._codes:
                self._codes[meaning] = len(self._texts)
                self._texts.append(text)
            return self._codes[meaning]

    def _meaning(self, text: str) -> object:
        """All that decisions and reason codes can take from a version of this file."""
        return tuple(_of_product(product, text) for product in self._products), bool(text)


def _of_product(product: ProductDefinition, text: str) -> object:
    if not text:
        return None
    levels = levels_of_build(product, text)
    if levels:
        return tuple(level.text for level in levels)
    return (
        place_of_build(product, text, product.levels[0].level)
        if product.levels
        else parse_version(text) is None
    )


def key_files(products: Mapping[str, ProductDefinition], ranks: VersionRanks) -> tuple[KeyFile, ...]:
    """Every key file of the products, by name."""
    names = dict.fromkeys(name.casefold() for product in products.values() for name in product.key_files)
    return tuple(KeyFile(name, _of_name(name, products), ranks) for name in names)


def _of_name(name: str, products: Mapping[str, ProductDefinition]) -> list[ProductDefinition]:
    return [p for p in products.values() if name in (own.casefold() for own in p.key_files)]


def boundaries(products: Iterable[ProductDefinition]) -> set[Version]:
    """The versions where what key files show changes: builds, and the major version behind the last."""
    found: set[Version] = set()
    for product in products:
        builds = [entry.build for entry in product.levels if entry.build] if product.key_files else []
        found.update(builds)
        found.update(Version(str(build.release[0] + 1)) for build in builds[-1:])
    return found


def _lowest(count: int, owners: Ints, shown: Ints, ranks: Ints) -> KeyFileCodes:
    """For each server what the copy with the lowest version shows, else its first copy."""
    codes = np.zeros(count, np.int64)
    is_unclear = np.zeros(count, np.bool_)
    copies = np.bincount(owners, minlength=count)
    if copies.max(initial=0) <= 1:
        codes[owners] = shown
        return KeyFileCodes(codes, is_unclear)
    order = np.lexsort((ranks, owners))
    owners, shown, ranks = owners[order], shown[order], ranks[order]
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    codes[owners[first]] = shown[first]
    lowest = np.zeros(count, ranks.dtype)
    lowest[owners[first]] = ranks[first]
    differs = (ranks == lowest[owners]) & (shown != codes[owners])
    is_unclear[owners[differs]] = True
    return KeyFileCodes(codes, is_unclear)


PRODUCT_FIELDS = tuple(
    key for key, field in PRODUCT.fields.items() if field.kind and field.kind.storage == "text"
)
"""The texts that an entry states of a product, in the order of an `Entry`."""

_MOST_PLATFORMS = 62
_MOST_PRODUCTS = 64

Entry = tuple[str | None, ...]


class Content(NamedTuple):
    """What servers of a kind state: products, what each key file shows, and the files' platforms."""

    products: tuple[Entry, ...] | None
    key_files: tuple[int, ...]
    platforms: frozenset[str]


class Kinds(NamedTuple):
    """The kind of each server, and what servers of each kind state.

    `is_unclear` servers are of no kind: they have to be looked at one by one.
    """

    codes: Ints
    contents: list[Content]
    is_unclear: Flags


def kinds(
    count: int,
    products: ObjectColumn | None,
    files: ObjectColumn | None,
    keys: Sequence[KeyFile],
    ranks: Ints,
) -> Kinds:
    """The kinds of servers; `ranks` has that of each version of the files."""
    entries = _Entries(products)
    found, is_unclear = _same_products(count, products, entries)
    of_keys = [_key_file(count, key, files, ranks) for key in keys]
    for key, of_servers in zip(keys, of_keys, strict=True):
        found = joined(found, of_servers.codes, key.size)
        is_unclear |= of_servers.is_unclear
    of_files = _Platforms(count, files)
    found = joined(found, of_files.kinds.codes, of_files.kinds.count)
    is_unclear |= of_files.is_unclear
    found = settled(found)
    contents = [
        Content(
            entries.of_server(row),
            tuple(int(of_servers.codes[row]) for of_servers in of_keys),
            of_files.of_server(row),
        )
        for row in found.rows().tolist()
    ]
    return Kinds(found.codes, contents, is_unclear)


class _Entries:
    """Products as they are listed, each listing numbered once."""

    def __init__(self, products: ObjectColumn | None) -> None:
        self._lists = products.lists if products else None
        self.kinds = uniform(len(products.lists.elements) if products else 0)
        columns = {name: products.texts(name) for name in PRODUCT_FIELDS} if products else {}
        for column in columns.values():
            if column is not None:
                self.kinds = joined(self.kinds, column.codes, column.unstated + 1)
        self.kinds = settled(self.kinds)
        values = {name: column.values() if column else [] for name, column in columns.items()}
        self._listed = [
            tuple(
                values[name][column.codes[row]] if column is not None else None
                for name, column in columns.items()
            )
            for row in (self.kinds.rows().tolist() if len(self.kinds.codes) else ())
        ]

    def of_server(self, row: int) -> tuple[Entry, ...] | None:
        """The products of a server; None where they are not listed."""
        if self._lists is None or not self._lists.is_stated[row]:
            return None
        begin, end = self._lists.begins[row], self._lists.begins[row + 1]
        return tuple(self._listed[code] for code in self.kinds.codes[begin:end].tolist())


def _same_products(count: int, products: ObjectColumn | None, entries: _Entries) -> tuple[Dense, Flags]:
    """Servers numbered by their lists of products."""
    if products is None:
        return uniform(count), np.zeros(count, np.bool_)
    lists, size = products.lists, entries.kinds.count + 1
    found = dense(lists.is_stated.astype(np.int64), 2)
    longest = int(lists.lengths.max(initial=0))
    for place in range(min(longest, _MOST_PRODUCTS)):
        found = joined(found, _at(lists, place, entries.kinds.codes), size)
    return found, lists.lengths > _MOST_PRODUCTS


def _at(lists: Lists, place: int, codes: Ints) -> Ints:
    """The code of the element at a place of each list, counted from 1; 0 where the list ends before."""
    has = place < lists.lengths
    if has.all():
        return codes.take(lists.begins[:-1] + place) + 1
    found = np.zeros(len(has), np.int64)
    found[has] = codes[lists.begins[:-1][has] + place] + 1
    return found


def _key_file(count: int, key: KeyFile, files: ObjectColumn | None, ranks: Ints) -> KeyFileCodes:
    rows = files.rows_named(key.name) if files is not None else np.zeros(0, np.int64)
    if files is None or not len(rows):
        return KeyFileCodes(np.zeros(count, np.int64), np.zeros(count, np.bool_))
    versions = files.texts("version")
    return key.of_servers(count, files.lists.owners[rows], rows, versions, ranks)


class _Platforms:
    """The platforms that a server's files name; several differ from one."""

    def __init__(self, count: int, files: ObjectColumn | None) -> None:
        column = files.texts("platform") if files is not None else None
        self._names: list[str] = []
        self._masks: Ints = np.zeros(count, np.int64)
        self.is_unclear = np.zeros(count, np.bool_)
        if files is not None and column is not None:
            named = [normal_platform(text) if text else None for text in column.values()]
            self._names = sorted({name for name in named if name})
            places = {name: place for place, name in enumerate(self._names)}
            bits = [1 << places[name] if name and places[name] < _MOST_PLATFORMS else 0 for name in named]
            self._masks = files.lists.united(np.array(bits, np.int64)[column.codes])
            self.is_unclear |= len(self._names) > _MOST_PLATFORMS
        self.kinds = dense(self._masks, 1 << min(len(self._names), _MOST_PLATFORMS))

    def of_server(self, row: int) -> frozenset[str]:
        """The platforms that the files of a server name."""
        mask = int(self._masks[row])
        return frozenset(
            name for place, name in enumerate(self._names[:_MOST_PLATFORMS]) if mask >> place & 1
        )

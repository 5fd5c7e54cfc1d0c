"""Kinds of servers: those with equal products and key files are prepared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from threading import Lock
from typing import NamedTuple

import numpy as np
from packaging.version import Version

from needfix.compare.build_minima import TrackedBuild
from needfix.compare.builds import boundaries as boundaries_of
from needfix.compare.builds import levels_of_file
from needfix.fleet.arrays import Dense, Flags, Ints, flagged, joined, settled, uniform
from needfix.fleet.columns import Lists, ObjectColumn, Texts
from needfix.fleet.copies import texts_of_codes
from needfix.fleet.version_ranks import VersionRanks
from needfix.intake.fields import PRODUCT
from needfix.intake.vocabularies import keeps_old_files
from needfix.intake.vocabularies import platform as normal_platform
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, as_read


class KeyFileCodes(NamedTuple):
    """For each server the codes of its copies, in so many columns; and whether it has too many for that.

    A server's codes ascend, each once; 0 stands for no further copy.
    """

    columns: tuple[Ints, ...]
    is_unclear: Flags


class KeyFile:
    """One name of a key file, and what its copies show about the products whose key file it is.

    Whole versions that lie between the same builds show the same. Code 0 is "no copy".
    """

    def __init__(
        self,
        name: str,
        products: Iterable[ProductDefinition],
        ranks: VersionRanks,
        builds: Iterable[TrackedBuild] = (),
    ) -> None:
        self.name = name
        self._products = tuple(products)
        self._ranks = ranks
        own = {product.product for product in self._products}
        self._builds = tuple(build for build in builds if build.product.product in own)
        limits = (
            *(limit for product in self._products for limit in boundaries_of(product)),
            *(limit for build in self._builds for limit in build.thresholds),
        )
        self._most_parts = max((len(limit.release) for limit in limits), default=0)
        self._versions: dict[object, int] = {}
        self._by_rank: dict[int, int] = {}
        self._texts: list[str] = []
        self._codes: dict[tuple[int, str | None], int] = {}
        self._copies: list[FileCopy | None] = [None]
        self._lock = Lock()

    def copy(self, code: int) -> FileCopy | None:
        """A copy that shows what a code means; None for "no copy"."""
        return self._copies[code]

    @property
    def size(self) -> int:
        """Codes so far."""
        return len(self._copies)

    def of_servers(self, count: int, files: ObjectColumn, rows: Ints, ranks: Ints) -> KeyFileCodes:
        """The codes of servers by the rows of this name; `ranks` has that of each version of the files."""
        rows = _counting(files, rows)
        owners, versions = files.lists.owners[rows], files.texts("version")
        codes = versions.codes[rows] if versions is not None else np.zeros(len(rows), np.int64)
        shown = self._table(versions, codes, ranks)[codes]
        platforms = files.texts("platform")
        if platforms is None:
            return by_server(count, owners, self._with_platforms(shown, None, [None]))
        of_rows = platforms.codes[rows]
        return by_server(count, owners, self._with_platforms(shown, of_rows, platforms.values()))

    def _with_platforms(self, shown: Ints, platforms: Ints | None, texts: Sequence[str | None]) -> Ints:
        """The codes of copies by what their versions show and by their platforms."""
        pairs = shown if platforms is None else shown * len(texts) + platforms
        distinct, places = np.unique(pairs, return_inverse=True)
        parted = (divmod(pair, len(texts)) for pair in distinct.tolist())
        found = [self._code(version, texts[platform]) for version, platform in parted]
        return np.array(found, np.int64)[places]

    def _code(self, version: int, platform: str | None) -> int:
        known = (normal_platform(platform) or platform) if platform else None
        with self._lock:
            if (version, known) not in self._codes:
                self._codes[version, known] = len(self._copies)
                version_text = self._texts[version] or None
                self._copies.append(as_read(FileCopy, name=self.name, version=version_text, platform=known))
            return self._codes[version, known]

    def _table(self, versions: Texts | None, codes: Ints, ranks: Ints) -> Ints:
        """What each version present shows."""
        table = np.zeros(len(ranks), np.int64)
        seen = np.zeros(len(ranks), np.bool_)
        seen[codes] = True
        there = np.flatnonzero(seen)
        codes = there[: np.searchsorted(there, versions.unstated)] if versions is not None else there[:0]
        written = versions.distinct.take(codes).to_pylist() if versions is not None else []
        for code, text in zip_longest(there.tolist(), written):
            table[code] = self._version((text or "").strip(), int(ranks[code]))
        return table

    def _version(self, text: str, rank: int) -> int:
        # A version with as many numbers as any limit is neither cut short nor written without its version.
        is_whole = text.count(".") >= max(self._most_parts - 1, 2) and text.replace(".", "").isdecimal()
        if not is_whole or rank >= self._ranks.unreadable:
            return self._numbered(text)
        code = self._by_rank.get(rank)
        if code is None:
            code = self._by_rank[rank] = self._numbered(text)
        return code

    def _numbered(self, text: str) -> int:
        """The number of what a version shows, and a version that shows it."""
        meaning = self._meaning(text)
        with self._lock:
            if meaning not in self._versions:
                self._versions[meaning] = len(self._texts)
                self._texts.append(text)
            return self._versions[meaning]

    def _meaning(self, text: str) -> object:
        """All that decisions and reason codes can take from a version of this file."""
        found = (levels_of_file(product, self.name, text) if text else None for product in self._products)
        levels = tuple(one and one._replace(builds=()) for one in found)
        return levels, bool(text), *(build.shown(self.name, text) for build in self._builds)


def _counting(files: ObjectColumn, rows: Ints) -> Ints:
    """The rows of copies that do not lie in a folder that keeps old files."""
    paths = files.texts("path")
    if paths is None or not len(rows):
        return rows
    codes = paths.codes[rows]
    keeps_old = np.zeros(paths.unstated + 1, np.bool_)
    for code, text in texts_of_codes(paths, codes):
        keeps_old[code] = keeps_old_files(text)
    return rows[~keeps_old[codes]] if keeps_old.any() else rows


def key_files(
    products: Mapping[str, ProductDefinition], ranks: VersionRanks, builds: Iterable[TrackedBuild] = ()
) -> tuple[KeyFile, ...]:
    """Every key file of the products, by name."""
    names = dict.fromkeys(name.casefold() for product in products.values() for name in product.key_files)
    compared = tuple(builds)
    return tuple(KeyFile(name, _of_name(name, products), ranks, compared) for name in names)


def _of_name(name: str, products: Mapping[str, ProductDefinition]) -> list[ProductDefinition]:
    return [p for p in products.values() if name in (own.casefold() for own in p.key_files)]


def boundaries(products: Iterable[ProductDefinition]) -> set[Version]:
    """The versions where what key files show changes."""
    own = (product for product in products if product.key_files)
    numberings = (one for product in own for one in (product, *product.numberings.values()))
    return {limit for one in numberings for limit in boundaries_of(one)}


def by_server(count: int, owners: Ints, codes: Ints) -> KeyFileCodes:
    """The codes of each server's copies, each once."""
    is_unclear = np.zeros(count, np.bool_)
    copies = np.bincount(owners, minlength=count)
    if copies.max(initial=0) <= 1:
        found = np.zeros(count, np.int64)
        found[owners] = codes
        return KeyFileCodes((found,), is_unclear)
    order = np.lexsort((codes, owners))
    owners, codes = owners[order], codes[order]
    is_new = (np.diff(owners, prepend=-1) != 0) | (np.diff(codes, prepend=-1) != 0)
    owners, codes = owners[is_new], codes[is_new]
    firsts = np.flatnonzero(np.diff(owners, prepend=-1))
    places = np.arange(len(owners)) - np.repeat(firsts, np.diff([*firsts.tolist(), len(owners)]))
    is_unclear[owners[places >= _MOST_COPIES]] = True
    columns = []
    for place in range(min(int(places.max(initial=0)) + 1, _MOST_COPIES)):
        found = np.zeros(count, np.int64)
        is_here = places == place
        found[owners[is_here]] = codes[is_here]
        columns.append(found)
    return KeyFileCodes(tuple(columns), is_unclear)


PRODUCT_FIELDS = tuple(
    key
    for key, field in PRODUCT.fields.items()
    if key != "path" and field.kind and field.kind.storage == "text"
)
"""The texts that an entry states of a product, in the order of an `Entry`.

Its path counts only where there are several entries; such servers are decided one by one.
"""

_MOST_PRODUCTS = 64
_MOST_COPIES = 4

Entry = tuple[str | None, ...]


class Content(NamedTuple):
    """What servers of a kind state: products, and the copies of each key file.

    `products` is None where there is no whole list; `is_complete`: all files are listed. `registry` has the
    states of values that entries of `affects` ask for.
    """

    products: tuple[Entry, ...] | None
    key_files: tuple[tuple[int, ...], ...]
    is_complete: bool
    registry: tuple[int, ...] = ()


class Kinds(NamedTuple):
    """The kind of each server, and what servers of each kind state; the entries of their lists of products.

    `is_unclear` servers are of no kind: they have to be looked at one by one.
    """

    codes: Ints
    contents: list[Content]
    is_unclear: Flags
    entries: Entries


class CompleteScopes(NamedTuple):
    """The servers whose products are called complete, and those that list all their files."""

    products: Flags
    files: Flags


def kinds(  # noqa: PLR0913, PLR0917 - all that kinds differ in
    products: ObjectColumn | None,
    files: ObjectColumn | None,
    keys: Sequence[KeyFile],
    ranks: Ints,
    complete: CompleteScopes,
    registry: Sequence[Ints] = (),
) -> Kinds:
    """The kinds of servers; `ranks` has that of each version of the files.

    `registry` has for each value that entries of `affects` ask for its state on each server, as a number.
    """
    count = len(complete.files)
    entries = Entries(products, complete.products)
    found, is_unclear = _same_products(count, products, entries)
    found = flagged(found, complete.files)
    of_keys = [_key_file(count, key, files, ranks) for key in keys]
    for key, of_servers in zip(keys, of_keys, strict=True):
        for column in of_servers.columns:
            found = joined(found, column, key.size)
        is_unclear |= of_servers.is_unclear
    for states in registry:
        found = joined(found, states, int(states.max(initial=0)) + 1)
    found = settled(found)
    contents = [
        Content(
            entries.of_server(row),
            tuple(
                tuple(code for column in of_servers.columns if (code := int(column[row])))
                for of_servers in of_keys
            ),
            bool(complete.files[row]),
            tuple(int(states[row]) for states in registry),
        )
        for row in found.rows().tolist()
    ]
    return Kinds(found.codes, contents, is_unclear, entries)


class Entries:
    """Products as they are listed, each listing numbered once."""

    def __init__(self, products: ObjectColumn | None, are_complete: Flags) -> None:
        self._lists = products.lists if products else None
        self.are_listed = _listed(products, are_complete)
        self.kinds = uniform(len(products.lists.elements) if products else 0)
        columns = {name: products.texts(name) for name in PRODUCT_FIELDS} if products else {}
        for column in columns.values():
            if column is not None:
                self.kinds = joined(self.kinds, column.codes, column.unstated + 1)
        self.kinds = settled(self.kinds)
        values = {name: column.values() if column else [] for name, column in columns.items()}
        self.listed = [
            tuple(
                values[name][column.codes[row]] if column is not None else None
                for name, column in columns.items()
            )
            for row in (self.kinds.rows().tolist() if len(self.kinds.codes) else ())
        ]

    def of_server(self, row: int) -> tuple[Entry, ...] | None:
        """The products of a server; None where they are not listed."""
        if self._lists is None or not self.are_listed[row]:
            return None
        begin, end = self._lists.begins[row], self._lists.begins[row + 1]
        return tuple(self.listed[code] for code in self.kinds.codes[begin:end].tolist())


def _listed(products: ObjectColumn | None, are_complete: Flags) -> Flags:
    """The servers with a whole list of products: an empty one is whole only where it is called complete."""
    if products is None:
        return np.zeros(len(are_complete), np.bool_)
    is_listed: Flags = products.lists.is_stated & ((products.lists.lengths > 0) | are_complete)
    return is_listed


def _same_products(count: int, products: ObjectColumn | None, entries: Entries) -> tuple[Dense, Flags]:
    """Servers numbered by their lists of products."""
    if products is None:
        return uniform(count), np.zeros(count, np.bool_)
    lists, size = products.lists, entries.kinds.count + 1
    found = flagged(uniform(count), entries.are_listed)
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
        return KeyFileCodes((), np.zeros(count, np.bool_))
    return key.of_servers(count, files, rows, ranks)

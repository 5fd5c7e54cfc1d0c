"""Kinds of servers: those whose products, key files and platforms tell the same are planned once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.dense import Dense, alike, dense, joined, settled
from needfix.fleet.key_files import KeyFile, KeyFileCodes
from needfix.fleet.native import Lists, Part
from needfix.model.names import platform as normal_platform

PRODUCT_FIELDS = ("name", "level", "build", "edition", "language", "platform")
_MOST_PLATFORMS = 62
_MOST_PRODUCTS = 64

Entry = tuple[str | None, ...]


class Content(NamedTuple):
    """What servers of a kind tell: products, what each key file says, and the files' platforms."""

    products: tuple[Entry, ...] | None
    key_files: tuple[int, ...]
    platforms: frozenset[str]


class Kinds(NamedTuple):
    """The kind of each server, and what servers of each kind tell.

    `is_unclear` servers are of no kind: they have to be looked at one by one.
    """

    codes: Ints
    contents: list[Content]
    is_unclear: Flags


def kinds(
    count: int, products: Part | None, files: Part | None, keys: Sequence[KeyFile], ranks: Ints
) -> Kinds:
    """The kinds of servers; `ranks` has that of each version of the files."""
    entries = _Entries(products)
    found, is_unclear = _same_products(count, products, entries)
    told = [_key_file(count, key, files, ranks) for key in keys]
    for key, of_servers in zip(keys, told, strict=True):
        found = joined(found, of_servers.codes, key.size)
        is_unclear |= of_servers.is_unclear
    of_files = _Platforms(count, files)
    found = joined(found, of_files.kinds.codes, of_files.kinds.count)
    is_unclear |= of_files.is_unclear
    found = settled(found)
    contents = [
        Content(
            entries.of_server(row),
            tuple(int(of_servers.codes[row]) for of_servers in told),
            of_files.of_server(row),
        )
        for row in found.rows().tolist()
    ]
    return Kinds(found.codes, contents, is_unclear)


class _Entries:
    """Products as they are told, each way of telling numbered once."""

    def __init__(self, products: Part | None) -> None:
        self._lists = products.lists if products else None
        self.kinds = alike(len(products.lists.elements) if products else 0)
        columns = {name: products.texts(name) for name in PRODUCT_FIELDS} if products else {}
        for column in columns.values():
            if column is not None:
                self.kinds = joined(self.kinds, column.codes, column.untold + 1)
        self.kinds = settled(self.kinds)
        values = {name: column.values() if column else [] for name, column in columns.items()}
        self._told = [
            tuple(
                values[name][column.codes[row]] if column is not None else None
                for name, column in columns.items()
            )
            for row in (self.kinds.rows().tolist() if len(self.kinds.codes) else ())
        ]

    def of_server(self, row: int) -> tuple[Entry, ...] | None:
        """The products of a server; None where they are not told."""
        if self._lists is None or not self._lists.is_told[row]:
            return None
        begin, end = self._lists.begins[row], self._lists.begins[row + 1]
        return tuple(self._told[code] for code in self.kinds.codes[begin:end].tolist())


def _same_products(count: int, products: Part | None, entries: _Entries) -> tuple[Dense, Flags]:
    """Servers numbered by their lists of products."""
    if products is None:
        return alike(count), np.zeros(count, np.bool_)
    lists, size = products.lists, entries.kinds.count + 1
    found = dense(lists.is_told.astype(np.int64), 2)
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


def _key_file(count: int, key: KeyFile, files: Part | None, ranks: Ints) -> KeyFileCodes:
    rows = files.rows_named(key.name) if files is not None else np.zeros(0, np.int64)
    if files is None or not len(rows):
        return KeyFileCodes(np.zeros(count, np.int64), np.zeros(count, np.bool_))
    versions = files.texts("version")
    return key.of_servers(count, files.lists.owners[rows], rows, versions, ranks)


class _Platforms:
    """The platforms that a server's files name; several differ from one."""

    def __init__(self, count: int, files: Part | None) -> None:
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

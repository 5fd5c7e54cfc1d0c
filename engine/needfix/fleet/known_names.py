"""The names of a fleet's servers, in memory of fixed size, with the place of the first record of each.

A Bloom filter says of nearly every name that it is new. The others are looked up by a hash among all names
so far, and compared letter by letter. Names are kept in memory up to a limit; beyond it they are in
temporary files, in the order of their hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import Position
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.columns import bytes_of
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.reading.tall_runs import without_case
from needfix.fleet.reading.tall_values import trimmed

MOST_BYTES = 64 << 20
"""Bytes of names and places that are kept in memory."""

_FEW_LINES, _MOST_LINES, _LINE = 1 << 17, 1 << 20, 64
_NAMES_OF_FEW = 1 << 20
"""Names for which the smaller filter suffices."""

_FEW_HASHES = 8


def keys_of(names: pa.Array) -> tuple[pa.Array, Ints]:
    """Names as they are compared, and their rows: without those that are null."""
    texts = names.cast(pa.string())
    rows = np.arange(len(texts))
    if texts.null_count:
        rows = np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False))
        texts = texts.drop_null()
    return without_case(trimmed(texts)), rows


class KnownNames:
    """The names so far. `most_bytes` of them are in memory."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._filter = np.zeros((_FEW_LINES, _LINE), np.uint8)
        self._count = 0
        self._bytes = 0
        self._recent: list[_Names] = []
        self._stored: list[_StoredNames] = []

    def enter(self, keys: pa.Array, file: str, lines: Ints) -> dict[int, Position]:
        """Add names with their places; returns the place of the first record for rows that are not the first."""
        if not len(keys):
            return {}
        hashes = np.zeros(len(keys), np.uint64)
        kernels.hash_texts(*bytes_of(keys), hashes)
        self._grow(len(keys))
        own = _Names(hashes, keys, file, lines)
        suspects = np.flatnonzero(self._may_be_known(hashes))
        found = self._looked_up(own, suspects) if len(suspects) else {}
        self._recent.append(own)
        self._bytes += hashes.nbytes + lines.nbytes + keys.nbytes
        if self._bytes > self._most_bytes:
            self._store()
        return found

    def _may_be_known(self, hashes: Words) -> Flags:
        found = np.zeros(len(hashes), np.bool_)
        kernels.enter_names(hashes, self._filter, found.view(np.uint8))
        return found

    def _grow(self, more: int) -> None:
        """Take the larger filter once there are many names; those so far are entered again."""
        self._count += more
        if self._count > _NAMES_OF_FEW and len(self._filter) == _FEW_LINES:
            self._filter = np.zeros((_MOST_LINES, _LINE), np.uint8)
            for names in (*self._stored, *self._recent):
                self._may_be_known(np.array(names.hashes))

    def _looked_up(self, own: _Names, suspects: Ints) -> dict[int, Position]:
        wanted = np.unique(own.hashes[suspects])
        first: dict[str, tuple[Position, int]] = {}
        for known in (*self._stored, *self._recent):
            for key, at in known.find(wanted):
                first.setdefault(key, (at, -1))
        for row in _rows_with(own.hashes, wanted).tolist():
            first.setdefault(own.keys[row].as_py(), (own.at(row), row))
        found = {}
        for row in suspects.tolist():
            at, place = first[own.keys[row].as_py()]
            if place != row:
                found[row] = at
        return found

    def _store(self) -> None:
        """Move the names in memory to a file."""
        self._stored.append(_StoredNames(self._recent))
        self._recent, self._bytes = [], 0


class _Names(NamedTuple):
    """Names of one piece of a file."""

    hashes: Words
    keys: pa.Array
    file: str
    lines: Ints

    def at(self, row: int) -> Position:
        return Position(self.file, int(self.lines[row]))

    def find(self, wanted: Words) -> Iterator[tuple[str, Position]]:
        """The names that have one of these hashes, in their order."""
        rows = _rows_with(self.hashes, wanted)
        for row, key in zip(rows.tolist(), self.keys.take(pa.array(rows)).to_pylist(), strict=True):
            yield key, self.at(row)


def _rows_with(hashes: Words, wanted: Words) -> Ints:
    """The rows that have one of some hashes, which are in order."""
    if len(wanted) <= _FEW_HASHES:
        is_found = np.zeros(len(hashes), np.bool_)
        for one in wanted:
            is_found |= hashes == one
        return np.flatnonzero(is_found)
    places = np.searchsorted(wanted, hashes).clip(max=len(wanted) - 1)
    return np.flatnonzero(wanted[places] == hashes)


class _StoredNames:
    """Names in a temporary file, in the order of their hashes; those of one hash in their own order."""

    def __init__(self, parts: Sequence[_Names]) -> None:
        hashes = np.concatenate([part.hashes for part in parts])
        order = np.argsort(hashes, kind="stable")
        keys = pa.concat_arrays([part.keys for part in parts]).take(pa.array(order))
        offsets, data = bytes_of(keys)
        files = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part.hashes) for part in parts])
        self._files = [part.file for part in parts]
        self._content = TemporaryFile(prefix="needfix-")  # noqa: SIM115 - it lives as long as this
        self.hashes = self._written(hashes[order])
        self._lines = self._written(np.concatenate([part.lines for part in parts])[order])
        self._file = self._written(files[order])
        self._offsets = self._written(offsets.astype(np.int64) - int(offsets[0]))
        self._data = self._written(data[offsets[0] : offsets[-1]])

    def find(self, wanted: Words) -> Iterator[tuple[str, Position]]:
        """The names that have one of these hashes."""
        begins, ends = (np.searchsorted(self.hashes, wanted, side) for side in ("left", "right"))
        for hit in np.flatnonzero(begins < ends).tolist():
            for row in range(int(begins[hit]), int(ends[hit])):
                text = self._data[self._offsets[row] : self._offsets[row + 1]].tobytes().decode()
                yield text, Position(self._files[self._file[row]], int(self._lines[row]))

    def _written(self, values: np.ndarray) -> np.ndarray:
        """Values as they lie in the file, which the system reads where they are used."""
        self._content.seek(0, 2)
        self._content.write(b"\0" * (-self._content.tell() % 8))
        begin = self._content.tell()
        self._content.write(np.ascontiguousarray(values).data)
        self._content.flush()
        if not len(values):
            return values
        return np.memmap(self._content, values.dtype, "r", begin, values.shape)


def is_among(keys: pa.Array, names: pa.Array) -> Flags:
    """Which names are among some others."""
    found: Flags = pc.is_in(keys, names).to_numpy(zero_copy_only=False)
    return found


def names_of_several(named: Iterable[tuple[pa.Array, str, Ints]]) -> frozenset[str]:
    """The names that several records have, of names with their files and lines."""
    known = KnownNames()
    return frozenset(
        keys[row].as_py() for keys, file, lines in named for row in known.enter(keys, file, lines)
    )

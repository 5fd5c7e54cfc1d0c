"""The names of a fleet's servers, in memory of fixed size, with the place of the first record of each.

Names that are in order are new. Of others a Bloom filter says of nearly every one that it is new. The rest
are looked up by a hash among all names so far, and compared letter by letter. Names are kept in memory up to
a limit; beyond it they are in temporary files, in the order of their hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from needfix.errors import Position
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.columns import bytes_of
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.reading.tall_runs import without_case
from needfix.fleet.reading.tall_values import trimmed
from needfix.intake.text import unwrapped

MOST_BYTES = 64 << 20
"""Bytes of names and places that are kept in memory."""

_FEW_LINES, _MOST_LINES, _LINE = 1 << 17, 1 << 20, 64
_NAMES_OF_FEW = 1 << 20
"""Names for which the smaller filter suffices."""

_FEW_HASHES = 8
_HASH_BYTES = 8
_OF_OBJECTS = 2 << 10
"""Bytes that the objects take which hold some names, however few."""


class NamesOfRecords(NamedTuple):
    """The names of some records as they are written, with the file, and the line of each.

    `files` has the file of each where they are of several.
    """

    texts: pa.Array
    file: str
    lines: Ints
    files: Sequence[str] = ()

    @classmethod
    def of(cls, texts: pa.Array, file: str, lines: Ints, files: Sequence[str] = ()) -> NamesOfRecords:
        """Names of which none is null."""
        return cls(texts.cast(pa.string()), file, lines, files)

    def at(self, row: int) -> Position:
        """The place of a record."""
        return Position(self.files[row] if self.files else self.file, int(self.lines[row]))

    def key(self, row: int) -> str:
        """A name as it is compared."""
        return _key(self.texts[row].as_py())

    def hashes(self) -> Words:
        """A number for each name, the same for names that are the same."""
        numbers, is_odd = _numbers(self.texts)
        odd = np.flatnonzero(is_odd)
        if len(odd):
            numbers[odd] = _numbers(pa.array([self.key(row) for row in odd.tolist()], pa.string()))[0]
        return numbers

    def ends(self) -> tuple[list[int], list[int]] | None:
        """The beginnings of the first and the last name where names are in strict order; else None."""
        found = np.zeros((2, 2), np.uint64)
        if not kernels.are_ascending(*bytes_of(self.texts), found):
            return None
        first, last = found.tolist()
        return first, last

    def keys(self) -> pa.Array:
        """All names as they are compared."""
        return without_case(trimmed(self.texts))


def _numbers(texts: pa.Array) -> tuple[Words, Flags]:
    found, is_odd = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.bool_)
    kernels.hash_names(*bytes_of(texts), found, is_odd.view(np.uint8))
    return found, is_odd


def _key(text: str) -> str:
    return unwrapped(text).casefold()


class KnownNames:
    """The names so far. `most_bytes` of them are in memory."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._filter: NDArray[np.uint8] | None = None
        self._last = [-1, -1]
        self._count = 0
        self._bytes = 0
        self._recent: list[_HashedNames] = []
        self._stored: list[_StoredNames] = []

    def enter(self, names: NamesOfRecords) -> dict[int, Position]:
        """Add names; returns the place of the first record for the rows of those that are not the first."""
        if not len(names.texts):
            return {}
        own = _HashedNames(names)
        self._count += len(names.texts)
        suspects = np.zeros(0, np.int64) if self._goes_on(names) else self._suspects(own.hashes)
        found = self._looked_up(own, suspects) if len(suspects) else {}
        self._recent.append(own)
        self._bytes += len(names.texts) * _HASH_BYTES + names.lines.nbytes + names.texts.nbytes + _OF_OBJECTS
        if self._bytes > self._most_bytes:
            self._store()
        return found

    def _goes_on(self, names: NamesOfRecords) -> bool:
        """Whether all names so far are in strict order, so that each is new; most inventories are sorted."""
        ends = names.ends() if self._filter is None else None
        if ends is None or ends[0] <= self._last:
            return False
        self._last = ends[1]
        return True

    def _suspects(self, hashes: Words) -> Ints:
        """The rows of names that may not be new."""
        lines = _FEW_LINES if self._count <= _NAMES_OF_FEW else _MOST_LINES
        if self._filter is None or len(self._filter) < lines:
            self._filter = np.zeros((lines, _LINE), np.uint8)
            for known in self._known():
                _entered(np.array(known.hashes), self._filter)
        return np.flatnonzero(_entered(hashes, self._filter))

    def _known(self) -> Iterator[_HashedNames | _StoredNames]:
        yield from self._stored
        yield from self._recent

    def _looked_up(self, own: _HashedNames, suspects: Ints) -> dict[int, Position]:
        wanted = np.unique(own.hashes[suspects])
        first: dict[str, tuple[Position, int]] = {}
        for known in self._known():
            for key, at, _ in known.find(wanted):
                first.setdefault(key, (at, -1))
        for key, at, row in own.find(wanted):
            first.setdefault(key, (at, row))
        found = {}
        for row in suspects.tolist():
            at, place = first[own.names.key(row)]
            if place != row:
                found[row] = at
        return found

    def _store(self) -> None:
        """Move the names in memory to a file."""
        self._stored.append(_StoredNames(self._recent))
        self._recent, self._bytes = [], 0


def _entered(hashes: Words, lines: NDArray[np.uint8]) -> Flags:
    """Enter names in a Bloom filter; which of them may have been there before."""
    found = np.zeros(len(hashes), np.bool_)
    kernels.enter_names(hashes, lines, found.view(np.uint8))
    return found


class _HashedNames:
    """Names in memory; those that are known to be new are hashed only where others may be the same."""

    def __init__(self, names: NamesOfRecords) -> None:
        self.names = names

    @cached_property
    def hashes(self) -> Words:
        """The hash of each name."""
        return self.names.hashes()

    def find(self, wanted: Words) -> Iterator[tuple[str, Position, int]]:
        """The names that have one of these hashes, in their order, with places and rows."""
        for row in _rows_with(self.hashes, wanted).tolist():
            yield self.names.key(row), self.names.at(row), row


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

    def __init__(self, parts: Sequence[_HashedNames]) -> None:
        hashes = np.concatenate([part.hashes for part in parts])
        order = np.argsort(hashes, kind="stable")
        texts = pa.concat_arrays([part.names.texts for part in parts]).take(pa.array(order))
        offsets, data = bytes_of(texts)
        self._files, files = _numbered_files([part.names for part in parts])
        lines = np.concatenate([part.names.lines for part in parts])
        starts = offsets.astype(np.int64) - int(offsets[0])
        with TemporaryFile(prefix="needfix-") as content:  # what is mapped stays when it is closed
            self.hashes = _mapped(content, hashes[order])
            self._lines = _mapped(content, lines[order])
            self._file = _mapped(content, files[order])
            self._offsets = _mapped(content, starts)
            self._data = _mapped(content, data[offsets[0] : offsets[-1]])

    def find(self, wanted: Words) -> Iterator[tuple[str, Position, int]]:
        """The names that have one of these hashes, with places and rows."""
        begins, ends = (np.searchsorted(self.hashes, wanted, side) for side in ("left", "right"))
        for hit in np.flatnonzero(begins < ends).tolist():
            for row in range(int(begins[hit]), int(ends[hit])):
                text = self._data[self._offsets[row] : self._offsets[row + 1]].tobytes().decode()
                yield _key(text), Position(self._files[self._file[row]], int(self._lines[row])), row


def _numbered_files(parts: Sequence[NamesOfRecords]) -> tuple[list[str], Ints]:
    """The files of records, and for each record the place of its own among them."""
    places: dict[str, int] = {}
    found = [
        np.array([places.setdefault(file, len(places)) for file in part.files or [part.file]], np.int32)
        for part in parts
    ]
    counts = [1 if part.files else len(part.texts) for part in parts]
    return list(places), np.concatenate([np.repeat(*pair) for pair in zip(found, counts, strict=True)])


def _mapped(content: IO[bytes], values: NDArray[Any]) -> NDArray[Any]:
    """Values at the end of a file, which the system reads where they are used."""
    content.seek(0, 2)
    content.write(b"\0" * (-content.tell() % 8))
    begin = content.tell()
    content.write(np.ascontiguousarray(values).data)
    content.flush()
    return np.memmap(content, values.dtype, "r", begin, values.shape) if len(values) else values


def is_among(keys: pa.Array, names: pa.Array) -> Flags:
    """Which names are among some others."""
    found: Flags = pc.is_in(keys, names).to_numpy(zero_copy_only=False)
    return found


def names_of_several(records: Iterable[NamesOfRecords]) -> frozenset[str]:
    """The names, as they are compared, that several records have."""
    known = KnownNames()
    return frozenset(names.key(row) for names in records for row in known.enter(names))

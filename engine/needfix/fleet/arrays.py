"""Arrays that pass between the parts of the fleet path, by the names that they have there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from needfix.fleet.kernels import columns as kernels

_LARGEST_TABLE = 1 << 20
_SMALL = 1 << 14
_SIDE_BY_SIDE = 4
_FIRST_ROWS = 1 << 12
"""Rows that are looked at first for one of each code: most codes turn up early."""


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """A code for each row, all below `count`."""

    codes: Ints
    count: int

    def rows(self) -> Ints:
        """For each code the first row that has it. Only for codes that all have rows."""
        found = np.full(self.count, len(self.codes))
        begin, end = 0, _FIRST_ROWS
        while begin < len(self.codes) and found.max(initial=0) == len(self.codes):
            codes = self.codes[begin:end]
            first = np.full(self.count, len(self.codes))
            first[codes[::-1]] = np.arange(begin, begin + len(codes))[::-1]
            np.minimum(found, first, out=found)
            begin, end = end, 2 * end
        return found


def grouped(codes: Ints, count: int) -> list[Ints]:
    """The rows of each code, in order; all codes are below `count`."""
    ends, order = np.zeros((_SIDE_BY_SIDE, count), np.int64), np.empty(len(codes), np.int64)
    kernels.order_by_code(codes.astype(np.int32, copy=False), ends, order)
    return [order[begin:end] for begin, end in pairwise([0, *ends[-1].tolist()])]


def dense(keys: Ints, size: int) -> Dense:
    """Number the keys that there are; all of them are below `size`."""
    if size > _LARGEST_TABLE:
        encoded = pa.array(keys).dictionary_encode()
        return Dense(encoded.indices.to_numpy(), len(encoded.dictionary))
    found = np.empty(len(keys), np.int32)
    count = kernels.number_keys(keys.astype(np.int64, copy=False), np.full(size, -1, np.int32), found)
    return Dense(found, count)


def joined(one: Dense, codes: Ints, size: int) -> Dense:
    """Codes for pairs of codes; those of `codes` are below `size`. Some may have no rows."""
    if size == 1:
        return one
    keys = one.codes.astype(np.int64) * size
    keys += codes
    return Dense(keys, one.count * size) if one.count * size <= _SMALL else dense(keys, one.count * size)


def first_row(is_selected: Flags, codes: Ints) -> int:
    """The first row whose code is selected; as many as there are rows where none is."""
    begin, end = 0, _FIRST_ROWS
    while begin < len(codes):
        found = is_selected[codes[begin:end]]
        if found.any():
            return begin + int(found.argmax())
        begin, end = end, 2 * end
    return len(codes)


def flagged(one: Dense, flags: Flags) -> Dense:
    """Codes for pairs of a code and a flag: the same codes where all rows have the same flag."""
    return one if flags.all() or not flags.any() else joined(one, flags.astype(np.int64), 2)


def uniform(count: int) -> Dense:
    """All rows with one code."""
    return Dense(np.zeros(count, np.int64), 1)


def settled(one: Dense) -> Dense:
    """The same rows with codes that all have rows."""
    return dense(one.codes, one.count)


Ints: TypeAlias = NDArray[np.integer]
"""Codes, places, lengths: whole numbers of whatever width is enough."""

Flags: TypeAlias = NDArray[np.bool_]
Words: TypeAlias = NDArray[np.uint64]
"""Bits of rules, 64 a word; the rule of a bit is known by its place."""

WORD = 64
CHUNK_WORDS = 4
CHUNK_BITS = WORD * CHUNK_WORDS
"""Words are looked up 32 bytes at a time: NumPy takes items of that size at the cost of one word."""


def runs(lengths: Ints) -> Ints:
    """The offsets of runs of these lengths: where each begins, and the end of the last."""
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends


def bit(place: int) -> np.uint64:
    """The word in which the bit of a place is set."""
    return np.uint64(1 << (place % WORD))

"""Codes that are put together from others, numbered anew so that they stay small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from needfix.fleet.arrays import Ints

_LARGEST_TABLE = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """A code for each row, and for each code a row that has it."""

    codes: Ints
    rows: Ints

    @property
    def count(self) -> int:
        """How many codes there are."""
        return len(self.rows)


def dense(keys: Ints, size: int) -> Dense:
    """Number the keys that there are; all of them are below `size`."""
    if size > _LARGEST_TABLE:
        encoded = pa.array(keys).dictionary_encode()
        return _with_rows(encoded.indices.to_numpy(), len(encoded.dictionary))
    is_there = np.zeros(size, np.bool_)
    is_there[keys] = True
    there = np.flatnonzero(is_there)
    numbers = np.zeros(size, np.int32)
    numbers[there] = np.arange(len(there))
    return _with_rows(numbers[keys], len(there))


def joined(one: Dense, codes: Ints, size: int) -> Dense:
    """Number the pairs of codes; those of `codes` are below `size`."""
    if size == 1:
        return one
    return dense(one.codes.astype(np.int64) * size + codes, one.count * size)


def alike(count: int) -> Dense:
    """All rows with one code."""
    return Dense(np.zeros(count, np.int32), np.zeros(min(count, 1), np.int64))


def _with_rows(codes: Ints, count: int) -> Dense:
    rows = np.zeros(count, np.int64)
    rows[codes] = np.arange(len(codes))
    return Dense(codes, rows)

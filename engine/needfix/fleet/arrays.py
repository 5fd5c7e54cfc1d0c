"""Arrays that pass between the parts of the fleet path, by the names that they have there."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

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
    """For lengths one after another where each begins, and the end of the last."""
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends


def bit(place: int) -> np.uint64:
    """The word in which the bit of a place is set."""
    return np.uint64(1 << (place % WORD))

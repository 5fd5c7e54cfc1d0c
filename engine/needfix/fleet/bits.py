"""Bits of rules, a row for each server: packed, as flags, or as pairs of server and rule."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from needfix.fleet.arrays import CHUNK_BITS, CHUNK_WORDS, WORD, Flags, Ints, Words
from needfix.fleet.kernels import bits as kernels

_DIGITS = 48


class BitCounter:
    """How often each bit of rows of so many words was set: all counts side by side, digit by binary digit."""

    def __init__(self, size: int) -> None:
        self.digits = np.zeros((_DIGITS, size), np.uint64)

    def add(self, rows: Words) -> None:
        """Count some rows."""
        kernels.count_bits(rows, self.digits)

    def total(self) -> Ints:
        """The counts of all rows so far."""
        found: Ints = (1 << np.arange(_DIGITS)) @ flags(self.digits)
        return found


_EVERY_OTHER = np.uint32(0x00FF00FF)


def width(count: int) -> int:
    """The words that so many bits take, in whole chunks."""
    return max(1, -(-count // CHUNK_BITS)) * CHUNK_WORDS


def words(places: Iterable[int], size: int) -> Words:
    """One row of so many words in which these bits are set."""
    flags = np.zeros(size * WORD, np.bool_)
    flags[list(places)] = True
    return packed(flags)


def packed(flags: Flags) -> Words:
    """Flags, 64 a word, as words."""
    return np.packbits(flags, axis=-1, bitorder="little").view(np.uint64)


def flags(rows: Words) -> Flags:
    """Words as flags, 64 a word."""
    return np.unpackbits(rows.view(np.uint8), axis=-1, bitorder="little").view(np.bool_)


def pairs(rows: Words) -> tuple[Ints, Ints]:
    """The bits that are set: the row and the place of each, row by row."""
    found = np.flatnonzero(flags(np.ascontiguousarray(rows)))
    size = rows.shape[-1] * WORD
    return found // size, found % size


def ones_in(rows: Words) -> Ints:
    """How many bits of each row are set."""
    of_words = np.bitwise_count(rows).view(np.uint32)  # four side by side, since NumPy is slow at short sums
    of_pairs = (of_words & _EVERY_OTHER) + ((of_words >> 8) & _EVERY_OTHER)
    found: Ints = ((of_pairs & 0xFFFF) + (of_pairs >> 16)).astype(np.int32)
    return found[:, 0] if found.shape[1] == 1 else found.sum(axis=1, dtype=np.int32)

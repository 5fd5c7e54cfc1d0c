"""Bits of rules, a row for each server: counted by rule, and told as pairs of server and rule."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from needfix.fleet.arrays import CHUNK_BITS, CHUNK_WORDS, WORD, Flags, Ints, Words

_FEW = 128


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


def counts(rows: Words) -> Ints:
    """How many rows have each bit set.

    Rows are added up as numbers whose digits stand in different words, half of the rows to the
    other half, until few are left.
    """
    total = np.zeros(rows.shape[-1] * WORD, np.int64)
    digits = [rows]
    while len(digits[0]) > _FEW:
        half = len(digits[0]) // 2
        if len(digits[0]) % 2:
            total += _sum([digit[2 * half :] for digit in digits])
        digits = _added([digit[:half] for digit in digits], [digit[half : 2 * half] for digit in digits])
    return total + _sum(digits)


def _added(ones: list[Words], others: list[Words]) -> list[Words]:
    """Numbers in binary digits, the lowest first, added in pairs."""
    found: list[Words] = []
    carry: Words | None = None
    for one, other in zip(ones, others, strict=True):
        either, both = one ^ other, one & other
        if carry is None:
            found.append(either)
            carry = both
        else:
            found.append(either ^ carry)
            carry = both | (either & carry)
    return [*found, carry] if carry is not None else found


def _sum(digits: list[Words]) -> Ints:
    """The sums of numbers, of which there are no more than fit a byte."""
    total = np.zeros(digits[0].shape[-1] * WORD, np.int64)
    for place, digit in enumerate(digits):
        total += flags(digit).view(np.uint8).sum(axis=0, dtype=np.uint8).astype(np.int64) << place
    return total


def pairs(rows: Words) -> tuple[Ints, Ints]:
    """The bits that are set: the row and the place of each, row by row."""
    found = np.flatnonzero(flags(np.ascontiguousarray(rows)))
    size = rows.shape[-1] * WORD
    return found // size, found % size


def ones_in(rows: Words) -> Ints:
    """How many bits of each row are set."""
    of_words = np.bitwise_count(rows)
    found = np.zeros(rows.shape[:-1], np.int32)
    for place in range(rows.shape[-1]):
        found += of_words[..., place]  # NumPy is slow at sums of a few numbers each
    return found

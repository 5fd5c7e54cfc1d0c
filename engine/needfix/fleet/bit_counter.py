"""Counts how many rows have each bit set, as rows come: adders of whole blocks of rows, bit by bit."""

from __future__ import annotations

import numpy as np

from needfix.fleet.arrays import WORD, Ints, Words
from needfix.fleet.bits import flags

_BLOCK_WORDS = 1 << 13
"""Words of a block: few enough to stay in the processor's cache, whatever is done with them."""

_FEW = 128
"""Rows of which a sum fits a byte."""


class BitCounter:
    """How often each bit of rows of so many words was set.

    A block holds one binary digit of a sum for each place in it. Rows wait until they fill a block;
    a block that comes to a digit waits for a second one, and two of them carry one to the next digit.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows = max(_BLOCK_WORDS // size, 1)
        self._rest: list[Words] = []
        self._resting = 0
        self._digits: list[Words] = []
        self._waiting: list[Words | None] = []

    def add(self, rows: Words) -> None:
        """Count some rows."""
        self._rest.append(rows)
        self._resting += len(rows)
        if self._resting < self._rows:
            return
        joined = np.concatenate(self._rest)
        whole = self._resting - self._resting % self._rows
        for begin in range(0, whole, self._rows):
            self._carry(joined[begin : begin + self._rows])
        self._rest, self._resting = [joined[whole:].copy()], self._resting - whole

    def total(self) -> Ints:
        """The counts of all rows so far."""
        found = _sum([np.concatenate(self._rest)]) if self._rest else np.zeros(self._size * WORD, np.int64)
        for place, block in enumerate(self._waiting):
            found += _sum([block]) << place if block is not None else 0
        return found + _sum(self._digits) if self._digits else found

    def _carry(self, block: Words) -> None:
        for place, digit in enumerate(self._digits):
            first = self._waiting[place]
            self._waiting[place] = block if first is None else None
            if first is None:
                return
            either = first ^ block
            block = (first & block) | (either & digit)
            np.bitwise_xor(digit, either, out=digit)
        self._digits.append(block.copy())
        self._waiting.append(None)


def _sum(digits: list[Words]) -> Ints:
    """The sums of numbers that are told in binary digits, the lowest first.

    Half of the rows are added to the other half until few are left.
    """
    total = np.zeros(digits[0].shape[-1] * WORD, np.int64)
    while len(digits[0]) > _FEW:
        half = len(digits[0]) // 2
        if len(digits[0]) % 2:
            total += _few_summed([digit[2 * half :] for digit in digits])
        digits = _added([digit[:half] for digit in digits], [digit[half : 2 * half] for digit in digits])
    return total + _few_summed(digits)


def _added(ones: list[Words], others: list[Words]) -> list[Words]:
    """Numbers in binary digits added in pairs."""
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


def _few_summed(digits: list[Words]) -> Ints:
    total = np.zeros(digits[0].shape[-1] * WORD, np.int64)
    for place, digit in enumerate(digits):
        total += flags(digit).view(np.uint8).sum(axis=0, dtype=np.uint8).astype(np.int64) << place
    return total

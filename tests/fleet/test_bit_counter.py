"""Bits are counted as rows come, in pieces of any size."""

from __future__ import annotations

import numpy as np
import pytest

from needfix.fleet import bits
from needfix.fleet.bits import BitCounter


@pytest.mark.parametrize("words", [4, 8, 80])
@pytest.mark.parametrize(
    "pieces",
    [[], [0], [1], [127, 1, 1], [2048], [2047, 2], [1, 5000], [3000] * 11, [100] * 90, [20_000, 7, 20_000]],
    ids=str,
)
def test_counts_are_those_of_the_columns(pieces: list[int], words: int) -> None:
    random = np.random.default_rng(len(pieces))
    counter, expected = BitCounter(words), np.zeros(words * 64, np.int64)
    for rows in pieces:
        flags = random.integers(0, 4, (rows, words * 64), np.uint8) == 0
        counter.add(bits.packed(flags))
        expected += flags.sum(axis=0)
        assert (counter.total() == expected).all()


def test_all_bits_set_are_counted_without_overflow() -> None:
    counter = BitCounter(4)
    counter.add(np.full((70_001, 4), 2**64 - 1, np.uint64))
    assert (counter.total() == 70_001).all()

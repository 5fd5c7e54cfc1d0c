"""Bits of rules: packing and telling them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.fleet import bits
from needfix.fleet.arrays import Flags, dense, joined, settled


def random_flags(rows: int, words: int, seed: int) -> Flags:
    return np.random.default_rng(seed).random((rows, words * 64)) < 0.3


@given(st.integers(0, 40), st.integers(0, 99))
def test_pairs_and_sums_are_those_of_the_flags(rows: int, seed: int) -> None:
    flags = random_flags(rows, 4, seed)
    packed = bits.packed(flags)
    assert list(zip(*(found.tolist() for found in bits.pairs(packed)), strict=True)) == [
        (int(row), int(place)) for row, place in np.argwhere(flags)
    ]
    assert bits.ones_in(packed).tolist() == flags.sum(axis=1).tolist()
    assert (bits.flags(packed) == flags).all()


@given(st.sets(st.integers(0, 255)))
def test_words_have_the_bits_of_their_places(places: set[int]) -> None:
    assert set(np.flatnonzero(bits.flags(bits.words(places, 4))).tolist()) == places


@pytest.mark.parametrize(("count", "words"), [(0, 4), (1, 4), (256, 4), (257, 8), (5000, 80)])
def test_words_come_in_whole_chunks(count: int, words: int) -> None:
    assert bits.width(count) == words


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3_000_000)), min_size=1, max_size=50))
def test_joined_codes_are_alike_where_both_are(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(own) for own in zip(*pairs, strict=True))
    found = settled(joined(dense(first, 4), second, 3_000_001))
    assert found.count == len(set(pairs))
    for code, row in enumerate(found.rows().tolist()):
        assert {pairs[at] for at in np.flatnonzero(found.codes == code)} == {pairs[row]}


@pytest.mark.parametrize("rows", [1, 4096, 4097, 30_000])
def test_the_first_row_of_each_code_is_found_however_late_it_comes(rows: int) -> None:
    codes = np.random.default_rng(rows).zipf(1.3, rows).clip(max=50) - 1
    codes[-1] = 50
    found = dense(codes, 51)
    expected = {code: row for row, code in reversed(list(enumerate(codes.tolist())))}
    assert {codes[row]: row for row in found.rows().tolist()} == expected

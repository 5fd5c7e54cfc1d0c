"""What comes from outside is held against the size of what it is looked up in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.fleet.arrays import grouped
from needfix.fleet.kernels import bits, cells, columns

NUMBERS = st.integers(-(2**31), 2**31 - 1)


@given(
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.lists(NUMBERS, max_size=4),
    st.lists(NUMBERS, min_size=4, max_size=4),
    st.lists(NUMBERS, max_size=4),
)
def test_codes_and_places_that_stand_for_nothing_are_not_looked_up(
    begins: list[int], names: list[int], versions: list[int], paths: list[int]
) -> None:
    found = np.empty((2, 1), np.uint8)
    cells.put_lowest(
        np.array(begins, np.int64),
        np.array(names, np.int32),
        np.array(versions[: len(names)], np.int32),
        np.array([0, -1], np.int32),
        np.array([1, 0], np.int32),
        np.array(paths, np.int32),
        np.array([0, 1], np.uint8),
        np.array([[3, 2]], np.uint8),
        np.ones(2, np.uint8),
        np.full((2, 1), 9, np.uint8),
        found,
    )
    assert set(found.ravel().tolist()) <= {2, 3, 9}


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 4)), min_size=1, max_size=9))
def test_copies_are_counted_by_their_paths_unless_a_code_stands_for_nothing(
    pairs: list[tuple[int, int]],
) -> None:
    names, paths = (np.array(codes, np.int32) for codes in zip(*pairs, strict=True))
    of_names, of_paths, none = np.array([0, 1, 2], np.int32), np.array([0, 1, -2, -1], np.int32), -2
    counts, found = np.zeros(4, np.int32), np.zeros(len(pairs) + 1, np.int32)
    known = names, of_names, paths, of_paths, none
    if not (names.min() >= 0 and names.max() < 3 and paths.min() >= 0 and paths.max() < 4):
        with pytest.raises(ValueError, match="stands for nothing"):
            cells.count_paths(*known, counts)
        return
    differ = [row for row, (n, p) in enumerate(pairs) if of_paths[p] not in (none, of_names[n])]
    assert cells.count_paths(*known, counts) == len(differ)
    assert counts.tolist() == np.bincount(paths, minlength=4).tolist()
    assert found[: cells.rows_that_differ(*known, found)].tolist() == differ
    assert cells.rows_that_differ(*known, found[:1]) == min(len(differ), 1)


@given(st.lists(NUMBERS, min_size=2, max_size=6), st.binary(max_size=12))
def test_texts_that_lie_elsewhere_are_not_read(offsets: list[int], data: bytes) -> None:
    count = len(offsets) - 1
    numbers, parts = np.zeros(count, np.uint64), np.zeros(count, np.uint8)
    columns.read_versions(np.array(offsets, np.int32), np.frombuffer(data, np.uint8), numbers, parts)
    assert set(parts.tolist()) <= {0, 2, 3, 4}


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_as_many_thresholds_are_reached_as_are_not_above(numbers: list[int], thresholds: list[int]) -> None:
    found = np.zeros(len(numbers), np.int32)
    in_order = np.array(sorted(thresholds), np.uint64)
    columns.count_reached(np.array(numbers, np.uint64), in_order, found)
    assert found.tolist() == [sum(one <= number for one in thresholds) for number in numbers]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_rows_are_grouped_in_order(codes: list[int]) -> None:
    expected = [[row for row, own in enumerate(codes) if own == code] for code in range(6)]
    assert [rows.tolist() for rows in grouped(np.array(codes, np.int64), 6)] == expected


def test_arrays_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="Buffer dtype mismatch"):
        bits.count_bits(np.zeros((1, 4), np.int64), np.zeros((8, 4), np.uint64))


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=4), st.lists(st.integers(-1, 4), max_size=9)
)
def test_lists_are_taken_by_their_numbers(lists: list[list[int]], numbers: list[int]) -> None:
    ends = np.cumsum([0, *map(len, lists)], dtype=np.int32)
    flat = np.array([value for one in lists for value in one], np.int32)
    own, offsets = np.array(numbers, np.int32), np.zeros(len(numbers) + 1, np.int32)
    if not all(0 <= number < len(lists) for number in numbers):
        with pytest.raises(ValueError, match="has no list"):
            columns.offsets_of_lists(own, ends, offsets)
        return
    found = np.zeros(columns.offsets_of_lists(own, ends, offsets), np.int32)
    columns.take_lists(own, ends, flat, offsets, found)
    assert found.tolist() == [value for number in numbers for value in lists[number]]
    assert offsets.tolist() == np.cumsum([0, *(len(lists[number]) for number in numbers)]).tolist()

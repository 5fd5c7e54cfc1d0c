"""Names that come again are known; new ones are, too, where there are far too many."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from needfix.fleet.reading.returning import NameFilter


@given(st.lists(st.lists(st.text(max_size=5), max_size=20), max_size=4))
def test_names_that_come_again_are_known(batches: list[list[str]]) -> None:
    names, seen = NameFilter(), set[str]()
    for batch in batches:
        known = names.enter(pa.array(batch, pa.string())).tolist()
        for name, is_known in zip(batch, known, strict=True):
            assert is_known == (name in seen)
            seen.add(name)


def test_a_part_of_a_column() -> None:
    names, column = NameFilter(), pa.array(["A", "B", "A", "C"])
    assert not names.enter(column.slice(1, 2)).any()
    assert names.enter(column).tolist() == [True, True, True, False]


def test_hardly_any_of_a_million_names_are_taken_for_known() -> None:
    names = NameFilter()
    for begin in range(0, 1_000_000, 100_000):
        known = names.enter(pa.array([f"EX{number:07}" for number in range(begin, begin + 100_000)]))
        assert known.sum() <= 1

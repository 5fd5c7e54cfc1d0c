"""Batches that Spark hands over become pieces of a size that is good to decide."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pytest

import needfix
from needfix.spark import shipping
from needfix.spark.reading import joined
from needfix.spark.shipping import engine_of, shipped


def batches(*sizes: int) -> list[pa.RecordBatch]:
    numbers = iter(range(sum(sizes)))
    return [pa.RecordBatch.from_pydict({"n": [next(numbers) for _ in range(size)]}) for size in sizes]


@pytest.mark.parametrize(
    ("sizes", "pieces"),
    [
        ([3, 3, 3], [9]),
        ([6, 6, 6], [6, 6, 6]),
        ([25], [10, 10, 5]),
        ([4, 12, 1], [4, 10, 3]),
        ([0, 0, 2], [2]),
        ([], []),
    ],
)
def test_small_batches_are_joined_and_large_ones_cut(sizes: list[int], pieces: list[int]) -> None:
    made = list(joined(iter(batches(*sizes)), 10))
    assert [piece.num_rows for piece in made] == pieces
    assert [n for piece in made for n in piece.column("n").to_pylist()] == list(range(sum(sizes)))


def test_an_engine_is_made_once_for_a_catalogue_however_often_it_is_unpacked() -> None:
    packed = shipped(needfix.load_catalogue())
    again = pickle.loads(pickle.dumps(packed))  # noqa: S301 - as Spark does
    assert engine_of(packed) is engine_of(again)
    assert engine_of(packed).ids == tuple(needfix.load_catalogue().rules)


def test_another_needfix_on_an_executor_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = shipped(needfix.load_catalogue("rules/exchange-5.5"))
    monkeypatch.setattr(shipping, "__version__", "9.9")
    with pytest.raises(needfix.UsageError) as caught:
        engine_of(packed)
    shown = f"the driver has needfix {packed.version}, this executor 9.9"
    assert str(caught.value) == f"{shown}\n    hint: install the same needfix on both"

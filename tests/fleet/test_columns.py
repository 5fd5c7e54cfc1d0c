"""The bytes of columns of texts, whatever Arrow keeps of a column that has none."""

from __future__ import annotations

import pyarrow as pa
import pytest

from needfix.fleet.columns import bytes_of
from needfix.fleet.reading.tall_values import own_bytes


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(pa.array([], pa.string()), id="empty"),
        pytest.param(pa.array(["a", "b"]).slice(1, 0), id="an empty part"),
        pytest.param(pa.StringArray.from_buffers(0, pa.py_buffer(b""), pa.py_buffer(b"")), id="no offset"),
    ],
)
def test_a_column_of_nothing(column: pa.Array) -> None:
    places, _ = bytes_of(column)
    assert len(places) == 1
    assert not len(own_bytes(column))


def test_the_bytes_of_a_part() -> None:
    assert bytes(own_bytes(pa.array(["ab", "c", "", "de"]).slice(1, 2))) == b"c"

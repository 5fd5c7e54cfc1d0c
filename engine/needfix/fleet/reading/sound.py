"""Columns from files that nobody vouches for: what Arrow itself does not look at."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def check(batch: pa.RecordBatch) -> None:
    """Raise ArrowInvalid where texts are no text, or codes stand for nothing."""
    batch.validate()
    for column in batch.columns:
        _check(column)


def _check(column: pa.Array) -> None:
    if pa.types.is_dictionary(column.type):
        column.dictionary.validate(full=True)
        _check_codes(column.indices, len(column.dictionary))
    elif pa.types.is_struct(column.type):
        for place in range(column.type.num_fields):
            _check(column.field(place))
    elif pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        _check(column.values)
    else:
        column.validate(full=True)


def _check_codes(codes: pa.Array, count: int) -> None:
    bounds = pc.min_max(codes).as_py()
    if bounds["max"] is not None and not 0 <= bounds["min"] <= bounds["max"] < count:
        raise pa.ArrowInvalid("Index not in dictionary bounds")

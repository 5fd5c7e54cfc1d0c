"""Records in Arrow: the native schema of an inventory, and servers written in it."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from needfix.intake.fields import RECORD, Field, RecordObject
from needfix.intake.kinds import Storage
from needfix.intake.record import record_of
from needfix.model.server import Server

ARROW_TYPES: dict[Storage, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "texts": pa.list_(pa.string()),
}


def _fields(entry: RecordObject) -> list[pa.Field]:
    return [pa.field(key, _type(field)) for key, field in entry.fields.items()]


def _type(field: Field) -> pa.DataType:
    if field.holds is not None:
        inner = pa.struct(_fields(field.holds))
        return pa.list_(inner) if field.many else inner
    return ARROW_TYPES[field.kind.storage if field.kind else "text"]


SCHEMA = pa.schema(_fields(RECORD))
"""An inventory in Parquet; any column or field but `server` may be missing."""


def batch_of(servers: Iterable[Server]) -> pa.RecordBatch:
    """Servers as one batch."""
    return pa.RecordBatch.from_pylist([record_of(server) for server in servers], SCHEMA)

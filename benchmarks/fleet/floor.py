"""Reading only, which no engine can be faster than. The fastest reader of a format is its floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.json as pj
import pyarrow.parquet as pq

from benchmarks.fleet.columns import LINES_BLOCK, read_native, read_paths, read_wide
from benchmarks.fleet.formats import TALL
from needfix.fleet import SCHEMA

Reader = Callable[[Path], object]
ARROW = "Arrow"
"""What the names of Arrow's readers begin with."""

_BLOCK = 1 << 21
"""Bytes that Arrow reads at once fastest, where it knows the types."""

_CODES = pa.dictionary(pa.int32(), pa.string())
_LINES = pa.schema(
    {
        "server": pa.string(),
        "products": pa.list_(pa.struct({"name": pa.string(), "level": pa.string()})),
        "files": pa.list_(pa.struct({"name": pa.string(), "version": pa.string()})),
        "complete": pa.list_(pa.string()),
    }
)
"""Only what is in the lines: each field beside that takes Arrow time."""


def _tall_dictionaries(path: Path) -> object:
    return pq.read_table(path, read_dictionary=list(TALL[1:]))


def _lines(path: Path) -> object:
    return pj.read_json(path, pj.ReadOptions(block_size=LINES_BLOCK))


def _lines_of(schema: pa.Schema) -> Reader:
    options = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    return lambda path: pj.read_json(path, pj.ReadOptions(block_size=_BLOCK), options)


def _csv_as(kind: pa.DataType) -> Reader:
    types = {"server": pa.string(), **dict.fromkeys(TALL[1:], kind)}
    parse, convert = (
        pc.ParseOptions(quote_char=False),
        pc.ConvertOptions(column_types=types, check_utf8=False),
    )
    return lambda path: pc.read_csv(path, pc.ReadOptions(block_size=_BLOCK), parse, convert)


READERS: Mapping[str, Mapping[str, Reader]] = {
    "native": {"Arrow": pq.read_table, "Arrow, dictionaries": read_native, "Polars": pl.read_parquet},
    "paths": {"Arrow": pq.read_table, "Arrow, dictionaries": read_paths, "Polars": pl.read_parquet},
    "tall": {"Arrow": pq.read_table, "Arrow, dictionaries": _tall_dictionaries, "Polars": pl.read_parquet},
    "wide": {"Arrow": pq.read_table, "Arrow, dictionaries": read_wide, "Polars": pl.read_parquet},
    "lines": {
        "Arrow": _lines,
        "Arrow, its fields stated": _lines_of(_LINES),
        "Arrow, all fields stated": _lines_of(SCHEMA),
        "Polars": pl.read_ndjson,
    },
    "csv": {"Arrow": _csv_as(pa.string()), "Arrow, dictionaries": _csv_as(_CODES), "Polars": pl.read_csv},
}
"""For each format what reads it whole."""

"""Reading only, which no engine can be faster than. The fastest reader of a format is its floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pyarrow.json as pj
import pyarrow.parquet as pq

from benchmarks.fleet.columns import LINES_BLOCK, read_native, read_paths, read_wide

Reader = Callable[[Path], object]
TALL = ["server", "product", "level", "file", "version", "complete"]


def _tall_dictionaries(path: Path) -> object:
    return pq.read_table(path, read_dictionary=TALL[1:])


def _lines(path: Path) -> object:
    return pj.read_json(path, pj.ReadOptions(block_size=LINES_BLOCK))


READERS: Mapping[str, Mapping[str, Reader]] = {
    "native": {"Arrow": pq.read_table, "Arrow, dictionaries": read_native, "Polars": pl.read_parquet},
    "paths": {"Arrow": pq.read_table, "Arrow, dictionaries": read_paths, "Polars": pl.read_parquet},
    "tall": {"Arrow": pq.read_table, "Arrow, dictionaries": _tall_dictionaries, "Polars": pl.read_parquet},
    "wide": {"Arrow": pq.read_table, "Arrow, dictionaries": read_wide, "Polars": pl.read_parquet},
    "lines": {"Arrow": _lines, "Polars": pl.read_ndjson},
}
"""For each format what reads it whole."""

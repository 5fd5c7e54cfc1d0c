"""The end of a Parquet file, where its columns are listed: checked before anything in it is used.

pyarrow ends the process where it reads a column whose entry is damaged. Where it is about to
read such a column it raises an error, so that is what it is made to do first, from a file without data.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.limits import COLUMN_CHUNK_BYTES, RECORD_BYTES

CODE_BYTES = 4
"""What a value takes in memory at least: the code of a text."""


class Footer(NamedTuple):
    """What the end of a file states: the schema, and the sizes of its columns in each row group."""

    metadata: pq.FileMetaData
    schema: pa.Schema


@contextmanager
def opened(file: str, **options: Any) -> Iterator[pq.ParquetFile]:  # noqa: ANN401 - those of ParquetFile
    """A file by its name, in bytes: pyarrow takes no text that is not valid Unicode."""
    with pa.OSFile(os.fsencode(file)) as raw, pq.ParquetFile(raw, **options) as source:
        yield source


def footer(file: str) -> Footer:
    """The end of a file. Raises InventoryError where a part of the file would fill the memory.

    Raises what pyarrow raises where the file is damaged.
    """
    with opened(file) as source:
        metadata, schema = source.metadata, source.schema_arrow
    _check_entries(metadata, os.path.getsize(file))  # noqa: PTH202 - the name may be one of a pipe
    _check_sizes(metadata, file)
    return Footer(metadata, schema)


def _check_entries(metadata: pq.FileMetaData, size: int) -> None:
    """Raise what pyarrow raises where the entry of a column is damaged."""
    groups = list(range(metadata.num_row_groups))
    try:
        with pq.ParquetFile(_WithoutData(size), metadata=metadata, pre_buffer=True) as source:
            source.read_row_groups(groups, use_threads=False)
    except _NoDataError:
        return


class _NoDataError(Exception):
    """The entries of all columns were in order, and the data came next."""


class _WithoutData(io.RawIOBase):
    """A file that has a size, and nothing to read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it has places."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place."""
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def tell(self) -> int:
        """The current place."""
        return self._place

    def read(self, _size: int = -1, /) -> bytes:
        """Raise _NoDataError."""
        raise _NoDataError


def _check_sizes(metadata: pq.FileMetaData, file: str) -> None:
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for place in range(metadata.num_columns):
            column = group.column(place)
            own = column.total_uncompressed_size
            size = max(own, column.num_values * CODE_BYTES)
            what = f"the column {column.path_in_schema} takes {size >> 20} MiB in one row group"
            if size > COLUMN_CHUNK_BYTES:
                hint = "write smaller row groups"
                raise InventoryError(
                    [Problem(Position(file, 1), what, f"at most {COLUMN_CHUNK_BYTES >> 20} MiB", hint)]
                )
            if own > RECORD_BYTES * (group.num_rows + 1):
                expected = f"records of at most {RECORD_BYTES >> 20} MiB"
                raise InventoryError(
                    [Problem(Position(file, 1), f"{what} of {group.num_rows} rows", expected)]
                )

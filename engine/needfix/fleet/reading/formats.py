"""The registry of formats that are read in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.fleet.reading.parquet import pieces
from needfix.fleet.reading.piece import Piece


def pieces_of(paths: Iterable[str]) -> Iterator[Piece]:
    """The records of files."""
    for path in paths:
        yield from pieces(path)

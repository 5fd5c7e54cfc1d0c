"""Inventories that are in Arrow already: tables, and streams of batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading.conform import (
    check,
    key_of,
    native_piece,
    noted_columns,
    problems_of,
    unknown_columns,
    without_records,
)
from needfix.fleet.reading.piece import MOST_SERVERS, Piece
from needfix.fleet.records import SCHEMA
from needfix.intake.reports import are_of_decisions, decisions_problem

_NAME = "<arrow>"
"""The file's name in problems."""


def pieces(source: pa.Table | pa.RecordBatchReader, *, is_strict: bool = False) -> Iterator[Piece]:
    """The records of a table or a stream in native columns. Raises InventoryError where columns are wrong."""
    if are_of_decisions(source.schema.names):
        raise InventoryError([decisions_problem(_NAME)])
    if problems := problems_of(source.schema, _NAME):
        raise InventoryError(problems)
    noted = noted_columns(unknown_columns(source.schema), _NAME, is_strict=is_strict)
    yield from without_records(noted, _NAME)
    batches = source.to_batches() if isinstance(source, pa.Table) else source
    first = 1
    for batch in batches:
        known = batch.select([name for name in batch.schema.names if key_of(name) in SCHEMA.names])
        with _unsound(first):
            check(known)
        for begin in range(0, known.num_rows, MOST_SERVERS):
            with _unsound(first + begin):
                piece = native_piece(known.slice(begin, MOST_SERVERS), _NAME, first + begin)
            yield piece
        first += known.num_rows


@contextmanager
def _unsound(first: int) -> Iterator[None]:
    try:
        yield
    except pa.ArrowException as error:
        what = f"the columns are invalid: {error}"
        raise InventoryError([Problem(Position(_NAME, first), what, code="unreadable")]) from error

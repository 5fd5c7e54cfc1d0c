"""Inventories that are in Arrow already: tables, and streams of batches."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading.conform import check, conformed, problems_of, without_long_lists
from needfix.fleet.reading.piece import MOST_SERVERS, Piece, consecutive, without_large_records
from needfix.intake.formats import are_of_decisions, decisions_problem

_NAME = "<arrow>"
"""What stands for the file's name in problems."""


def pieces(source: pa.Table | pa.RecordBatchReader) -> Iterator[Piece]:
    """The records of a table or a stream in native columns. Raises InventoryError where they are others."""
    if are_of_decisions(source.schema.names):
        raise InventoryError([decisions_problem(_NAME)])
    if problems := problems_of(source.schema, _NAME):
        raise InventoryError(problems)
    batches = source.to_batches(MOST_SERVERS) if isinstance(source, pa.Table) else source
    first = 1
    for batch in batches:
        for begin in range(0, batch.num_rows, MOST_SERVERS):
            records = conformed(batch.slice(begin, MOST_SERVERS))
            _check(records, first)
            yield without_large_records(without_long_lists(consecutive(records, _NAME, first)))
            first += records.num_rows


def _check(records: pa.RecordBatch, first: int) -> None:
    try:
        check(records)
    except pa.ArrowInvalid as error:
        what = f"the columns are not sound: {error}"
        raise InventoryError([Problem(Position(_NAME, first), what)]) from error

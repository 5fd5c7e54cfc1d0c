"""Inventories that are in Arrow already: tables, and streams of batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from needfix.errors import InventoryError, Position, Problem
from needfix.fleet.reading.conform import check, native_piece, noted_columns, problems_of, without_records
from needfix.fleet.reading.native_columns import native_columns
from needfix.fleet.reading.piece import MOST_SERVERS, Piece
from needfix.fleet.reading.tall_tables import TallTable, is_tall, tall_pieces
from needfix.intake.reports import are_of_decisions, decisions_problem
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions

_NAME = "<arrow>"
"""The file's name in problems."""


def pieces(
    source: pa.Table | pa.RecordBatchReader,
    options: InventoryOptions = STATED_BY_FILES,
    *,
    is_strict: bool = False,
    unites: bool = False,
) -> Iterator[Piece]:
    """The records of a table or a stream, native or tall. Raises InventoryError where columns are wrong."""
    if are_of_decisions(source.schema.names):
        raise InventoryError([decisions_problem(_NAME)])
    if is_tall(source.schema, options):
        yield from _tall(source, options, is_strict=is_strict, unites=unites)
        return
    columns = native_columns(source.schema, options)
    if problems := problems_of(columns.schema, _NAME):
        raise InventoryError(problems)
    yield from without_records(noted_columns(columns.noted, _NAME, is_strict=is_strict), _NAME)
    batches = source.to_batches() if isinstance(source, pa.Table) else source
    first = 1
    for batch in batches:
        with _unsound(first):
            check(batch.select(list(columns.names)))
            known = columns.of(batch)
        for begin in range(0, known.num_rows, MOST_SERVERS):
            with _unsound(first + begin):
                piece = native_piece(known.slice(begin, MOST_SERVERS), _NAME, first + begin)
            yield piece
        first += known.num_rows


def _tall(
    source: pa.Table | pa.RecordBatchReader, options: InventoryOptions, *, is_strict: bool, unites: bool
) -> Iterator[Piece]:
    """The records of a tall table; a stream is read into memory, since its rows may be read again."""
    table = source if isinstance(source, pa.Table) else source.read_all()

    def batches(columns: list[str]) -> Iterator[pa.RecordBatch]:
        for batch in table.select(columns).to_batches():
            check(batch)
            yield batch

    with _unsound(1):
        yield from tall_pieces(
            TallTable(_NAME, table.schema, batches), options, is_strict=is_strict, unites=unites
        )


@contextmanager
def _unsound(first: int) -> Iterator[None]:
    try:
        yield
    except pa.ArrowException as error:
        what = f"the columns are invalid: {error}"
        raise InventoryError([Problem(Position(_NAME, first), what, code="unreadable")]) from error

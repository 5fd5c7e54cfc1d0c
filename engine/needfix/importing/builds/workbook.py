"""A sheet of an Excel workbook as a table, read with openpyxl; what Excel may have altered is marked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, time
from itertools import islice
from typing import BinaryIO

from needfix.errors import Position, Problem
from needfix.importing.builds.table import Cell, CellKind, Table, TableRow, add_columns
from needfix.intake.limits import TABLE_COLUMNS, TABLE_ROWS, TABLE_WORKBOOK_BYTES, TABLE_WORKBOOK_PARTS
from needfix.intake.workbooks import (
    ERRORS,
    CellRow,
    CellValue,
    WorkbookLimits,
    opened_workbook,
    rows_of_sheet,
    sheet_number,
    text_of_cell,
    with_workbook,
)

_LIMITS = WorkbookLimits(TABLE_WORKBOOK_BYTES, TABLE_WORKBOOK_PARTS)


def workbook_table(data: bytes, name: str, sheet: str | None, problems: list[Problem]) -> Table | None:
    """The table in a sheet, by default the first one; None and a problem where it cannot be read.

    The first row that is not empty names the columns. Raises UsageError where openpyxl is not installed.
    """

    def read(file: BinaryIO) -> Table | None:
        books = [opened_workbook(file, has_formulas=own) for own in (False, True)]
        number = sheet_number(books[0], name, sheet, problems)
        if number is None:
            return None
        both = (rows_of_sheet(book, number, TABLE_COLUMNS + 1) for book in books)
        return _table(_numbered(zip(*both, strict=False)), name, problems)

    return with_workbook(io.BytesIO(data), name, _LIMITS, problems, read)


# ---- cells


def _numbered(rows: Iterator[tuple[CellRow, CellRow]]) -> Iterator[tuple[int, CellRow, CellRow]]:
    """The rows that are not empty, each with its number, its values and its formulas."""
    for at, (values, formulas) in enumerate(rows, 1):
        if formulas.count(None) < len(formulas):
            yield at, values, formulas


def _table(rows: Iterator[tuple[int, CellRow, CellRow]], name: str, problems: list[Problem]) -> Table | None:
    at, header, _ = next(rows, (1, (), ()))
    names = [text_of_cell(value) for value in header]
    cells = [Cell(text, Position(name, at, number)) for number, text in enumerate(names, 1)]
    columns = add_columns(cells, Position(name, at), problems)
    if columns is None:
        return None
    found = []
    for place, values, formulas in islice(rows, TABLE_ROWS + 1):  # one more than there may be
        of_row = {
            column: Cell(text_of_cell(value), Position(name, place, number), _kind(value, formula))
            for number, (column, value, formula) in enumerate(zip(names, values, formulas, strict=False), 1)
            if column in columns and (text_of_cell(value) or formula is not None)
        }
        if of_row:
            found.append(TableRow(Position(name, place), of_row))
    return Table(columns, found)


def _kind(value: CellValue, formula: CellValue) -> CellKind:
    if value is None or value in ERRORS:
        return "error" if value is not None or formula is not None else "text"
    if isinstance(value, date | time):
        return "date"
    return "number" if isinstance(value, int | float) else "text"

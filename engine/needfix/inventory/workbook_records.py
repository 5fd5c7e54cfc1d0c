"""A sheet of an Excel workbook, read like a table in CSV: row 7 of the sheet is line 7."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from needfix.errors import Position, Problem
from needfix.intake.limits import WORKBOOK_BYTES, WORKBOOK_COLUMNS, WORKBOOK_PARTS
from needfix.intake.workbooks import (
    ERRORS,
    EXPECTED,
    CellRow,
    WorkbookLimits,
    opened_workbook,
    rows_of_sheet,
    sheet_number,
    text_of_cell,
    with_workbook,
)
from needfix.inventory import csv_records

if TYPE_CHECKING:
    from needfix.inventory.items import Item
    from needfix.inventory.source import Source

_MOST_IN_MEMORY = 16 << 20
_LIMITS = WorkbookLimits(WORKBOOK_BYTES, WORKBOOK_PARTS)


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source: those of the first sheet, or of the one that is named."""
    problems: list[Problem] = []
    with as_table(source, problems) as table:
        yield from problems
        if table is not None:
            yield from csv_records.read(table)


@contextmanager
def as_table(source: Source, problems: list[Problem]) -> Iterator[Source | None]:
    """The sheet of a source as CSV; None where it cannot be read, for which there are `problems`."""
    with SpooledTemporaryFile(_MOST_IN_MEMORY) as book, SpooledTemporaryFile(_MOST_IN_MEMORY) as table:
        shutil.copyfileobj(source.text.buffer, book)
        sheet = source.options.sheet
        is_written = with_workbook(
            book,  # type: ignore[arg-type] # reads like one
            source.file,
            _LIMITS,
            problems,
            lambda file: _write(file, source.file, sheet, table, problems),  # type: ignore[arg-type]
        )
        table.seek(0)
        is_good = is_written and not problems
        yield source.instead(table) if is_good else None  # type: ignore[arg-type] # reads like one


def _write(
    file: BinaryIO, name: str, sheet: str | None, table: BinaryIO, problems: list[Problem]
) -> bool | None:
    """Write the rows of a sheet as CSV, each in the line of its number."""
    book = opened_workbook(file, has_formulas=False)
    number = sheet_number(book, name, sheet, problems)
    if number is None:
        return None
    out = io.TextIOWrapper(table, "utf-8", "surrogatepass", newline="", write_through=True)
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for line, row in enumerate(rows_of_sheet(book, number), 1):
        cells = _cells(row)
        if len(cells) > WORKBOOK_COLUMNS:
            what = f"the row has more than {WORKBOOK_COLUMNS} columns"
            problems.append(Problem(Position(name, line), what, EXPECTED, "remove columns", "too-large"))
            break
        writer.writerow(cells)
    out.flush()
    out.detach()
    return True


def _cells(row: CellRow) -> list[str]:
    """The texts of a row up to the last that is not empty; a formula without a value has none."""
    texts = ["" if value in ERRORS else text_of_cell(value) for value in row]
    return list(dropwhile(lambda text: not text, reversed(texts)))[::-1]

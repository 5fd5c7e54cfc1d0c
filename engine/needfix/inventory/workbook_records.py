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
from needfix.intake.kinds import quoted
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
from needfix.inventory.items import GiveUpError

if TYPE_CHECKING:
    from needfix.inventory.items import Item
    from needfix.inventory.source import Source

_MOST_IN_MEMORY = 16 << 20
_LIMITS = WorkbookLimits(WORKBOOK_BYTES, WORKBOOK_PARTS)


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source: those of the first sheet, or of the one that is named."""
    problems: list[Problem] = []
    others: list[str] = []
    with as_table(source, problems, others) as table:
        yield from problems
        if table is not None:
            yield from _read_table(table, others)


def _read_table(table: Source, others: list[str]) -> Iterator[Item]:
    """The servers and problems of a sheet; `others` are the further sheets, of which one may be meant."""
    try:
        yield from csv_records.read(table)
    except GiveUpError as end:
        named = ", ".join(quoted(title) for title in others[:_MOST_NAMED])
        hint = f"the workbook has further sheets ({named}): name the one with the servers with --sheet NAME"
        is_other = others and table.options.sheet is None
        raise GiveUpError(
            *(
                one._replace(hint=hint) if is_other and one.pointer == "/server" else one
                for one in end.problems
            )
        ) from None


_MOST_NAMED = 8


@contextmanager
def as_table(
    source: Source, problems: list[Problem], others: list[str] | None = None
) -> Iterator[Source | None]:
    """The sheet of a source as CSV; None where it cannot be read, for which there are `problems`.

    The names of the other sheets are added to `others`.
    """
    with SpooledTemporaryFile(_MOST_IN_MEMORY) as book, SpooledTemporaryFile(_MOST_IN_MEMORY) as table:
        shutil.copyfileobj(source.text.buffer, book)
        sheet = source.options.sheet
        is_written = with_workbook(
            book,  # type: ignore[arg-type] # reads like one
            source.file,
            _LIMITS,
            problems,
            lambda file: _write(file, source.file, sheet, table, problems, others),  # type: ignore[arg-type]
        )
        table.seek(0)
        is_good = is_written and not problems
        yield source.instead(table) if is_good else None  # type: ignore[arg-type] # reads like one


def _write(  # noqa: PLR0913, PLR0917 - what is read, and what is found
    file: BinaryIO,
    name: str,
    sheet: str | None,
    table: BinaryIO,
    problems: list[Problem],
    others: list[str] | None,
) -> bool | None:
    """Write the rows of a sheet as CSV, each in the line of its number."""
    book = opened_workbook(file, has_formulas=False)
    number = sheet_number(book, name, sheet, problems)
    if number is None:
        return None
    if others is not None:
        others += [one.title for place, one in enumerate(book.worksheets) if place != number]
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

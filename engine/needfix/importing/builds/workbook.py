"""A sheet of an Excel workbook as a table, read with openpyxl; what Excel may have altered is marked."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from needfix.errors import Position, Problem, UsageError
from needfix.importing.builds.table import Cell, CellKind, Table, TableRow, add_columns
from needfix.intake.limits import TABLE_COLUMNS, TABLE_ROWS, TABLE_WORKBOOK_BYTES, TABLE_WORKBOOK_PARTS
from needfix.intake.near import did_you_mean, nearest

if TYPE_CHECKING:
    from openpyxl import Workbook

MAGIC = b"PK\x03\x04"
"""How a workbook begins, as every ZIP archive does."""

_MOST_ROWS = 1_048_576
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_EXPECTED = "a workbook in XLSX"

_Value = object
_Row = Sequence[_Value]


class _Both(NamedTuple):
    """The workbook with the values that Excel stored, and with the formulas that lead to them."""

    values: Workbook
    formulas: Workbook


def workbook_table(data: bytes, name: str, sheet: str | None, problems: list[Problem]) -> Table | None:
    """The table in a sheet, by default the first one; None and a problem where it cannot be read.

    The first row that is not empty names the columns. Raises UsageError where openpyxl is not installed.
    """
    unsafe = _unsafe(data, name)
    if unsafe is not None:
        problems.append(unsafe)
        return None
    try:
        books = _Both(_opened(data, has_formulas=False), _opened(data, has_formulas=True))
        titles = [one.title for one in books.values.worksheets]
        wanted = sheet if sheet is not None else next(iter(titles), "")
        if wanted not in titles:
            problems.append(_no_sheet(name, wanted, titles))
            return None
        return _table(_rows(books, titles.index(wanted)), name, problems)
    except (UsageError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a damaged part leads to
        what = f"the workbook cannot be read ({type(error).__name__}: {error})"
        hint = "open it, and save it again as XLSX"
        problems.append(Problem(Position(name, 1), what, _EXPECTED, hint, "unreadable"))
        return None


def _opened(data: bytes, *, has_formulas: bool) -> Workbook:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - only workbooks need it
    except ModuleNotFoundError as error:
        what = f"a workbook needs {error.name}, which is not installed"
        hint = "pip install 'needfix[xlsx]', or save the sheet as CSV"
        raise UsageError(f"{what}\n    hint: {hint}") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which are not read
        return load_workbook(io.BytesIO(data), read_only=True, data_only=not has_formulas, keep_links=False)


# ---- what may be opened


def _unsafe(data: bytes, name: str) -> Problem | None:
    """The problem of an archive that unpacks to too much, or whose XML defines entities."""
    at = Position(name, 1)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if (
                len(parts) > TABLE_WORKBOOK_PARTS
                or sum(part.file_size for part in parts) > TABLE_WORKBOOK_BYTES
            ):
                what = f"the workbook unpacks to more than {TABLE_WORKBOOK_BYTES >> 20} MiB"
                hint = "copy the table to a new workbook, without its formats"
                return Problem(at, what, _EXPECTED, hint, "too-large")
            if not any(part.filename.startswith("xl/") for part in parts):
                hint = "unpack it, and give the table that is in it"
                return Problem(at, "the file is an archive and no workbook", _EXPECTED, hint, "unreadable")
            for part in parts:
                if (found := _unsafe_part(archive.read(part))) is not None:
                    what = f"{part.filename} in the workbook has {found}"
                    return Problem(at, what, _EXPECTED, "open it, and save it again as XLSX", "unreadable")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile raises whatever damage leads to
        what = f"the archive of the workbook is damaged or protected ({error})"
        return Problem(at, what, _EXPECTED, "open it, and save it again as XLSX", "unreadable")
    return None


class _DocumentTypeError(Exception):
    """There is one."""


def _unsafe_part(data: bytes) -> str | None:
    """What a part has, if it is XML with a document type: only there can entities be defined, which grow."""

    def refuse(*_: object) -> None:
        raise _DocumentTypeError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - it takes no keywords
    except _DocumentTypeError:
        return "a document type, as nothing from Excel has"
    except expat.ExpatError:
        return None  # a picture, or damage that openpyxl reports where it needs the part
    except (LookupError, ValueError) as error:
        return f"an encoding that cannot be read ({error})"
    return None


def _no_sheet(name: str, wanted: str, titles: Sequence[str]) -> Problem:
    listed = ", ".join(titles) or "no sheet with cells"
    what = f"there is no sheet {wanted!r} (it has {listed})" if wanted else "there is no sheet with cells"
    return Problem(Position(name, 1), what, "", did_you_mean(nearest(wanted, titles)), "missing-key")


# ---- cells


def _rows(books: _Both, number: int) -> Iterator[tuple[int, _Row, _Row]]:
    """The rows that are not empty, each with its number, its values and its formulas."""
    pages = [book.worksheets[number] for book in books]
    for page in pages:
        page.reset_dimensions()  # what a sheet states of its size may be wrong
    both = (page.iter_rows(max_row=_MOST_ROWS, max_col=TABLE_COLUMNS + 1, values_only=True) for page in pages)
    for at, (values, formulas) in enumerate(zip(*both, strict=False), 1):
        if formulas.count(None) < len(formulas):
            yield at, values, formulas


def _table(rows: Iterator[tuple[int, _Row, _Row]], name: str, problems: list[Problem]) -> Table | None:
    at, header, _ = next(rows, (1, (), ()))
    names = [_text(value) for value in header]
    cells = [Cell(text, Position(name, at, number)) for number, text in enumerate(names, 1)]
    columns = add_columns(cells, Position(name, at), problems)
    if columns is None:
        return None
    found = []
    for place, values, formulas in islice(rows, TABLE_ROWS + 1):  # one more than there may be
        of_row = {
            column: Cell(_text(value), Position(name, place, number), _kind(value, formula))
            for number, (column, value, formula) in enumerate(zip(names, values, formulas, strict=False), 1)
            if column in columns and (_text(value) or formula is not None)
        }
        if of_row:
            found.append(TableRow(Position(name, place), of_row))
    return Table(columns, found)


def _text(value: _Value) -> str:
    """The text of a value; a day without a time of day as it is written in a table."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_EXACT:
        return str(int(value))
    return " ".join(str(value).split())


_MOST_EXACT = 10**15


def _kind(value: _Value, formula: _Value) -> CellKind:
    if value is None or value in _ERRORS:
        return "error" if value is not None or formula is not None else "text"
    if isinstance(value, date | time):
        return "date"
    return "number" if isinstance(value, int | float) else "text"

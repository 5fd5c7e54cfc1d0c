"""Workbooks of Excel (XLSX): what may be opened, their sheets, and the texts of cells."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar
from xml.parsers import expat

from needfix.errors import Position, Problem, UsageError
from needfix.intake.near import did_you_mean, nearest

if TYPE_CHECKING:
    from openpyxl import Workbook

MAGIC = b"PK\x03\x04"
"""How a workbook begins, as every ZIP archive does."""

EXPECTED = "a workbook in XLSX"
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
"""What a cell holds whose formula has no value."""

MOST_ROWS = 1_048_576
_CHUNK = 1 << 16
_MOST_EXACT = 10**15
_SAVE_AGAIN = "open it, and save it again as XLSX"

CellValue = object
CellRow = Sequence[CellValue]
T = TypeVar("T")


class WorkbookLimits(NamedTuple):
    """What a workbook may have at most: bytes of all parts unpacked, and parts."""

    bytes: int
    parts: int


def with_workbook(
    file: BinaryIO,
    name: str,
    limits: WorkbookLimits,
    problems: list[Problem],
    read: Callable[[BinaryIO], T | None],
) -> T | None:
    """What `read` makes of a workbook; None and a problem where it may not or cannot be read.

    Raises UsageError where openpyxl is not installed.
    """
    unsafe = _unsafe(file, name, limits)
    if unsafe is not None:
        problems.append(unsafe)
        return None
    try:
        return read(file)
    except (UsageError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a damaged part leads to
        problems.append(damaged(name, error))
        return None


def damaged(name: str, error: Exception) -> Problem:
    """The problem of a workbook that cannot be read."""
    what = f"the workbook cannot be read ({type(error).__name__}: {error})"
    return Problem(Position(name, 1), what, EXPECTED, _SAVE_AGAIN, "unreadable")


def opened_workbook(file: BinaryIO, *, has_formulas: bool) -> Workbook:
    """A workbook with its formulas, or with the values that Excel stored for them."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - only workbooks need it
    except ModuleNotFoundError as error:
        what = f"a workbook needs {error.name}, which is not installed"
        hint = "pip install 'needfix[xlsx]', or save the sheet as CSV"
        raise UsageError(f"{what}\n    hint: {hint}") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which are not read
        file.seek(0)
        return load_workbook(file, read_only=True, data_only=not has_formulas, keep_links=False)


def sheet_number(book: Workbook, name: str, sheet: str | None, problems: list[Problem]) -> int | None:
    """The number of a sheet, by default of the first one; None and a problem where there is none."""
    titles = [one.title for one in book.worksheets]
    wanted = sheet if sheet is not None else next(iter(titles), "")
    if wanted in titles:
        return titles.index(wanted)
    listed = ", ".join(titles) or "no sheet with cells"
    what = f"there is no sheet {wanted!r} (it has {listed})" if wanted else "there is no sheet with cells"
    problems.append(
        Problem(Position(name, 1), what, "", did_you_mean(nearest(wanted, titles)), "missing-key")
    )
    return None


def rows_of_sheet(book: Workbook, number: int, columns: int | None = None) -> Iterator[CellRow]:
    """The rows of a sheet from the first, with so many columns, or each with those that it has."""
    page = book.worksheets[number]
    page.reset_dimensions()  # what a sheet states of its size may be wrong
    rows: Iterator[CellRow] = page.iter_rows(max_row=MOST_ROWS, max_col=columns, values_only=True)
    return rows


def text_of_cell(value: CellValue) -> str:
    """The text of a value in one line; a day without a time of day as it is written in a table."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_EXACT:
        return str(int(value))
    return " ".join(str(value).split())


# ---- what may be opened


def _unsafe(file: BinaryIO, name: str, limits: WorkbookLimits) -> Problem | None:
    """The problem of an archive that unpacks to too much, or whose XML defines entities."""
    at = Position(name, 1)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.bytes:
                what = f"the workbook unpacks to more than {limits.bytes >> 20} MiB"
                hint = "copy the table to a new workbook, without its formats"
                return Problem(at, what, EXPECTED, hint, "too-large")
            if not any(part.filename.startswith("xl/") for part in parts):
                hint = "unpack it, and give the table that is in it"
                return Problem(at, "the file is an archive and no workbook", EXPECTED, hint, "unreadable")
            for part in parts:
                with archive.open(part) as stream:
                    found = _unsafe_part(iter(lambda: stream.read(_CHUNK), b""))
                if found is not None:
                    what = f"{part.filename} in the workbook has {found}"
                    return Problem(at, what, EXPECTED, _SAVE_AGAIN, "unreadable")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile raises whatever damage leads to
        what = f"the archive of the workbook is damaged or protected ({error})"
        return Problem(at, what, EXPECTED, _SAVE_AGAIN, "unreadable")
    return None


class _DocumentTypeError(Exception):
    """There is one."""


def _unsafe_part(chunks: Iterator[bytes]) -> str | None:
    """What a part has, if it is XML with a document type: only there can entities be defined, which grow."""

    def refuse(*_: object) -> None:
        raise _DocumentTypeError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    is_xml = True
    try:
        for chunk in chunks:  # to the end, so that damage is found
            if is_xml:
                try:
                    parser.Parse(chunk, False)  # noqa: FBT003 - it takes no keywords
                except expat.ExpatError:
                    is_xml = False  # a picture, or damage that openpyxl reports where it needs the part
    except _DocumentTypeError:
        return "a document type, as nothing from Excel has"
    except (LookupError, ValueError) as error:
        return f"an encoding that cannot be read ({error})"
    return None

"""Tables whose columns are aligned by blanks, in every order of columns."""

from __future__ import annotations

import itertools

import pytest

from needfix.importing.kb import columns
from tests.importing.kb.support import rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date   Time   Version   Size   File name   Platform", "date time version size name platform"),
        ("File Name    Version", "name version"),
        ("Filename (Size)  Date", "name date"),
        ("| File name | Language |", "name language"),
        ("Name  Locale  Checksum", "name language checksum"),
        ("File version   File", "version name"),
        ("File name", None),
        ("Version of the file", None),
        ("", None),
    ],
)
def test_a_header(text: str, expected: str | None) -> None:
    found = columns.header(text)
    assert (" ".join(found) if found else None) == expected


CELLS = {
    "Date": "19-Dec-2000",
    "Time": "10:06am",
    "Version": "5.5.2000.1",
    "Size": "12,480",
    "File name": "Exmail.exe",
    "Platform": "Alpha",
}
SHOWN = ("File name", "Version", "Date", "Time", "Size", "Platform")


ORDERS = [order for order in itertools.permutations(CELLS) if "Platform Size" not in " ".join(order)]
SIZE_BEHIND_PLATFORM = ("File name", "Version", "Date", "Time", "Platform", "Size")


@pytest.mark.parametrize(
    "order",
    [*ORDERS[::7], (SIZE_BEHIND_PLATFORM)],
    ids=" ".join,
)
def test_columns_in_any_order(order: tuple[str, ...]) -> None:
    text = f"   {'   '.join(order)}\n   {'-' * 60}\n   {'   '.join(CELLS[name] for name in order)}"
    assert rows(text) == [tuple(CELLS[name] for name in SHOWN)]


@pytest.mark.parametrize("left_out", ["Version", "Size", "Platform", "Date", "Time"])
def test_a_column_or_one_of_its_cells_may_be_missing(left_out: str) -> None:
    names = [name for name in CELLS if name != left_out]
    line = "   ".join(CELLS[name] for name in names)
    expected = tuple(CELLS[name] for name in SHOWN if name != left_out)
    assert rows(f"   {'   '.join(names)}\n   -----\n   {line}") == [expected]
    assert rows(f"   {'   '.join(CELLS)}\n   -----\n   {line}") == [expected]


@pytest.mark.parametrize(
    ("header", "line", "expected"),
    [
        ("File name  Version  Size", "Exmail.exe  N/A  12", ("Exmail.exe", "12")),
        ("File name  Version  Size", "Exmail.exe  none  1.79 MB", ("Exmail.exe", "1.79 MB")),
        ("File name  Version  Size", "Exmail.exe  5.5.2.1  12 bytes", ("Exmail.exe", "5.5.2.1", "12 bytes")),
        ("File name  Version", "Exmail  5.5.2000.1", ("Exmail", "5.5.2000.1")),
        ("File name  Date  Platform", "Exmail.exe  19/12/00  (x86)", ("Exmail.exe", "19/12/00", "x86")),
        ("Version  File name  Language", "5.5.2000.1  Exmail.exe  Brazilian Portuguese",
         ("Exmail.exe", "5.5.2000.1", "Brazilian Portuguese")),
        ("Version  File name  Locale", "5.5.2000.1  Exmail.exe  1031 German",
         ("Exmail.exe", "5.5.2000.1", "1031 German")),
        ("Date  Version  File name", "10/05/2001  n.a.  Exmail.exe", ("Exmail.exe", "10/05/2001")),
    ],
)  # fmt: skip
def test_a_row(header: str, line: str, expected: tuple[str, ...]) -> None:
    assert rows(f"   {header}\n   -----\n   {line}") == [expected]


def test_rows_that_lost_their_breaks() -> None:
    header = "   Date Version File name ----------------"
    text = f"{header} 22-Apr-2002 1.1.44.2 Orcspool.exe 19-Apr-2002 Orctray.inf"
    assert rows(text) == [("Orcspool.exe", "1.1.44.2", "22-Apr-2002"), ("Orctray.inf", "19-Apr-2002")]


def test_stray_markup_stands_in_no_cell() -> None:
    text = "   File name<BR/>  Version<BR/>\n   ------\n   Exmail.exe<BR/>  5.5.2000.1&nbsp;<BR/>"
    assert rows(text) == [("Exmail.exe", "5.5.2000.1")]

"""Tables of fixed columns as text: Format-Table and wmic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from needfix.inventory.producers.text_object import whole
from tests.inventory.producers.windows_commands import read_text, stated
from tests.inventory.support import read


def one(text: str) -> dict[str, Any]:
    (server,), problems = read(text)
    assert not problems, problems
    return stated(server)


def wmic(*rows: tuple[str, ...], end: str = "\r\r\n") -> str:
    widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    return "".join("".join(map(str.ljust, row, widths)) + end for row in rows)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r\n\r\n"])
def test_cells_of_wmic_are_those_below_the_names(end: str) -> None:
    rows = (
        ("Caption", "CSName", "HotFixID", "Name"),
        ("", "A", "KB500001", ""),
        ("http://x", "A", "KB500002", ""),
    )
    assert one(wmic(*rows, end=end))["hotfixes"] == ["KB500001", "KB500002"]


def test_a_single_column_of_wmic_is_a_table() -> None:
    text = wmic(("CSName", "Name", "State", "ProcessId"), ("A", "MSExchangeIS", "Stop Pending", "7"))
    found = one(f"{text}\r\r\n{wmic(('HotFixID',), ('KB500001',))}")
    assert found["services"] == [{"name": "MSExchangeIS", "state": "Stop Pending"}]
    assert found["hotfixes"] == ["KB500001"]


@pytest.mark.parametrize("blanks", [3, 8])
def test_cells_with_wide_signs_are_cut_as_the_program_counts_them(blanks: int) -> None:
    text = f"Name  DisplayName  State    CSName\nIS    情報ストア{' ' * blanks}Running  A\n"
    assert one(text)["services"] == [{"name": "IS", "state": "Running"}]


def test_columns_of_numbers_may_begin_before_their_names(tmp_path: Path) -> None:
    text = (
        "PSComputerName      Length FullName          FileVersion\n"
        "--------------      ------ --------          -----------\n"
        "A              12345678901 C:\\x\\Store.exe    5.5.2653.23\n"
    )
    servers, problems, _ = read_text(tmp_path / "a.txt", text)
    assert not problems
    assert stated(servers[0])["files"] == [
        {"name": "Store.exe", "path": "C:\\x\\Store.exe", "version": "5.5.2653.23", "size": 12345678901}
    ]


def test_a_row_that_is_not_cut_surely_is_counted(tmp_path: Path) -> None:
    header = "Status   Name    DisplayName\n------   ----    -----------\n"
    text = f"{header}Running  Spooler Druck\nStoppedWithout Blanks\n"
    servers, problems, notes = read_text(tmp_path / "a.txt", text)
    assert not problems
    assert stated(servers[0])["services"] == [{"name": "Spooler", "state": "Running"}]
    assert {note.code: note.count for note in notes}["object-unknown"] == 1


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("MSExchangeIS", "MSExchangeIS"),
        ("Microsoft Exchange Inf...", None),
        ("KB50012...", None),
        ("KB50012…", None),
        ("10.0.17763.1 ...", "10.0.17763.1"),
        ("10.0.17763.1 (WinB...", "10.0.17763.1"),
        ("10.0.17763....", None),
        ("10.0.17763.1...", None),
        ("10.0 (x...", None),
        ("", ""),
    ],
)
def test_a_cell_that_is_cut_off_states_nothing(cell: str, shown: str | None) -> None:
    assert whole(cell) == shown


def test_a_version_that_is_cut_off_is_not_replaced_by_that_of_the_product() -> None:
    text = (
        "PSComputerName ProductVersion FileVersion    FileName\n"
        "-------------- -------------- -----------    --------\n"
        "A              9.9.9.9        5.5.2653.23... C:\\x\\Store.exe\n"
    )
    assert one(text)["files"] == [{"name": "Store.exe", "path": "C:\\x\\Store.exe"}]


def test_names_of_programs_that_are_cut_off_leave_the_list_open() -> None:
    text = (
        "PSComputerName DisplayName           DisplayVersion\n"
        "-------------- -----------           --------------\n"
        "A              Microsoft Exchange... 15.1.2507.6\n"
        "A              Contoso Tool          1.4\n"
    )
    assert one(text)["products"] == [{"name": "Contoso Tool", "build": "1.4"}, {"name": "..."}]


def test_a_table_of_needfix_own_columns_is_read_as_rows() -> None:
    text = (
        "server product                   level   file      version\n"
        "------ -------                   -----   ----      -------\n"
        "F1     Microsoft Exchange Server 5.5 SP4 Store.exe 5.5.2653.23\n"
    )
    assert one(text) == {
        "server": "F1",
        "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4"}],
        "files": [{"name": "Store.exe", "version": "5.5.2653.23"}],
    }

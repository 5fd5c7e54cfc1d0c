"""The header of a table: below titles that reports have above it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from needfix.inventory import read_inventory
from needfix.model.note import Note
from tests.inventory.support import read, read_file
from tests.support import Needfix

ROWS = "Computer Name,File Name,File Path,File Version\nA,a.dll,C:\\E\\,1.0.0.1\n"


@pytest.mark.parametrize(
    "titles", ["Files of servers\n\n", "textbox1\nFiles of servers\n\n", "Report,,\n\nFile: a.dll\n\n"]
)
def test_titles_above_the_header_are_noted(tmp_path: Path, titles: str) -> None:
    (tmp_path / "a.csv").write_text(titles + ROWS)
    notes: list[Note] = []
    (server,) = read_inventory(tmp_path / "a.csv", on_note=notes.append)
    assert (server.server, server.files[0].path) == ("A", "C:\\E\\a.dll")
    (note,) = (note for note in notes if note.code == "lines-above")
    assert note.count == sum(bool(line.strip()) for line in titles.splitlines())


def test_lines_keep_their_numbers_below_titles(tmp_path: Path) -> None:
    _, problems = read_file(tmp_path / "a.csv", "Report\n\n" + ROWS + "B,b.dll,C:\\E\\,1.0.0.1,x\n")
    assert problems[0].startswith("a.csv:5: the row has 5 cells")


def test_fleets_read_tables_below_titles_as_well(needfix: Needfix, tmp_path: Path) -> None:
    rows = "server,product,level,file,version\nA,Microsoft Exchange Server,5.5 SP4,store.exe,5.5.2653.23\n"
    (tmp_path / "a.csv").write_text(rows)
    (tmp_path / "b.csv").write_text(f"Report\n\n{rows}")
    for form in ("summary", "csv"):
        plain, below = (
            needfix("evaluate", "--rule", "Q279798", "--format", form, tmp_path / name)
            for name in ("a.csv", "b.csv")
        )
        assert (plain.code, plain.out.splitlines()[:2]) == (below.code, below.out.splitlines()[:2])
        assert "1 line above the header of a table was not read" in below.err + below.out


def test_a_header_is_no_title() -> None:
    _, problems = read("Rechner,Datei\nA,a.dll\nserver,a\n")
    assert 'the header has no column "server" (it has Rechner, Datei)' in problems[0]
    _, problems = read("file,version\nserver,name\n")
    assert problems[0].startswith("<stdin>:1:")


def test_a_workbook_whose_first_sheet_has_no_table_names_the_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Read me"])
    sheet = book.create_sheet("Files")
    for row in ROWS.splitlines():
        sheet.append(row.split(","))
    book.save(tmp_path / "a.xlsx")
    problems: list[str] = []
    list(read_inventory(tmp_path / "a.xlsx", on_problem=lambda own: problems.append(str(own))))
    hint = 'the workbook has further sheets ("Files"): name the one with the servers with --sheet NAME'
    assert problems[0].endswith(f"hint: {hint}")

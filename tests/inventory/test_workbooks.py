"""Excel workbooks as inventories: the same as their sheet in CSV."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from needfix.errors import UsageError
from needfix.intake import limits
from needfix.intake.workbooks import WorkbookLimits
from needfix.inventory import read_inventory, workbook_records
from needfix.model.server import Server
from tests.inventory.support import names
from tests.support import Needfix

HEADER = ("server", "product", "level", "file", "version", "modified")
STORE = ("MAIL01", "Microsoft Exchange Server", "5.5 SP4", "store.exe", "5.5.2653.23", None)
EVALUATE = ("evaluate", "--rule", "Q279798", "--format")


def workbook(file: Path, *rows: Sequence[object], sheet: str = "Servers") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def problems_of(file: Path) -> list[str]:
    problems: list[str] = []
    servers = list(read_inventory(file, on_problem=lambda own: problems.append(str(own))))
    assert not servers
    return [one.replace(f"{file.parent}/", "") for one in problems]


def record(file: Path) -> dict[str, object]:
    (server,) = read_inventory(file)
    return server.as_record()


def test_a_workbook_is_read_like_csv(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, STORE, ("MAIL02", *STORE[1:]))
    text = tmp_path / "a.csv"
    rows = "\n".join(",".join(map(str, row[:5])) for row in (STORE, ("MAIL02", *STORE[1:])))
    text.write_text(f"server,product,level,file,version\n{rows}\n", encoding="utf-8")
    assert [one.as_record() for one in read_inventory(file)] == [
        one.as_record() for one in read_inventory(text)
    ]


def test_every_way_to_decide_reads_it(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, STORE)
    assert "MAIL01,Q279798,fix-required," in needfix(*EVALUATE, "csv", file).out
    assert needfix(*EVALUATE, "summary", file).out.startswith("1 server, 1 rule, 1 decision: 1 fix-required")
    assert needfix(*EVALUATE, "summary", "-", stdin=file.read_bytes()).out.startswith("1 server")


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    for name in ("a.zip", "a.csv", "a"):
        assert names(
            list(read_inventory(workbook(tmp_path / "b.xlsx", HEADER, STORE).rename(tmp_path / name)))
        )


def test_a_workbook_may_be_compressed(tmp_path: Path) -> None:
    data = workbook(tmp_path / "a.xlsx", HEADER, STORE).read_bytes()
    (tmp_path / "b.xlsx.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a.xlsx", data)
    for name in ("b.xlsx.gz", "c.zip"):
        assert names(list(read_inventory(tmp_path / name))) == ["MAIL01"]


def test_lines_are_the_rows_of_the_sheet(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", (), HEADER, (), ("MAIL01", "a\nb"), (None, "c"))
    assert problems_of(file)[0].startswith("a.xlsx:5: the row has no server")


def test_the_sheet_is_the_first_or_the_one_that_is_named(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, STORE)
    book = openpyxl.load_workbook(file)
    book.create_sheet("Lab").append(["server"])
    book["Lab"].append(["LAB01"])
    book.save(file)
    assert "\nMAIL01," in needfix(*EVALUATE, "csv", file).out
    ran = needfix(*EVALUATE, "csv", file, "--sheet", "Lab")
    assert "\nLAB01," in ran.out
    assert "\nMAIL01," not in ran.out
    ran = needfix(*EVALUATE, "csv", file, "--sheet", "Lap")
    assert ran.err.startswith(
        f"{file}:1: there is no sheet 'Lap' (it has Servers, Lab)\n    hint: did you mean Lab?\n"
    )


def test_values_have_the_texts_that_csv_would_have(tmp_path: Path) -> None:
    day, moment = datetime(2000, 11, 1), datetime(2000, 11, 1, 10, 30)  # noqa: DTZ001 - as Excel has them
    file = workbook(
        tmp_path / "a.xlsx",
        (*HEADER, "size", "restart_pending"),
        ("A", "X", 5.0, "a.dll", "1.2.3.4", day, 4063504.0, True),
        ("A", "X", 5, "b.dll", 15.2, moment, 17, True),
    )
    assert record(file)["restart_pending"] is True
    assert record(file)["files"] == [
        {"name": "a.dll", "version": "1.2.3.4", "modified": "2000-11-01", "size": 4063504},
        {"name": "b.dll", "version": "15.2", "modified": "2000-11-01 10:30:00", "size": 17},
    ]


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "=1/0"])
def test_a_formula_without_a_value_states_nothing(tmp_path: Path, value: str) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, ("A", "X", "1", "a.dll", value))
    assert record(file)["files"] == [{"name": "a.dll"}]


def test_rows_of_a_server_in_two_places_are_found(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, STORE, ("B", "X"), STORE)
    problems: list[str] = []
    found: list[Server] = list(read_inventory(file, on_problem=lambda own: problems.append(own.what)))
    assert names(found) == ["B"]
    assert problems == ["rows of MAIL01 appear again after rows of another server and those in line 2"]
    assert sorted(names(list(read_inventory(file, join=True)))) == ["B", "MAIL01"]


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, STORE)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/x.xml", '<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>')
    assert problems_of(file)[0].startswith("a.xlsx:1: xl/x.xml in the workbook has a document type")


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, STORE)
    monkeypatch.setattr(workbook_records, "_LIMITS", WorkbookLimits(1000, 100))
    assert problems_of(file)[0].startswith("a.xlsx:1: the workbook unpacks to more than 0 MiB")


def test_too_many_columns(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [f"c{number}" for number in range(limits.WORKBOOK_COLUMNS + 1)])
    assert problems_of(file)[0].startswith("a.xlsx:1: the row has more than 1000 columns")


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx"])
def test_other_documents_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
    (problem,) = problems_of(tmp_path / name)
    assert problem.startswith(f"{name}:1: the file is a workbook or document of an office program")
    assert problem.endswith("as an Excel workbook (.xlsx) without a password, or the sheet as CSV UTF-8")


def test_the_old_form_of_excel_is_refused_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    (problem,) = problems_of(tmp_path / "a.xls")
    assert problem == (
        "a.xls:1: the file is a document of Excel or another office program; expected an inventory\n"
        "    hint: save it as an Excel workbook (.xlsx) without a password, or the sheet as CSV UTF-8"
    )


def test_without_openpyxl_the_install_line_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook(tmp_path / "a.xlsx", HEADER, STORE)
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r"(?s)a workbook needs openpyxl.*pip install 'needfix\[xlsx\]'"):
        list(read_inventory(file))

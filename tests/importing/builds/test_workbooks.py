"""Build tables in workbooks: the same as in CSV, and what Excel may have altered is a problem."""

from __future__ import annotations

import builtins
import io
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from needfix.intake import limits
from tests.importing.builds.support import MAIL, import_builds
from tests.support import Needfix, Ran

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed: pip install 'needfix[xlsx]'")

HEADER, *ROWS = (line.split(",") for line in MAIL.splitlines())
DAY = date(2024, 3, 1)
MORNING = datetime(2024, 3, 1, 9, 30)  # noqa: DTZ001 - Excel knows no zones
LEVEL = ["m", "2019 CU1", "15.2.330.5"]


def workbook(file: Path, rows: Sequence[Sequence[object]], sheet: str = "Builds") -> Path:
    """A workbook whose first sheet has these rows, below the usual header."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [HEADER, *rows]:
        book.active.append(row)
    book.save(file)
    return file


def imported(needfix: Needfix, file: Path, *words: str) -> Ran:
    return needfix("import", "builds", file, "--output", file.parent / "out", *words)


def wrong(needfix: Needfix, file: Path, *words: str) -> str:
    ran = imported(needfix, file, *words)
    assert (ran.code, ran.out) == (2, "")
    assert not (file.parent / "out").exists()
    return ran.err.replace(f"{file.parent}/", "")


def contents(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def typed(column: str, text: str) -> object:
    """What Excel makes of a text that somebody types: a day, or the number of an article."""
    if column in ("released", "supported_until") and text:
        return date.fromisoformat(text)
    return int(text) if text.isdigit() else text or None


def test_a_workbook_is_read_like_csv(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    import_builds(needfix, tmp_path / "csv" / "out", MAIL)
    cells = [[typed(column, text) for column, text in zip(HEADER, row, strict=True)] for row in ROWS]
    ran = imported(needfix, workbook(tmp_path / "builds.xlsx", cells))
    assert (ran.code, ran.err) == (0, "")
    assert contents(tmp_path / "out") == contents(tmp_path / "csv" / "out")


def test_a_sheet_is_chosen_by_its_name(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "builds.xlsx", [["!"]], "Read me")
    book = openpyxl.load_workbook(file)
    page = book.create_sheet("Mail")
    page["C5"], page["D5"], page["E5"], page["G5"] = "product", "level", "build", "remarks"
    page["C7"], page["D7"], page["E7"], page["Z9"] = *LEVEL, None
    book.save(file)
    ran = imported(needfix, file, "--sheet", "Mail")
    assert ran.code == 0
    assert "columns that are not read: remarks" in ran.err
    assert '{level: 2019 CU1, build: "15.2.330.5"}' in contents(tmp_path / "out")["products/m.yaml"]


def test_a_sheet_that_is_not_there(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    message = "builds.xlsx:1: there is no sheet 'Build' (it has Builds)\n    hint: did you mean Builds?"
    assert message in wrong(needfix, file, "--sheet", "Build")
    (tmp_path / "table.csv").write_text(MAIL)
    assert "table.csv:1: this is no workbook, and has no sheets" in wrong(
        needfix, tmp_path / "table.csv", "--sheet", "Builds"
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ["m", 2019, "15.2.330.5"],
            "2:2: the cell holds the number 2019, which may have been typed with",
        ),
        (["m", "2019 CU1", 15.2], "2:3: the cell holds the number 15.2, which may have been typed with"),
        (["m", DAY, "15.2.1"], "2:2: the cell holds the day 2024-03-01, not what was typed"),
        ([*LEVEL, DAY], "2:4: the cell holds the day 2024-03-01, not what was typed"),
        ([*LEVEL, None, None, 45363], "2:6: the cell holds the number 45363, which may have been typed with"),
        ([*LEVEL, None, None, MORNING], "2:6: '2024-03-01 09:30:00' is no date"),
        ([*LEVEL, None, None, "12.03.2024"], "2:6: '12.03.2024' is no date; expected a date such as"),
        (["m", "2019 CU1", "=A1"], "2:3: the cell has a formula without a value"),
        (["m", "2019 CU1", "#N/A"], "2:3: the cell has no value (#N/A)"),
        (["m", "2019 CU1", True], "2:3: the cell holds the number True, which may"),
        (["m", None, "15.2.330.5"], "2: the row has no level; expected a level"),
    ],
)
def test_what_excel_may_have_altered(
    needfix: Needfix, tmp_path: Path, row: Sequence[object], message: str
) -> None:
    err = wrong(needfix, workbook(tmp_path / "builds.xlsx", [row]))
    assert f"builds.xlsx:{message}" in err
    assert len([line for line in err.splitlines() if line.startswith("builds.xlsx")]) == 1


def test_a_level_as_a_number_says_how_to_correct_it(needfix: Needfix, tmp_path: Path) -> None:
    err = wrong(needfix, workbook(tmp_path / "builds.xlsx", [["m", 15.2, "15.2.330.5"]]))
    assert err.endswith(
        "; expected a text in the column level\n    hint: format the column as text, and type it again\n"
    )


def test_a_number_for_a_day_says_how_to_correct_it(needfix: Needfix, tmp_path: Path) -> None:
    err = wrong(needfix, workbook(tmp_path / "builds.xlsx", [[*LEVEL, None, None, 45363]]))
    assert err.endswith("    hint: format the column as a date\n")


def test_standard_input(needfix: Needfix, tmp_path: Path) -> None:
    data = workbook(tmp_path / "builds.xlsx", [LEVEL]).read_bytes()
    ran = needfix("import", "builds", "-", "--output", tmp_path / "out", stdin=data)
    assert ran.code == 0


def test_without_openpyxl_the_install_line_is_shown(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name.partition(".")[0] == "openpyxl":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    assert wrong(needfix, file) == (
        "needfix: a workbook needs openpyxl, which is not installed\n"
        "    hint: pip install 'needfix[xlsx]', or save the sheet as CSV\n"
    )


def test_csv_is_read_without_openpyxl(needfix: Needfix, tmp_path: Path) -> None:
    loaded = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("openpyxl")}
    assert import_builds(needfix, tmp_path / "out", MAIL).code == 0
    assert not any(name.startswith("openpyxl") for name in sys.modules)
    sys.modules.update(loaded)


# ---- workbooks that are none, or dangerous


def with_part(file: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Rewrite a part of a workbook."""
    with zipfile.ZipFile(file) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in parts.items():
            archive.writestr(one, data)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/other.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_are_read(
    needfix: Needfix, tmp_path: Path, part: str, encoding: str
) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    with_part(file, part, lambda _: LAUGHS.decode().encode(encoding))
    err = wrong(needfix, file)
    assert err.startswith(f"builds.xlsx:1: {part} in the workbook has a document type, as nothing from Excel")


def test_a_workbook_that_unpacks_to_too_much(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    with_part(file, "xl/media/big.bin", lambda _: bytes(limits.TABLE_WORKBOOK_BYTES))
    assert file.stat().st_size < limits.TABLE_FILE_BYTES
    assert "builds.xlsx:1: the workbook unpacks to more than 64 MiB" in wrong(needfix, file)


def test_a_workbook_of_too_many_parts(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(limits.TABLE_WORKBOOK_PARTS):
            archive.writestr(f"xl/{number}", b"")
    assert "builds.xlsx:1: the workbook unpacks to more than" in wrong(needfix, file)


def test_a_table_with_too_many_columns_or_rows(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"c{number}" for number in range(limits.TABLE_COLUMNS + 20)]
    file = tmp_path / "builds.xlsx"
    book = openpyxl.Workbook()
    book.active.append(many)
    book.save(file)
    assert "the table has 101 columns; expected at most 100" in wrong(needfix, file)
    for module in ("cells", "workbook"):
        monkeypatch.setattr(f"needfix.importing.builds.{module}.TABLE_ROWS", 2)
    assert "the table has more than 2 rows\n    hint: split it by product" in wrong(
        needfix, workbook(file, [LEVEL] * 9)
    )


def test_a_cell_far_away_costs_nothing(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="99999999999"><c><v>1</v></c></row>'
    with_part(
        file, "xl/worksheets/sheet1.xml", lambda text: text.replace(b"</sheetData>", far + b"</sheetData>")
    )
    assert imported(needfix, file).code == 0


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as own:
        for name, data in parts.items():
            own.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive(a=b"b"), "the file is an archive and no workbook; expected a workbook in XLSX"),
        (archive(xl__workbook=b""), "the workbook cannot be read (KeyError: "),
        (b"PK\x03\x04 and no more", "the archive of the workbook is damaged or protected (File is not a zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the file is a document of Excel or another office program"),
    ],
)
def test_files_that_are_no_workbooks(needfix: Needfix, tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "builds.xlsx"
    file.write_bytes(data)
    assert f"builds.xlsx:1: {message}" in wrong(needfix, file)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_a_problem(needfix: Needfix, tmp_path: Path, packing: int) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    with zipfile.ZipFile(file) as old:
        parts = {one.filename: old.read(one) for one in old.infolist()}
    with zipfile.ZipFile(file, "w", packing) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    data = bytearray(file.read_bytes())
    start = data.index(b"xl/worksheets/sheet1.xml") + 36
    data[start : start + 60] = (byte ^ 0x33 for byte in data[start : start + 60])
    file.write_bytes(data)
    assert "builds.xlsx:1: the archive of the workbook is damaged or protected (" in wrong(needfix, file)


@pytest.mark.parametrize("encoding", ["nonsense", "hex", "utf-7"])
def test_a_part_in_an_encoding_that_is_not_known_is_a_problem(
    needfix: Needfix, tmp_path: Path, encoding: str
) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    part = f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode()
    with_part(file, "docProps/app.xml", lambda _: part)
    err = wrong(needfix, file)
    assert "builds.xlsx:1: docProps/app.xml in the workbook has an encoding that cannot be read (" in err


def test_a_damaged_sheet_is_a_problem(needfix: Needfix, tmp_path: Path) -> None:
    file = workbook(tmp_path / "builds.xlsx", [LEVEL])
    with_part(file, "xl/worksheets/sheet1.xml", lambda text: text[: len(text) // 2])
    assert "builds.xlsx:1: the workbook cannot be read (ParseError: " in wrong(needfix, file)

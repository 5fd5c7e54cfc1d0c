"""Mistakes in tables: each with its place, all at once, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from needfix.intake.limits import TABLE_COLUMNS, TABLE_FILE_BYTES, TABLE_ROWS
from tests.importing.builds.support import MAIL, import_builds
from tests.support import Needfix

HEADER = "product,level,build,update,kb,released,supported_until,advisories,severity,kind,title,reference\n"


def wrong(needfix: Needfix, folder: Path, table: str, *words: str) -> str:
    ran = import_builds(needfix, folder, table, *words)
    assert (ran.code, ran.out) == (2, "")
    assert not folder.exists()
    return ran.err.replace(f"{folder.parent}/", "")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,CU1,1.0.1", "2:3: 'CU1' is no level with its version; expected a level such as 2019 CU14"),
        ("a,1.0,1.x", "2:7: '1.x' is not a build; expected a build such as 15.2.1544.9"),
        ("a,1.0,7a", "2:7: '7a' is not a build; expected a build such as 15.2.1544.9"),
        ("a,1.0,1.0.1,,,soon", "2:15: 'soon' is no date; expected a date such as 2024-03-12"),
        ("a,1.0,1.0.1,,,2024-02-31", "2:15: '2024-02-31' is no date; expected a date such as 2024-03-12"),
        ("a,1.0,1.0.1,U 1", "2:13: 'U 1' is no id of a rule; expected an id such as Exchange-Mar24SU"),
        ("a,1.0,,U1", "2:8: the update has no build; expected a build in the column build"),
        ("a,1.0,1.0.1,U1,KB12", "2:16: 'KB12' cannot be read; expected the number or the id of an article"),
        ("a,1.0,1.0.1,U1,,,,C/1", "2:19: 'C/1' cannot be read; expected the id of an advisory"),
        ("a,1.0,1.0.1,U1,,,,,grave", "2:20: 'grave' is not one of the words; expected one of critical, "),
        (
            "a,1.0,1.0.1,U1,,,,,,secure",
            "2:21: 'secure' is not one of the words; expected one of security, hot",
        ),
        ("a,1.0,1.0.1,U1,,,,,,,,ftp://x", "2:23: 'ftp://x' is no address; expected an address that begins"),
        ("a,1.0,1.0.1,,,,,CVE-1", "2:17: the row describes a level, and has advisories"),
        ('"a,1.0', "2:1: a quote in this cell is not closed at its end"),
        ('a,"1.0"x,1.0.1', "2:3: a quote in this cell is not closed at its end"),
        ("a,,1.0.1", "2: the row has no level; expected a level"),
        (",1.0,1.0.1", "2: the row has no product; expected a product"),
        ("!,1.0,1.0.1", "2:1: '!' is no name of a product; expected an id or a name"),
        (f"a,1.0,1.0.1{',' * 9},x,y", "2:22: the row has 14 cells, and the header 12 columns"),
    ],
)
def test_a_cell_that_cannot_be_read(needfix: Needfix, tmp_path: Path, row: str, message: str) -> None:
    assert f"table.csv:{message}" in wrong(needfix, tmp_path / "out", f"{HEADER}{row}\n")


def test_every_mistake_at_once_in_the_order_of_the_file(needfix: Needfix, tmp_path: Path) -> None:
    err = wrong(needfix, tmp_path / "out", f"{HEADER}a,CU1,1.x\nb,1.0,1.0.1,,,soon\n")
    assert [line.split(" ")[0] for line in err.splitlines() if not line.startswith("    ")] == [
        "table.csv:2:3:",
        "table.csv:2:7:",
        "table.csv:3:15:",
    ]


MAIL_LEVELS = "m,2019 CU1,15.2.330.5\nm,2019 CU2,15.2.397.3\n"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("m,2019 CU1,15.2.330.6", "4:12: the level 2019 CU1 has another build than in table.csv:2:12"),
        (
            "m,2019 CU1,15.2.330.7,U1\nm,2019 CU1,15.2.330.8,U1",
            "5:12: U1 at 2019 CU1 has another build than in table.csv:4:12",
        ),
        ("m,2019 CU3,15.2.397.3", "4:12: 2019 CU3 has the build of 2019 CU2, 15.2.397.3"),
        ("m,2019 CU3,15.2.390.1", "4:12: 2019 CU3 has the build 15.2.390.1, and 2019 CU2 has 15.2.397.3"),
        ("m,2019 CU0,15.2.100.1", "4:3: the level 2019 CU0 is listed after 2019 CU2"),
        (
            "m,2019 CU1,15.2.397.4,U1",
            "4:12: U1 has the build 15.2.397.4; the builds of 2019 CU1 begin at 15.2.330.5, and those of",
        ),
        ("m,2019 CU2,15.2.397.1,U1", "4:12: U1 has the build 15.2.397.1; the builds of 2019 CU2 begin at"),
        ("m,2019 CU3,15.2.464.7,U1", "4:3: no row and no definition has the level 2019 CU3 of m"),
        (
            "n,1.0,1.0.1\nm,2019 CU1,15.2.330.7,U1\nn,1.0,1.0.2,U1",
            "6:1: U1 is an update of m in table.csv:5; expected one product for each update",
        ),
        (
            "m,2019 CU1,15.2.330.7,U1,,,,,low\nm,2019 CU2,15.2.397.5,U1,,,,,critical",
            "5:30: U1 has another severity than in table.csv:4:30; expected one severity for each update",
        ),
    ],
)
def test_rows_that_contradict_each_other(needfix: Needfix, tmp_path: Path, rows: str, message: str) -> None:
    assert f"table.csv:{message}" in wrong(needfix, tmp_path / "out", f"{HEADER}{MAIL_LEVELS}{rows}\n")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("a,b\n1,2\n", "table.csv:1: there is no column product or level or build (it has a, b)"),
        (
            "product,level,biuld\n",
            "table.csv:1:15: 'biuld' is not a known column\n    hint: did you mean build?",
        ),
        ("product,level,build,Build\n", "table.csv:1:21: the column 'Build' is there twice"),
        ("product,level,build,version\n", "table.csv:1:21: two columns hold the first build of the level"),
        ("\n \n", ":1: the file is empty"),
        ('{"a": 1}', "table.json:1:1: there is no list of rows; expected a list of objects"),
        ("[1]", "table.json:1:2: this is not an object; expected a row"),
        ('[{"product": {"a": 1}}]', "table.json:1:14: product holds objects or lists of lists"),
        ('[{"product": "a", "product": "b"}]', 'table.json:1:19: the key "product" is written twice'),
        ('[{"product": ', "table.json:2:1: this is not valid YAML"),
    ],
)
def test_tables_that_are_none(needfix: Needfix, tmp_path: Path, table: str, message: str) -> None:
    assert message in wrong(needfix, tmp_path / "out", table)


def test_limits(needfix: Needfix, tmp_path: Path) -> None:
    out = tmp_path / "out"
    rows = "".join(f"m,1.0,1.0.{number},U{number}\n" for number in range(TABLE_ROWS + 1))
    assert f"the table has more than {TABLE_ROWS} rows" in wrong(needfix, out, HEADER + rows)
    columns = ",".join(f"c{number}" for number in range(TABLE_COLUMNS + 1))
    assert f"the table has {TABLE_COLUMNS + 1} columns" in wrong(needfix, out, columns)
    assert "the file is larger than 8 MiB" in wrong(needfix, out, HEADER + "x" * TABLE_FILE_BYTES)


def test_bytes_that_are_not_utf_8(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(b"product,level,build\nm\xe9,1.0,1.0.1\n")
    ran = needfix("import", "builds", file, "--output", tmp_path / "out")
    assert (ran.code, ran.err) == (
        2,
        f"{file}:2: the byte 0xe9 is not UTF-8; expected UTF-8 text\n    hint: save the file as UTF-8\n",
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--map", "x"], "--map x: no column and key"),
        (
            ["--map", "x=adviseries"],
            "--map x=adviseries: there is no key 'adviseries'\n    hint: did you mean advisories?",
        ),
        (["--products", "table.csv"], "table.csv is not a folder"),
    ],
)
def test_words_that_make_no_sense(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in wrong(needfix, tmp_path / "out", MAIL, *words)


def test_a_folder_whose_rules_cannot_be_read_is_left_as_it_is(needfix: Needfix, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "broken.yaml").write_text("needfix: 1\nid: Q1\n")
    ran = import_builds(needfix, out, MAIL)
    assert ran.code == 2
    assert "broken.yaml:1:1" in ran.err
    assert [file.name for file in out.iterdir()] == ["broken.yaml"]


def test_a_damaged_table_of_earlier_imports(needfix: Needfix, tmp_path: Path) -> None:
    out = tmp_path / "out"
    import_builds(needfix, out, MAIL)
    state = out / "imported-builds.csv"
    state.write_text(state.read_text().replace("15.2.221.12", "?"))
    before = sorted(file.read_bytes() for file in out.rglob("*.yaml"))
    ran = import_builds(needfix, out, MAIL + "exampla-mail,2019 CU9,15.2.858.5,,,,,,,\n")
    assert ran.code == 2
    assert "imported-builds.csv:1: this file keeps what was imported, and cannot be read" in ran.err
    assert sorted(file.read_bytes() for file in out.rglob("*.yaml")) == before


def test_another_file_has_the_name_of_a_rule(needfix: Needfix, tmp_path: Path) -> None:
    out = tmp_path / "out"
    import_builds(needfix, out, MAIL)
    (out / "Mail-Apr19.yaml").rename(out / "april.yaml")
    (out / "Mail-Jul19.yaml").rename(out / "Mail-Apr19.yaml")
    (out / "Mail-Nov19.yaml").write_text(
        (out / "april.yaml").read_text().replace("Mail-Apr19", "Mail-Apr19b")
    )
    row = "exampla-mail,2019 CU2,15.2.397.9,Mail-Nov19,,,,,,\n"
    ran = import_builds(needfix, out, MAIL + row)
    assert ran.code == 2
    assert "Mail-Nov19.yaml:1: this file is there and does not hold the rule Mail-Nov19" in ran.err

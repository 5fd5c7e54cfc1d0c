"""Values as they are read, the same from every format, one server at a time and in columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

import needfix
from needfix import fleet
from needfix.errors import InventoryError
from needfix.fleet.records import SCHEMA
from tests.support import Needfix
from tests.support.catalogues import rule, write

Record = dict[str, Any]


def flat(record: Record) -> list[dict[str, str]]:
    """The rows of a record in a table."""
    own = {
        "server": record["server"],
        "product": record["products"][0]["name"],
        "level": record["products"][0]["level"],
        "complete": ";".join(record.get("complete", [])),
    }
    return [
        {**own, "file": f.get("name", ""), **{key: f.get(key, "") for key in ("path", "version", "size")}}
        for f in record.get("files") or [{}]
    ]


def as_csv(path: Path, record: Record) -> None:
    rows = flat(record)
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, rows[0].keys())
        table.writeheader()
        table.writerows(rows)


WRITERS: dict[str, Callable[[Path, Record], object]] = {
    "i.json": lambda path, record: path.write_text(json.dumps([record]), encoding="utf-8"),
    "i.jsonl": lambda path, record: path.write_text(json.dumps(record), encoding="utf-8"),
    "i.yaml": lambda path, record: path.write_text(yaml.safe_dump(record), encoding="utf-8"),
    "i.csv": as_csv,
    "native.parquet": lambda path, record: pq.write_table(pa.Table.from_pylist([record], SCHEMA), path),
    "plain.parquet": lambda path, record: pq.write_table(
        pa.Table.from_pylist([record], SCHEMA), path, use_dictionary=False
    ),
    "tall.parquet": lambda path, record: pq.write_table(pa.Table.from_pylist(flat(record)), path),
}
FORMATS = pytest.mark.parametrize("form", WRITERS)


def record(*files: Record, **keys: Any) -> Record:  # noqa: ANN401
    product = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
    return {"server": "MAIL01", "products": [product], "files": list(files), "complete": ["files"], **keys}


def decided(folder: Path, form: str, facts: Record) -> set[str]:
    """What is decided of an inventory in this format, one server at a time and in columns."""
    catalogue = needfix.load_catalogue(write(folder / "rules", rule()))
    path = folder / form
    WRITERS[form](path, facts)
    singly = {one.decision for one in needfix.evaluate(catalogue, needfix.read_inventory(path))}
    tables = fleet.decisions(catalogue, path)
    return singly | {row["decision"] for table in tables for row in table.to_pylist()}


@FORMATS
@pytest.mark.parametrize(
    "name",
    [
        r"C:\mail\bin\info.dll",
        "/mnt/c/mail/bin/info.dll",
        "bin/INFO.DLL",
        "C:info.dll",
        '="info.dll"',
        '"info.dll"',
        '""info.dll""',
        "'Info.dll'",
        r'="C:\mail\info.dll"',
        " info.dll ",
    ],
)
def test_a_name_may_be_a_path_and_may_have_signs_around_it(tmp_path: Path, form: str, name: str) -> None:
    facts = record({"name": name, "version": '"5.5.2653.1"'})
    assert decided(tmp_path, form, facts) == {"fix-required"}


@FORMATS
def test_a_name_that_is_a_path_has_that_path_unless_another_is_stated(tmp_path: Path, form: str) -> None:
    WRITERS[form](
        tmp_path / form,
        record(
            {"name": r"C:\a\x.dll"},
            {"name": r"C:\b\y.dll", "path": '="D:\\c\\y.dll"'},
            {"path": r"'E:\z.dll'"},
        ),
    )
    (server,) = needfix.read_inventory(tmp_path / form)
    assert [(copy.name, copy.path) for copy in server.files] == [
        ("x.dll", r"C:\a\x.dll"),
        ("y.dll", r"D:\c\y.dll"),
        ("z.dll", r"E:\z.dll"),
    ]


@FORMATS
def test_signs_around_other_values_are_taken_off(tmp_path: Path, form: str) -> None:
    facts = record({"name": "Info.dll", "version": '="5.5.2654.10"'}, server='="MAIL01"')
    facts["products"] = [{"name": '"Contoso Mail Server"', "level": "'5.5 SP4'"}]
    assert decided(tmp_path, form, facts) == {"fix-present"}


def test_a_message_is_read_as_it_is_written(tmp_path: Path) -> None:
    for form in ("i.json", "i.jsonl", "i.yaml"):
        path = tmp_path / form
        WRITERS[form](path, {"server": "A", "events": [{"source": '"MSMail"', "message": '"dead"'}]})
        (server,) = needfix.read_inventory(path)
        assert [(event.source, event.message) for event in server.events or ()] == [("MSMail", '"dead"')]


@FORMATS
@pytest.mark.parametrize("files", ["nothing", "null", "empty"])
def test_a_complete_list_of_no_files_is_a_problem_of_the_record(
    tmp_path: Path, needfix: Needfix, form: str, files: str
) -> None:
    facts = record()
    if files == "nothing":
        del facts["files"]
    elif files == "null":
        facts["files"] = None
    WRITERS[form](tmp_path / form, facts)
    for command in ("jsonl", "summary"):
        ran = needfix("evaluate", tmp_path / form, "--format", command)
        assert (ran.code, ran.out) == (2, "")
        assert 'complete has "files", and the record lists no file' in ran.err
        assert f"{form}:" in ran.err


def test_a_table_without_a_column_of_files_lists_none(tmp_path: Path, needfix: Needfix) -> None:
    for name in ("a.csv", "b.parquet"):
        rows = [{"server": "MAIL01", "product": "Contoso", "Executable": "x.dll", "complete": "files"}]
        if name.endswith("csv"):
            text = "server,product,Executable,complete\nMAIL01,Contoso,x.dll,files\n"
            (tmp_path / name).write_text(text, encoding="utf-8")
        else:
            pq.write_table(pa.Table.from_pylist(rows), tmp_path / name)
        ran = needfix("evaluate", tmp_path / name, "--format", "summary")
        assert (ran.code, ran.out) == (2, "")
        assert "lists no file" in ran.err


def test_the_other_records_are_decided_where_the_run_keeps_going(tmp_path: Path, needfix: Needfix) -> None:
    good = record({"name": "x.dll"}, server="GOOD")
    text = "\n".join(map(json.dumps, (record(files=[]), good)))
    (tmp_path / "i.jsonl").write_text(text, encoding="utf-8")
    ran = needfix("evaluate", tmp_path / "i.jsonl", "--format", "jsonl", "--keep-going", "--rule", "Q279798")
    assert ran.code == 2
    assert {json.loads(line)["server"] for line in ran.out.splitlines()} == {"GOOD"}


def test_a_server_made_in_code_is_refused_as_well() -> None:
    with pytest.raises(InventoryError, match=r"MAIL01.*lists no file"):
        needfix.Server("MAIL01", complete=frozenset({"files"}))

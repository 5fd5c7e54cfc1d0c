"""Each problem of a record says for programs what it is, of which server, and at which value."""

from __future__ import annotations

import csv
import io
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
from needfix.errors import PROBLEM_CODES, InputError, Problem

CATALOGUE = needfix.load_catalogue()
Found = tuple[str, str | None, str | None]


def refused(reading: Callable[[], object]) -> list[Found]:
    """The code, server and pointer of each problem."""
    with pytest.raises(InputError) as caught:
        reading()
    return [(one.code, one.server, one.pointer) for one in caught.value.problems]


def entry(key: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - what JSON can hold
    return {"server": "A", key: [values]}


RECORDS: list[tuple[dict[str, Any], Found]] = [
    (entry("files", name="Store.exe", verson="1.0"), ("unknown-key", "A", "/files/0/verson")),
    (entry("files", version="1.0"), ("missing-key", "A", "/files/0/name")),
    (entry("files", name="a.dll", size=-4), ("wrong-value", "A", "/files/0/size")),
    ({"server": "A", "files": "x"}, ("wrong-type", "A", "/files")),
    ({"server": "A", "files": [5]}, ("not-an-object", "A", "/files/0")),
    ({"server": "A", "complete": ["file"]}, ("unknown-word", "A", "/complete")),
    ({"server": "A", "complete": ["files"]}, ("wrong-value", "A", "/complete")),
    ({"server": "A", "files": [], "complete": ["files"]}, ("wrong-value", "A", "/complete")),
    ({"server": "A", "restart_pending": "maybe"}, ("wrong-value", "A", "/restart_pending")),
    (entry("counters", name="q", value="many"), ("wrong-value", "A", "/counters/0/value")),
    (entry("counters", name="q", value="1e999"), ("wrong-value", "A", "/counters/0/value")),
    (
        entry("counters", name="q", samples=[{"value": "x"}]),
        ("wrong-value", "A", "/counters/0/samples/0/value"),
    ),
    (entry("events", id=1), ("missing-key", "A", "/events/0/source")),
    (entry("events", source="x", id=-1), ("wrong-value", "A", "/events/0/id")),
    (entry("events", source="x", id=10**20), ("wrong-value", "A", "/events/0/id")),
    (entry("services", name="x", state={"x": 1}), ("wrong-type", "A", "/services/0/state")),
    (entry("hotfixes", a=1), ("wrong-type", "A", "/hotfixes/0")),
    (entry("products", name="", level="5.5"), ("missing-key", "A", "/products/0/name")),
    (entry("products", name="E", level=["5.5"]), ("wrong-type", "A", "/products/0/level")),
    ({"server": "A", "symptoms": {"observed": {"x": 1}}}, ("wrong-type", "A", "/symptoms/observed")),
    ({"server": "A", "symptoms": ["x"]}, ("not-an-object", "A", "/symptoms")),
    ({"server": "A", "prodcts": []}, ("unknown-key", "A", "/prodcts")),
    ({"server": "", "hotfixes": []}, ("missing-key", None, "/server")),
    ({"hotfixes": []}, ("missing-key", None, "/server")),
]


@pytest.mark.parametrize(("record", "found"), RECORDS)
def test_a_record_has_the_same_problems_wherever_it_is_read(
    tmp_path: Path, record: dict[str, Any], found: Found
) -> None:
    assert refused(lambda: needfix.Server.from_record(record)) == [found]
    texts = {
        "a.json": json.dumps([record]),
        "a.jsonl": json.dumps(record),
        "a.yaml": yaml.safe_dump([record]),
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert refused(lambda: list(needfix.read_inventory(path))) == [found]  # noqa: B023 - called at once
    for name in ("a.json", "a.jsonl"):
        path = tmp_path / name
        assert refused(lambda: fleet.summary(CATALOGUE, path)) == [found]  # noqa: B023 - called at once


TABLES: list[tuple[str, Found]] = [
    ("server,file,version,verson\nA,x,1.0,2\n", ("unknown-key", None, "/verson")),
    ("file,version\nStore.exe,1.0\n", ("missing-key", None, "/server")),
    ("server,file,version\n,Store.exe,1.0\n", ("missing-key", None, "/server")),
    ("server,file,version,complete\nA,x,1.0,file\n", ("unknown-word", "A", "/complete")),
    ("server,product,level,complete\nA,E,5.5,files\n", ("wrong-value", "A", "/complete")),
    ("server,counter,value\nA,q,many\n", ("wrong-value", "A", "/value")),
    ("server,value\nA,4\n", ("missing-key", "A", "/counter")),
    ("server,file,size\nA,x,-3\n", ("wrong-value", "A", "/size")),
    ("server,event_source,event_id\nA,x,-3\n", ("wrong-value", "A", "/event_id")),
    ("server,service,state\nA,,running\n", ("missing-key", "A", "/service")),
    ("server,version\nA,1.0\n", ("missing-key", "A", "/file")),
    ("server,level\nA,5.5\n", ("missing-key", "A", "/product")),
    ("server,file,version\nA,x,1\nB,x,1\nA,y,1\n", ("repeated-server", "A", "/server")),
]


@pytest.mark.parametrize(("text", "found"), TABLES)
def test_a_table_has_the_same_problems_in_csv_and_in_parquet(tmp_path: Path, text: str, found: Found) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(text))
    columns = {name: [row[place] or None for row in rows] for place, name in enumerate(header)}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    for name in ("a.csv", "a.parquet"):
        path = tmp_path / name
        assert refused(lambda: list(needfix.read_inventory(path))) == [found]  # noqa: B023 - called at once
        assert refused(lambda: fleet.summary(CATALOGUE, path)) == [found]  # noqa: B023 - called at once


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ({"server": ["A"], "size": [{"a": 1}]}, ("wrong-type", None, "/size")),
        ({"server": ["A"], "file": ["x"], "File": ["y"]}, ("duplicate-key", None, "/file")),
        (
            {"server": ["A"], "files": [[{"name": "x", "version": [1]}]]},
            ("wrong-type", None, "/files/version"),
        ),
        (
            {"server": ["A"], "files": [[{"name": "x", "verson": "1"}]]},
            ("unknown-key", None, "/files/verson"),
        ),
    ],
)
def test_columns_of_parquet(tmp_path: Path, table: dict[str, Any], found: Found) -> None:
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    assert refused(lambda: fleet.summary(CATALOGUE, tmp_path / "a.parquet")) == [found]


def test_two_columns_of_one_name_in_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("server,file,File\nA,x,y\n", encoding="utf-8")
    assert refused(lambda: list(needfix.read_inventory(tmp_path / "a.csv"))) == [
        ("duplicate-key", None, "/file")
    ]


def test_every_code_that_is_used_has_a_meaning() -> None:
    used = {found[0] for _, found in (*RECORDS, *TABLES)}
    assert used <= PROBLEM_CODES.keys()
    assert Problem(needfix.Position("x", 1), "wrong").code == "invalid"

"""Servers that have several records on a cluster: found in whatever files, refused or united."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv as pc
from pyspark.sql import SparkSession

import needfix
from needfix.errors import Problem
from needfix.fleet.api import summary as on_one_machine
from needfix.model.document import Summary
from needfix.model.run_request import RunRequest
from needfix.spark import evaluate, problems
from needfix.spark.run import SparkRun, evaluate_on
from tests.spark.support import Record, fleet, write_lines, write_native

pytestmark = pytest.mark.usefixtures("cluster")
MASTER = "local-cluster[2,1,1024]"


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """Three files, of which two have a record each of two servers, in other case."""
    folder = tmp_path / "fleet"
    folder.mkdir()
    records = fleet(60)
    write_native(records[:30], folder / "a.parquet")
    write_lines(records[30:], folder / "b.jsonl")
    newer: list[Record] = [
        {**record, "server": record["server"].lower(), "collected": "2002-05-09T08:00:00Z"}
        for record in (records[40], records[7])
    ]
    write_lines(newer, folder / "c.jsonl")
    return folder


def run(
    catalogue: needfix.Catalogue, inventory: Path, *, keep_going: bool = False, join: bool = False
) -> SparkRun:
    return evaluate_on(MASTER, catalogue, RunRequest((str(inventory),), keep_going=keep_going, join=join))


def counted(summary: Summary) -> object:
    return summary.servers, summary.rules


def test_several_records_of_a_server_stop_the_run(catalogue: needfix.Catalogue, inventory: Path) -> None:
    ran = run(catalogue, inventory)
    assert ran.summary.bad_records == 2
    assert [str(problem.at) for problem in ran.problems] == [
        f"{inventory}/c.jsonl:1",
        f"{inventory}/c.jsonl:2",
    ]
    assert [problem.what.partition(";")[0] for problem in ran.problems] == [
        f"mail00040 has another record at {inventory}/b.jsonl:11",
        f"mail00007 has another record at {inventory}/a.parquet:8",
    ]


def test_none_of_them_is_evaluated_where_the_run_keeps_going(
    catalogue: needfix.Catalogue, inventory: Path
) -> None:
    ran = run(catalogue, inventory, keep_going=True)
    found: list[Problem] = []
    single = on_one_machine(catalogue, inventory, on_problem=found.append)
    assert ran.summary.servers == 58
    assert counted(ran.summary) == counted(single)
    assert ran.summary.bad_records == single.bad_records == 2


def test_they_are_united_as_on_one_machine(catalogue: needfix.Catalogue, inventory: Path) -> None:
    ran = run(catalogue, inventory, join=True)
    assert ran.problems == ()
    single = on_one_machine(catalogue, inventory, join=True)
    assert ran.summary.servers == 60
    assert counted(ran.summary) == counted(single)
    assert ran.summary.contradictions.get("records-disagree", 0) == single.contradictions.get(
        "records-disagree", 0
    )


NIGHTS = {
    "server": ["S", "S", "T", "S", "t"],
    "collected": ["2002-05-09", "2002-05-10", "2002-05-09", None, "2002-05-09"],
    "product": ["Exchange", "Exchange", "Exchange", None, None],
    "level": ["5.5 SP4", "5.5 SP4", "5.5 SP4", None, None],
    "file": ["Store.exe", "Store.exe", "Store.exe", "Mad.exe", "Mad.exe"],
    "version": ["5.5.2653.23", "5.5.2654.29", "5.5.2653.23", "5.5.2653.10", "5.5.2653.10"],
    "complete": ["files", "files", "files", None, "files"],
}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_nights_of_a_table_are_united_as_on_one_machine(
    catalogue: needfix.Catalogue, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"a.{ending}"
    if ending == "parquet":
        pq.write_table(pa.table(NIGHTS), path)
    else:
        pc.write_csv(pa.table(NIGHTS), path)
    ran = run(catalogue, path, join=True)
    single = on_one_machine(catalogue, path, join=True)
    assert ran.problems == ()
    assert ran.summary.servers == 2
    assert counted(ran.summary) == counted(single)
    assert ran.summary.contradictions == single.contradictions


def test_rows_of_a_data_frame(cluster: SparkSession, catalogue: needfix.Catalogue) -> None:
    frame = cluster.createDataFrame([("MAIL01",), ("MAIL02",), ("mail01",)], "server string")
    found = evaluate(frame, catalogue, keep_going=True)
    assert {row.server for row in found.where("rule is not null").collect()} == {"MAIL02"}
    texts = sorted(row.problem for row in problems(frame, catalogue).collect())
    assert [text.partition(";")[0] for text in texts] == [
        "server MAIL01: MAIL01 has 2 records",
        "server mail01: mail01 has 2 records",
    ]


def test_rows_of_one_server_in_several_tables_are_several_records(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    rows = {"server": ["A", "S", "Z"], "collected": ["2002-05-09"] * 3, "product": ["Exchange"] * 3}
    more = {"server": ["s", "S", "T"], "file": ["Store.exe", "Mad.exe", "Store.exe"]}
    pq.write_table(pa.table(rows), tmp_path / "a.parquet")
    pq.write_table(pa.table({**more, "collected": ["2002-05-09"] * 3}), tmp_path / "b.parquet")
    ran = run(catalogue, tmp_path)
    assert [str(problem.at) for problem in ran.problems] == [f"{tmp_path}/b.parquet:1"]
    assert "has another record at" in ran.problems[0].what
    kept = run(catalogue, tmp_path, keep_going=True)
    found: list[Problem] = []
    single = on_one_machine(catalogue, tmp_path, on_problem=found.append)
    assert kept.summary.servers == 3
    assert counted(kept.summary) == counted(single)
    assert kept.summary.bad_records == single.bad_records == len(found) == 1
    united = run(catalogue, tmp_path, join=True)
    assert united.summary.servers == 4
    assert united.problems == ()


def test_unknown_columns_of_a_strict_run_are_problems_beside_decisions(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"server": ["A"], "file": ["a.dll"], "colour": ["red"]}), tmp_path / "a.parquet")
    request = RunRequest((str(tmp_path),), keep_going=True, is_strict=True)
    ran = evaluate_on(MASTER, catalogue, request)
    assert (ran.summary.servers, ran.summary.bad_records) == (1, 1)
    assert [problem.code for problem in ran.problems] == ["unknown-column"]

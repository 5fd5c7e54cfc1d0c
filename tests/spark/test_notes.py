"""Notes on a cluster are those of one machine."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import needfix
from needfix import fleet
from needfix import spark as needfix_spark
from needfix.fleet.records import batch_of
from needfix.spark import RunRequest, evaluate_on
from tests.support.random_rules import random_catalogue
from tests.support.random_servers import random_server

MASTER = "local-cluster[2,1,1024]"
Counted = dict[str, tuple[int, tuple[str, ...]]]


def counted(notes: Any) -> Counted:  # noqa: ANN401 - an iterable of notes
    return {note.code: (note.count, note.words) for note in notes}


@pytest.fixture(scope="module")
def drawn() -> tuple[needfix.Catalogue, list[needfix.Server]]:
    random = Random(5)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    return catalogue, [random_server(random, catalogue, f"S{number:03}") for number in range(200)]


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".json"])
def test_the_notes_of_a_run(
    cluster: SparkSession,
    drawn: tuple[needfix.Catalogue, list[needfix.Server]],
    tmp_path: Path,
    ending: str,
) -> None:
    catalogue, servers = drawn
    path = tmp_path / f"fleet{ending}"
    records = [{**server.as_record(), "owner": "x"} for server in servers]
    if ending == ".parquet":
        table = pa.Table.from_batches([batch_of(servers)])
        pq.write_table(table.append_column("owner", pa.array(["x"] * len(servers))), path, row_group_size=40)
    elif ending == ".jsonl":
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    else:
        path.write_text(json.dumps(records), encoding="utf-8")
    out = tmp_path / "decisions"
    ran = evaluate_on(MASTER, catalogue, RunRequest((str(path),)), str(out))
    here = fleet.summary(catalogue, path)
    assert counted(ran.summary.notes) == counted(here.notes)
    assert {note.file for note in ran.summary.notes} == {str(path)}
    assert ran.summary.contradictions == here.contradictions != {}
    header = json.loads((out / "_needfix").read_text(encoding="utf-8"))
    assert header["notes"] == [note.as_dict() for note in ran.summary.notes]
    assert cluster is not None


def test_the_notes_of_a_data_frame(
    cluster: SparkSession, drawn: tuple[needfix.Catalogue, list[needfix.Server]], tmp_path: Path
) -> None:
    catalogue, servers = drawn
    table = pa.Table.from_batches([batch_of(servers)])
    path = tmp_path / "fleet.parquet"
    pq.write_table(table.append_column("owner", pa.array(["x"] * len(servers))), path)
    df = cluster.read.parquet(str(path)).repartition(3)
    rows = needfix_spark.notes(df, catalogue).collect()
    found = {row.code: (row["count"], tuple(row.words)) for row in rows}
    assert found == counted(fleet.summary(catalogue, path).notes)


def test_strict_leaves_records_out(cluster: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "fleet.jsonl"
    records = [
        {"server": "A", "products": [{"name": "Exchange Server", "platform": "misc"}]},
        {"server": "B", "owner": "x"},
        {"server": "C"},
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    request = RunRequest((str(path),), keep_going=True, is_strict=True)
    ran = evaluate_on(MASTER, needfix.load_catalogue(), request)
    assert (ran.summary.servers, ran.summary.bad_records) == (1, 2)
    assert [problem.code for problem in ran.problems] == ["platform-unreadable", "unknown-key"]
    assert [str(problem.at) for problem in ran.problems] == [f"{path}:1", f"{path}:2"]
    assert cluster is not None

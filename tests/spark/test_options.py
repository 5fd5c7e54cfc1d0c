"""What the user states of inventories, on a cluster as on one machine: files, data frames, their columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import needfix
from needfix import fleet
from needfix.model.run_request import RunRequest
from needfix.spark import evaluate as on_spark
from needfix.spark import evaluate_on
from needfix.spark import notes as notes_of
from tests.support import Needfix

pytestmark = pytest.mark.usefixtures("cluster")
MASTER = "local-cluster[2,1,1024]"
RULE = "Q279798"
EXCHANGE = {"name": "Microsoft Exchange Server 5.5 SP4", "version": "5.5.2653.23", "publisher": "Microsoft"}
ZIP = {"name": "7-Zip", "version": "23.1", "publisher": "Pavlov"}
STORE = {"FullName": "C:\\exchsrvr\\bin\\Store.exe", "FileVersion": "5.5.2653.23"}


def counts(
    catalogue: needfix.Catalogue,
    folder: Path,
    stated: needfix.ReadingOptions | None = None,
    *,
    join: bool = False,
) -> dict[str, int]:
    """The decisions of one machine, which are those of the cluster."""
    stated = stated or {}
    here = fleet.summary(catalogue, folder, join=join, **stated)
    run = evaluate_on(MASTER, catalogue, RunRequest((str(folder),), join=join), None, **stated)
    assert run.problems == ()
    assert run.summary.rules == here.rules
    assert run.summary.servers == here.servers
    assert {note.code for note in run.summary.notes} == {note.code for note in here.notes}
    return {kind: here.decided(kind) for kind in needfix.DECISIONS}


def test_options_about_files(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    for name, programs in (("MAIL01", [EXCHANGE]), ("web.corp.example", [ZIP])):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "programs.json").write_text(json.dumps(programs))
        (folder / "files.json").write_text(json.dumps([STORE] if programs == [EXCHANGE] else []))
    (tmp_path / "ansi.csv").write_bytes("server,Größe,file\nMAIL01,1,Mäd.exe\n".encode("cp1252"))
    stated: needfix.ReadingOptions = {
        "server_name_from_path": True,
        "encoding": "cp1252",
        "short_names": True,
        "complete": "products",
    }
    after = counts(catalogue, tmp_path, stated, join=True)
    stated["complete"] = None
    before = fleet.summary(catalogue, tmp_path, join=True, **stated)
    assert before.decided("not-affected") < after["not-affected"]
    assert before.decided("fix-required") == after["fix-required"] > 0


def test_the_command_passes_its_options_on(command: Needfix, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Box,Thing\na.corp,store.exe\n")
    words = ("evaluate", tmp_path, "--rule", RULE, "--format", "summary-json", "--map", "Box=server")
    more = ("--map", "Thing=file", "--short-names")
    run = command(*words, *more, "--on", MASTER)
    assert (run.code, json.loads(run.out)["servers"]) == (0, 1), run.err


def test_parquet_under_several_names(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    tables = {
        "own": {"server": ["A", "B"], "file": ["Store.exe"] * 2, "version": ["5.5.2653.23"] * 2},
        "others": {"ComputerName": ["C", "D"], "file": ["Store.exe"] * 2, "FileVersion": ["5.5.2654.40"] * 2},
        "objects": {"PSComputerName": ["E", "F"], "HotFixID": ["KB1", "KB2"], "Description": ["", ""]},
        "native": {"Node": ["G"], "files": [[{"name": "Store.exe", "version": "5.5.2653.23"}]]},
    }
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    counts(catalogue, tmp_path)
    assert fleet.summary(catalogue, tmp_path).servers == 7


def test_lines_with_records_and_objects(
    catalogue: needfix.Catalogue, cluster: SparkSession, tmp_path: Path
) -> None:
    """Objects of a server may be in any block of the file."""
    rows = [
        {"name": "p", "hostIdentifier": host, "unixTime": 1_710_000_000 + number, "action": "added",
         "columns": {**ZIP, "name": f"Program {number}"}}
        for number in range(60) for host in ("A", "B")
    ]  # fmt: skip
    lines = [{"server": "MAIL01", "restart_pending": True}, *rows]
    (tmp_path / "mixed.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    cluster.conf.set("spark.sql.files.maxPartitionBytes", "4096")
    try:
        counts(catalogue, tmp_path)
    finally:
        cluster.conf.unset("spark.sql.files.maxPartitionBytes")
    assert fleet.summary(catalogue, tmp_path).servers == 3


@pytest.mark.parametrize(
    ("columns", "stated"),
    [
        ({"Computer": ["a.x", "B.y", "A.x"], "file": ["Store.exe", "Store.exe", "Mad.exe"],
          "File Version": ["5.5.2653.23", "5.5.2654.40", "5.5.1.1"]}, {"short_names": True}),
        ({"PSComputerName": ["A", "A", "B"], "Name": ["7-Zip", "Mail", "7-Zip"], "Version": ["1.0", "2", "3"],
          "Vendor": ["x", "x", "x"]}, {"complete": ["products"]}),
        ({"HostName": ["a.x", "10.1.2.3"], "KBs": [["KB279798"], []]},
          {"short_names": True, "max_age": "3d"}),
        ({"Box": ["A"], "Thing": ["Store.exe"]}, {"columns": {"Box": "server", "Thing": "file"}}),
    ],
)  # fmt: skip
def test_data_frames(
    catalogue: needfix.Catalogue,
    cluster: SparkSession,
    columns: dict[str, list[Any]],
    stated: needfix.ReadingOptions,
) -> None:
    table = pa.table(columns)
    ours: dict[str, set[str]] = {}
    for batch in fleet.decisions(catalogue, table, reasons="codes", join=True, **stated):
        for row in batch.to_pylist():
            ours.setdefault(row["server"].casefold(), set()).add(f"{row['rule']} {row['decision']}")
    frame = cluster.createDataFrame(table.to_pandas())
    found: dict[str, set[str]] = {}
    for row in on_spark(frame, catalogue, **stated).collect():
        found.setdefault(row.server.casefold(), set()).add(f"{row.rule} {row.decision}")
    assert found == ours
    if "columns" not in stated and "PSComputerName" not in columns:
        assert "read-as" in {row.code for row in notes_of(frame, catalogue, **stated).collect()}


def test_options_about_files_are_not_for_data_frames(
    catalogue: needfix.Catalogue, cluster: SparkSession
) -> None:
    frame = cluster.createDataFrame([("A",)], "server string")
    with pytest.raises(needfix.UsageError, match="sheet is about files"):
        on_spark(frame, catalogue, sheet="One")

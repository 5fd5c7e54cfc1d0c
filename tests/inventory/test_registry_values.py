"""Values of the registry mean the same in every format that inventories have."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

import needfix
from needfix import fleet
from needfix.fleet.records import batch_of
from tests.support.catalogues import catalogue_of, rule

VALUES: list[dict[str, Any]] = [
    {"path": r"HKLM:\SOFTWARE\Mail", "name": "Check", "value": "1", "view": "64"},
    {"path": r"HKLM\SOFTWARE\Wow6432Node\Mail", "name": "Check", "value": "0", "view": None},
]
RECORD: dict[str, Any] = {
    "server": "A", "products": [{"name": "Mail Server", "level": "5.5 SP4"}], "registry": VALUES,
    "complete": ["registry"],
}  # fmt: skip
CATALOGUE = catalogue_of(
    rule("Q1", fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1", "view": 64}}}]),
    rule("Q2", fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1"}}}]),
    rule("Q3", fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Other": {"present": False}}}]),
)
EXPECTED = {"Q1": "fix-present", "Q2": "fix-required", "Q3": "fix-present"}


def rows() -> list[dict[str, Any]]:
    """The record as a table has it: a row for each value."""
    own = [{f"registry_{key}": text for key, text in value.items()} for value in VALUES]
    shared = {"server": "A", "product": "Mail Server", "level": "5.5 SP4", "complete": "registry"}
    return [{**shared, **value} for value in own]


def files(folder: Path) -> list[Path]:
    (folder / "a.json").write_text(json.dumps(RECORD))
    (folder / "a.jsonl").write_text(json.dumps(RECORD) + "\n")
    (folder / "a.yaml").write_text(yaml.safe_dump(RECORD))
    with (folder / "a.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows()[0]))
        writer.writeheader()
        writer.writerows(rows())
    pq.write_table(pa.Table.from_pylist([RECORD]), folder / "native.parquet")
    pq.write_table(pa.Table.from_pylist(rows()), folder / "tall.parquet")
    return sorted(folder.iterdir())


def test_every_format_has_them(tmp_path: Path) -> None:
    for file in files(tmp_path):
        batches = fleet.decisions(CATALOGUE, file)
        rows_of = (row for batch in batches for row in batch.to_pylist())
        assert {row["rule"]: row["decision"] for row in rows_of} == EXPECTED, file
        if file.suffix != ".parquet":
            (server,) = needfix.read_inventory(file)
            assert server.registry == needfix.Server.from_record(RECORD).registry
            assert {one.rule: one.decision for one in needfix.evaluate(CATALOGUE, server)} == EXPECTED


def test_a_server_made_in_code_is_that_of_its_record() -> None:
    made = needfix.Server(
        "A",
        products=(needfix.InstalledProduct("Mail Server", "5.5 SP4"),),
        registry=tuple(needfix.RegistryValue(**value) for value in VALUES),
        complete=frozenset({"registry"}),
    )
    assert made == needfix.Server.from_record(RECORD)
    assert needfix.Server.from_record(made.as_record()) == made
    assert batch_of([made]).column("registry").to_pylist() == [VALUES]
    with pytest.raises(needfix.InventoryError, match="name"):
        needfix.RegistryValue(r"HKLM\SOFTWARE\Mail", "")


def test_an_empty_list_says_something_only_where_it_is_complete() -> None:
    read = needfix.Server.from_record
    assert read({"server": "A", "registry": []}).registry is None
    assert read({"server": "A", "registry": [], "complete": ["registry"]}).registry == ()

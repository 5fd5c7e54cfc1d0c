"""Characters without width around a value are no part of it, in every format."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
import needfix.fleet

MARKS = {
    "byte order mark": "\ufeff",
    "zero width": "\u200b",
    "soft hyphen": "\u00ad",
    "several": " \u200b\ufeff ",
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("form", ["json", "csv", "native", "tall", "code"])
def test_a_value_is_read_without_what_cannot_be_seen(tmp_path: Path, mark: str, form: str) -> None:
    name, product = f"{mark}Store.exe{mark}", f"{mark}Microsoft Exchange Server{mark}"
    row = {"server": "A", "product": product, "level": f"5.5 SP4{mark}", "file": name}
    row["version"] = f"{mark}5.5.2653.23"
    record = {
        "server": "A",
        "products": [{"name": product, "level": row["level"]}],
        "files": [{"name": name, "version": row["version"]}],
    }
    path = tmp_path / f"a.{'parquet' if form in ('native', 'tall') else form}"
    if form == "json":
        path.write_text(json.dumps(record), encoding="utf-8")
    elif form == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row.keys(), row.values()])
    elif form != "code":
        pq.write_table(pa.Table.from_pylist([record if form == "native" else row]), path)
    catalogue = needfix.load_catalogue()
    servers = [needfix.Server.from_record(record)] if form == "code" else needfix.read_inventory(path)
    (decision,) = needfix.evaluate(catalogue, servers, rules=["Q279798"])
    assert (decision.decision, decision.reasons[0].code) == ("fix-required", "file-below-minimum")
    if form != "code":
        found = needfix.fleet.summary(catalogue, path, rules=["Q279798"])
        assert found.rules["Q279798"] == {("fix-required", "confirm-symptoms"): 1}

"""Symptoms, hotfix lists and complete scopes in every format: in columns as for one server at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from fixtures.write_inventories import comma_csv
from needfix.fleet.engine import FleetEngine
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.records import batch_of
from needfix.fleet.run import FleetRun
from tests.fleet.support import counted, counts, single_rows
from tests.support.catalogues import NEW, OLD, Document, catalogue_of, fix, rule

EVENT = {"source": "MSMail", "id": 7, "contains": "queue is full"}
STATE = {"service": "MSMailIS", "state": "stopping"}
QUEUE = {"counter": "queue-length", "above": 100, "for": "10m"}


def symptom(name: str, *observe: Document) -> Document:
    return {"id": name, "text": "A symptom", "observe": list(observe)}


RULES = (
    rule(
        "Q100001", apply="if-symptoms", symptoms=[symptom("mail-waits", EVENT), symptom("store-hangs", STATE)]
    ),
    rule("Q100002", apply="if-symptoms", symptoms=[symptom("mail-waits", QUEUE)], affects=["5.5 SP2"]),
    rule("Q100003", requires=["Q999999", "Q100004"], fixes=[fix({"Other.dll": "2.0"})]),
    rule("Q100004", fixes=[fix({"Gate.dll": "2.0"})], supersedes=["Q100003"]),
    rule("Q100005", supersedes=["Q100004"]),
)
SCOPES = ("symptoms", "events", "services", "counters", "hotfixes")
EMPTY = {"symptoms": {"observed": []}, **{scope: [] for scope in SCOPES[1:]}}
FACTS: tuple[Document, ...] = (
    {},
    {"complete": list(SCOPES)},
    {"complete": list(SCOPES), **EMPTY},
    *({"complete": [scope], scope: EMPTY[scope]} for scope in SCOPES),
    *({"complete": list(SCOPES), **EMPTY, scope: None} for scope in SCOPES),
    {
        "complete": ["services", "events"],
        "events": [],
        "services": [{"name": "MSMailIS", "state": "Wird beendet"}],
    },
    {"complete": ["services", "events"], "events": [], "services": [{"name": "MSMailIS", "state": 3}]},
    {"complete": ["services", "events"], "services": [], "events": [{"source": "MSMail", "id": 7}]},
    {"complete": ["counters"], "counters": [{"name": "queue-length", "value": 140}]},
    {"complete": ["counters"], "counters": [{"name": "queue-length", "value": 140, "for": "N/A"}]},
    {"complete": ["symptoms"], "symptoms": {"absent": ["mail-waits"]}},
    {"complete": ["symptoms"], "symptoms": {"observed": ["N/A"]}},
    {"complete": ["symptoms"], "symptoms": {"observed": ["printer-jams"]}},
    {"complete": ["symptoms"], "symptoms": {"observed": [""]}},
    {"complete": ["symptoms"], "symptoms": {"observed": None, "absent": ["printer-jams"]}},
    {"complete": ["symptoms"], "symptoms": {"observed": ["not available"]}},
    {"complete": ["hotfixes"], "hotfixes": [""]},
    {"complete": ["hotfixes"], "hotfixes": ["Q100009", "to be determined"]},
    {"complete": ["counters"], "counters": [{"name": "queue-length"}]},
    {"complete": ["counters"], "counters": [{"name": "queue-length", "value": None}]},
    {"complete": ["counters"], "counters": [{"name": "queue-length", "value": "Unknown", "for": "15m"}]},
    {"complete": ["services", "events"], "events": [], "services": [{"name": "MSMailIS"}]},
    {"symptoms": {"observed": ["Q100002/mail-waits"], "absent": ["mail-waits"]}},
    {
        "symptoms": {"observed": ["mail-waits"]},
        "complete": ["events", "counters"],
        "events": [],
        "counters": [],
    },
    {"hotfixes": ["KB100001", "Q100002", "Q999999"]},
    {"hotfixes": ["KB100001"], "restart_pending": True},
    {"hotfixes": ["Q100003", "Unknown"], "complete": ["hotfixes", "files"]},
)


def records() -> list[Document]:
    """Every fact beside an old file, a new one and none, on an affected level and on another one."""
    found: list[Document] = []
    for level, store in (("5.5 SP4", "5.5.2653.23"), ("5.5 SP2", "5.5.2448.8")):
        for files in ([{"name": "Info.dll", "version": OLD}], [{"name": "Info.dll", "version": NEW}], []):
            others = [{"name": "Store.exe", "version": store}]
            others += [{"name": "Other.dll", "version": "1.0"}] if files else []
            for facts in FACTS:
                product = {"name": "Mail Server", "level": level, "edition": "Standard Edition"}
                name = f"S{len(found):03}"
                found.append({"server": name, "products": [product], "files": [*files, *others], **facts})
    return found


def json_lines(folder: Path) -> Path:
    path = folder / "fleet.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records()), encoding="utf-8")
    return path


def native_parquet(folder: Path) -> Path:
    path = folder / "fleet.parquet"
    servers = needfix.read_inventory(json_lines(folder))
    pq.write_table(pa.Table.from_batches([batch_of(servers)]), path)
    return path


def tall(folder: Path) -> Path:
    path = folder / "fleet.csv"
    path.write_bytes(comma_csv(records()))
    return path


@pytest.mark.parametrize("write", [json_lines, native_parquet, tall])
def test_a_file_is_decided_in_columns_as_server_by_server(tmp_path: Path, write: Any) -> None:  # noqa: ANN401
    path, catalogue = write(tmp_path), catalogue_of(*RULES)
    run = FleetRun(FleetEngine(catalogue))
    rows = [row for piece in pieces_of([str(path)]) for row in run.rows(piece).made.to_pylist()]
    every = single_rows(catalogue, list(needfix.read_inventory(path)))
    assert sorted(rows, key=_place) == sorted(every, key=_place)
    assert counts(run.summary()) == counted(every)
    actions = {(row["decision"], row["action"]) for row in rows}
    assert actions >= {
        ("not-affected", "investigate"),
        ("fix-required", "wait"),
        ("fix-required", "confirm-symptoms"),
        ("fix-required", "restart"),
        ("fix-required", "upgrade-first"),
    }


def _place(row: dict[str, Any]) -> tuple[str, str]:
    return row["server"], row["rule"]


def test_parquet_keeps_lists_that_are_not_stated_apart_from_empty_ones(tmp_path: Path) -> None:
    servers = list(needfix.read_inventory(json_lines(tmp_path)))
    assert list(needfix.read_inventory(native_parquet(tmp_path))) == servers

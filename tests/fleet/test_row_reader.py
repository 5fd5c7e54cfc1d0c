"""Records in columns that are bad are reported as the row reader reports them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import needfix
from needfix import fleet
from needfix.errors import Position
from needfix.fleet.engine import FleetEngine
from needfix.fleet.facts import Batch
from needfix.fleet.reading import others
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import limited
from needfix.fleet.records import SCHEMA, batch_of
from needfix.inventory import server_from_record
from needfix.model.server import CounterSample

GOOD: dict[str, Any] = {"server": "A", "products": [], "files": [{"name": "Store.exe"}]}
BAD: list[dict[str, Any]] = [
    {"server": None},
    {"server": "  "},
    {"server": "A\tB"},
    {"server": "A\x85B"},
    {"server": "A", "products": [{"level": "5.5"}]},
    {"server": "A", "products": [None]},
    {"server": "A", "files": [{"name": " "}]},
    {"server": "A", "files": [{"version": "1.0"}]},
    {"server": "A", "files": [{"name": "Store.exe", "size": -1}]},
    {"server": "A", "files": [{"name": "Store.exe", "size": 10**18}]},
    {"server": "A", "complete": ["filse"]},
    {"server": "A", "complete": [None]},
    {"server": "A", "hotfixes": ["Q279798", None]},
    {"server": "A", "symptoms": {"observed": [None]}},
    {"server": "A", "symptoms": {"absent": ["x", None]}},
    {"server": "A", "events": [{"id": 1}]},
    {"server": "A", "events": [{"source": "MSExchangeIS", "id": -1}]},
    {"server": "A", "services": [{"state": "running"}]},
    {"server": "A", "counters": [{"value": 1.0}]},
    {"server": "A", "counters": [{"name": "queue", "value": float("inf")}]},
    {"server": "A", "counters": [{"name": "queue", "value": 1.0, "for": "long"}]},
    {"server": "A", "counters": [{"name": "queue", "samples": [{"value": float("nan")}]}]},
]


@pytest.fixture(scope="module")
def engine() -> FleetEngine:
    return FleetEngine(needfix.load_catalogue())


@pytest.mark.parametrize("record", BAD, ids=str)
def test_a_bad_record_is_reported_and_its_neighbours_are_decided(
    engine: FleetEngine, record: dict[str, Any]
) -> None:
    batch = pa.RecordBatch.from_pylist([GOOD, record, GOOD], SCHEMA)
    decided = engine.decide(Batch(batch), lambda row: Position("fleet.parquet", row + 1))
    expected: list[needfix.Problem] = []
    server_from_record(batch.slice(1, 1).to_pylist()[0], Position("fleet.parquet", 2), expected)
    assert list(decided.problems) == expected != []
    assert decided.servers == 2


def test_a_sound_record_with_samples_is_decided(engine: FleetEngine) -> None:
    counters = [{"name": "queue", "samples": [{"at": "2000-01-01", "value": 1.0}]}]
    batch = pa.RecordBatch.from_pylist([{**GOOD, "counters": counters}], SCHEMA)
    decided = engine.decide(Batch(batch), lambda row: Position("fleet.parquet", row + 1))
    assert (decided.servers, decided.problems) == (1, ())


@pytest.mark.parametrize("seconds", [0.0, 90.0, 3600.0, 86_400.0 * 999_999_999])
def test_a_reading_keeps_how_long_it_held(seconds: float) -> None:
    server = needfix.Server("A", counters=(CounterSample("queue", 1.0, held_seconds=seconds),))
    read = server_from_record(batch_of([server]).to_pylist()[0], Position("fleet.parquet", 1), [])
    assert read == server


@pytest.mark.parametrize("records", [[], [{"server": None}], [{"server": None}, {"server": " "}]])
def test_a_batch_without_a_good_record_comes_to_nothing(records: list[dict[str, Any]]) -> None:
    engine = FleetEngine(needfix.load_catalogue())
    batch = Batch(pa.RecordBatch.from_pylist(records, SCHEMA))
    decided = engine.decide(batch, lambda row: Position("fleet.parquet", row + 1))
    assert (decided.servers, len(decided.problems)) == (0, len(records))
    assert not list(decided.blocks)


def test_a_server_that_the_row_reader_has_read_is_decided_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    many = [{"name": "Microsoft Exchange Server", "level": f"5.5 SP{pack}"} for pack in (3, 4) * 40]
    inventory = tmp_path / "fleet.yaml"
    inventory.write_text(json.dumps([{"server": "A"}, {"server": "B", "products": many}]), encoding="utf-8")
    pieces = list(pieces_of([inventory]))
    assert [server.server for piece in pieces for server in piece.servers.values()] == ["A", "B"]
    monkeypatch.delattr("needfix.fleet.engine.server_from_record")
    assert fleet.summary(needfix.load_catalogue(), inventory).servers == 2


def test_the_servers_of_a_piece_stay_with_their_rows() -> None:
    servers = [needfix.Server(name) for name in "ABCDE"]
    piece = others.piece_of(servers, "fleet.yaml", []).only(np.array([True, False, True, True, True]))
    parts = list(limited(piece, 3))
    found = [
        (part.records.column("server")[row].as_py(), server.server)
        for part in parts
        for row, server in part.servers.items()
    ]
    assert found == [("A", "A"), ("C", "C"), ("D", "D"), ("E", "E")]

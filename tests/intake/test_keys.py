"""Keys are read in any case, in every format, singly and as a fleet."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from needfix.errors import Problem
from needfix.fleet.reading import arrow
from needfix.fleet.servers import servers_of
from needfix.inventory import read_inventory
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import RunRequest
from needfix.model.server import CounterSample, FileCopy, Server
from tests.fleet.reading import support

TEXTS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    ".json": lambda record: json.dumps([record]).encode(),
    ".jsonl": lambda record: json.dumps(record).encode() + b"\n",
    ".yaml": lambda record: yaml.safe_dump(record, sort_keys=False).encode(),
}
RECORD = {
    "Server": "A",
    "Files": [{"NAME": "x", "Size": 3}, {"NAME": "y", "Size": None}],
    "COMPLETE": ["files"],
    "Counters": [{"Name": "q", "Samples": [{"At": None, "Value": 1.5}]}],
    "note": "kept",
}
SERVER = Server(
    "A",
    files=(FileCopy("x", size=3), FileCopy("y")),
    complete=frozenset({"files"}),
    counters=(CounterSample("q", 1.5),),
)


def read_both_ways(path: Path) -> tuple[list[Server], list[str]]:
    """The servers, and what is wrong: the same read singly and as a fleet."""
    alone: list[Problem] = []
    fleet: list[Problem] = []
    servers = [replace(server, at=None) for server in read_inventory(path, on_problem=alone.append)]
    together = [
        server
        for _, server in servers_of(RunRequest((str(path),)), lambda _: True, BadRecords(fleet.append))
        if server
    ]
    assert [replace(server, at=None) for server in together] == servers
    assert fleet == alone
    return servers, [problem.what for problem in alone]


@pytest.mark.parametrize("ending", TEXTS)
def test_keys_of_texts(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(TEXTS[ending](RECORD))
    assert read_both_ways(path) == ([SERVER], [])


def test_lines_of_json_in_several_cases(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"server": "A"}\n{"Server": "B"}\n{"SERVER": "C"}\n', encoding="utf-8")
    assert read_both_ways(path) == ([Server("A"), Server("B"), Server("C")], [])


def test_columns_of_arrow_and_parquet(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([RECORD])
    pq.write_table(table, tmp_path / "a.parquet")
    assert read_both_ways(tmp_path / "a.parquet") == ([SERVER], [])
    servers, problems = support.servers_of(arrow.pieces(table))
    assert ([replace(server, at=None) for _, server in servers], problems) == ([SERVER], [])


@pytest.mark.parametrize("ending", TEXTS)
@pytest.mark.parametrize(
    ("record", "key"),
    [
        ({"server": "A", "Server": "B"}, "server"),
        ({"SERVER": "A", "Server": "B", "sErver": "C"}, "server"),
        ({"server": "A", "files": [{"name": "x", "Name": []}]}, "files[0].name"),
        ({"server": "A", "Symptoms": {"observed": [], "Observed": ["s"]}}, "symptoms.observed"),
    ],
)
def test_a_key_in_two_cases_is_one_problem(
    tmp_path: Path, ending: str, record: dict[str, Any], key: str
) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(TEXTS[ending](record))
    assert read_both_ways(path) == ([], [f'the key "{key}" is written twice, in upper and lower case'])


@pytest.mark.parametrize("ending", TEXTS)
def test_a_key_that_is_not_known_may_be_there_in_two_cases(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(TEXTS[ending]({"server": "A", "remark": 1, "Remark": 2}))
    assert read_both_ways(path) == ([Server("A")], [])


@pytest.mark.parametrize("ending", TEXTS)
@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"Server": "A", "Files": [{"name": "x"}] * 6}, "files"),
        ({"Server": "A", "Symptoms": {"Observed": ["s"] * 6}}, "symptoms.observed"),
        ({"Server": "A", "Counters": [{"Name": "q", "Samples": [{"Value": 1}] * 6}]}, "counters"),
    ],
)
def test_limits_hold_in_any_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, record: dict[str, Any], name: str
) -> None:
    for module in ("inventory.lines", "fleet.reading.conform"):
        monkeypatch.setattr(f"needfix.{module}.ENTRIES", 5)
    path = tmp_path / f"a{ending}"
    path.write_bytes(TEXTS[ending](record))
    assert [what.partition(" more than ")[2] for what in read_both_ways(path)[1]] == [f"5 {name}"]

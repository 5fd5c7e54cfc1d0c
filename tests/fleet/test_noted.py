"""Notes are the same through rows of a file, through columns and for servers in memory."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.fleet.records import SCHEMA, batch_of
from needfix.model.server import altered
from tests.support.random_rules import random_catalogue
from tests.support.random_servers import random_server

Counted = dict[str, tuple[int, tuple[str, ...]]]


def counted(notes: Any) -> Counted:  # noqa: ANN401 - an iterable of notes
    return {note.code: (note.count, note.words) for note in notes}


def in_columns(catalogue: needfix.Catalogue, source: Any) -> Counted:  # noqa: ANN401 - paths or Arrow
    summary = fleet.summary(catalogue, source)
    notes: list[needfix.Note] = []
    for _ in fleet.decisions(catalogue, source, reasons=None, on_note=notes.append):
        pass
    assert tuple(notes) == summary.notes
    return counted(summary.notes)


def singly(catalogue: needfix.Catalogue, servers: Any) -> Counted:  # noqa: ANN401 - servers
    notes: list[needfix.Note] = []
    for _ in needfix.evaluate(catalogue, servers, on_note=notes.append):
        pass
    return counted(notes)


def write_tall(servers: list[needfix.Server], path: Path) -> list[needfix.Server]:
    """Servers with files only, a row for each, and as they are read back."""
    lines = ["server,file,path,version,modified,platform"]
    for server in servers:
        for one in server.files:
            cells = (server.server, one.name, one.path, one.version, one.modified, one.platform)
            lines.append(",".join(json.dumps(cell) if cell else "" for cell in cells))
    path.write_text("\n".join(lines).replace("\\\\", "\\") + "\n", encoding="utf-8")
    return list(needfix.read_inventory(path))


@pytest.mark.parametrize("seed", range(6))
def test_the_notes_of_servers_are_the_same_whatever_decides_them(tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    servers = [random_server(random, catalogue, f"S{number:03}") for number in range(80)]
    expected = singly(catalogue, servers)
    assert expected
    records = [server.as_record() for server in servers]
    lines, native = tmp_path / "a.jsonl", tmp_path / "a.parquet"
    lines.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    pq.write_table(pa.Table.from_batches([batch_of(servers)]), native)
    assert singly(catalogue, needfix.read_inventory(lines)) == expected
    assert in_columns(catalogue, lines) == expected
    assert in_columns(catalogue, native) == expected
    assert in_columns(catalogue, pa.Table.from_pylist(records, SCHEMA)) == expected
    tall = write_tall([altered(server, at=None) for server in servers if server.files], tmp_path / "a.csv")
    assert in_columns(catalogue, tmp_path / "a.csv") == singly(catalogue, tall)


UNREAD = [
    {
        "server": f"S{number}",
        "owner": "x",
        "rack": None,
        "files": [{"name": "Store.exe", "signer": {"name": "y"}}, {"name": "Info.dll"}],
        "symptoms": {"since": "May"},
    }
    for number in range(300)
]


def test_keys_that_are_not_known_are_counted_as_often_as_they_are_stated(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in UNREAD), encoding="utf-8")
    notes: list[needfix.Note] = []
    assert len(list(needfix.read_inventory(path, on_note=notes.append))) == 300
    assert notes == list(fleet.summary(needfix.load_catalogue(), path).notes)
    (note,) = notes
    assert (note.code, note.file, note.count) == ("unknown-key", str(path), 900)
    assert note.words == ("files.signer", "owner", "symptoms.since")
    assert str(note.at) == f"{path}:1"


def test_columns_that_are_not_known_are_noted_once(tmp_path: Path) -> None:
    catalogue = needfix.load_catalogue()
    table = pa.Table.from_pylist(UNREAD)
    pq.write_table(table, tmp_path / "a.parquet")
    words = ("files.signer", "owner", "rack", "symptoms.since")
    for source in (tmp_path / "a.parquet", table):
        assert in_columns(catalogue, source) == {"unknown-column": (4, words)}
    rows = pa.table({"server": ["A", "A"], "file": ["Store.exe", "Info.dll"], "Signer": ["x", "y"]})
    pq.write_table(rows, tmp_path / "tall.parquet")
    assert in_columns(catalogue, tmp_path / "tall.parquet") == {"unknown-column": (1, ("Signer",))}
    (tmp_path / "a.csv").write_text("server,file,Signer,\nA,Store.exe,x,\n", encoding="utf-8")
    notes: list[needfix.Note] = []
    assert len(list(needfix.read_inventory(tmp_path / "a.csv", on_note=notes.append))) == 1
    assert counted(notes) == {"unknown-column": (1, ("Signer",))}
    assert in_columns(catalogue, tmp_path / "a.csv") == counted(notes)


def test_a_note_is_about_good_records_only() -> None:
    records = [
        {"server": "GOOD", "products": [{"name": "Exchange Server", "platform": "misc"}]},
        {"server": None, "products": [{"name": "Exchange Server", "platform": "odd"}]},
    ]
    problems: list[needfix.Problem] = []
    table = pa.Table.from_pylist(records, SCHEMA)
    summary = fleet.summary(needfix.load_catalogue(), table, on_problem=problems.append)
    assert (len(problems), counted(summary.notes)) == (1, {"platform-unreadable": (1, ("misc",))})


def test_values_that_say_nothing_are_noted_in_parquet_as_in_json(tmp_path: Path) -> None:
    record = {
        "server": "A",
        "collected": "last night",
        "counters": [{"name": "q", "value": 200.0, "for": "Unknown"}],
        "symptoms": {"observed": [""], "absent": None},
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([record], SCHEMA), tmp_path / "a.parquet")
    catalogue = needfix.load_catalogue()
    expected = {"value-unreadable": (1, ("Unknown",)), "time-unreadable": (1, ("last night",))}
    for name in ("a.jsonl", "a.parquet"):
        notes: list[needfix.Note] = []
        read = list(needfix.read_inventory(tmp_path / name, on_note=notes.append))
        assert counted(notes) | singly(catalogue, read) == expected
        assert in_columns(catalogue, tmp_path / name) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2002-02-30",
        "2002-05-09T25:00:00Z",
        "2002-05-09",
        "2002-05-09T08:00:00Z",
        "Unknown",
        "2002-05-09 08:00",
    ],
)
def test_a_time_of_collection_is_noted_where_it_cannot_be_read(text: str) -> None:
    catalogue = needfix.load_catalogue()
    servers = [needfix.Server("A", collected=text)]
    assert in_columns(catalogue, batch_of(servers)) == singly(catalogue, servers)


KEPT = r"C:\WINNT\$NtUninstallQ1$"
OTHER = r"C:\windows\WinSxS"
SERVERS_WITH_KEPT_COPIES: dict[str, list[dict[str, Any]]] = {
    "all end at their file": [
        {"name": "Store.exe", "path": r"C:\a\Store.exe"},
        {"name": "STORE.EXE", "path": rf"{KEPT}\store.exe"},
        {"name": "no.dll", "path": rf"{OTHER}\no.dll"},
    ],
    "one ends at no file": [
        {"name": "Store.exe", "path": rf"{KEPT}\Store.exe"},
        {"name": "Store.exe", "path": OTHER},
    ],
    "one ends at another file": [
        {"name": "Store.exe", "path": rf"{KEPT}\Store.exe"},
        {"name": "Store.exe", "path": rf"{OTHER}\Info.dll"},
    ],
    "one has no path": [{"name": "Store.exe"}, {"name": "Store.exe", "path": rf"{OTHER}\Store.exe"}],
    "none has a name that rules ask for": [{"name": "no.dll", "path": rf"{OTHER}\no.dll"}],
}


@pytest.mark.parametrize("files", SERVERS_WITH_KEPT_COPIES.values(), ids=SERVERS_WITH_KEPT_COPIES)
@pytest.mark.parametrize("divides", [False, True], ids=["in columns", "one is decided by itself"])
def test_copies_that_are_kept_are_counted_whatever_their_paths_end_with(
    files: list[dict[str, Any]], *, divides: bool
) -> None:
    catalogue = needfix.load_catalogue()
    records: list[dict[str, Any]] = [
        {"server": "A"},
        *({"server": f"B{n}", "files": files} for n in range(2)),
    ]
    if divides:
        several = [{"name": "Exchange Server", "path": rf"C:\{folder}"} for folder in "ab"]
        records.append({"server": "C", "products": several, "files": [{"name": "Store.exe", "path": KEPT}]})
    servers = [needfix.Server.from_record(record) for record in records]
    expected = singly(catalogue, servers)
    table = pa.Table.from_pylist(records, SCHEMA)
    assert in_columns(catalogue, table) == expected
    assert in_columns(catalogue, table.slice(0, 2)) == singly(catalogue, servers[:2])

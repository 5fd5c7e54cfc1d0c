"""Columns under other names say the same in CSV, in Parquet and in Arrow, and are noted alike."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.fleet.reading import arrow
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.stated import pieces_as_stated, servers_of_piece
from needfix.intake.notes import Notes
from needfix.inventory import read_inventory
from needfix.inventory.reading_options import options_of
from needfix.model.note import Note
from needfix.model.server import Server, altered
from tests.support import Needfix

Columns = Mapping[str, list[Any]]
Said = tuple[list[Server], list[tuple[str, int, tuple[str, ...]]]]

Way = Callable[[Columns, Path, dict[str, Any]], Said]

STORE = "C:\\exchsrvr\\store.exe"
PROGRAMS: Columns = {
    "Host Name": ["A", "A", "B"],
    "Software Name": ["7-Zip", "Mail", "7-Zip"],
    "Version": ["1.0", "2.0", "3.0"],
}
FILES: Columns = {
    "ComputerName": ["A", "A", "B"],
    "FullName": [STORE, "C:\\b\\mad.exe", STORE],
    "FileVersion": ["5.5.1.1", "5.5.1.2", "5.5.1.3"],
    "File Version Raw": ["5.5.2.1", "5.5.2.2", "5.5.2.3"],
    "Colour": ["red", "red", "red"],
}
SYSTEM: Columns = {
    "ComputerName": ["A"],
    "OSName": ["Microsoft Windows Server 2019"],
    "OSVersion": ["10.0.17763"],
}
HOTFIXES: Columns = {
    "PSComputerName": ["B", "A"],
    "HotFixID": ["KB5", "KB6"],
    "Description": ["Update", "Update"],
    "InstalledOn": ["", ""],
}
SERVICES: Columns = {
    "PSComputerName": ["A"],
    "Name": ["MSExchangeIS"],
    "State": ["Running"],
    "StartMode": ["Auto"],
}
DOMAINS: Columns = {"Node": ["a.corp.example", "CORP\\B"], "HotFixIDs": ["KB5 KB6", "KB7"]}
OLD: Columns = {"Server Name": ["A"], "ScanTime": ["2002-05-09T08:00:00Z"], "file": ["x.exe"]}
TABLES: Mapping[str, tuple[Columns, dict[str, Any]]] = {
    "names of other programs": (FILES, {}),
    "names that the user states": (
        {"Box": ["A", "B"], "Thing": ["store.exe", "mad.exe"], "Ver": ["1.2.3.4", "2.3.4.5"]},
        {"columns": {"box": "server", "Thing": "file", "Ver": "version"}},
    ),
    "programs": (PROGRAMS, {}),
    "programs that are all": (PROGRAMS, {"complete": "products"}),
    "the system": (SYSTEM, {"complete": "products"}),
    "objects of another program": (HOTFIXES, {}),
    "services": (SERVICES, {}),
    "services beside names that other tables have": (SERVICES, {"columns": {"Box": "server"}}),
    "short names": (DOMAINS, {"short_names": True}),
    "no server": ({"file": ["store.exe"], "version": ["1.2.3.4"]}, {"server_name": "A"}),
    "too old": (OLD, {"max_age": timedelta(days=3)}),
}


def said(servers: list[Server], notes: list[Note]) -> Said:
    plain = [altered(own, at=None) for own in sorted(servers, key=lambda own: own.server)]
    return plain, [(note.code, note.count, note.words) for note in notes]


def in_csv(columns: Columns, folder: Path, options: dict[str, Any]) -> Said:
    file = folder / "a.csv"
    out = io.StringIO()
    csv.writer(out).writerows([columns, *zip(*columns.values(), strict=True)])
    file.write_text(out.getvalue())
    notes: list[Note] = []
    return said(list(read_inventory(file, on_note=notes.append, **options)), notes)


def in_parquet(columns: Columns, folder: Path, options: dict[str, Any]) -> Said:
    file = folder / "a.parquet"
    pq.write_table(pa.table(dict(columns)), file)
    notes: list[Note] = []
    return said(list(read_inventory(file, on_note=notes.append, **options)), notes)


def of_pieces(pieces: Iterator[Piece]) -> Said:
    notes, servers = Notes(), list[Any]()
    for piece in pieces:
        notes.merge(piece.notes)
        servers += servers_of_piece(piece, notes)
    return said(servers, list(notes))


def in_a_fleet_s_parquet(columns: Columns, folder: Path, options: dict[str, Any]) -> Said:
    in_parquet(columns, folder, options)
    return of_pieces(pieces_of([folder / "a.parquet"], options=options_of(options)))


def in_arrow(columns: Columns, folder: Path, options: dict[str, Any]) -> Said:
    del folder
    stated, table = options_of(options), pa.table(dict(columns))
    once = of_pieces(pieces_as_stated(arrow.pieces(table, stated), stated))
    stream = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1))
    assert of_pieces(pieces_as_stated(arrow.pieces(stream, stated), stated)) == once
    return once


@pytest.mark.parametrize("way", [in_parquet, in_a_fleet_s_parquet, in_arrow])
@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_the_same_table_in_csv_says(tmp_path: Path, name: str, way: Way) -> None:
    columns, options = TABLES[name]
    expected = in_csv(columns, tmp_path, options)
    assert expected[0]
    assert way(columns, tmp_path, options) == expected


def test_the_better_of_two_columns_is_read_and_the_other_one_noted(tmp_path: Path) -> None:
    columns = {"Computer": ["A"], "OS Version": ["10.0.17763"], "product": ["W"], "Build Version": ["10.1"]}
    for way in (in_csv, in_parquet, in_arrow):
        (server,), notes = way(columns, tmp_path, {})
        assert [entry.build for entry in server.products or ()] == ["10.1"]
        assert ("column-doubled", 1, ("OS Version, as Build Version",)) in notes


def test_native_records_under_other_names(tmp_path: Path) -> None:
    table = pa.table(
        {
            "HostName": ["A", "B"],
            "Fqdn": ["a.x", "b.x"],
            "KBs": [["KB5"], ["KB6"]],
            "PendingReboot": [True, False],
            "files": [[{"name": "x.exe", "version": "1.2.3.4"}], []],
            "Colour": ["red", "red"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    notes: list[Note] = []
    servers = list(read_inventory(tmp_path / "a.parquet", on_note=notes.append))
    assert [(own.server, own.hotfixes, own.restart_pending) for own in servers] == [
        ("A", ("KB5",), True), ("B", ("KB6",), False),
    ]  # fmt: skip
    assert {note.code: note.words for note in notes} == {
        "read-as": ("HostName = server", "KBs = hotfixes", "PendingReboot = restart_pending"),
        "column-doubled": ("Fqdn, as HostName",),
        "unknown-column": ("Colour",),
    }
    catalogue = needfix.load_catalogue()
    assert fleet.summary(catalogue, table).servers == 2
    stated = {"columns": {"Colour": "server"}}
    with pytest.raises(needfix.InventoryError, match="the column server is there 2 times"):
        fleet.summary(catalogue, table.append_column("server", pa.array(["A", "B"])), **stated)  # type: ignore[arg-type]


def test_two_columns_that_the_user_states_for_one_fact_are_a_problem(tmp_path: Path) -> None:
    columns = {"Box": ["A"], "Host": ["A"], "file": ["x.exe"]}
    options = {"columns": {"Box": "server", "Host": "server"}}
    for way in (in_csv, in_parquet, in_arrow):
        with pytest.raises(needfix.InventoryError, match="two columns are server: Box and Host"):
            way(columns, tmp_path, options)


def test_settings_and_words_of_the_command(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.table({"Box": ["A"], "Thing": ["store.exe"]}), "a.parquet")
    (tmp_path / ".needfix.yaml").write_text("needfix: 1\ncolumns: {Box: server}\n")
    run = needfix(
        "evaluate", "a.parquet", "--map", "Thing=file", "--format", "summary-json", "--rule", "Q279798"
    )
    assert (run.code, json.loads(run.out)["servers"]) == (0, 1)


@pytest.mark.parametrize("option", ["server_name", "encoding", "sheet"])
def test_options_about_files_are_not_for_tables_in_memory(option: str) -> None:
    with pytest.raises(needfix.UsageError, match=f"{option} is about files"):
        fleet.summary(needfix.load_catalogue(), pa.table({"server": ["A"]}), **{option: "A"})  # type: ignore[arg-type]


def test_answers_and_joining_of_arrow_tables() -> None:
    catalogue = needfix.load_catalogue()
    table = pa.table(
        {"Computer": ["a.x", "b.x", "A.y"], "file": ["Store.exe"] * 3, "version": ["5.5.2653.23"] * 3}
    )
    with pytest.raises(needfix.InventoryError, match="has another record"):
        fleet.summary(catalogue, table, short_names=True)
    answers = needfix.AnswerSheet(
        (needfix.Answer("a", "Q279798/internet-mail-queues-grow", True, needfix.Position("x", 1)),)  # noqa: FBT003
    )
    found = fleet.decisions(
        catalogue, table, rules=["Q279798"], join=True, short_names=True, answers=answers, complete="files"
    )
    rows = [row for batch in found for row in batch.to_pylist()]
    assert {row["server"]: row["action"] for row in rows} == {"b": "confirm-symptoms", "A": "apply"}

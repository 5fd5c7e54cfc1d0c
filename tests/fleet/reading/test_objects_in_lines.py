"""Objects of other programs in JSON lines that begin with a record: rows and columns read them alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from needfix.errors import Problem
from needfix.fleet.reading import blocks
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.stated import servers_of_piece
from needfix.intake.notes import Notes
from needfix.inventory import read_inventory
from needfix.model.note import Note
from needfix.model.server import Server

RECORD = {"server": "MAIL01", "files": [{"name": "Store.exe", "version": "5.5.2653.23"}]}


def event(host: str, seconds: int, action: str, **row: str) -> dict[str, Any]:
    line = {"name": "files", "hostIdentifier": host, "unixTime": 1_710_000_000 + seconds, "action": action}
    return {**line, "columns": row}


def copy(number: int, version: str = "1.2.3.4") -> dict[str, str]:
    name = f"f{number}.exe"
    return {"path": f"C:\\b\\{name}", "filename": name, "file_version": version, "product_version": "1"}


LINES: list[object] = [
    RECORD,
    *(event("A", number, "added", **copy(number)) for number in range(6)),
    {"server": "MAIL02", "restart_pending": True},
    event("A", 20, "removed", **copy(0)),
    event("A", 21, "added", **copy(1, "1.2.3.5")),
    {"ComputerName": "MAIL03", "Files": [{"FileName": "Mad.exe", "FileVersion": "1.2.3.4"}]},
    {"PSComputerName": "B", "HotFixID": "KB5", "Description": "Update"},
    event("B", 3, "added", uptime="5"),
    {"PSComputerName": "A", "HotFixID": "KB6", "Description": "Update"},
]

Said = tuple[list[tuple[Server, int]], list[str], list[tuple[str, str | None, int, str, tuple[str, ...]]]]


def said(servers: list[Server], problems: list[Problem], notes: list[Note]) -> Said:
    shown = [(note.code, note.file, note.count, str(note.at), note.words) for note in notes]
    placed = sorted(((own, own.at.line if own.at else 0) for own in servers), key=lambda own: own[0].server)
    return placed, sorted(map(str, problems)), shown


def in_rows(file: Path) -> Said:
    notes, problems = list[Note](), list[Problem]()
    servers = list(read_inventory(file, on_problem=problems.append, on_note=notes.append))
    return said(servers, problems, notes)


def in_columns(file: Path) -> Said:
    notes, problems, servers = Notes(), list[Problem](), list[Server]()
    for piece in pieces_of([file]):
        notes.merge(piece.notes)
        for item in servers_of_piece(piece, notes):
            (problems if isinstance(item, Problem) else servers).append(item)  # type: ignore[arg-type]
        problems += piece.problems
    return said(servers, problems, list(notes))


@pytest.mark.parametrize("size", [1, 200, 16 << 20])
@pytest.mark.parametrize("bad", ["", '{"name": "p", "colu\n'])
def test_they_are_gathered_from_the_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, bad: str
) -> None:
    monkeypatch.setattr(blocks, "_BYTES", size)
    file = tmp_path / "mixed.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in LINES) + bad)
    expected = in_rows(file)
    assert in_columns(file) == expected
    names = [server.server for server, _ in expected[0]]
    if bad:  # it may be about any host of the log
        assert names == ["MAIL01", "MAIL02", "MAIL03"]
        assert [name for name in "AB" for own in expected[1] if f"may be about {name}," in own] == ["A", "B"]
        return
    assert names == ["A", "B", "MAIL01", "MAIL02", "MAIL03"]
    (of_a, _), (of_b, _), *_ = expected[0]
    copies = sorted((own.name, own.version) for own in of_a.files)
    assert copies == [("f1.exe", "1.2.3.5"), *((f"f{number}.exe", "1.2.3.4") for number in range(2, 6))]
    assert (of_a.hotfixes, of_b.hotfixes) == (("KB6",), ("KB5",))


def test_a_server_that_has_a_record_and_objects_is_twice_in_both(tmp_path: Path) -> None:
    file = tmp_path / "mixed.jsonl"
    lines = [RECORD, {"PSComputerName": "mail01", "HotFixID": "KB5", "Description": "Update"}]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    _, problems, _ = in_rows(file)
    assert "mail01 has another record" in problems[0]
    servers, _, _ = in_columns(file)
    assert [server.server for server, _ in servers] == ["MAIL01", "mail01"]

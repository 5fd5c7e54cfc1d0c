"""Rows of one server in several places, and of several times, are united by joining, in rows and columns."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.errors import InputError
from needfix.fleet.reading import tall

CATALOGUE = needfix.load_catalogue()
HEADER = "server,collected,product,level,file,version,complete,restart_pending"
OLD, NEW = "5.5.2653.23", "5.5.2654.29"
Copies = dict[str, str | None]


def tables(tmp_path: Path, rows: list[str]) -> list[Path]:
    """The rows as CSV and as tall Parquet."""
    text = "\n".join([HEADER, *rows]) + "\n"
    found = [tmp_path / "a.csv", tmp_path / "a.parquet"]
    found[0].write_text(text, encoding="utf-8")
    header, *cells = csv.reader(io.StringIO(text))
    columns = {name: [row[place] or None for row in cells] for place, name in enumerate(header)}
    pq.write_table(pa.table(columns, pa.schema([(name, pa.string()) for name in columns])), found[1])
    return found


def united(path: Path) -> dict[str, needfix.Server]:
    """The servers by name, which are the same where files are read as a fleet."""
    servers = {one.server: one for one in needfix.read_inventory(path, join=True)}
    rows = [row for batch in fleet.decisions(CATALOGUE, path, join=True) for row in batch.to_pylist()]
    singly = [
        (one.server, one.rule, one.decision, one.action, list(dict.fromkeys(r.code for r in one.reasons)))
        for one in needfix.evaluate(CATALOGUE, servers.values())
    ]
    assert sorted(tuple(row.values())[:5] for row in rows) == sorted(singly)
    return servers


def copies(server: needfix.Server) -> Copies:
    return {one.name: one.version for one in server.files}


CASES: dict[str, tuple[list[str], Copies, bool]] = {
    "two nights, one after the other": (
        [f"S,2002-05-09,Exchange,5.5 SP4,Store.exe,{OLD},,", f"S,2002-05-10,,,Store.exe,{NEW},,"],
        {"Store.exe": NEW},
        False,
    ),
    "the newer night first": (
        [f"S,2002-05-10,Exchange,5.5 SP4,Store.exe,{NEW},,", f"S,2002-05-09,,,Store.exe,{OLD},,"],
        {"Store.exe": NEW},
        False,
    ),
    "two nights with another server between": (
        [
            f"S,2002-05-09,Exchange,5.5 SP4,Store.exe,{OLD},,",
            f"T,2002-05-09,Exchange,5.5 SP4,Store.exe,{OLD},,",
            f"S,2002-05-10,,,Store.exe,{NEW},,",
        ],
        {"Store.exe": NEW},
        False,
    ),
    "one night in two places": (
        [
            f"S,2002-05-09,Exchange,5.5 SP4,Store.exe,{OLD},files,",
            "T,2002-05-09,,,a.dll,1.2,,",
            "s,2002-05-09,,,Mad.exe,5.5.2653.10,files,",
        ],
        {"Store.exe": OLD, "Mad.exe": "5.5.2653.10"},
        True,
    ),
    "rows without a time are of the record above": (
        [
            f"S,,Exchange,5.5 SP4,Store.exe,{OLD},,",
            "S,2002-05-09,,,Mad.exe,1.2,,",
            "T,,,,a.dll,1.2,,",
            "S,,,,Info.dll,1.2,,",
            f"S,2002-05-10,,,Store.exe,{NEW},,",
        ],
        {"Store.exe": NEW, "Mad.exe": "1.2", "Info.dll": "1.2"},
        False,
    ),
    "the files are in another place than the products": (
        ["S,,Exchange,5.5 SP4,,,files,", "T,,,,a.dll,1.2,,", f"S,,,,Store.exe,{OLD},files,"],
        {"Store.exe": OLD},
        True,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rows_are_united(tmp_path: Path, name: str) -> None:
    rows, expected, is_complete = CASES[name]
    for path in tables(tmp_path, rows):
        server = next(one for key, one in united(path).items() if key.casefold() == "s")
        assert copies(server) == expected, path.name
        assert ("files" in server.complete) == is_complete
        assert server.disagreements == ()


def test_a_table_means_what_records_of_the_same_content_mean(tmp_path: Path) -> None:
    rows = [f"S,2002-05-09,Exchange,5.5 SP4,Store.exe,{OLD},,", f"S,2002-05-09T08:00,,,Store.exe,{NEW},,"]
    for path in tables(tmp_path, rows):
        assert [one.code for one in united(path)["S"].disagreements] == ["records-disagree"]


def test_a_bad_night_spoils_the_server(tmp_path: Path) -> None:
    rows = [
        f"S,2002-05-09,Exchange,5.5 SP4,Store.exe,{NEW},,",
        f"T,,Exchange,5.5 SP4,Store.exe,{OLD},,",
        f"S,2002-05-10,,,Store.exe,{OLD},,maybe",
    ]
    for path in tables(tmp_path, rows):
        problems: list[needfix.Problem] = []
        found = list(needfix.read_inventory(path, join=True, on_problem=problems.append))
        assert [one.server for one in found] == ["T"]
        assert [one.code for one in problems] == ["wrong-value", "repeated-server"]


def test_a_row_without_a_server_spoils_every_night_of_the_one_above(tmp_path: Path) -> None:
    rows = [f"S,2002-05-09,,,Store.exe,{NEW},,", f"S,2002-05-10,,,Store.exe,{OLD},,", ",,,,Mad.exe,1.2,,"]
    for path in tables(tmp_path, rows):
        problems: list[needfix.Problem] = []
        assert list(needfix.read_inventory(path, join=True, on_problem=problems.append)) == []
        assert [one.code for one in problems] == ["missing-key"]


def test_a_long_run_of_rows_loses_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tall, "_MOST_ROWS", 3)
    rows = [f"S,2002-05-{9 + number // 10:02},,,f{number % 10}.dll,1.{number},," for number in range(30)]
    for path in tables(tmp_path, rows):
        assert copies(united(path)["S"]) == {f"f{number}.dll": f"1.{20 + number}" for number in range(10)}


def test_a_stream_is_read_like_a_file(tmp_path: Path) -> None:
    for path in tables(tmp_path, CASES["one night in two places"][0])[:1]:
        stream: Any = io.BytesIO(path.read_bytes())
        (server,) = (one for one in needfix.read_inventory("-", stdin=stream, join=True) if one.server != "T")
        assert copies(server) == CASES["one night in two places"][1]


@pytest.mark.parametrize("name", ["one night in two places", "two nights, one after the other"])
def test_without_joining_the_hint_names_it(tmp_path: Path, name: str) -> None:
    for path in tables(tmp_path, CASES[name][0]):
        with pytest.raises(InputError, match="with --join"):
            list(needfix.read_inventory(path))

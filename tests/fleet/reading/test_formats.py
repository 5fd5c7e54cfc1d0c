"""All inventories of a fleet, whatever their formats are, as pieces in order."""

from __future__ import annotations

import io
from pathlib import Path, PurePath

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fixtures import write_inventories
from needfix.errors import InventoryError, UsageError
from needfix.fleet.reading.formats import pieces_of
from tests.fleet.reading.support import plainly, servers_of


@pytest.mark.parametrize("name", sorted(write_inventories.files()))
def test_every_format_is_read_as_by_the_plain_reader(tmp_path: Path, name: str) -> None:
    path = tmp_path / PurePath(name).name
    path.write_bytes(write_inventories.files()[name])
    found = servers_of(pieces_of([path]))
    assert found == plainly(path)
    assert found[0]


def test_standard_input() -> None:
    servers, problems = servers_of(pieces_of(["-"], {"-": io.BytesIO(b'{"server": "A"}\n{"server": 1.0}\n')}))
    assert [server.server for _, server in servers] == ["A", "1.0"]
    assert problems == []


def test_many_servers_of_a_format_without_columns(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text("".join(f"- server: S{number}\n" for number in range(9000)))
    pieces = list(pieces_of([path]))
    assert [piece.records.num_rows for piece in pieces] == [8192, 808]
    assert pieces[1].at(0).line == 8193


def test_the_folder_of_a_job_is_one_fleet(tmp_path: Path) -> None:
    (tmp_path / "_temporary" / "0").mkdir(parents=True)
    for name in (
        "part-0.parquet", "part-1.PQ", "_metadata", "_SUCCESS", ".hidden.parquet", "_temporary/0/part-2.pq",
    ):  # fmt: skip
        pq.write_table(pa.table({"server": [name]}), tmp_path / name)
    servers, _ = servers_of(pieces_of([tmp_path]))
    assert [server.server for _, server in servers] == ["part-0.parquet", "part-1.PQ"]
    servers, _ = servers_of(pieces_of([f"{tmp_path}/*"]))
    assert [server.server for _, server in servers] == ["part-0.parquet", "part-1.PQ"]


def test_parquet_is_known_by_its_beginning(tmp_path: Path) -> None:
    pq.write_table(pa.table({"server": ["A"]}), tmp_path / "export")
    servers, _ = servers_of(pieces_of([tmp_path / "export"]))
    assert [server.server for _, server in servers] == ["A"]


def test_a_broken_file_does_not_keep_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "b.jsonl").write_bytes(b"")
    (tmp_path / "c.jsonl").write_bytes(b'{"server": "C"}\n{"server": "D"}\n')
    servers, problems = servers_of(pieces_of([tmp_path]))
    assert [server.server for _, server in servers] == ["C", "D"]
    assert [problem.partition(":1: ")[0] for problem in problems] == [
        f"{tmp_path}/a.parquet",
        f"{tmp_path}/b.jsonl",
    ]


def test_small_files_are_one_piece_whose_records_know_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        text = f'\n{{"server": "S{number}", "own": 1}}' if number != 4 else "{"
        (tmp_path / f"{number}.json").write_text(text)
    (tmp_path / "5.csv").write_text("server,file\nT,x\n")
    pieces = list(pieces_of([tmp_path]))
    assert [piece.records.num_rows for piece in pieces] == [4, 1, 4]
    assert [str(pieces[0].at(row)) for row in range(4)] == [
        f"{tmp_path}/{number}.json:2" for number in range(4)
    ]
    assert [len(piece.notes) for piece in pieces] == [4, 0, 4]
    monkeypatch.setattr("needfix.fleet.reading.formats.MOST_SERVERS", 3)
    places = [str(piece.at(row)) for piece in pieces_of([tmp_path]) for row in range(len(piece.lines))]
    assert places[3:6] == [f"{tmp_path}/3.json:2", f"{tmp_path}/5.csv:2", f"{tmp_path}/5.json:2"]
    servers, problems = servers_of(pieces_of([tmp_path]))
    assert len(servers) == 9
    assert [problem.partition(": ")[0] for problem in problems] == [f"{tmp_path}/4.json:1:2"]


def test_paths_that_name_nothing(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="there is no such file"):
        pieces_of([tmp_path / "missing.parquet"])
    with pytest.raises(UsageError, match="no inventory is given"):
        pieces_of([])


SERVERS = [f"S{number}" for number in range(45)]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a.csv", ["server,file", *(f"{server},x" for server in SERVERS), "", ",x"]),
        ("a.jsonl", [*(f'{{"server": "{server}"}}' for server in SERVERS), "{"]),
    ],
)
def test_a_piece_has_no_more_servers_than_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, lines: list[str]
) -> None:
    monkeypatch.setattr("needfix.fleet.reading.formats.MOST_SERVERS", 10)
    (tmp_path / name).write_text("\n".join(lines))
    pieces = list(pieces_of([tmp_path / name]))
    assert max(piece.records.num_rows for piece in pieces) == 10
    assert sum(len(piece.problems) for piece in pieces) == 1
    assert servers_of(pieces) == plainly(tmp_path / name)

"""A server has one record, whatever files and formats records are in, and however many there are."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix import InventoryError, Problem, Server, fleet
from needfix.errors import Position
from needfix.fleet.known_names import KnownNames, NamesOfRecords
from needfix.intake.notes import Notes
from needfix.inventory import known_servers, read_inventory
from needfix.inventory.known_servers import KnownServers
from needfix.inventory.several_records import SeveralRecords
from tests.support import Needfix

HINT = "unite the records of a server with --join, or remove all but one"


def names(servers: Iterable[Server]) -> list[str]:
    return [server.server for server in servers]


WRITERS: dict[str, Callable[[list[str]], str]] = {
    "list.json": lambda own: json.dumps([{"server": name} for name in own]),
    "lines.jsonl": lambda own: "".join(json.dumps({"server": name}) + "\n" for name in own),
    "list.yaml": lambda own: "".join(f"- server: {name}\n" for name in own),
    "table.csv": lambda own: "server\n" + "".join(f"{name}\n" for name in own),
}


@pytest.mark.parametrize("first", WRITERS)
@pytest.mark.parametrize("second", WRITERS)
def test_records_of_one_name_in_two_files_stop_a_run(tmp_path: Path, first: str, second: str) -> None:
    one, two = tmp_path / f"1-{first}", tmp_path / f"2-{second}"
    one.write_text(WRITERS[first](["MAIL01", "MAIL02"]), encoding="utf-8")
    two.write_text(WRITERS[second](["MAIL03", "mail01"]), encoding="utf-8")
    with pytest.raises(InventoryError) as caught:
        list(read_inventory(one, two))
    (problem,) = caught.value.problems
    assert (problem.code, problem.server, problem.at.file, problem.hint) == (
        "repeated-server",
        "mail01",
        str(two),
        HINT,
    )
    assert f"{one}:" in problem.what
    with pytest.raises(InventoryError) as in_columns:
        fleet.summary(needfix.load_catalogue(), [one, two])
    assert [own.at.file for own in in_columns.value.problems] == [str(two)]


@pytest.mark.parametrize("ending", WRITERS)
def test_records_of_one_name_in_one_file(tmp_path: Path, ending: str) -> None:
    file = tmp_path / ending
    file.write_text(WRITERS[ending](["A", "B", "C", "a", "D"]), encoding="utf-8")
    found: list[Problem] = []
    assert names(read_inventory(file, on_problem=found.append)) == ["B", "C", "D"]
    assert [problem.code for problem in found] == ["repeated-server"]
    in_columns: list[Problem] = []
    counted = fleet.summary(needfix.load_catalogue(), file, on_problem=in_columns.append)
    assert (counted.servers, in_columns) == (3, found)


def test_none_of_several_records_is_evaluated_and_the_exit_code_is_2(
    needfix: Needfix, tmp_path: Path
) -> None:
    file = tmp_path / "servers.jsonl"
    file.write_text(WRITERS["lines.jsonl"](["A", "B", "a"]), encoding="utf-8")
    for options in ([], ["--format", "summary-json"]):
        ended = needfix("evaluate", file, "--rule", "Q279798", *options)
        assert (ended.code, ended.out) == (2, "")
        assert "servers.jsonl:3: a has another record at" in ended.err
    ended = needfix("evaluate", file, "--rule", "Q279798", "--keep-going", "--format", "jsonl")
    assert ended.code == 2
    assert [json.loads(line)["server"] for line in ended.out.splitlines()] == ["B"]


@pytest.mark.parametrize("options", [["--format", "jsonl"], ["--format", "summary-json"]])
def test_the_hint_works_when_followed(needfix: Needfix, tmp_path: Path, options: list[str]) -> None:
    file = tmp_path / "servers.jsonl"
    file.write_text(WRITERS["lines.jsonl"](["A", "B", "a"]), encoding="utf-8")
    assert HINT in needfix("evaluate", file, *options).err
    ended = needfix("evaluate", file, "--rule", "Q279798", "--join", *options)
    assert (ended.code, ended.err) == (0, "")


def test_standard_input_is_read_twice(needfix: Needfix) -> None:
    text = WRITERS["lines.jsonl"](["A", "B", "a"])
    ended = needfix(
        "evaluate", "-", "--rule", "Q279798", "--keep-going", "--format", "jsonl", stdin=text.encode()
    )
    assert [json.loads(line)["server"] for line in ended.out.splitlines()] == ["B"]
    assert "<stdin>:3: a has another record at <stdin>:1" in ended.err
    ended = needfix(
        "evaluate", "-", "--rule", "Q279798", "--join", "--format", "summary-json", stdin=text.encode()
    )
    assert json.loads(ended.out)["servers"] == 2


def test_a_bad_record_of_a_server_that_has_another_one() -> None:
    text = '{"server": "A"}\n{"server": "B"}\n{"server": "a", "files": 1}\n'
    for join in (False, True):
        found: list[Problem] = []
        read = read_inventory("-", stdin=io.BytesIO(text.encode()), on_problem=found.append, join=join)
        assert names(read) == ["B"]
        assert [(problem.at.line, problem.code) for problem in found] == [
            (3, "wrong-type"),
            (1, "repeated-server"),
        ]


def test_servers_made_in_code() -> None:
    catalogue = needfix.load_catalogue()
    some = [Server("MAIL01"), Server("MAIL02"), Server("mail01")]
    decided = needfix.evaluate(catalogue, some, rules=["Q279798"])
    assert [next(decided).server, next(decided).server] == ["MAIL01", "MAIL02"]
    with pytest.raises(InventoryError, match="mail01 has another record") as caught:
        next(decided)
    assert "joined(records)" in caught.value.problems[0].hint
    assert list(needfix.evaluate(catalogue, [needfix.joined([some[0], some[2]])], rules=["Q279798"]))


def test_a_table_and_a_stream_of_arrow() -> None:
    catalogue = needfix.load_catalogue()
    table = pa.table({"server": ["A", "B", " a "]})
    with pytest.raises(InventoryError, match="a has another record at <arrow>:1"):
        fleet.summary(catalogue, table)
    found: list[Problem] = []
    assert fleet.summary(catalogue, table, on_problem=found.append).servers == 1
    assert fleet.summary(catalogue, table, join=True).servers == 2
    found.clear()
    assert fleet.summary(catalogue, table.to_reader(), on_problem=found.append).servers == 2  # read once
    assert len(found) == 1
    assert fleet.summary(catalogue, table.to_reader(), join=True).servers == 2


WORDS = st.text("aAbBß\u0130SsK\u212a'\" 0123456789", min_size=1, max_size=20).filter(
    lambda text: text.strip("'\" =") != ""
)


@given(
    parts=st.lists(st.lists(WORDS, max_size=8), max_size=6),
    most_bytes=st.sampled_from([0, 5 << 10, 1 << 30]),
    are_of_files=st.booleans(),
)
def test_names_in_columns_are_those_of_a_dictionary(
    *, parts: list[list[str]], most_bytes: int, are_of_files: bool
) -> None:
    known, model = KnownNames(most_bytes), KnownServers(most=3)
    for number, part in enumerate(parts):
        lines = [number * 100 + row for row in range(len(part))]
        files = [f"{number + row % 2}.json" for row in range(len(part)) if are_of_files and number]
        texts = pa.array(part, pa.string())
        names = NamesOfRecords.of(texts, f"{number}.parquet", np.array(lines, np.int64), files)
        found = known.enter(names)
        for row, line in enumerate(lines):
            at = Position(files[row] if files else names.file, line)
            assert found.get(row) == model.first(names.key(row), at)


@pytest.mark.parametrize("most_bytes", [1 << 12, 1 << 16])
def test_names_are_found_in_files_where_memory_is_short(most_bytes: int) -> None:
    random = Random(5)  # noqa: S311 - a sample
    every = [f"SRV{number:05}" for number in range(20_000)]
    random.shuffle(every)
    known, single = KnownNames(most_bytes), KnownServers(most=100)
    for begin in range(0, len(every), 1000):
        part = every[begin : begin + 1000]
        lines = np.arange(begin, begin + 1000)
        assert known.enter(NamesOfRecords.of(pa.array(part), "1.parquet", lines)) == {}
        assert {single.first(name, Position("1.json", line)) for line, name in enumerate(part, begin)} == {
            None
        }
    again = random.sample(every, 500)
    found = known.enter(
        NamesOfRecords.of(pa.array([name.lower() for name in again]), "2.parquet", np.arange(500))
    )
    assert {row: at.line for row, at in found.items()} == {
        row: every.index(name) for row, name in enumerate(again)
    }
    assert [single.first(name.lower(), Position("2.json", 1)) for name in again] == [
        Position("1.json", every.index(name)) for name in again
    ]


def test_names_in_the_file_are_looked_up_only_where_the_filter_knows_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[str] = []
    find = known_servers._NamesOnDisk.find  # noqa: SLF001 - what is slow is not to be called

    def counted(self: known_servers._NamesOnDisk, key: str) -> Position | None:
        found.append(key)
        return find(self, key)

    monkeypatch.setattr(known_servers._NamesOnDisk, "find", counted)  # noqa: SLF001 - as above
    known = KnownServers(most=50)
    for number in range(3000):
        assert known.first(f"S{number}", Position("a", number + 1)) is None
    assert len(found) < 3
    assert [known.first(f"s{number}", Position("b", 1)) for number in (0, 49, 50, 1700, 2999)] == [
        Position("a", number + 1) for number in (0, 49, 50, 1700, 2999)
    ]


def test_refused_records_are_held_by_name_and_place_only() -> None:
    held = SeveralRecords(frozenset({"mail01"}), Notes(), unites=False)
    one = Server.from_record({"server": "MAIL01", "files": [{"name": "store.exe"}]})
    count = sys.getrefcount(one)
    assert held.add(one)
    assert sys.getrefcount(one) == count
    assert held.add(Server("mail01"))
    assert [problem.code for problem in held.settled() if isinstance(problem, Problem)] == ["repeated-server"]


def test_a_bad_name_with_half_a_character_is_a_problem_in_columns(tmp_path: Path) -> None:
    (path := tmp_path / "a.jsonl").write_text('{"server": "\\ud800"}\n{"server": "A"}\n', encoding="utf-8")
    found: list[Problem] = []
    summary = fleet.summary(needfix.load_catalogue(), path, on_problem=found.append)
    assert (summary.servers, len(found)) == (1, 1)


def test_a_note_on_a_united_server_has_the_file_of_its_first_record(tmp_path: Path) -> None:
    name = r"C:\WINNT\$hf_mig$\store.exe"
    record = {
        "products": [{"name": "Microsoft Exchange Server"}],
        "files": [{"name": "store.exe", "path": name}],
    }
    for file in ("a", "b"):
        lines = [json.dumps({"server": f"{file}{number}", **record}) for number in range(2)]
        lines += [json.dumps({"server": "BOTH", **record}), lines[0]]
        (tmp_path / f"{file}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    notes = fleet.summary(needfix.load_catalogue(), paths, join=True).notes
    own = [note for note in notes if note.code == "copies-not-counted"]
    assert {(note.file, note.count) for note in own} == {
        (str(path), count) for path, count in zip(paths, (3, 2), strict=True)
    }

"""Limits are the same for every format, read singly and as a fleet, and nothing is cut to fit them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix.errors import Problem
from needfix.fleet.reading.arrow import pieces as arrow_pieces
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.records import SCHEMA
from needfix.fleet.servers import servers_of
from needfix.intake.limits import ENTRIES, NUMBER_CHARACTERS, RECORD_BYTES, byte_count, is_too_large
from needfix.inventory import read_inventory
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import RunRequest
from tests.inventory.support import names, read

Facts = dict[str, Any]


def as_json(record: Facts) -> bytes:
    return json.dumps([record], ensure_ascii=False).encode()


def as_json_lines(record: Facts) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b'\n{"server": "LAST"}\n'


def as_yaml(record: Facts) -> bytes:
    return f"- {json.dumps(record, ensure_ascii=False)}\n- server: LAST\n".encode()


def as_csv(record: Facts) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("server", "file", "version", "event_source", "event_message"))
    for file in record.get("files", ()):
        writer.writerow((record["server"], file["name"], file.get("version", ""), "", ""))
    for event in record.get("events", ()):
        writer.writerow((record["server"], "", "", event["source"], event["message"]))
    writer.writerow(("LAST", "a.dll", "1.0", "", ""))
    return out.getvalue().encode()


def as_parquet(record: Facts) -> bytes:
    out = io.BytesIO()
    table = pa.Table.from_pylist([record, {"server": "LAST"}], SCHEMA)
    pq.write_table(table, out)
    return out.getvalue()


def as_tall_parquet(record: Facts) -> bytes:
    rows = list(csv.DictReader(io.StringIO(as_csv(record).decode())))
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


FORMATS: dict[str, Callable[[Facts], bytes]] = {
    ".json": as_json,
    ".jsonl": as_json_lines,
    ".yaml": as_yaml,
    ".csv": as_csv,
    ".parquet": as_parquet,
    ".pq": as_tall_parquet,
}


def both_ways(path: Path) -> tuple[set[str], set[str]]:
    """The names of servers and what is wrong, which must be the same read singly and as a fleet."""
    problems: list[Problem] = []
    alone = set(names(list(read_inventory(path, on_problem=problems.append))))
    pieces = list(pieces_of([path]))
    fleet = {name for piece in pieces for name in piece.records.column("server").to_pylist()}
    wrong = {problem.what.partition(";")[0] for problem in problems}
    assert fleet == alone
    assert {found.what.partition(";")[0] for piece in pieces for found in piece.problems} == wrong
    return alone, wrong


def files(count: int) -> list[Facts]:
    return [{"name": f"f{number}.dll", "version": "1.0.0.0"} for number in range(count)]


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_a_record_may_have_so_many_files_and_no_more(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(FORMATS[ending]({"server": "MAIL01", "files": files(ENTRIES)}))
    servers, problems = both_ways(path)
    assert ("MAIL01" in servers, problems) == (True, set())
    path.write_bytes(FORMATS[ending]({"server": "MAIL01", "files": files(ENTRIES + 1)}))
    servers, problems = both_ways(path)
    assert ("MAIL01" in servers, problems) == (False, {f"the record has more than {ENTRIES} files"})


LISTS: dict[str, Callable[[list[str]], Facts]] = {
    "hotfixes": lambda names: {"hotfixes": names},
    "symptoms.observed": lambda names: {"symptoms": {"observed": names}},
    "products": lambda names: {"products": [{"name": name} for name in names]},
}


def wide(record: Facts) -> bytes:
    """The lists of a record in a tall table, an entry a row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("server", "product", "hotfixes", "observed"))
    writer.writerows((record["server"], one["name"], "", "") for one in record.get("products", ()))
    writer.writerows((record["server"], "", one, "") for one in record.get("hotfixes", ()))
    observed = record.get("symptoms", {}).get("observed", ())
    writer.writerows((record["server"], "", "", one) for one in observed)
    writer.writerow(("LAST", "", "", ""))
    return out.getvalue().encode()


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".json", ".jsonl", ".csv", ".parquet"])
@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_a_record_has_so_many_entries_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, name: str
) -> None:
    for module in (
        "inventory.lines",
        "inventory.csv_server",
        "fleet.reading.conform",
        "fleet.reading.tall_records",
        "fleet.reading.json_columns",
    ):
        monkeypatch.setattr(f"needfix.{module}.ENTRIES", 50)
    for count, is_read in ((50, True), (51, False)):
        record = {"server": "MAIL01", **LISTS[name]([f"n{number}" for number in range(count)])}
        path = tmp_path / f"{count}{ending}"
        path.write_bytes(wide(record) if ending == ".csv" else FORMATS[ending](record))
        servers, problems = both_ways(path)
        assert ("MAIL01" in servers) == is_read, problems
        assert problems == (set() if is_read else {f"the record has more than 50 {name}"})


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_files_and_events_are_counted_apart(tmp_path: Path, ending: str) -> None:
    count = ENTRIES * 2 // 3
    events = [{"source": "a", "message": "b"}] * count
    path = tmp_path / f"a{ending}"
    path.write_bytes(FORMATS[ending]({"server": "MAIL01", "files": files(count), "events": events}))
    servers, problems = both_ways(path)
    assert ("MAIL01" in servers, problems) == (True, set())


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["x", "ü", "€"])
@pytest.mark.parametrize("ending", FORMATS)
def test_a_record_may_take_so_many_bytes_and_no_more(tmp_path: Path, ending: str, letter: str) -> None:
    path = tmp_path / f"a{ending}"
    each = 50_000
    for share, is_read in ((0.9, True), (1.1, False)):
        count = int(share * RECORD_BYTES / (each * len(letter.encode())))
        events = [{"source": "a", "message": letter * each}] * count
        path.write_bytes(FORMATS[ending]({"server": "MAIL01", "events": events}))
        servers, problems = both_ways(path)
        assert ("MAIL01" in servers) == is_read, problems
        assert problems == (set() if is_read else {"the record is larger than 16 MiB"})


def test_a_large_record_in_arrow_is_a_problem_of_its_own() -> None:
    text = "x" * 1_000_000
    records = [{"server": name, "events": [{"source": "a", "message": text}] * 17} for name in "AB"]
    small = {"server": "C", "events": [{"source": "a", "message": "y"}] * 17}
    (piece,) = arrow_pieces(pa.Table.from_pylist([records[0], small, records[1]], SCHEMA))
    assert piece.records.column("server").to_pylist() == ["C"]
    assert piece.lines.tolist() == [2]
    assert [str(problem) for problem in piece.problems] == [
        f"<arrow>:{row}: the record is larger than 16 MiB" for row in (1, 3)
    ]


def test_bytes_are_counted_and_not_characters() -> None:
    assert byte_count("aü€\udfff") == 1 + 2 + 3 + 3
    assert not is_too_large("ü" * (RECORD_BYTES // 2))
    assert is_too_large("ü" * (RECORD_BYTES // 2) + "x")


NUMBER = "5." + "0" * NUMBER_CHARACTERS + "e3"


@pytest.mark.parametrize(
    "content",
    [
        f'{{"server": "A", "counters": [{{"name": "q", "value": "{NUMBER}"}}]}}',
        f"server: A\ncounters: [{{name: q, value: {NUMBER}}}]\n",
        f"server,counter,value\nA,q,{NUMBER}\n",
        f'{{"server": "A", "files": [{{"name": "q", "size": "{"1" * 17}.{"0" * NUMBER_CHARACTERS}"}}]}}',
    ],
)
def test_a_number_that_is_too_long_is_refused_and_not_cut(content: str) -> None:
    servers, problems = read(content)
    assert servers == []
    assert len(problems) == 1
    assert "characters; expected a" in problems[0]


def test_a_number_of_the_longest_length_is_read_in_full() -> None:
    number = "5." + "0" * (NUMBER_CHARACTERS - 4) + "e3"
    servers, problems = read(f'{{"server": "A", "counters": [{{"name": "q", "value": "{number}"}}]}}')
    assert ([one.value for one in servers[0].counters or ()], problems) == ([5000.0], [])


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_header_that_is_too_long_is_refused_and_not_cut(tmp_path: Path, delimiter: str) -> None:
    unknown = [f"unknown_column_{number}" for number in range(6_000)]
    header = delimiter.join(["server", "product", *unknown, "level_wanted_next_year"])
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\nA{delimiter}Microsoft Exchange Server\n")
    problems: list[Problem] = []
    assert list(read_inventory(path, on_problem=problems.append)) == []
    assert [str(problem) for problem in problems] == [
        f"{path}:1: the header has {len(header)} characters; expected at most 100000\n"
        "    hint: remove columns that needfix does not know"
    ]
    (piece,) = pieces_of([path])
    assert list(piece.problems) == problems


@pytest.mark.parametrize(
    "text",
    [
        '[{"server": "A", "files": [{"name": "q", "size": NUMBER}]}]',
        '{"server": "A", "files": [{"name": "q", "size": NUMBER}]}\n{"server": "B"}\n',
        "server: A\nfiles:\n- {name: q, size: NUMBER}\n",
        "server,file,size\nA,q,NUMBER\n",
    ],
    ids=["JSON", "JSON lines", "YAML", "CSV"],
)
def test_a_number_that_is_too_long_is_one_problem(text: str, tmp_path: Path) -> None:
    file = tmp_path / "servers"
    file.write_text(text.replace("NUMBER", "1" * (NUMBER_CHARACTERS + 1)), encoding="utf-8")
    singly: list[Problem] = []
    list(read_inventory(file, on_problem=singly.append))
    (problem,) = singly
    assert "size is" in problem.what
    assert "which has 401 characters" in problem.what
    assert [one for piece in pieces_of([file]) for one in piece.problems] == singly


def test_a_long_number_under_a_key_that_is_not_read_does_no_harm() -> None:
    servers, problems = read(f'{{"server": "A", "note": {"1" * 5000}}}')
    assert (names(servers), problems) == (["A"], [])


@pytest.mark.broad
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
@pytest.mark.parametrize("beyond", [10, 3, 2, 20 << 20])
def test_a_line_that_is_too_large_is_one_bad_record_and_the_others_are_read(
    tmp_path: Path, end: str, beyond: int
) -> None:
    large = '{"server": "'.ljust(RECORD_BYTES + beyond - 2, "x") + '"}'
    others = [f'{{"server": "{name}"}}' for name in "ABCD"]
    file = tmp_path / "servers.jsonl"
    file.write_text(end.join([others[0], large, "", others[1], large, *others[2:], ""]), newline="")
    problems: list[Problem] = []
    servers = list(read_inventory(file, on_problem=problems.append))
    assert [(one.server, one.at.line) for one in servers if one.at] == [
        ("A", 1),
        ("B", 4),
        ("C", 6),
        ("D", 7),
    ]
    assert [(one.at.line, one.what) for one in problems] == [
        (2, "the record is larger than 16 MiB"),
        (5, "the record is larger than 16 MiB"),
    ]
    pieces = list(pieces_of([file]))
    assert [name for piece in pieces for name in piece.records.column("server").to_pylist()] == [*"ABCD"]
    assert [problem for piece in pieces for problem in piece.problems] == problems


SAMPLES: dict[str, Callable[[int], bytes]] = {
    ".json": lambda count: as_json(_sampled(count)),
    ".jsonl": lambda count: as_json_lines(_sampled(count)),
    ".yaml": lambda count: as_yaml(_sampled(count)),
    ".parquet": lambda count: as_parquet(_sampled(count)),
    ".csv": lambda count: ("server,counter,value\n" + "MAIL01,queue,1\n" * count + "LAST,queue,1\n").encode(),
}


def _sampled(count: int) -> Facts:
    """A record with so many readings of a counter, one of them its own value."""
    samples = [{"at": None, "value": 1.0}] * (count - 1)
    return {"server": "MAIL01", "counters": [{"name": "queue", "value": 1.0, "samples": samples}]}


@pytest.mark.parametrize("ending", SAMPLES)
def test_each_sample_of_a_counter_is_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    for module in ("inventory.lines", "inventory.csv_server", "fleet.reading.conform"):
        monkeypatch.setattr(f"needfix.{module}.ENTRIES", 50)
    for count, is_read in ((50, True), (51, False)):
        path = tmp_path / f"{count}{ending}"
        path.write_bytes(SAMPLES[ending](count))
        alone: list[Problem] = []
        fleet: list[Problem] = []
        servers = names(list(read_inventory(path, on_problem=alone.append)))
        assert servers == [
            name for name, _ in servers_of(RunRequest((str(path),)), lambda _: True, BadRecords(fleet.append))
        ]
        assert ("MAIL01" in servers) == is_read
        assert {problem.what for problem in (*alone, *fleet)} == (
            set() if is_read else {"the record has more than 50 counters"}
        )


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_may_be_as_large_as_a_record(tmp_path: Path, quote: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"server,event_source,event_message\nA,source,{quote}{'x' * 2_000_000}{quote}\nB,source,y\n",
        encoding="utf-8",
    )
    assert both_ways(path) == ({"A", "B"}, set())


def test_a_cell_that_is_larger_than_a_record_is_stated_as_such() -> None:
    servers, problems = read(
        'server,event_source,event_message\nA,source,"' + "x" * (RECORD_BYTES + 10) + '"\n'
    )
    assert servers == []
    assert len(problems) == 1
    assert "the record is larger than 16 MiB" in problems[0]

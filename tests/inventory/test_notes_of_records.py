"""Notes and problems name the record and the file that a word stands in, and each is there once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix import InventoryError, Note, Problem, Server, evaluate, fleet, joined, load_catalogue
from tests.support import Needfix
from tests.support.catalogues import OLD, Document, catalogue_of, codes, decide, mail, rule, write

OBSERVING = rule(
    apply="if-symptoms",
    symptoms=[
        {"id": "waits", "text": "Mail waits", "observe": [{"counter": "queue", "above": 1, "for": "10m"}]}
    ],
)


def record(server: str, **keys: Any) -> Document:  # noqa: ANN401 - any key of the format
    products = [{"name": "Contoso Mail Server", "level": "5.5 SP4", **keys.pop("product", {})}]
    return {"server": server, "products": products, **keys}


def lines(path: Path, *records: Document) -> Path:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in records), encoding="utf-8")
    return path


def test_one_word_gives_one_reason() -> None:
    fixes = [{"platform": "x86", "files": {"Store.exe": {"version": "5.5.2653.30"}}}]
    files = [{"name": "Store.exe", "version": "5.5.2653.23", "platform": "foo"}]
    found = decide(catalogue_of(rule(fixes=fixes)), mail(files=files, platform="x86"))
    assert codes(found).count("platform-unreadable") == 1


def test_a_record_of_a_program_has_notes_on_what_is_not_read() -> None:
    counters = [{"name": "queue", "value": 5, "for": "N/A"}]
    facts = Server.from_record({**record("MAIL01", counters=counters), "colour": "red"})
    notes: list[Note] = []
    list(evaluate(catalogue_of(OBSERVING), facts, on_note=notes.append))
    assert [(note.code, note.words) for note in notes] == [
        ("unknown-key", ("colour",)),
        ("value-unreadable", ("N/A",)),
    ]
    assert [str(note.at) for note in notes] == ["server MAIL01"] * 2
    plain = Server.from_record(record("MAIL01", counters=[{"name": "queue", "value": 5}]))
    assert facts == plain
    assert facts.as_record() == plain.as_record()


def test_notes_on_united_records_name_the_record_of_the_word(needfix: Needfix, tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", rule())
    files = [{"name": "Store.exe", "version": "5.5.2653.23", "platform": "foo"}]
    one = lines(tmp_path / "a.jsonl", record("MAIL01", collected="2002-01-01"))
    two = lines(
        tmp_path / "b.jsonl",
        record("OTHER"),
        {"server": "mail01", "collected": "2002-01-02", "files": files},
        {"server": "mail01", "collected": "2002-01-03", "events": [{"source": "-", "message": "-"}]},
    )
    for options in ([], ["--format", "json"], ["--format", "summary"]):
        ran = needfix("evaluate", one, two, "--rules", rules, "--join", *options)
        assert ran.code == 0
        assert f'{two}:2: note: 1 platform is not known, and counts as not stated: "foo"' in ran.err
    strict = needfix("evaluate", one, two, "--rules", rules, "--join", "--strict")
    assert strict.code == 2
    assert f"{two}:2: 1 platform is not known" in strict.err


@pytest.mark.parametrize(
    "name", ["N/A", "Unknown", "-", "unbekannt", "%COMPUTERNAME%", "System.Object[]", " ? "]
)
def test_a_server_whose_name_says_nothing_is_a_problem(needfix: Needfix, tmp_path: Path, name: str) -> None:
    rules = write(tmp_path / "rules", rule())
    records = [record("MAIL01"), record(name), record("MAIL02"), record(name)]
    inventories = [lines(tmp_path / "fleet.jsonl", *records)]
    table = pa.Table.from_pylist(records)
    pq.write_table(table, tmp_path / "fleet.parquet")
    rows = [("MAIL01", "Store.exe"), (name, "Store.exe"), ("MAIL02", "Store.exe"), (name, "Info.dll")]
    csv = tmp_path / "fleet.csv"
    csv.write_text("server,file\n" + "".join(f'"{own}",{file}\n' for own, file in rows), encoding="utf-8")
    tall = tmp_path / "tall.parquet"
    pq.write_table(pa.Table.from_pylist([{"server": own, "file": file} for own, file in rows]), tall)
    for path in (*inventories, tmp_path / "fleet.parquet", csv, tall):
        for options in (["--format", "summary"], []):
            ran = needfix("evaluate", path, "--rules", rules, "--keep-going", *options)
            assert ran.code == 2, path
            assert "which names no server" in ran.err, ran.err
            assert f"{path}:" in ran.err
        problems: list[Problem] = []
        found = fleet.summary(load_catalogue(rules), path, on_problem=problems.append)
        assert found.servers == 2
        assert {problem.at.file for problem in problems} == {str(path)}
    with pytest.raises(InventoryError, match="which names no server"):
        Server.from_record(record(name))


def test_a_column_that_is_not_known_is_no_end_of_a_strict_run(needfix: Needfix, tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", rule())
    csv = tmp_path / "fleet.csv"
    csv.write_text("server,product,level,colour\nMAIL01,Contoso Mail Server,5.5 SP4,red\n", encoding="utf-8")
    tall, native = tmp_path / "tall.parquet", tmp_path / "native.parquet"
    pq.write_table(pa.Table.from_pylist([{"server": "MAIL01", "file": "a.dll", "colour": "red"}]), tall)
    pq.write_table(pa.Table.from_pylist([{**record("MAIL01"), "colour": "red"}]), native)
    for path in (csv, tall, native):
        for options in (["--format", "jsonl"], ["--format", "summary"], ["--format", "json"]):
            stopped = needfix("evaluate", path, "--rules", rules, "--strict", *options)
            assert (stopped.code, stopped.out) == (2, ""), path
            assert f'{path}:1: 1 column is not known, and was not read: "colour"' in stopped.err
            kept = needfix("evaluate", path, "--rules", rules, "--strict", "--keep-going", *options)
            assert kept.code == 2
            assert "1 column is not known" in kept.err
            assert kept.out, path


def test_a_disputed_file_is_shown_where_it_makes_the_list_not_whole() -> None:
    key = {"name": "Store.exe", "version": "5.5.2653.23"}
    extra = {"name": "Extra.dll", "version": "1.0"}
    one = Server.from_record(record("MAIL01", files=[key, extra], complete=["files"]))
    two = Server.from_record(record("MAIL01", files=[key], complete=["files"]))
    catalogue = catalogue_of(rule())
    for facts in (one, two):
        assert decide(catalogue, facts).decision == "not-affected"
    found = decide(catalogue, joined([one, two]))
    assert found.decision == "undetermined"
    assert "records-disagree" in codes(found)
    whole = [
        Server.from_record(
            {**own.as_record(), "files": [*own.as_record()["files"], {"name": "Info.dll", "version": OLD}]}
        )
        for own in (one, two)
    ]
    found = decide(catalogue, joined(whole))
    assert (found.decision, "records-disagree" in codes(found)) == ("fix-required", False)

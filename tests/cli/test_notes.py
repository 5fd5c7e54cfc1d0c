"""What was not read, understood or counted is said once, and with `--strict` it is a problem."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support import Needfix

Record = dict[str, Any]

KEPT = r"C:\WINNT\$NtUninstallQ1$\store.exe"
TITLES = (
    "300 keys of records are not known",
    "300 platforms are not known",
    "300 file versions cannot be read",
    "300 symptoms are of no rule",
    "300 copies lie in folders that keep old files",
    "300 scopes are called complete without a list",
)


def record(number: int) -> Record:
    return {
        "server": f"MAIL{number:03}",
        "owner": "x",
        "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4", "platform": "misc"}],
        "files": [{"name": "Store.exe", "version": "five"}, {"path": KEPT, "version": "5.5.2653.23"}],
        "symptoms": {"observed": ["store-sings"]},
        "complete": ["events"],
    }


def good(number: int) -> Record:
    return {"server": f"GOOD{number:03}", "files": [{"name": "Store.exe", "version": "5.5.2653.23"}]}


def write(path: Path, records: Iterable[Record]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(records)), path)
    else:
        path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def notes_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if " note: " in line]


@pytest.mark.parametrize("form", ["table", "jsonl", "summary-json"])
def test_three_hundred_servers_have_a_line_for_each_kind(needfix: Needfix, tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "fleet.jsonl", map(record, range(300)))
    ran = needfix("evaluate", path, "--format", form)
    assert ran.code == 0
    lines = ran.err.splitlines()
    assert len(lines) == len(TITLES)
    for line, title in zip(lines, TITLES, strict=True):
        assert line.startswith(f"{path}:1: note: {title}")
        assert "; hint: " in line


def test_so_have_those_of_parquet(needfix: Needfix, tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.parquet", map(record, range(300)))
    ran = needfix("evaluate", path)
    assert ran.code == 0
    first, *others = notes_in(ran.err)
    assert f"{path}:1: note: 1 column is not known, and was not read: " in first
    assert [line.partition(" note: ")[2] for line in others] == [
        line.partition(" note: ")[2] for line in notes_in(ran.out)[1:]
    ]
    assert all(title in line for title, line in zip(TITLES[1:], others, strict=True))


def test_so_have_three_hundred_files_of_a_folder(needfix: Needfix, tmp_path: Path) -> None:
    for number in range(300):
        write(tmp_path / f"{number:03}.json", [record(number)])
    ran = needfix("evaluate", tmp_path, "--format", "summary")
    assert len(ran.err.splitlines()) == len(TITLES)
    assert all(f"{tmp_path / '000.json'}:1" in line for line in ran.err.splitlines())


def test_the_document_has_the_notes(needfix: Needfix, tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.jsonl", map(record, range(300)))
    summary = json.loads(needfix("evaluate", path, "--format", "json").out)["summary"]
    assert [note["text"].partition(",")[0] for note in summary["notes"]][:2] == list(TITLES[:2])
    assert summary["notes"][1] == {
        "code": "platform-unreadable",
        "file": str(path),
        "first": f"{path}:1",
        "count": 300,
        "words": ["misc"],
        "text": '300 platforms are not known, and count as not stated: "misc"',
        "hint": "write a platform such as x86, x64 or arm64, or leave it out",
    }
    both = json.loads(needfix("evaluate", path, "--format", "summary-json").out)
    assert both["notes"] == summary["notes"]
    out = tmp_path / "out.parquet"
    assert needfix("evaluate", path, "--format", "parquet", "--output", out).code == 0
    assert json.loads(pq.read_metadata(out).metadata[b"needfix.notes"]) == summary["notes"]
    for form in ("table", "summary"):
        ran = needfix("evaluate", path, "--format", form)
        assert notes_in(ran.out) == ran.err.splitlines()


@pytest.mark.parametrize("form", ["jsonl", "summary-json"])
def test_strict_makes_them_problems(needfix: Needfix, tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "fleet.jsonl", [record(0), good(1), good(2)])
    ran = needfix("evaluate", path, "--strict", "--format", form)
    assert (ran.code, ran.out) == (2, "")
    assert f"{path}:1: 1 key of a record is not known, and was not read" in ran.err
    assert not notes_in(ran.err)
    assert "nothing was written" in ran.err
    ran = needfix("evaluate", path, "--strict", "--keep-going", "--format", form)
    assert ran.code == 2
    if form == "jsonl":
        assert {json.loads(line)["server"] for line in ran.out.splitlines()} == {"GOOD001", "GOOD002"}
    else:
        assert json.loads(ran.out)["servers"] == 2
    clean = write(tmp_path / "good.jsonl", [good(1)])
    assert needfix("evaluate", clean, "--strict", "--format", form).code == 0


@pytest.mark.parametrize("form", ["jsonl", "summary-json"])
def test_strict_has_one_problem_for_each_kind_and_file(needfix: Needfix, tmp_path: Path, form: str) -> None:
    files = [{"name": "Store.exe", "version": "five"}]
    records = [{"server": f"M{one}", "files": files} for one in range(300)]
    path = write(tmp_path / "fleet.jsonl", [*records, {"server": ""}])
    ran = needfix("evaluate", path, "--strict", "--format", form)
    blank, strict, end = (line for line in ran.err.splitlines() if not line.startswith("    hint: "))
    assert blank.startswith(f"{path}:301:2: ")
    assert strict == f'{path}:1: 300 file versions cannot be read: "five"'
    assert end.startswith("needfix: 301 problems in the inventories; nothing was written")


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
@pytest.mark.parametrize("form", ["jsonl", "summary-json"])
def test_strict_finds_what_is_not_understood_in_facts(
    needfix: Needfix, tmp_path: Path, ending: str, form: str
) -> None:
    own = {key: value for key, value in record(0).items() if key != "owner"}
    path = write(tmp_path / f"fleet{ending}", [{**own, "complete": []}, good(1)])
    ran = needfix("evaluate", path, "--strict", "--keep-going", "--format", form)
    assert ran.code == 2
    assert f'{path}:1: 1 platform is not known, and counts as not stated: "misc"' in ran.err
    assert "4 problems in the inventories" in ran.err
    found = (
        len({json.loads(line)["server"] for line in ran.out.splitlines()})
        if form == "jsonl"
        else json.loads(ran.out)["servers"]
    )
    assert found == 1


@pytest.mark.parametrize("form", ["jsonl", "summary-json"])
def test_strict_does_not_read_a_table_with_an_unknown_column(
    needfix: Needfix, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("server,file,Signer\nA,Store.exe,x\n", encoding="utf-8")
    assert "1 column is not known" in needfix("evaluate", path, "--format", form).err
    ran = needfix("evaluate", path, "--strict", "--format", form)
    assert (ran.code, ran.out) == (2, "")
    assert f'{path}:1: 1 column is not known, and was not read: "Signer"' in ran.err


def test_explain_and_diff_have_notes(needfix: Needfix, tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.jsonl", [record(0), good(1)])
    explained = ("explain", path, "--server", "mail000", "--rule", "Q279798")
    assert len(needfix(*explained).err.splitlines()) == len(TITLES)
    assert needfix(*explained, "--strict").code == 2
    rules = "rules/exchange-5.5/Q279798.yaml"
    ran = needfix("diff", rules, rules, "--inventory", path)
    assert "1 key of a record is not known" in ran.err
    assert needfix("diff", rules, rules, "--inventory", path, "--strict").code == 2


# ---- contradictions


CONTRADICTED: Record = {
    "server": "MAIL01",
    "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4", "platform": "alpha"}],
    "files": [{"name": "Store.exe", "version": "5.5.2448.8", "platform": "x86"}],
    "hotfixes": ["Q279798"],
}
CODES = {"level-contradicted", "platform-differs"}


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_contradictions_are_in_every_report(needfix: Needfix, tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"a{ending}", [CONTRADICTED])

    def report(form: str) -> str:
        ran = needfix("evaluate", path, "--rule", "Q279798", "--format", form)
        assert ran.code == 0
        return ran.out

    (line,) = map(json.loads, report("jsonl").splitlines())
    (decision,) = json.loads(report("json"))["decisions"]
    (row,) = csv.DictReader(io.StringIO(report("csv")))
    assert line == decision
    assert set(line["contradictions"]) == CODES
    assert set(row["contradictions"].split()) == CODES
    assert {reason["code"] for reason in line["reasons"]} >= CODES
    assert row["reasons"].split() == list(dict.fromkeys(reason["code"] for reason in line["reasons"]))
    for reason in line["reasons"]:
        assert reason["text"] in report("table")
    counts = {"level-contradicted": 1, "platform-differs": 1}
    assert json.loads(report("json"))["summary"]["contradictions"] == counts
    assert json.loads(report("summary-json"))["contradictions"] == counts
    sentence = "facts that contradict each other, by number of servers: "
    for form in ("table", "summary"):
        assert f"{sentence}level-contradicted on 1, platform-differs on 1" in report(form)
    out = tmp_path / "out.parquet"
    needfix("evaluate", path, "--rule", "Q279798", "--format", "parquet", "--output", out)
    (reasons,) = pq.read_table(out).column("reasons").to_pylist()
    assert set(reasons) >= CODES


def test_those_of_decisions_with_nothing_to_do_are_shown_as_well(needfix: Needfix, tmp_path: Path) -> None:
    facts = {**CONTRADICTED, "products": [{"name": "Microsoft Exchange Server", "level": "2000 SP2"}]}
    facts["files"] = [
        {"name": "Store.exe", "version": "6.0.5762.4", "platform": "alpha"},
        {"name": "Store.exe", "version": "6.0.5762.4", "platform": "x86", "path": r"D:\store.exe"},
    ]
    path = write(tmp_path / "a.jsonl", [facts])
    ran = needfix("evaluate", path, "--rule", "Q279798")
    assert "not-affected" in ran.out
    assert "are for different platforms" in ran.out
    (line,) = map(
        json.loads, needfix("evaluate", path, "--rule", "Q279798", "--format", "jsonl").out.splitlines()
    )
    assert line["decision"] == "not-affected"
    assert set(line["contradictions"]) == {"platform-differs", "claimed-but-not-affected"}


@pytest.mark.parametrize("form", ["summary-json", "json"])
def test_records_that_disagree_are_counted(needfix: Needfix, tmp_path: Path, form: str) -> None:
    files = [[{"name": "Store.exe", "version": version}] for version in ("5.5.2653.23", "5.5.2654.29")]
    path = write(tmp_path / "a.jsonl", [{"server": "MAIL01", "files": own} for own in files])
    found = json.loads(needfix("evaluate", path, "--join", "--format", form).out)
    assert found.get("summary", found)["contradictions"] == {"records-disagree": 1}


def test_facts_that_a_newer_record_replaces_are_noted(needfix: Needfix, tmp_path: Path) -> None:
    facts = (("2002-05-08", "5.5.2653.23"), ("2002-05-09", "5.5.2654.29"))
    path = write(
        tmp_path / "a.jsonl",
        (
            {"server": "MAIL01", "collected": day, "files": [{"name": "Store.exe", "version": version}]}
            for day, version in facts
        ),
    )
    ran = needfix("evaluate", path, "--join")
    assert ran.code == 0
    (line,) = ran.err.splitlines()
    assert f"{path}:1: note: 1 fact of an older record was replaced by that of a newer one" in line
    strict = needfix("evaluate", path, "--join", "--strict")
    assert (strict.code, strict.err) == (0, ran.err)  # it is what uniting is for


STRICT: dict[str, str] = {
    "a.json": '{"server": "A", "rack": "7", "files": [{"name": "Store.exe", "version": "five"}]}',
    "a.jsonl": '{"server": "A", "rack": "7", "files": [{"name": "Store.exe", "version": "five"}]}\n',
    "a.yaml": "server: A\nrack: '7'\nfiles: [{name: Store.exe, version: five}]\n",
    "a.csv": "server,file,version,restart_pending\nA,Store.exe,five,Unknown\n",
}


@pytest.mark.parametrize("form", ["jsonl", "summary-json"])
@pytest.mark.parametrize("name", [*STRICT, "a.parquet", "tall.parquet"])
def test_strict_hides_no_note_of_a_record_behind_another(
    needfix: Needfix, tmp_path: Path, name: str, form: str
) -> None:
    path = tmp_path / name
    facts = {"server": "A", "restart_pending": "Unknown"}
    if name == "a.parquet":
        write(path, [{**facts, "files": [{"name": "Store.exe", "version": "five"}]}])
    elif name == "tall.parquet":
        write(path, [{**facts, "file": "Store.exe", "version": "five"}])
    else:
        path.write_text(STRICT[name], encoding="utf-8")
    for options in ((), ("--join",), ("--keep-going",)):
        ran = needfix("evaluate", path, "--strict", "--format", form, *options)
        lines = [line for line in ran.err.splitlines() if not line.startswith("    hint: ")]
        assert any("1 key of a record" in line or "1 value says nothing" in line for line in lines)
        assert any('1 file version cannot be read: "five"' in line for line in lines)
        assert lines[2].startswith("needfix: 2 problems in the inventories")
    ran = needfix("explain", path, "--server", "A", "--rule", "Q279798", "--strict")
    assert "2 problems in the inventories" in ran.err
    ran = needfix("evaluate", path, "--strict", "--server", "B", "--format", form)
    assert '"five"' not in ran.err


@pytest.mark.parametrize("form", ["jsonl", "summary-json"])
@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_joining_keeps_the_notes_on_what_it_leaves_out(
    needfix: Needfix, tmp_path: Path, ending: str, form: str
) -> None:
    older = {"server": "A", "collected": "2002-05-09", "events": [], "complete": ["events", "services"]}
    newer = {"server": "a", "collected": "lately", "files": [{"name": "a.dll", "version": "1.2"}]}
    path = write(tmp_path / f"a{ending}", [older, newer])
    ran = needfix("evaluate", path, "--join", "--format", form)
    assert notes_in(ran.err) == [
        f'{path}:2: note: 1 time cannot be read, and counts as not stated: "lately"; '
        "hint: write a time as 2000-03-14T18:00:00",
        f'{path}:1: note: 1 scope is called complete without a list, and says nothing: "services"; '
        "hint: add the list, empty if there is none, or leave the scope out of complete",
    ]
    assert needfix("evaluate", path, "--join", "--strict", "--format", form).code == 2

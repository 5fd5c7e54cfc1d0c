"""Options about inventories, in the commands that read them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from needfix.cli import evaluate
from needfix.cli.inventory_arguments import request_of
from needfix.model.inventory_options import STATED_BY_FILES
from tests.support import Needfix

SERVICE = {"Name": "W3SVC", "State": "Running", "StartMode": "Auto"}
HOTFIX = {"HotFixID": "KB279798"}


def decided(needfix: Needfix, *words: str | Path) -> list[str]:
    run = needfix("evaluate", *words, "--rule", "Q279798", "--format", "jsonl", "--quiet")
    assert (run.code, run.err) == (0, ""), run.err
    return [json.loads(line)["server"] for line in run.out.splitlines()]


def test_the_server_of_files_that_name_none(needfix: Needfix, tmp_path: Path) -> None:
    for name in ("A", "B"):
        folder = tmp_path / "servers" / name
        folder.mkdir(parents=True)
        (folder / "services.json").write_text(json.dumps(SERVICE))
        (folder / "hotfixes.json").write_text(json.dumps(HOTFIX))
    servers = tmp_path / "servers"
    assert decided(needfix, servers, "--join", "--server-name-from", "path") == ["A", "B"]
    assert decided(needfix, servers / "A", "--join", "--server-name", "MAIL01") == ["MAIL01"]
    assert decided(needfix, servers, "--join", "--server-name", "MAIL01") == ["MAIL01"]
    run = needfix("evaluate", servers / "A" / "services.json")
    assert run.code == 2
    assert "name it with --server-name NAME" in run.err


@pytest.mark.parametrize("report", ["jsonl", "summary"])
def test_names_without_domains_join(needfix: Needfix, tmp_path: Path, report: str) -> None:
    file = tmp_path / "a.jsonl"
    names = ("MAIL01", "mail01.corp.example", r"CORP\Mail01")
    file.write_text("".join(json.dumps({"server": name}) + "\n" for name in names))
    words = ("evaluate", file, "--rule", "Q279798", "--short-names", "--format", report)
    assert needfix(*words, "--join").code == 0
    assert "has another record" in needfix(*words).err


def test_columns_by_words_and_by_settings(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("Box,Thing\nA,store.exe\n")
    monkeypatch.chdir(tmp_path)
    assert decided(needfix, "a.csv", "--map", "box=server", "--map", "Thing=file") == ["A"]
    (tmp_path / ".needfix.yaml").write_text("needfix: 1\ncolumns: {Box: server, thing: file}\n")
    assert decided(needfix, "a.csv") == ["A"]
    (tmp_path / ".needfix.yaml").write_text("needfix: 1\ncolumns: {Box: serer}\n")
    run = needfix("evaluate", "a.csv")
    assert (run.code, ".needfix.yaml:2:" in run.err) == (2, True)


@pytest.mark.parametrize(
    ("word", "hint"),
    [("Box", "hint: --map 'Server Name=server'"), ("Box=serer", "did you mean server?")],
)
def test_a_wrong_map(needfix: Needfix, word: str, hint: str) -> None:
    run = needfix("evaluate", "a.csv", "--map", word)
    assert (run.code, hint in run.err) == (2, True)


def test_notes_are_silenced(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("server,colour\nA,red\n")
    words = ("evaluate", file, "--rule", "Q279798", "--format", "json")
    assert "column is not known" in needfix(*words).err
    run = needfix(*words, "--quiet")
    assert run.err == ""
    assert any(note["code"] == "unknown-column" for note in json.loads(run.out)["summary"]["notes"])


@pytest.mark.parametrize("report", ["jsonl", "summary"])
def test_records_that_are_too_old_are_noted_and_counted(
    needfix: Needfix, tmp_path: Path, report: str
) -> None:
    now = datetime.now(UTC)
    times = [now - timedelta(days=40), now - timedelta(days=20)]
    records = [{"server": f"S{n}", "collected": one.isoformat()} for n, one in enumerate(times)]
    file = tmp_path / "a.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in (*records, {"server": "undated"})))
    words = ("evaluate", file, "--rule", "Q279798", "--max-age", "30d", "--format", report)
    run = needfix(*words)
    assert run.code == 0
    noted = "2 records are older than --max-age, or do not state when they were collected"
    assert f'{noted}: "{records[0]["collected"]}", "not stated"' in run.err
    assert needfix(*words, "--strict").code == 2
    assert "is not a duration" in needfix("evaluate", file, "--max-age", "long").err


def test_problems_that_say_the_same_are_folded(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("server,file\n" + ",store.exe\n" * 300)
    run = needfix("evaluate", file)
    assert run.err.count("the row has no server; expected") == 3
    assert f"{file}: the same in 297 more places down to line 301: the row has no server\n" in run.err
    assert "needfix: 300 problems in the inventories" in run.err


def test_rules_are_no_inventory(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text("# a rule\nneedfix: 1\nid: Q1\nproduct: mail\nfixes: []\n")
    run = needfix("evaluate", file)
    assert run.err == (
        f"{file}:1: this is a file of rules; expected an inventory\n"
        "    hint: name rules with --rules; an inventory states facts about servers\n"
        "needfix: 1 problem in the inventories; nothing was written; use --keep-going to evaluate the other"
        " records\n"
    )


def test_a_misspelt_product_is_noted_once(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = "".join(f"S{n},Microsft Exchange Server,5.5 SP4,notes.exe\n" for n in range(300))
    file.write_text(f"server,product,level,file\n{rows}")
    for report in ("jsonl", "summary"):
        err = needfix("evaluate", file, "--rule", "Q279798", "--format", report).err
        assert err.count("300 product names are in no definition, and resemble those of products") == 1
        assert '"Microsft Exchange Server, like Microsoft Exchange Server"' in err


def test_words_of_lists_of_rules(needfix: Needfix) -> None:
    assert "Q279798" in needfix("rules", "list", "STORE.exe", "q2797").out
    run = needfix("rules", "list", "nothing-has-this")
    assert (run.code, run.err) == (
        2,
        "needfix: no rule has 'nothing-has-this'\n    hint: try a shorter word\n",
    )
    assert needfix("help", "evaluate").out == needfix("evaluate", "--help").out


def test_without_options_files_state_everything_so_that_fleets_are_read_in_columns() -> None:
    words = ["servers.jsonl", "--join", "--keep-going"]
    arguments = evaluate.parser().parse_intermixed_args(words)
    assert request_of(arguments, ()).options == STATED_BY_FILES
    named = evaluate.parser().parse_intermixed_args([*words, "--server-name-from", "path"])
    assert request_of(named, ()).options.naming.roots == ("servers.jsonl",)

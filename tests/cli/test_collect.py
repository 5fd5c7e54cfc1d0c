"""`needfix collect`: which folders are servers, and what is wrong with the words of the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.collect.support import record_of, write_disk, write_file
from tests.support import ROOT

if TYPE_CHECKING:
    from tests.support import Needfix


def test_each_folder_is_a_server(needfix: Needfix, tmp_path: Path) -> None:
    write_disk(tmp_path / "images" / "a")
    write_file(tmp_path / "images" / "mail02", "store.exe")
    write_file(tmp_path / "images", "notes.txt")
    output = tmp_path / "servers.jsonl"
    ran = needfix("collect", tmp_path / "images", "--each-folder", "--output", output)
    records = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [record["server"] for record in records] == ["MAIL01", "mail02"]
    assert ran.err.endswith("needfix: 2 servers, 2 files; lists of files complete: 1 of 2\n")
    assert len(needfix("evaluate", output, "--rule", "Q279798", "--format", "jsonl").out.splitlines()) == 2


def test_the_name_can_be_stated(needfix: Needfix, tmp_path: Path) -> None:
    write_disk(tmp_path / "a")
    ran = needfix("collect", tmp_path / "a", "--server-name", "OTHER")
    assert record_of(ran.out)["server"] == "OTHER"


def test_one_note_for_many_servers(needfix: Needfix, tmp_path: Path) -> None:
    for number in range(5):
        write_file(tmp_path, f"s{number}/store.exe")
    ran = needfix("collect", tmp_path, "--each-folder")
    assert len(ran.err.splitlines()) == 2
    assert ran.err.startswith(
        "needfix: note: s0, s1, s2 and 2 more: the list of files is not called complete"
    )


def test_two_folders_of_one_server(needfix: Needfix, tmp_path: Path) -> None:
    write_disk(tmp_path / "a")
    write_disk(tmp_path / "b")
    ran = needfix("collect", tmp_path, "--each-folder", "--output", tmp_path / "out")
    assert ran.code == 2
    assert "are both of the server MAIL01" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no folder is named"),
        (["missing"], "cannot read missing: No such file or directory"),
        (["file"], "file is not a folder"),
        (["folder", "--each-folder", "--server-name", "A"], "--server-name is that of one server"),
        (["folder", "--each-folder"], "there is no folder in folder"),
        (["folder", "--drive", "C:", "--drive", "D:"], "--drive is given 2 times for 1 folder"),
        (["folder", "--drive", "data"], "--drive 'data' is not a drive"),
        (["folder", "--collected", "yesterday"], "--collected 'yesterday' is not a time"),
        ([".", "folder"], "folder lies in "),
        (["folder", "./folder"], "folder is named twice"),
        (["folder", "--server-name", "N/A"], "nothing shows the name of the server in"),
        (["folder", "--script", "osquery"], "--script osquery makes a script, which looks for files itself"),
        (["--script", "bash"], "invalid choice: 'bash'"),
    ],
)
def test_words_that_make_no_sense(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = needfix("collect", *words)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_rules_before_the_folder(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path / "a", "store.exe")
    ran = needfix("collect", "--rules", ROOT / "rules", tmp_path / "a")
    assert record_of(ran.out)["server"] == "a"

"""`needfix collect`: which folders are servers, and what is wrong with the words of the command."""

from __future__ import annotations

import json
import sys
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
        (["folder", "--each-folder"], "there is no folder of a server in folder"),
        (["folder", "--drive", "C:", "--drive", "D:"], "--drive is given 2 times for 1 folder"),
        (["folder", "--drive", "data"], "--drive 'data' is not a drive"),
        (["folder", "--collected", "yesterday"], "--collected 'yesterday' is not a time"),
        ([".", "folder"], "folder lies in "),
        (["folder", "./folder"], "folder is named twice"),
        (["folder", "--server-name", "N/A"], "--server-name 'N/A' names no server"),
        (["folder", "--script", "osquery"], "--script osquery makes a script, which looks for files itself"),
        (["--script", "powershell", "--all"], "--all is for folders, and --script powershell makes a script"),
        (["--script", "osquery", "--server-name", "A"], "hint: leave out --server-name"),
        (["--script", "osquery", "--drive", "C:"], "hint: leave out --drive"),
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


LEFT_OUT = {
    "mail02": "is a link, and is left out",
    "lost+found": "is not the folder of a server by its name, and is left out",
    ".hidden": "is not the folder of a server by its name, and is left out",
    "mail03.vhdx": "is a disk image that is not mounted, and is left out",
}


@pytest.mark.skipif(sys.platform == "win32", reason="made of links of POSIX")
@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_may_be_a_server_and_is_left_out(needfix: Needfix, tmp_path: Path, name: str) -> None:
    if name == "mail02":
        (tmp_path / name).symlink_to("mail01")
    elif name == "mail03.vhdx":
        (tmp_path / name).touch()
    else:
        (tmp_path / name).mkdir()
    alone = needfix("collect", tmp_path, "--each-folder")
    assert alone.code == 2
    assert f"{name} {LEFT_OUT[name]}" in alone.err
    write_file(tmp_path, "mail01/store.exe")
    ran = needfix("collect", tmp_path, "--each-folder")
    assert record_of(ran.out)["server"] == "mail01"
    assert f"needfix: note: {tmp_path / name} {LEFT_OUT[name]}\n" in ran.err
    strict = needfix("collect", tmp_path, "--each-folder", "--strict")
    assert (strict.code, strict.out) == (2, "")
    assert f"{name} {LEFT_OUT[name]}; nothing was written" in strict.err


def test_rules_before_the_folder(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path / "a", "store.exe")
    ran = needfix("collect", "--rules", ROOT / "rules", tmp_path / "a")
    assert record_of(ran.out)["server"] == "a"

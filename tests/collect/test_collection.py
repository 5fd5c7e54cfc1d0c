"""One server: what is found below its folders, and when the list of files is complete."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needfix.collect import collection
from needfix.collect.executable import read_executable
from needfix.model.server import Server
from tests.collect.executables import ENGLISH, GERMAN, executable, version_resource
from tests.collect.hives import Key, hive
from tests.collect.support import (
    PROGRAMS,
    STORE,
    SYSTEM,
    WINDOWS,
    names,
    record_of,
    store,
    write_disk,
    write_file,
)

if TYPE_CHECKING:
    from tests.support import Needfix

_AT = 973072800
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="made of links and permissions of POSIX")


def test_a_disk_image_with_its_registry(needfix: Needfix, tmp_path: Path) -> None:
    exchange = {"DisplayName": "Microsoft Exchange Server 5.5 SP4"}
    file = write_disk(tmp_path / "image", software={rf"{PROGRAMS}\Exchange": exchange}) / STORE
    os.utime(file, (_AT, _AT))
    ran = needfix("collect", tmp_path / "image", "--collected", "2002-05-09T08:00:00Z")
    windows = {
        "name": "Windows Server 2019 Standard",
        "build": "10.0.17763.5458",
        "platform": "AMD64",
        "language": "0409",
    }
    store_exe = {
        "name": "store.exe",
        "path": r"C:\exchsrvr\bin\store.exe",
        "size": file.stat().st_size,
        "version": "5.5.2653.23",
        "modified": "2000-11-01T10:00:00Z",
        "platform": "x86",
        "language": "en",
    }
    assert ran.code == 0
    record = record_of(ran.out)
    assert "mad.exe" in [name.casefold() for name in record.pop("looked_for")]
    assert record == {
        "server": "MAIL01",
        "collected": "2002-05-09T08:00:00Z",
        "files": [store_exe],
        "products": [windows, {"name": "Microsoft Exchange Server 5.5 SP4"}],
        "complete": ["files"],
    }
    assert ran.err == "needfix: 1 server, 1 file; lists of files complete: yes\n"


def test_what_is_collected_is_read_without_a_note(needfix: Needfix, tmp_path: Path) -> None:
    exchange = {"DisplayName": "Microsoft Exchange Server 5.5 SP4", "DisplayVersion": "5.5.2653.23"}
    write_disk(tmp_path / "image", software={rf"{PROGRAMS}\Exchange": exchange})
    inventory = tmp_path / "mail01.json"
    assert needfix("collect", tmp_path / "image", "--output", inventory).code == 0
    ran = needfix("evaluate", inventory, "--rule", "Q279798", "--strict", "--format", "jsonl")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["decision"] == "fix-required"


def test_a_product_that_windows_does_not_list_is_shown_by_its_key_file(
    needfix: Needfix, tmp_path: Path
) -> None:
    write_disk(tmp_path / "image")
    inventory = tmp_path / "mail01.json"
    ran = needfix("collect", tmp_path / "image", "--output", inventory)
    assert "not listed by Windows, and may be there: Microsoft Exchange Server" in ran.err
    assert record_of(inventory.read_text("utf-8"))["products"][-1] == {"name": "..."}
    ran = needfix("evaluate", inventory, "--rule", "Q279798", "--format", "jsonl")
    assert json.loads(ran.out)["decision"] == "fix-required"


def test_without_a_registry_products_are_not_stated(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path / "mail07", STORE)
    ran = needfix("collect", tmp_path / "mail07")
    record = record_of(ran.out)
    assert record["server"] == "mail07"
    assert record.keys() == {"server", "collected", "files"}
    assert names(record) == [str(tmp_path / "mail07" / STORE)]
    assert "nothing shows that these folders are all of the server; if they are, state --whole" in ran.err


def test_case_does_not_matter(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path, "EXCHSRVR/Bin/STORE.EXE")
    write_file(tmp_path, "other/Store.Exe")
    write_file(tmp_path, "other/notes.txt")
    record = record_of(needfix("collect", tmp_path, "--drive", "d", "--whole").out)
    assert names(record) == [r"D:\EXCHSRVR\Bin\STORE.EXE", r"D:\other\Store.Exe"]
    assert record["complete"] == ["files"]


def test_all_files(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path, "notes.txt", b"text")
    write_file(tmp_path, "b/data")
    record = record_of(needfix("collect", tmp_path, "--all", "--drive", "C:").out)
    assert names(record) == [r"C:\notes.txt", r"C:\b\data"]
    assert "version" not in record["files"][0]


@pytest.mark.parametrize(
    ("limits", "note"),
    [
        ({"ENTRIES": 1}, "needfix reads 1 files of a server, and it has 2; leave out --all"),
        ({"RECORD_BYTES": 0}, "needfix reads 0 MiB of a server, and its files take 0.0; leave out --all"),
    ],
)
def test_more_files_than_needfix_reads(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int], note: str
) -> None:
    for limit, value in limits.items():
        monkeypatch.setattr(collection, limit, value)
    for name in ("store.exe", "notes.txt"):
        write_file(tmp_path / "a", name)
    assert f"needfix: note: a: {note}\n" in needfix("collect", tmp_path / "a", "--all").err


def test_a_list_of_files_is_never_complete_and_empty(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path / "a", "notes.txt")
    ran = needfix("collect", tmp_path / "a", "--whole")
    assert record_of(ran.out)["files"] == []
    assert "there is no file that rules ask for, and no ntoskrnl.exe" in ran.err
    write_file(tmp_path / "a", "Windows/System32/ntoskrnl.exe")
    write_file(tmp_path / "a", "Windows/Other/ntoskrnl.exe")
    record = record_of(needfix("collect", tmp_path / "a", "--whole", "--drive", "C:").out)
    assert names(record) == [r"C:\Windows\Other\ntoskrnl.exe"]
    assert record["complete"] == ["files"]


def test_another_drive_that_the_registry_names(needfix: Needfix, tmp_path: Path) -> None:
    letters = {r"\DosDevices\C:": b"\1" * 12, r"\DosDevices\D:": b"\2" * 24}
    write_disk(tmp_path / "c", system={**SYSTEM, "MountedDevices": letters})
    write_file(tmp_path / "d", "exchsrvr/mad.exe")
    alone = needfix("collect", tmp_path / "c")
    assert "complete" not in record_of(alone.out)
    assert "the server also has D:; name the folders of all drives, each with its --drive" in alone.err
    both = record_of(needfix("collect", tmp_path / "c", tmp_path / "d", "--drive", "C:", "--drive", "D:").out)
    assert names(both) == [r"C:\exchsrvr\bin\store.exe", r"D:\exchsrvr\mad.exe"]
    assert both["complete"] == ["files"]
    assert record_of(needfix("collect", tmp_path / "c", "--whole").out)["complete"] == ["files"]


SQL = r"Microsoft\Microsoft SQL Server\MSSQL16.A\Setup"
STICK = r"_??_USBSTOR#Disk&Ven_X&Prod_Y#4C53&0#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}".encode("utf-16-le")


@pytest.mark.parametrize(
    ("software", "system"),
    [
        ({SQL: {"SQLPath": r"D:\MSSQL16.A\MSSQL"}}, {}),
        ({rf"Wow6432Node\{PROGRAMS}\X": {"DisplayName": "X", "InstallLocation": "d:\\X\\"}}, {}),
        ({rf"{PROGRAMS}\X": {"DisplayName": "X", "UninstallString": r'"D:\X\setup.exe" /u'}}, {}),
        ({r"Microsoft\ExchangeServer\v15\Setup": {"MsiInstallPath": "D:\\Exchange\\"}}, {}),
        ({}, {r"ControlSet001\Services\X": {"ImagePath": r"\??\D:\X\x.exe"}}),
        ({}, {"MountedDevices": {r"\DosDevices\C:": b"\1" * 12, r"\DosDevices\D:": STICK}}),
    ],
    ids=["SQL Server", "program", "uninstalling", "Exchange", "service", "USB"],
)
def test_a_drive_on_which_something_is_installed(
    needfix: Needfix, tmp_path: Path, software: Key, system: Key
) -> None:
    write_disk(tmp_path, software, system)
    ran = needfix("collect", tmp_path)
    assert "complete" not in record_of(ran.out)
    assert "the server also has D:" in ran.err


def test_a_server_of_which_no_drive_is_known(needfix: Needfix, tmp_path: Path) -> None:
    write_disk(
        tmp_path, {WINDOWS: {"ProductName": "Windows Server 2019 Standard", "PathName": r"C:\Windows"}}
    )
    ran = needfix("collect", tmp_path)
    assert "complete" not in record_of(ran.out)
    assert "the server has C:; state with --drive which drive each PATH is" in ran.err
    assert record_of(needfix("collect", tmp_path, "--drive", "C:").out)["complete"] == ["files"]


def test_two_folders_for_one_drive(needfix: Needfix, tmp_path: Path) -> None:
    write_disk(tmp_path / "c")
    write_file(tmp_path / "d", "store.exe")
    own, other = tmp_path / "c", tmp_path / "d"
    for words in ([own, other, "--drive", "C:", "--drive", "C:"], [other, own, "--drive", "C:"]):
        ran = needfix("collect", *words)
        assert (ran.code, ran.out) == (2, "")
        assert "are both C:" in ran.err
    swapped = needfix("collect", other, own, "--drive", "C:", "--drive", "D:")
    assert (swapped.code, swapped.out) == (2, "")
    assert f"{own} is C: by its registry, and not D:" in swapped.err
    assert "in the order of the PATHs" in swapped.err


def test_the_registry_knows_the_drive_of_the_only_folder(needfix: Needfix, tmp_path: Path) -> None:
    ran = needfix("collect", write_disk(tmp_path), "--drive", "D:")
    assert names(record_of(ran.out)) == [r"C:\exchsrvr\bin\store.exe"]
    assert f"{tmp_path} is C: by its registry, and not D:" in ran.err


def test_paths_that_no_record_can_have(needfix: Needfix, tmp_path: Path) -> None:
    root = tmp_path / "a\nb"
    write_file(root, "store.exe")
    ran = needfix("collect", root, "--server-name", "A")
    assert ran.code == 2
    assert "hint: state its drive with --drive" in ran.err
    assert needfix("collect", root, "--server-name", "A", "--drive", "C:").code == 0


def test_without_one_hive_nothing_shows_all_drives(needfix: Needfix, tmp_path: Path) -> None:
    config = write_disk(tmp_path / "mail01") / "Windows" / "System32" / "config"
    (config / "SOFTWARE").unlink()
    ran = needfix("collect", tmp_path / "mail01")
    assert "complete" not in record_of(ran.out)
    assert "nothing shows that these folders are all of the server" in ran.err


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else False, reason="root reads everything")
def test_a_folder_that_cannot_be_read(needfix: Needfix, tmp_path: Path) -> None:
    closed = write_file(tmp_path, "closed/store.exe").parent
    write_file(tmp_path, "open/store.exe")
    closed.chmod(0)
    try:
        ran = needfix("collect", tmp_path, "--whole")
    finally:
        closed.chmod(0o700)
    assert "complete" not in record_of(ran.out)
    assert f'1 folder could not be read: "{closed}"' in ran.err


def test_a_folder_that_cannot_be_listed(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path, "closed/store.exe")
    write_file(tmp_path, "open/store.exe")
    list_folder = os.scandir

    def failing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", failing)
    ran = needfix("collect", tmp_path, "--whole", "--drive", "C:")
    record = record_of(ran.out)
    assert names(record) == [r"C:\open\store.exe"]
    assert "complete" not in record
    assert record["failures"] == ['1 folder could not be read: "C:\\closed"']
    assert "the list of files is not called complete: not everything could be looked at" in ran.err
    strict = needfix("collect", tmp_path, "--whole", "--strict")
    assert (strict.code, strict.out) == (2, "")


def test_folders_that_windows_withholds_keep_no_list_from_being_complete(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path, "System Volume Information/x")
    write_file(tmp_path, "open/store.exe")
    list_folder = os.scandir

    def failing(path: str) -> object:
        if str(path).endswith("System Volume Information"):
            raise PermissionError(13, "Permission denied", path)
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", failing)
    assert record_of(needfix("collect", tmp_path, "--whole").out)["complete"] == ["files"]


def test_a_file_that_cannot_be_opened(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path, "store.exe")
    opened = os.open

    def failing(path: str, *how: object) -> int:
        if str(path).endswith("store.exe"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *how)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", failing)
    record = record_of(needfix("collect", tmp_path, "--whole", "--drive", "C:").out)
    assert names(record) == [r"C:\store.exe"]
    assert record.keys() == {"server", "collected", "files", "failures"}
    assert "version" not in record["files"][0]


def test_a_damaged_executable_is_listed_without_its_version(needfix: Needfix, tmp_path: Path) -> None:
    resources = {ENGLISH: version_resource(), GERMAN: version_resource((5, 5, 2654, 29))}
    write_file(tmp_path, "store.exe", executable(versions=resources))
    write_file(tmp_path, "mad.exe", store()[:600])
    ran = needfix("collect", tmp_path, "--whole", "--drive", "C:")
    record = record_of(ran.out)
    assert [file.get("version") for file in record["files"]] == [None, None]
    assert record["complete"] == ["files"]
    assert '2 executables damaged, or with several versions; listed without version: "C:\\mad.exe"' in ran.err


def test_links_are_not_followed_out_of_the_folders(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path / "elsewhere", "store.exe")
    write_file(tmp_path / "image", "real/mad.exe")
    (tmp_path / "image" / "link").symlink_to(tmp_path / "elsewhere")
    ran = needfix("collect", tmp_path / "image", "--whole", "--drive", "C:")
    record = record_of(ran.out)
    assert names(record) == [r"C:\real\mad.exe"]
    assert "complete" not in record
    assert '1 link to elsewhere, which is not followed: "C:\\link"' in ran.err


def test_links_within_the_folders(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path, "Users/store-new.bin", store((5, 5, 2654, 29)))
    (tmp_path / "Documents and Settings").symlink_to("Users")
    (tmp_path / "notes.txt").symlink_to(__file__)
    (tmp_path / "Users" / "Application Data").symlink_to("..")
    (tmp_path / "store.exe").symlink_to("Users/store-new.bin")
    record = record_of(needfix("collect", tmp_path, "--whole", "--drive", "C:").out)
    assert names(record) == [r"C:\store.exe"]
    assert record["files"][0]["version"] == "5.5.2654.29"
    assert record["complete"] == ["files"]


@pytest.mark.parametrize(
    "target",
    ["C:/Users", r"c:\users", r"\??\C:\Users", "/??/C:/USERS/", r"\\?\C:\Users", "users", "Users/../users"],
)
def test_links_by_paths_of_the_server(needfix: Needfix, tmp_path: Path, target: str) -> None:
    write_file(tmp_path, "Users/store.exe")
    (tmp_path / "Documents and Settings").symlink_to(target)
    ran = needfix("collect", tmp_path, "--whole", "--drive", "C:")
    record = record_of(ran.out)
    assert names(record) == [r"C:\Users\store.exe"]
    assert record["complete"] == ["files"]


@pytest.mark.parametrize("target", ["D:/Users", "C:/Other", "users/other", "C:/.."])
def test_links_by_paths_to_elsewhere(needfix: Needfix, tmp_path: Path, target: str) -> None:
    write_file(tmp_path / "a", "Users/store.exe")
    (tmp_path / "a" / "Documents and Settings").symlink_to(target)
    assert "complete" not in record_of(needfix("collect", tmp_path / "a", "--whole", "--drive", "C:").out)


def test_a_link_that_leads_nowhere(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path, "store.exe")
    (tmp_path / "point").symlink_to("unsupported reparse point")
    ran = needfix("collect", tmp_path, "--whole")
    assert "complete" not in record_of(ran.out)
    assert "1 link to nowhere, or not supported here" in ran.err


RULE = """\
needfix: 1
id: Q900001
title: A rule about a file in a folder
product: exchange-server
affects: [5.5 SP4]
fixes:
  - files: {X.dll: {version: "5.5.2654.29", path: 'exch*\\bin'}}
"""


def test_rules_that_ask_for_other_files_later_are_undetermined(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(RULE, encoding="utf-8")
    exchange = {"DisplayName": "Microsoft Exchange Server 5.5 SP4"}
    write_disk(tmp_path / "image", software={rf"{PROGRAMS}\Exchange": exchange})
    decisions = []
    for words in ([], ["--rules", tmp_path / "rule.yaml"], ["--all"]):
        assert needfix("collect", tmp_path / "image", *words, "--output", tmp_path / "a.json").code == 0
        ran = needfix("evaluate", tmp_path / "a.json", "--rules", tmp_path / "rule.yaml", "--format", "jsonl")
        decisions.append(json.loads(ran.out)["decision"])
    assert decisions == ["undetermined", "not-affected", "not-affected"]


def test_a_link_whose_name_rules_ask_for(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(RULE, encoding="utf-8")
    write_file(tmp_path / "image", "real/bin/x.dll")
    (tmp_path / "image" / "ExchSrvr").symlink_to("real")
    ran = needfix("collect", tmp_path / "image", "--whole", "--rules", tmp_path / "rule.yaml")
    assert len(record_of(ran.out)["files"]) == 1
    assert "complete" not in record_of(ran.out)
    assert "1 link to a folder in which rules ask for files, which is not followed" in ran.err


def test_names_that_windows_cannot_have(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path, "store.exe")
    write_file(tmp_path, "bin\\mad.exe")
    write_file(tmp_path, "bin\\notes.txt")
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    ran = needfix("collect", tmp_path, "--whole", "--drive", "C:")
    assert names(record_of(ran.out)) == [r"C:\store.exe"]
    assert "2 names that Windows or a record cannot have; not listed" in ran.err
    assert "complete" not in record_of(ran.out)


@pytest.mark.parametrize(
    "name", ["new\nline\x1b[31m", "a:b", "dot.", "blank ", "\x85", "\u2028", "'x'", " x"]
)
def test_folders_with_names_that_windows_or_a_record_cannot_have(
    needfix: Needfix, tmp_path: Path, name: str
) -> None:
    write_file(tmp_path / "a", "store.exe")
    write_file(tmp_path / "a" / name, "store.exe")
    ran = needfix("collect", tmp_path / "a", "--whole", "--drive", "C:", "--output", tmp_path / "a.json")
    record = record_of((tmp_path / "a.json").read_text("utf-8"))
    assert names(record) == [r"C:\store.exe"]
    assert "complete" not in record
    assert "1 name that Windows or a record cannot have; not listed" in ran.err
    assert needfix("evaluate", tmp_path / "a.json").code == 0


@pytest.mark.parametrize(("asked", "is_complete"), [("Übung.dll", False), ("mad.exe", True)])
def test_a_name_in_another_encoding_may_be_one_that_rules_ask_for(
    needfix: Needfix, tmp_path: Path, asked: str, *, is_complete: bool
) -> None:
    (tmp_path / "rule.yaml").write_text(RULE.replace("X.dll", asked), encoding="utf-8")
    write_file(tmp_path / "a", "store.exe")
    write_file(tmp_path / "a", os.fsdecode("ÜBUNG.DLL".encode("latin-1")))
    record = record_of(needfix("collect", tmp_path / "a", "--whole", "--rules", tmp_path / "rule.yaml").out)
    assert ("complete" in record) is is_complete
    assert ("failures" not in record) is is_complete


_ODD = st.sampled_from([*"aB.- '\"~$\n\r\t\x1b\x7f\x85\xa0\xad\u2028\u200b\u202e\ufeff:*?|<>\\=(Ü", "\udc80"])


@given(st.lists(st.text(_ODD, min_size=1, max_size=6), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_collected_can_be_evaluated(needfix: Needfix, tmp_path: Path, odd: list[str]) -> None:
    with TemporaryDirectory(dir=tmp_path) as folder:
        root = Path(folder) / "mail01"
        write_file(root, STORE, b"")
        for name in odd:
            if name not in (".", ".."):
                write_file(root / "x", name, b"")
                write_file(root / f"y{name}", f"{name}y", b"")
        inventory = Path(folder) / "mail01.json"
        for words in ([], ["--all"], ["--drive", "C:"]):
            assert needfix("collect", root, "--whole", "--output", inventory, *words).code == 0
            ran = needfix("evaluate", inventory, "--rule", "Q279798", "--format", "jsonl")
            assert (ran.code, ran.err.count("problem")) == (0, 0)
            record = record_of(inventory.read_text("utf-8"))
            read = Server.from_record(record)
            assert [file.name for file in read.files] == [file["name"] for file in record["files"]]
            assert [file.path for file in read.files] == [file["path"] for file in record["files"]]


def test_a_long_path_is_cut_in_notes(needfix: Needfix, tmp_path: Path) -> None:
    folder = "/".join(["x" * 100] * 5)
    write_file(tmp_path / folder, "bin\\mad.exe")
    ran = needfix("collect", tmp_path, "--drive", "C:")
    assert f"{'x' * 53}…" in ran.err
    assert max(map(len, ran.err.splitlines())) < 400


def test_what_is_no_file_is_not_opened(needfix: Needfix, tmp_path: Path) -> None:
    write_file(tmp_path, "store.exe")
    os.mkfifo(tmp_path / "mad.exe")
    (tmp_path / "emsmta.exe").mkdir()
    record = record_of(needfix("collect", tmp_path, "--whole", "--drive", "C:").out)
    assert names(record) == [r"C:\mad.exe", r"C:\store.exe"]
    assert record["files"][0] == {"name": "mad.exe", "path": r"C:\mad.exe"}
    assert record["complete"] == ["files"]


def test_a_file_with_several_names_is_read_once(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path, "a/store.exe")
    (tmp_path / "b").mkdir()
    os.link(tmp_path / "a" / "store.exe", tmp_path / "b" / "Store.exe")
    reads = Mock(side_effect=read_executable)
    monkeypatch.setattr("needfix.collect.tree.read_executable", reads)
    record = record_of(needfix("collect", tmp_path, "--drive", "C:").out)
    assert names(record) == [r"C:\a\store.exe", r"C:\b\Store.exe"]
    assert {file["version"] for file in record["files"]} == {"5.5.2653.23"}
    assert reads.call_count == 1


def test_a_registry_that_was_not_closed_is_not_read(needfix: Needfix, tmp_path: Path) -> None:
    config = write_disk(tmp_path / "mail01") / "Windows" / "System32" / "config"
    (config / "SOFTWARE").write_bytes(hive({}, is_closed=False))
    ran = needfix("collect", tmp_path / "mail01")
    record = record_of(ran.out)
    assert "products" not in record
    assert record["server"] == "MAIL01"
    assert any(
        "SOFTWARE is not read: it was not closed, and may be out of date" in one for one in record["failures"]
    )

"""Records under the names that other programs have for keys, singly and in columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import needfix
from needfix import fleet
from needfix.intake.fields import FILE, PRODUCT, RECORD
from needfix.intake.other_keys import other_key
from needfix.model.server import (
    CounterSample,
    Event,
    FileCopy,
    InstalledProduct,
    RegistryValue,
    Server,
    ServiceState,
)  # fmt: skip

Read = tuple[Server, list[tuple[str, tuple[str, ...]]]]


def read_everywhere(tmp_path: Path, record: dict[str, Any]) -> Read:
    """The server and the notes, which are the same in every text and in code, and the notes of a fleet."""
    texts = {
        "a.json": json.dumps([record], indent=1),
        "a.jsonl": json.dumps(record) + "\n",
        "a.yaml": yaml.safe_dump(record, sort_keys=False),
    }
    found: list[Read] = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        notes: list[needfix.Note] = []
        (server,) = needfix.read_inventory(tmp_path / name, on_note=notes.append)
        found.append((server, [(note.code, note.words) for note in notes]))
    assert all(one == found[0] for one in found)
    made = Server.from_record(record)
    assert made == found[0][0]
    in_columns: list[needfix.Note] = []
    list(fleet.decisions(CATALOGUE, tmp_path / "a.jsonl", on_note=in_columns.append))
    assert [(note.code, note.words) for note in in_columns if note.code in _OF_NAMES] == found[0][1]
    return found[0]


CATALOGUE = needfix.load_catalogue(
    {
        "p.yaml": "needfix: 1\nproduct: mailhub\nname: MailHub\nkey_files: [hub.exe]\n"
        'levels: [{level: "2019", build: "15.2.986"}, {level: "2019 SP1", build: "15.2.1118"}]\n',
        "r.yaml": "needfix: 1\nid: R1\ntitle: Hub stops\nproduct: mailhub\naffects: [2019 SP1]\n"
        'apply: always\nfixes: [{files: {hub.exe: {version: "15.2.1118.40"}}}]\n',
    }
)
_OF_NAMES = ("read-as", "column-doubled", "unknown-key", "value-unreadable")
BASE: dict[str, Any] = {"server": "U1", "products": [{"name": "MailHub", "level": "2019 SP1"}]}
TEXT = "15.2.1118.9"
PARTS = {"FileMajorPart": 15, "FileMinorPart": 2, "FileBuildPart": 1118, "FilePrivatePart": 9}
HUB = FileCopy("hub.exe", version="15.2.1118.9")


@pytest.mark.parametrize(
    ("entry", "expected", "words"),
    [
        ({"name": "hub.exe", "FileVersion": TEXT}, HUB, ("files.FileVersion = version",)),
        ({"name": "hub.exe", "file version": TEXT}, HUB, ("files.file version = version",)),
        ({"Name": "hub.exe", "VersionInfo": {"FileVersion": TEXT}}, HUB, ("files.VersionInfo = version",)),
        (
            {"Name": "hub.exe", "VersionInfo": f"File:  x\nFileVersion:  {TEXT}\nDebug: False"},
            HUB,
            ("files.VersionInfo = version",),
        ),
        (
            {"FileName": "hub.exe", "ProductVersion": TEXT},
            HUB,
            ("files.FileName = name", "files.ProductVersion = version"),
        ),
        ({"File": "hub.exe", "Version": TEXT}, HUB, ()),
        (
            {"FullName": r"C:\Hub\hub.exe", "Length": 7, "LastWriteTime": "2023-11-02T10:00:00"},
            FileCopy("hub.exe", r"C:\Hub\hub.exe", modified="2023-11-02T10:00:00", size=7),
            ("files.FullName = path", "files.LastWriteTime = modified", "files.Length = size"),
        ),
        (
            {"VersionInfo": {"FileName": r"C:\Hub\hub.exe", "FileVersion": "15.2 stale", **PARTS}},
            FileCopy("hub.exe", r"C:\Hub\hub.exe", TEXT),
            ("files.VersionInfo = version",),
        ),
        ({"name": "hub.exe", **PARTS}, HUB, ("files.FileMajorPart = version",)),
    ],
)
def test_files(tmp_path: Path, entry: dict[str, Any], expected: FileCopy, words: tuple[str, ...]) -> None:
    server, notes = read_everywhere(tmp_path, {**BASE, "files": [entry], "complete": ["files"]})
    assert server.files == (expected,)
    assert notes == ([("read-as", words)] if words else [])


def test_of_two_keys_for_one_fact_the_better_one_is_read(tmp_path: Path) -> None:
    entry = {
        "name": "hub.exe",
        "ProductVersion": "9",
        "FileVersion": "stale",
        "FileVersionRaw": "15.2.1118.9",
    }
    server, notes = read_everywhere(tmp_path, {**BASE, "files": [entry]})
    assert server.files == (HUB,)
    assert notes == [
        (
            "column-doubled",
            ("files.FileVersion, as FileVersionRaw", "files.ProductVersion, as FileVersionRaw"),
        ),
        ("read-as", ("files.FileVersionRaw = version",)),
    ]
    server, notes = read_everywhere(tmp_path, {**BASE, "files": [{**entry, "version": "15.2.1118.9"}]})
    assert server.files == (HUB,)
    assert [code for code, _ in notes] == ["column-doubled"]


@pytest.mark.parametrize("nothing", [None, "", {}])
def test_the_version_of_a_product_is_none_of_a_file_whose_own_is_empty(
    tmp_path: Path, nothing: object
) -> None:
    entry = {"name": "hub.exe", "FileVersion": nothing, "ProductVersion": "15.2.1118.40"}
    server, _ = read_everywhere(tmp_path, {**BASE, "files": [entry]})
    assert server.files == (FileCopy("hub.exe"),)


def test_products_under_other_names_are_not_all_of_a_server(tmp_path: Path) -> None:
    entry = {
        "DisplayName": "MailHub",
        "DisplayVersion": "15.2.1118.9",
        "Language": "en",
        "OSArchitecture": "64-bit",
    }
    server, _ = read_everywhere(tmp_path, {"server": "U1", "products": entry})
    own = InstalledProduct("MailHub", None, "15.2.1118.9", language="en", platform="64-bit")
    assert server.products == (own, InstalledProduct("..."))
    server, _ = read_everywhere(tmp_path, {"server": "U1", "installedProducts": [{"name": "MailHub"}]})
    assert server.products == (InstalledProduct("MailHub"), InstalledProduct("..."))
    server, _ = read_everywhere(
        tmp_path, {"server": "U1", "products": [{"product": "MailHub", "Version": "1.2.3"}]}
    )
    assert server.products == (InstalledProduct("MailHub", None, "1.2.3"),)


def test_the_keys_of_a_record_and_the_other_lists(tmp_path: Path) -> None:
    record = {
        "ComputerName": "U1",
        "Collection Time": "2023-11-14T22:13:20Z",
        "PendingReboot": True,
        "Services": [{"Name": "hub", "Status": "Running", "StartMode": "Auto"}],
        "Events": [{"ProviderName": "hub", "EventID": 7}],
        "Counters": [{"Name": "queue", "CookedValue": 5, "Timestamp": "2023-11-14T22:13:20"}],
        "RegistryValues": [{"Key": r"HKLM\SOFTWARE\X", "ValueName": "A", "Data": "1"}],
    }
    server, notes = read_everywhere(tmp_path, {"server": "U1", **record})
    assert server == Server(
        "U1",
        "2023-11-14T22:13:20Z",
        services=(ServiceState("hub", "Running"),),
        events=(Event("hub", 7),),
        counters=(CounterSample("queue", 5, "2023-11-14T22:13:20"),),
        registry=(RegistryValue(r"HKLM\SOFTWARE\X", "A", "1"),),
        restart_pending=True,
    )
    found = dict(notes)
    assert found["unknown-key"] == ("services.StartMode",)
    assert found["column-doubled"] == ("ComputerName, as server",)
    assert {"Collection Time = collected", "PendingReboot = restart_pending"} <= set(found["read-as"])


def test_a_record_may_name_its_server_otherwise(tmp_path: Path) -> None:
    record = {"PSComputerName": "U1", "Files": [{"Name": "hub.exe", "FileVersion": "15.2.1118.9"}]}
    server, notes = read_everywhere(tmp_path, record)
    assert server == Server("U1", files=(HUB,))
    assert notes == [("read-as", ("PSComputerName = server", "files.FileVersion = version"))]


@pytest.mark.parametrize("other", [["IIS"], "IIS", [{"id": 1}], [None], 5])
def test_a_list_under_another_name_that_holds_other_things_is_not_known(
    tmp_path: Path, other: object
) -> None:
    for own in ({}, {"products": [{"name": "MailHub"}]}):
        server, notes = read_everywhere(tmp_path, {"server": "U1", **own, "applications": other})
        assert (server.products is not None) == bool(own)
        assert notes == [("unknown-key", ("applications (perhaps products)",))]


def test_a_key_that_resembles_another_name_is_noted_with_the_one_that_it_likely_means(tmp_path: Path) -> None:
    files = [{"name": "hub.exe", "version": TEXT, "FileVersoin": "9", "colour": "red"}]
    server, notes = read_everywhere(tmp_path, {"server": "U1", "files": files})
    assert server.files == (HUB,)
    assert notes == [("unknown-key", ("files.FileVersoin (perhaps version)", "files.colour"))]


def test_a_value_of_another_kind_is_a_problem_at_its_own_key(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '[{"server": "U1",\n "files": [{"name": "x",\n  "Length": "big"}]}]', encoding="utf-8"
    )
    with pytest.raises(
        needfix.InventoryError, match=r'a.json:3:3: files\[0\].Length is "big"; expected a whole number'
    ):
        list(needfix.read_inventory(tmp_path / "a.json"))


def test_no_other_name_is_that_of_another_key() -> None:
    for entry in (RECORD, FILE, PRODUCT):
        for key in entry.fields:
            meant = other_key(entry, key)
            assert meant is not None
            assert (meant.key, meant.rank) == (key, 0)
    assert other_key(FILE, 5) is None

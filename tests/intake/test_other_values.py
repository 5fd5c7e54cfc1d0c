"""Values of records as PowerShell writes them, singly and in columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.intake.fields import RECORD
from needfix.intake.other_values import hotfix_of, time_of, version_of
from needfix.intake.written_times import iso_time
from needfix.model.server import FileCopy, InstalledProduct, Server, ServiceState
from tests.intake.test_other_keys import BASE, CATALOGUE, HUB, read_everywhere
from tests.inventory.test_laws import RECORDS
from tests.support.laws import tried

TICKS, TIME = "/Date(1700000000000)/", "2023-11-14T22:13:20Z"
WRAPPED_TIME = {"value": TICKS, "DisplayHint": 2, "DateTime": "Tuesday, 14 November 2023 22:13:20"}
PARTS = ("Year", "Month", "Day", "Hour", "Minute", "Second")
VERSION = {"Major": 15, "Minor": 2, "Build": 1118, "Revision": 9, "MajorRevision": 0, "MinorRevision": 9}


def in_list(*values: object) -> dict[str, Any]:
    return {"value": list(values), "Count": len(values)}


def test_lists_that_have_properties(tmp_path: Path) -> None:
    record = {
        "server": "U1",
        "products": in_list({"name": "MailHub", "level": "2019 SP1"}),
        "files": in_list({"name": "hub.exe", "version": "15.2.1118.9"}),
        "hotfixes": in_list("KB5", {"value": "KB6", "PSPath": "x", "ReadCount": 1}),
        "complete": in_list("files"),
        "services": {"value": {"name": "s", "state": {"value": 4, "Value": "Running"}}, "Count": 1},
        "events": {"Capacity": 4, "Count": 0, "IsFixedSize": False, "value": []},
        "symptoms": {"observed": in_list("s1")},
    }
    server, notes = read_everywhere(tmp_path, record)
    assert server == Server(
        "U1",
        products=(InstalledProduct("MailHub", "2019 SP1"),),
        files=(HUB,),
        hotfixes=("KB5", "KB6"),
        complete=frozenset({"files"}),
        services=(ServiceState("s", "Running"),),
        observed=frozenset({"s1"}),
    )
    assert notes == []


@pytest.mark.parametrize(
    "time",
    [
        TICKS,
        "\\/Date(1700000000000+0100)\\/",
        WRAPPED_TIME,
        {"DateTime": "/Date(1)/", "UtcDateTime": TICKS, "Offset": {"Hours": 1}, "Ticks": 5},
        {**dict(zip(PARTS, (2023, 11, 14, 22, 13, 20), strict=True)), "DateTime": "14.11.2023", "Kind": 1},
    ],
)  # fmt: skip
def test_times(tmp_path: Path, time: object) -> None:
    files = [{"name": "hub.exe", "version": "15.2.1118.9", "modified": time}]
    server, notes = read_everywhere(tmp_path, {**BASE, "collected": time, "files": files})
    assert (server.collected, server.files[0].modified, notes) == (TIME, TIME, [])


def test_a_time_that_is_none_is_kept_as_it_is_written() -> None:
    assert time_of({"DateTime": "5/9/2002 8:00:00 AM", "DisplayHint": 2}) == "5/9/2002 8:00:00 AM"
    assert time_of({"DateTime": TICKS, "zone": "CET"}) is None
    for text in (
        "/Date(-62135596800000)/",
        "/Date(999999999999999)/",
        "20230231000000.000000+060",
        "/Date(x)/",
        "",
    ):
        assert iso_time(text) == text
    assert iso_time("20231114231320.000000+060") == "2023-11-14T23:13:20+01:00"


@pytest.mark.parametrize(
    ("version", "text"),
    [
        (VERSION, "15.2.1118.9"),
        ({"Major": 15, "Minor": 2, "Build": -1, "Revision": -1}, "15.2"),
        ({"Major": "15", "Minor": "2", "Build": "1118", "Revision": "-1"}, "15.2.1118"),
        ({"FileVersionRaw": VERSION, "FileVersion": "9.9"}, "15.2.1118.9"),
        ({"FileVersion": "15.2.1118.9", "ProductVersion": "9.9"}, "15.2.1118.9"),
        ({"value": "15.2.1118.9", "PSComputerName": "U1"}, "15.2.1118.9"),
    ],
)
def test_versions(tmp_path: Path, version: object, text: str) -> None:
    record = {
        "server": "U1",
        "products": [{"name": "MailHub", "build": version}],
        "files": [{"name": "hub.exe", "version": version, "loaded": version}],
    }
    server, notes = read_everywhere(tmp_path, record)
    assert server.products == (InstalledProduct("MailHub", build=text),)
    assert server.files == (FileCopy("hub.exe", version=text, loaded=text),)
    assert notes == []


@pytest.mark.parametrize(
    "version",
    [
        {"Major": 15}, {"Major": 15, "Minor": -1}, {"Major": 15, "Minor": 2, "Build": -1, "Revision": 9},
        {"Major": 15, "Minor": 2.5}, {"Major": 7, "Minor": 4, "Patch": 1, "PreReleaseLabel": None}, {"x": 1},
        {"Major": "a", "Minor": "b"}, {"FileVersion": ["15.2.1118.9"]},
    ],
)  # fmt: skip
def test_objects_that_are_no_versions(version: dict[str, object]) -> None:
    assert version_of(version) is None
    with pytest.raises(needfix.InventoryError, match=r"files\[0\].version is an object"):
        Server.from_record({"server": "U1", "files": [{"name": "hub.exe", "version": version}]})


def test_hotfixes_as_objects(tmp_path: Path) -> None:
    fixes = [
        {"HotFixID": "KB5000871", "InstalledOn": WRAPPED_TIME, "Source": "U1", "Description": "Update"},
        {"HotFixID": "File 1", "ServicePackInEffect": "KB841356"},
        {"KB": 5000872},
    ]
    server, notes = read_everywhere(tmp_path, {**BASE, "hotfixes": fixes})
    assert (server.hotfixes, notes) == (("KB5000871", "KB841356", "5000872"), [])
    server, _ = read_everywhere(tmp_path, {**BASE, "hotfixes": fixes[0]})
    assert server.hotfixes == ("KB5000871",)


def test_a_hotfix_that_is_not_surely_installed_leaves_the_list_not_whole() -> None:
    for value in ({"HotFixID": None}, {"KB": "KB5", "Result": "Failed"}, {"KB": "KB5", "Installed": False}):
        assert hotfix_of(value) == ""
    for value in ({"KB": "KB5", "Operation": "Installation", "ResultCode": 2}, {"KB": "KB5", "Status": ""}):
        assert hotfix_of(value) == "KB5"
    assert hotfix_of({"id": "KB5"}) is None
    assert hotfix_of({"HotFixID": ["KB5"]}) is None


def test_an_object_without_properties_says_nothing(tmp_path: Path) -> None:
    record = {"server": "U1", "files": [{"name": "hub.exe", "version": {}}], "services": {}, "hotfixes": {}}
    server, notes = read_everywhere(tmp_path, record)
    assert server == Server("U1", files=(FileCopy("hub.exe"),))
    assert notes == [("value-unreadable", ("{}",))]
    with pytest.raises(needfix.InventoryError, match="the record has no server"):
        Server.from_record({"server": {}})
    with pytest.raises(needfix.InventoryError, match="the record lists no file"):
        Server.from_record({"server": "U1", "files": {}, "complete": ["files"]})


def test_numbers_in_code_that_have_lost_zeros_are_refused_wherever_they_are() -> None:
    for version in ({"value": 5.10, "Count": 1}, 5.10):
        with pytest.raises(needfix.InventoryError, match="has lost its last zeros"):
            Server.from_record({"server": "U1", "files": [{"name": "x", "FileVersion": version}]})


def test_an_object_within_itself_is_no_value() -> None:
    own: dict[str, object] = {}
    own["value"] = own
    with pytest.raises(needfix.InventoryError):
        Server.from_record({"server": "U1", "files": own, "collected": own, "hotfixes": [own]})


WORDS = (
    "value Value Count DateTime Year Major Minor Build Revision FileVersion FileVersionRaw VersionInfo "
    "HotFixID KB Name name server files BaseObject Status Result Length FullName FileMajorPart products "
    "hotfixes complete"
)
NAMES = st.sampled_from(WORDS.split())
SCALARS = st.sampled_from(["", "x", "-1", "15", TICKS]) | st.text(max_size=3)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)


def at(place: str, value: object) -> dict[str, Any]:
    """A record that has a value at a place, which may be several ones."""
    entries: dict[str, dict[str, Any]] = {
        "version": {"files": [{"name": "x", "version": value}]},
        "VersionInfo": {"files": [{"name": "x", "VersionInfo": value, "Length": value}]},
        "file": {"files": [value]},
        "product": {"products": [value], "Installed Software": value},
        "hotfix": {"hotfixes": [value], "HotFixID": value},
        "value": {"counters": [{"name": "c", "value": value, "samples": value}]},
        "symptoms": {"symptoms": {"observed": value, "absent": [value]}},
    }
    return entries.get(place, {place: value})


PLACES = ("version", "VersionInfo", "file", "product", "hotfix", "value", "symptoms", *RECORD.fields)


@tried(300)
@given(st.sampled_from(PLACES), ANY)
def test_any_value_at_any_place_is_read_or_refused(place: str, value: object) -> None:
    for record in (at(place, value), {"server": "U1", **at(place, value)}):
        try:
            server = Server.from_record(record)
        except needfix.InventoryError:
            continue
        assert Server.from_record(server.as_record()) == server


def in_powershells_way(record: dict[str, Any], draw: Any) -> dict[str, Any]:  # noqa: ANN401 - as hypothesis has it
    """The record with lists, times and versions in the forms of PowerShell, under names of any case."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        own = value
        if isinstance(value, list):
            own = [in_powershells_way(one, draw) if isinstance(one, dict) else one for one in value]
            form = draw(st.integers(0, 2))
            own = (
                in_list(*own)
                if form == 0
                else own[0]
                if form == 1 and len(own) == 1 and value != own
                else own
            )
        elif isinstance(value, dict):
            own = in_powershells_way(value, draw)
        elif key in ("modified", "collected") and value is not None and draw(st.booleans()):
            own = {"value": value, "DisplayHint": 2, "DateTime": "Tuesday"}
        found[key if key == "server" or draw(st.booleans()) else key.title()] = own
    return found


@tried(60)
@given(RECORDS, st.data())
def test_a_record_in_the_way_of_powershell_is_the_same(record: dict[str, Any], data: st.DataObject) -> None:
    plain = json.loads(json.dumps(record), parse_float=str)
    assert Server.from_record(in_powershells_way(plain, data.draw)) == Server.from_record(plain)


@tried(25)
@given(st.data())
def test_a_fleet_decides_records_in_the_way_of_powershell_as_plain_ones(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    versions = st.sampled_from([[15, 2, 1118, 9], [15, 2, 1118, 40], [15, 2, 1118, 41], [15, 2]])
    folder = tmp_path_factory.mktemp("fleet")
    plain, written = [], []
    for number in range(data.draw(st.integers(1, 6))):
        numbers = data.draw(versions)
        text = ".".join(map(str, numbers))
        record = {
            **BASE,
            "server": f"S{number}",
            "files": [{"name": "hub.exe", "version": text}],
            "hotfixes": ["R1"],
        }
        plain.append(record)
        own = dict(zip(("Major", "Minor", "Build", "Revision"), [*numbers, -1, -1][:4], strict=True))
        version: object = own if data.draw(st.booleans()) else text
        name = data.draw(st.sampled_from(["version", "FileVersion", "VersionInfo"]))
        files = [{"Name": "hub.exe", name: {"FileVersionRaw": own} if name == "VersionInfo" else version}]
        fixes: object = data.draw(st.sampled_from([in_list("R1"), [{"HotFixID": "R1"}], "R1", ["R1"]]))
        written.append(
            {**record, "files": in_list(*files) if data.draw(st.booleans()) else files, "hotfixes": fixes}
        )
    answers = []
    for name, records in (("plain", plain), ("written", written)):
        path = folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
        batches = needfix.fleet.decisions(CATALOGUE, path)
        answers.append([row for batch in batches for row in batch.to_pylist()])
        servers = needfix.read_inventory(path)
        answers.append([(one.decision, one.action) for one in needfix.evaluate(CATALOGUE, servers)])
    assert answers[0] == answers[2]
    assert answers[1] == answers[3]
    assert [(row["decision"], row["action"]) for row in answers[0]] == answers[1]

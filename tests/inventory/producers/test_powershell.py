"""Objects that PowerShell writes as JSON and CSV, read as inventories."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.model.server import FileCopy, InstalledProduct, RegistryValue, Server, ServiceState
from tests.inventory.support import read

PATH = r"C:\Program Files\Microsoft\Exchange Server\V15\bin\ExSetup.exe"
EXCHANGE = "Microsoft Exchange Server"
OTHERS = InstalledProduct("...")


def one(*objects: object) -> Server:
    """The only server of objects as PowerShell 7 writes them."""
    servers, problems = read(json.dumps(list(objects)))
    assert not problems
    (server,) = servers
    return server


def file(**properties: object) -> dict[str, Any]:
    return {"PSComputerName": "MAIL01", "FullName": PATH, "Length": 7, **properties}


RAW = {"Major": 15, "Minor": 1, "Build": 2507, "Revision": 37}


@pytest.mark.parametrize(
    ("info", "version"),
    [
        ({"FileVersionRaw": RAW, "FileVersion": "15.01.2507.006"}, "15.1.2507.37"),
        ({"FileVersionRaw": "15.1.2507.37"}, "15.1.2507.37"),
        (
            {"FileMajorPart": 15, "FileMinorPart": 1, "FileBuildPart": 2507, "FilePrivatePart": 37,
             "FileVersion": "15.01.2507.006"},
            "15.1.2507.37",
        ),
        ({"FileVersion": "15.01.2507.037", "ProductVersion": "15.01.2507.001"}, "15.01.2507.037"),
        ("File: C:\\x\r\nFileVersion:      15.01.2507.037\r\nProduct: x", "15.01.2507.037"),
        ({"FileVersionRaw": {"Major": 15, "Minor": 1, "Build": -1, "Revision": -1}}, "15.1"),
        ({}, None),
        (None, None),
    ],
)  # fmt: skip
def test_the_fixed_version_counts_before_the_text(info: object, version: str | None) -> None:
    assert one(file(VersionInfo=info)).files == (FileCopy("ExSetup.exe", PATH, version, size=7),)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("/Date(1710201600000)/", "2024-03-12T00:00:00Z"),
        ("/Date(1710201600000+0100)/", "2024-03-12T00:00:00Z"),
        ({"value": "/Date(1710201600000)/", "DateTime": "Tuesday"}, "2024-03-12T00:00:00Z"),
        ("2024-03-12T00:00:00.0033533Z", "2024-03-12T00:00:00.0033533Z"),
        ("20211002164913.942000-300", "2021-10-02T16:49:13-05:00"),
        ("/Date(99999999999999999)/", "/Date(99999999999999999)/"),
        ("3/12/2024 1:00:00 AM", "3/12/2024 1:00:00 AM"),
    ],
)
def test_times_in_every_form(time: object, expected: str) -> None:
    (copy,) = one(file(LastWriteTime=time)).files
    assert copy.modified == expected


def test_the_time_in_utc_counts_before_the_local_one() -> None:
    both = {"LastWriteTime": "2024-01-01T01:00:00", "LastWriteTimeUtc": "2024-01-01T00:00:00Z"}
    assert one(file(**both)).files[0].modified == "2024-01-01T00:00:00Z"


def test_a_folder_is_no_file() -> None:
    assert one(file(), file(FullName="C:\\x", PSIsContainer=True)).files == one(file()).files


HOTFIX = {"HotFixID": "KB5036386", "PSComputerName": "MAIL01"}
SYSTEM = {
    "Caption": "Microsoft Windows Server 2016 Datacenter", "Version": "10.0.14393", "BuildNumber": "14393",
    "OSArchitecture": "64-bit", "OSLanguage": 1033, "CSName": "MAIL01",
    "LocalDateTime": "/Date(1710201600000)/",
}  # fmt: skip
WINDOWS = InstalledProduct(
    "Microsoft Windows Server 2016 Datacenter", None, "10.0.14393", None, "1033", "64-bit"
)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"value": [HOTFIX, SYSTEM], "Count": 2}),
        json.dumps({"Count": 2, "value": [HOTFIX, SYSTEM]}),
        json.dumps([{"value": [HOTFIX], "Count": 1}, SYSTEM]),
        f"{json.dumps(HOTFIX)}\n{json.dumps(SYSTEM)}\n",
        json.dumps({"ComputerName": "MAIL01", "Fixes": [HOTFIX], "System": SYSTEM}),
    ],
)
def test_objects_of_a_server_are_one_record(text: str) -> None:
    servers, problems = read(text)
    assert not problems
    assert servers == [Server("MAIL01", "2024-03-12T00:00:00Z", (WINDOWS, OTHERS), hotfixes=("KB5036386",))]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({**HOTFIX, "HotFixID": "File 1", "ServicePackInEffect": "KB279798"}, {"hotfixes": ("KB279798",)}),
        (
            {"IdentifyingNumber": "{1}", "Name": "Microsoft Exchange Server", "Version": "15.1.2507.6"},
            {"products": (InstalledProduct("Microsoft Exchange Server", build="15.1.2507.6"), OTHERS)},
        ),
        (
            {"DisplayName": "SQL Server 2022", "DisplayVersion": "16.0.1000.6", "Publisher": "x"},
            {"products": (InstalledProduct("SQL Server 2022", build="16.0.1000.6"), OTHERS)},
        ),
        ({"DisplayName": None, "DisplayVersion": None}, {"products": (OTHERS,)}),
        (
            {"Name": "W3SVC", "State": "Stop Pending", "StartMode": "Auto", "Status": "OK"},
            {"services": (ServiceState("W3SVC", "Stop Pending"),)},
        ),
        (
            {"ServiceName": "W3SVC", "Status": 4, "StartType": 2},
            {"services": (ServiceState("W3SVC", "4"),)},
        ),
        ({"Name": "W3SVC", "Status": "Running"}, {"services": (ServiceState("W3SVC", "Running"),)}),
        (
            {"Name": "MAIL01", "AdminDisplayVersion": "Version 15.1 (Build 2375.7)"},
            {"products": (InstalledProduct(EXCHANGE, build="Version 15.1 (Build 2375.7)"), OTHERS)},
        ),
        (
            {"AdminDisplayVersion": {"Major": 15, "Minor": 1, "Build": 2375, "Revision": 7}},
            {"products": (InstalledProduct("Microsoft Exchange Server", build="15.1.2375.7"), OTHERS)},
        ),
        (
            {"ServicesRunning": ["W3Svc"], "ServicesNotRunning": ["WinRM"]},
            {"services": (ServiceState("W3Svc", "running"), ServiceState("WinRM"))},
        ),
        ({"PendingReboot": True}, {"restart_pending": True}),
        (
            {"OsName": "Windows Server 2022 Standard", "OsVersion": "10.0.20348", "WindowsUBR": 2461,
             "OsHotFixes": [{"HotFixID": "KB1234567"}]},
            {"products": (InstalledProduct("Windows Server 2022 Standard", build="10.0.20348.2461"), OTHERS),
             "hotfixes": ("KB1234567",)},
        ),
        (
            {"ProductName": "Windows Server 2022 Standard", "CurrentMajorVersionNumber": 10,
             "CurrentMinorVersionNumber": 0, "CurrentBuildNumber": "20348", "UBR": 2461},
            {
                "products": (
                    InstalledProduct("Microsoft Windows Server 2022 Standard", build="10.0.20348.2461"),
                    OTHERS,
                )
            },
        ),
        (
            {"Check_Padding": 1, "PSPath": "Core\\Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail",
             "PSChildName": "Mail", "PSProvider": "Registry"},
            {"registry": (RegistryValue("HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail", "Check_Padding", "1"),)},
        ),
    ],
)  # fmt: skip
def test_each_kind_of_object(written: dict[str, object], expected: dict[str, Any]) -> None:
    assert one({**written, "PSComputerName": "MAIL01"}) == Server("MAIL01", **expected)


@pytest.mark.parametrize("value", ["Server", "Host", "ComputerName", "Node"])
def test_a_value_of_the_registry_names_no_server(value: str) -> None:
    key = {value: "SQL09", "PSPath": "Core\\Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail"}
    listed = {**key, "PSChildName": "Mail", "PSProvider": "Registry"}
    found = one({**listed, "PSComputerName": "MAIL01"})
    assert found == Server(
        "MAIL01", registry=(RegistryValue("HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail", value, "SQL09"),)
    )
    servers, (problem,) = read(json.dumps(listed))
    assert not servers
    assert "does not name the server" in problem


def test_tables_of_objects() -> None:
    text = '#TYPE Selected\r\n"PSComputerName","HotFixID"\r\n"B","KB2"\r\n"A","KB1"\r\n"B","KB3"\r\n'
    servers, problems = read(text)
    assert not problems
    assert servers == [Server("A", hotfixes=("KB1",)), Server("B", hotfixes=("KB2", "KB3"))]


def test_the_machine_itself_is_no_name() -> None:
    _, problems = read('{"Name": "W3SVC", "State": "Running", "StartMode": "Auto", "SystemName": "."}')
    assert problems == [
        "<stdin>:1:1: the file does not name the server that it is about; expected a server for each object\n"
        "    hint: name it with --server-name NAME, or after the file or its folder with"
        " --server-name-from path"
    ]


def test_an_object_without_a_server_belongs_to_the_only_one_of_the_file() -> None:
    unnamed = {"Name": "W3SVC", "State": "Running", "StartMode": "Auto"}
    assert one(HOTFIX, unnamed).services == (ServiceState("W3SVC", "Running"),)
    _, problems = read(json.dumps([HOTFIX, {**HOTFIX, "PSComputerName": "B"}, unnamed]))
    assert len(problems) == 1


def test_records_with_other_names() -> None:
    text = json.dumps({
        "Computer Name": "A", "Products": [{"Name": "Mail", "Level": "1"}],
        "Files": {"FileName": PATH, "FileVersion": "1.2.3.4"},
    })  # fmt: skip
    assert read(text) == (
        [Server("A", None, (InstalledProduct("Mail", "1"),), (FileCopy("ExSetup.exe", PATH, "1.2.3.4"),))],
        [],
    )
    row = {"Host Name": "A", "Product": "Mail", "Level": "1", "File Name": "x.dll", "File Version": "1.2.3.4"}
    expected = Server("A", None, (InstalledProduct("Mail", "1"),), (FileCopy("x.dll", None, "1.2.3.4"),))
    assert one(row) == expected


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["Name", "value", "Count", "Major", "FullName", ""]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
PROPERTIES = [
    "FullName", "VersionInfo", "FileVersionRaw", "HotFixID", "Caption", "Version", "BuildNumber", "State",
    "Name", "StartMode", "Status", "AdminDisplayVersion", "PSComputerName", "OsName", "OsVersion", "GetItem",
    "OsHotFixes", "PendingReboot", "LastWriteTime", "Length", "ServicesRunning", "ServicesNotRunning",
    "PSPath", "PSChildName", "PSProvider", "ProductName", "CurrentBuildNumber", "DisplayName",
    "DisplayVersion", "Files",
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(PROPERTIES), ANY, min_size=1, max_size=8))
def test_any_value_in_any_property_is_read_or_a_problem(written: dict[str, object]) -> None:
    read(json.dumps([written]))


@pytest.mark.parametrize("table", ["ComputerName,OSName\nA,Windows\n", "server,Caption\nA,Windows\n"])
def test_products_in_columns_of_other_programs_are_not_all(table: str) -> None:
    assert read(table) == ([Server("A", None, (InstalledProduct("Windows"), OTHERS))], [])
    row = dict(zip(*(line.split(",") for line in table.splitlines()), strict=True))
    named = {name.replace("server", "host"): cell for name, cell in row.items()}
    assert one(named) == Server("A", None, (InstalledProduct("Windows"), OTHERS))


def test_objects_with_a_time_and_a_key_of_a_record_are_no_records() -> None:
    """Their names of servers and hotfixes are those of records under other names as well."""
    time = {"value": "/Date(1700000000000)/", "DisplayHint": 2, "DateTime": "Tuesday"}
    fixes = [{"HotFixID": own, "PSComputerName": "A", "InstalledOn": time} for own in ("KB1", "KB2")]
    host = {"hostname": "B", "software": [], "labels": [], "platform": "windows"}
    system = {**host, "os_version": "Microsoft Windows Server 2022 Standard 21H2 10.0.20348.2322"}
    (of_fixes, of_host), problems = read(json.dumps([*fixes, system]))
    assert problems == []
    assert of_fixes.hotfixes == ("KB1", "KB2")
    assert [one.build for one in of_host.products or ()] == ["10.0.20348.2322", None]

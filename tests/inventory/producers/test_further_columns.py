"""What rows state beside what their kind is read for, and columns that are there twice."""

from __future__ import annotations

import json

import pytest

from needfix.model.server import FileCopy, InstalledProduct, Server
from tests.inventory.producers.test_names import noted
from tests.inventory.support import read

OTHERS = InstalledProduct("...")
FILES = (FileCopy("a.dll", version="1.0.0.1"),)
SYSTEM = InstalledProduct("Microsoft Windows Server 2019 Standard", build="10.0.17763")


def one(table: str) -> Server:
    """The only server of a table without problems."""
    servers, problems = read(table)
    assert not problems
    (server,) = servers
    return server


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("restart_pending", "yes", Server("A", files=FILES, restart_pending=True)),
        ("Pending Reboot", "False", Server("A", files=FILES, restart_pending=False)),
        ("collected", "2024-11-20", Server("A", "2024-11-20", files=FILES)),
        ("Scan Date", "2024-11-20", Server("A", "2024-11-20", files=FILES)),
        ("HotFixID", "KB1;KB2", Server("A", files=FILES, hotfixes=("KB1", "KB2"))),
        ("loaded", "1.0.0.0", Server("A", files=(FileCopy("a.dll", version="1.0.0.1", loaded="1.0.0.0"),))),
        ("Platform", "x64", Server("A", files=(FileCopy("a.dll", version="1.0.0.1", platform="x64"),))),
        (
            "Last Modified",
            "2024-11-12",
            Server("A", files=(FileCopy("a.dll", version="1.0.0.1", modified="2024-11-12"),)),
        ),
        ("file_language", "en", Server("A", files=(FileCopy("a.dll", version="1.0.0.1", language="en"),))),
    ],
)
def test_own_columns_count_beside_those_of_another_program(column: str, cell: str, expected: Server) -> None:
    found = one(f"ComputerName,FileName,FileVersion,{column}\nA,a.dll,1.0.0.1,{cell}\n")
    assert found.as_dict() == expected.as_dict()


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("FileName,FilePath,FileVersion,FileSize", "a.dll,C:\\E\\,1.0.0.1,7"),
        ("HotFixID0", "KB5000001"),
        ("Caption0,Version0,BuildNumber0", "Microsoft Windows Server 2019 Standard,10.0.17763,17763"),
        ("DisplayName0,Version0", "Microsoft Exchange Server 2019,15.2.1544.4"),
        ("Name0,State0,StartMode0", "Spooler,Running,Auto"),
    ],
)
def test_collected_counts_in_every_table_of_configuration_manager(header: str, row: str) -> None:
    found = one(f"Netbios_Name0,{header},collected\nA,{row},2024-11-20T00:00:00Z\n")
    assert found.collected == "2024-11-20T00:00:00Z"


def test_edition_and_language_of_a_system() -> None:
    header = "Netbios_Name0,Caption0,Version0,BuildNumber0,edition,language"
    row = "A,Microsoft Windows Server 2019 Standard,10.0.17763,17763,Datacenter,de"
    products = one(f"{header}\n{row}\n").products
    assert products == (InstalledProduct(SYSTEM.name, None, SYSTEM.build, "Datacenter", "de"), OTHERS)


def test_a_system_in_the_rows_of_files_is_read_and_its_version_is_not_that_of_the_file() -> None:
    header = "Netbios_Name0,Caption0,Version0,FileName,FileVersion,FilePath\n"
    row = "A,Microsoft Windows Server 2019 Standard,10.0.17763,a.sys,{},C:\\Windows\\\n"
    for version in ("10.0.17763.6293", ""):
        found = one(header + row.format(version))
        assert found.products == (SYSTEM, OTHERS)
        assert found.files == (FileCopy("a.sys", "C:\\Windows\\a.sys", version or None),)


def test_columns_that_are_not_read_are_noted() -> None:
    header = "ComputerName,FileName,FileVersion,Patch Level,complete,restart_pending"
    servers, problems, notes = noted(f"{header}\nA,a.dll,1.0.0.1,7,files,maybe\n")
    assert (len(servers), problems) == (1, [])
    (words,) = (note.words for note in notes if note.code == "column-not-read")
    assert words == ("Patch Level", "complete", "restart_pending")


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("ComputerName,FileName,FileVersion,FileVersion", "FileVersion"),
        ("ComputerName,FileName,FileVersion,File Version", "FileVersion"),
        ("ComputerName,FileName,file_version,FILEVERSION", "file_version"),
    ],
)
def test_doubled_columns_that_differ_are_a_problem(header: str, what: str) -> None:
    servers, problems = read(
        f"{header}\nA,a.dll,1.0.0.1,1.0.0.2\nB,a.dll,1.0.0.1,1.0.0.1\nC,a.dll,,1.0.0.3\n"
    )
    assert [(own.server, own.files[0].version) for own in servers] == [("B", "1.0.0.1"), ("C", "1.0.0.3")]
    assert problems == [
        f'<stdin>:2: {what} is "1.0.0.1" and "1.0.0.2"; expected one value\n'
        "    hint: remove one of them, or correct it"
    ]


def test_a_doubled_server_that_differs_leaves_no_server_of_the_file() -> None:
    servers, problems = read(
        "ComputerName,ComputerName,FileName,FileVersion\nA,B,a.dll,1.0.0.1\nC,C,a.dll,1\n"
    )
    assert not servers
    assert problems[0].startswith('<stdin>:2: ComputerName is "A" and "B"')


def test_doubled_columns_that_are_not_read_do_not_matter() -> None:
    assert one("ComputerName,Site,Site,FileName,FileVersion\nA,1,2,a.dll,1.0.0.1\n").files == FILES


def test_keys_that_differ_only_in_case_are_as_doubled_columns() -> None:
    own = {"PSComputerName": "A", "FullName": "C:\\a.dll", "FileVersion": "1.0.0.1"}
    for key, value in (("fileversion", "1.0.0.2"), ("File Version", "1.0.0.2")):
        servers, problems = read(json.dumps([{**own, key: value}]))
        assert not servers
        assert problems[0].startswith('<stdin>:1:2: FileVersion is "1.0.0.1" and "1.0.0.2"')
    servers, problems = read(json.dumps([{**own, "fileversion": "1.0.0.1", "X": 1, "x": 2}]))
    assert (servers[0].files[0].version, problems) == ("1.0.0.1", [])


def test_a_row_that_cannot_be_read_leaves_out_its_server() -> None:
    table = "ComputerName,FileName,FileVersion\nA,a.dll,1.0.0.1\n{},b.dll,1.0.0.1,x\nB,a.dll,1.0.0.1\n"
    servers, problems = read(table.format("A"))
    assert ([own.server for own in servers], len(problems)) == (["B"], 1)
    servers, problems = read(table.format(""))
    assert (servers, len(problems)) == ([], 1)


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("a.dll", "C:\\E\\Bin", FileCopy("a.dll", "C:\\E\\Bin\\a.dll")),
        ("a.dll", "C:\\E\\Bin\\", FileCopy("a.dll", "C:\\E\\Bin\\a.dll")),
        ("a.dll", "D:\\Setup\\A.DLL", FileCopy("A.DLL", "D:\\Setup\\A.DLL")),
        ("a.dll", "C:\\E\\b.dll", FileCopy("a.dll", "C:\\E\\b.dll")),
        ("store", "C:\\E\\store.exe", FileCopy("store.exe", "C:\\E\\store.exe")),
    ],
)
@pytest.mark.parametrize("column", ["Path", "FullName", "FullPath", "Folder", "Directory"])
def test_a_folder_and_a_name_make_one_path(column: str, name: str, path: str, expected: FileCopy) -> None:
    (copy,) = one(f"ComputerName,FileName,{column},FileVersion\nA,{name},{path},1.0.0.1\n").files
    assert (copy.name, copy.path, copy.version) == (expected.name, expected.path, "1.0.0.1")


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Caption": SYSTEM.name, "Version": SYSTEM.build, "LastBootUpTime": "x"}, (SYSTEM, OTHERS)),
        (
            {"ProductName": "Windows Server 2019 Standard", "CurrentBuild": "17763", "UBR": 6293},
            (InstalledProduct(SYSTEM.name, build="10.0.17763.6293"), OTHERS),
        ),
        (
            {
                "ProductName": "Windows Server 2012 R2 Standard", "CurrentBuild": "9600", "UBR": 1,
                "CurrentVersion": "6.3",
            },
            (InstalledProduct("Microsoft Windows Server 2012 R2 Standard", build="6.3.9600.1"), OTHERS),
        ),
        ({"Product Name": "X", "Version": "1.0", "Site": "D"}, (InstalledProduct("X", build="1.0"), OTHERS)),
        (
            {
                "ServerName": "A\\INST2", "ProductVersion": "16.0.4131.2", "ProductLevel": "RTM",
                "Edition": "Standard",
            },
            (InstalledProduct("Microsoft SQL Server", None, "16.0.4131.2", "Standard"), OTHERS),
        ),
    ],
)  # fmt: skip
def test_parts_of_what_programs_know_are_enough(
    properties: dict[str, object], expected: tuple[InstalledProduct, ...]
) -> None:
    value = properties if "ServerName" in properties else {"PSComputerName": "A", **properties}
    servers, problems = read(json.dumps([value]))
    assert not problems
    assert [(own.server, own.products) for own in servers] == [("A", expected)]
    table = ",".join(value) + "\n" + ",".join(map(str, value.values())) + "\n"
    assert one(table).products == expected


def test_a_name_and_a_version_of_a_file() -> None:
    found = one("Name,FileVersion,PSComputerName\na.dll,1.0.0.1,A\n")
    assert found.as_dict() == Server("A", files=FILES).as_dict()


@pytest.mark.parametrize(
    ("properties", "is_service"),
    [
        ({"Name": "VM01", "State": 2, "Status": "Operating normally"}, False),
        ({"Name": "Ethernet", "Status": "Up"}, False),
        ({"Name": "Ethernet", "Status": "Up", "DisplayName": "x"}, False),
        ({"Name": "MSExchangeOWAAppPool", "State": "Started"}, False),
        ({"Name": "Spooler", "State": "Stop Pending"}, True),
        ({"Name": "Spooler", "Status": 4}, True),
        ({"Name": "Spooler", "Status": "StopPending", "DisplayName": "x"}, True),
        ({"Name": "Spooler", "State": "Running", "Status": "OK"}, True),
    ],
)
def test_a_service_has_a_state_that_services_have(properties: dict[str, object], is_service: bool) -> None:  # noqa: FBT001
    servers, problems, notes = noted(json.dumps([{"PSComputerName": "A", **properties}]))
    assert not problems
    assert bool(servers[0].services) is is_service
    assert any(note.code == "object-unknown" for note in notes) is not is_service

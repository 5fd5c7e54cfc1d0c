"""What commands of Windows print, read as inventories: each fixture, files that are damaged, other texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needfix.errors import Problem
from needfix.model.server import Server
from tests.inventory.producers.windows_commands import FILES, UNNAMED, expected, read_text, stated
from tests.inventory.support import read
from tests.support import Needfix

EXPECTED = expected()
SYSTEMINFO = """
Host Name:                 MAIL01
OS Name:                   Microsoft Windows Server 2016 Standard
OS Version:                10.0.14393 N/A Build 14393
"""
SERVICE = """
SERVICE_NAME: MSExchangeIS
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 4  RUNNING
"""


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def test_there_is_a_record_for_each_fixture() -> None:
    assert [path.name for path in FILES] == sorted(EXPECTED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_fixture_becomes_its_record(path: Path) -> None:
    servers, problems, notes = read_text(path)
    assert not problems
    assert [stated(server) for server in servers] == EXPECTED[path.name]
    assert {note.code for note in notes} == {"objects-read"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_list_of_products_is_whole_and_nothing_is_complete(path: Path) -> None:
    for server in read_text(path)[0]:
        assert not server.complete
        assert not server.products or any(entry.name == "..." for entry in server.products)


@pytest.mark.parametrize("name", ["output", "output.txt", "output.log", "output.csv"])
def test_the_content_counts_whatever_the_name(tmp_path: Path, name: str) -> None:
    for path in FILES:
        servers, problems, _ = read_text(tmp_path / name, path.read_bytes())
        assert not problems
        assert [stated(server) for server in servers] == EXPECTED[path.name]


def test_whole_columns_are_decided_from_the_same_records(tmp_path: Path, needfix: Needfix) -> None:
    for path in FILES:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    ran = needfix("evaluate", tmp_path, "--server-name", UNNAMED, "--join", "--format", "summary", "--quiet")
    rows = needfix("evaluate", tmp_path, "--server-name", UNNAMED, "--join", "--format", "json", "--quiet")
    assert (ran.code, rows.code) == (0, 0)
    assert ran.out.startswith("12 servers"), ran.out


def test_output_that_names_no_server_is_that_of_the_only_one_that_is_named() -> None:
    servers, problems = read(SYSTEMINFO + SERVICE)
    assert not problems
    assert [(server.server, len(server.services or ())) for server in servers] == [("MAIL01", 1)]


def test_output_that_names_no_server_is_refused_where_several_are_named() -> None:
    servers, problems = read(SYSTEMINFO + SYSTEMINFO.replace("MAIL01", "MAIL02") + SERVICE)
    assert not servers
    assert len(problems) == 1
    assert "the file does not name the server that it is about" in problems[0]


def test_prompts_and_other_texts_between_outputs_are_passed_over() -> None:
    between = "\nC:\\>ver\n\nMicrosoft Windows [Version 10.0]\n\nC:\\>sc query\n"
    text = f"C:\\>systeminfo\r\n{SYSTEMINFO}{between}{SERVICE}"
    (server,), problems = read(text)
    assert not problems
    assert stated(server)["services"] == [{"name": "MSExchangeIS", "state": "RUNNING"}]


def test_bytes_that_are_no_text_are_one_problem_where_they_state_a_fact() -> None:
    text = SYSTEMINFO.encode() + "\nSERVICE_NAME: Dönst\n        TYPE               : 10  WIN32\n".encode(
        "cp850"
    )
    text += b"        STATE              : 4  RUNNING\n"
    servers, problems = read(text)
    assert [server.server for server in servers] == ["MAIL01"]
    assert not servers[0].services
    assert len(problems) == 1
    assert "bytes that are not valid UTF-8" in problems[0]


def test_a_server_is_not_read_of_which_the_path_of_a_file_is_no_text() -> None:
    files = "".join(f"\r\n\r\nName={path}\r\nVersion=1.2.3.4\r\n" for path in ("c:\\mäl.exe", "c:\\a.exe"))
    servers, problems = read((SYSTEMINFO + files).encode("cp850"))
    assert not servers
    assert "bytes that are not valid UTF-8" in problems[0]
    assert "may be about MAIL01" in problems[1]


def test_a_host_name_that_is_no_text_is_a_problem() -> None:
    servers, problems = read(SYSTEMINFO.replace("MAIL01", "MÄIL01").encode("cp850"))
    assert not servers
    assert "bytes that are not valid UTF-8" in problems[0]


def test_a_text_of_which_nothing_is_known_is_one_problem() -> None:
    servers, problems = read("Color  Name\n-----  ----\nRed    x\nBlue   y\n")
    assert not servers
    assert len(problems) == 1
    assert "the file has no output that needfix reads" in problems[0]
    assert "docs/sources/windows-commands.md" in problems[0]


def test_objects_of_no_known_kind_are_counted(tmp_path: Path) -> None:
    _, problems, notes = read_text(
        tmp_path / "a", f"{SYSTEMINFO}\nColor : red\nSize  : 1\n\nColor : blue\nSize  : 2\n"
    )
    assert not problems
    found = {note.code: (note.count, note.words) for note in notes}
    assert found["object-unknown"] == (2, ("Color, Size",))


PIECES = st.sampled_from(
    ["\r\n", "\n", "\r\r\n", " ", "    ", ":", " : ", "=", "...", "-----", "====", "{", "}", "N/A", "\0",
     "\udfff", "Name", "Version", "HotFixID", "KB5044293", "10.0.14393 N/A Build 14393", "[01]:", "HKEY_X\\X",
     "    Value    REG_DWORD    0x1", "STATE : 4  RUNNING", "日本語", "Host Name", "PSComputerName", "Server"]
)  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FILES), st.data())
def test_a_damaged_file_is_read_or_refused_and_never_raises(path: Path, data: st.DataObject) -> None:
    text = path.read_bytes().decode("utf-16" if path.read_bytes()[:2] == b"\xff\xfe" else "cp850")
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 200)))
        text = text[:start] + "".join(data.draw(st.lists(PIECES, max_size=4))) + text[end:]
    servers, _ = read(text.encode("utf-8", "replace"))
    assert all(isinstance(server, Server) for server in servers)
    assert not any(server.complete for server in servers)


ELSEWHERE = {
    "wmic": "C:\\>wmic /node:MAIL02 service get Name,State",
    "wmic with quotes": 'C:\\>wmic /node:"MAIL02" /output:STDOUT service get Name,State',
    "Get-Service": "PS C:\\> Get-Service -ComputerName MAIL02",
    "short": "PS C:\\> gsv -cn:MAIL02",
    "UNC": "C:\\>psservice \\\\MAIL02 query",
    "systeminfo": "C:\\>tasklist /svc /s MAIL02",
    "winrs": "C:\\>winrs -r:MAIL02 sc query",
    "session": "[MAIL02]: PS C:\\Users\\a\\Documents> Get-Service",
    "title": "\n   PSComputerName: MAIL02\n",
}
TABLE = "Status   Name               DisplayName\n------   ----               -----------\n"
TABLE += "Running  Spooler            Print Spooler\n"


@pytest.mark.parametrize("command", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_an_output_is_of_the_machine_that_its_command_asks(command: str) -> None:
    servers, problems = read(f"C:\\>systeminfo\n{SYSTEMINFO}\n{command}\n\n{TABLE}")
    assert not problems
    assert [(own.server, [one.name for one in own.services or ()]) for own in servers] == [
        ("MAIL01", []),
        ("MAIL02", ["Spooler"]),
    ]


HERE = {
    "plain": "PS C:\\> Get-Service",
    "this machine": "PS C:\\> Get-Service -ComputerName localhost",
    "by a variable": "PS C:\\> Get-Service -ComputerName $env:COMPUTERNAME",
    "into a file": "PS C:\\> Get-Service > \\\\FILES01\\share\\out.txt",
    "through a pipe": "PS C:\\> Get-Service | Out-File \\\\FILES01\\share\\out.txt",
}


@pytest.mark.parametrize("command", HERE.values(), ids=HERE.keys())
def test_an_output_of_the_same_machine(command: str) -> None:
    (server,), problems = read(f"C:\\>systeminfo\n{SYSTEMINFO}{command}\n{TABLE}")
    assert not problems
    assert [one.name for one in server.services or ()] == ["Spooler"]


@pytest.mark.parametrize("names", ["MAIL02,MAIL03", "$servers", "(Get-Content list.txt)"])
def test_an_output_of_several_machines_that_does_not_name_them_is_a_problem(names: str) -> None:
    servers, problems = read(f"{SYSTEMINFO}\nPS C:\\> Get-Service -ComputerName {names}\n\n{TABLE}")
    assert [(own.server, own.services) for own in servers] == [("MAIL01", None)]
    assert "the command asks other machines, and its output does not name them" in problems[0]


def test_an_output_of_this_machine_is_not_of_the_only_other_one() -> None:
    servers, problems = read(f"PS C:\\> Get-Service\n{TABLE}\nC:\\>systeminfo /s MAIL01\n{SYSTEMINFO}")
    assert not servers
    assert "the file does not name the server that it is about" in problems[0]


ABOVE = {
    "a banner": "Microsoft Windows [Version 10.0.17763.6293]\n(c) 2018 Microsoft Corporation.\n",
    "a title": "=== MAIL01 ===\n",
    "a day": "Mon 11/11/2024\n",
    "progress": "Loading Operating System Information ...\nLoading Computer Information ...\n",
    "an error": "ERROR: The RPC server is unavailable.\n",
    "a transcript": "**********\nStart time: 20241112093000\n**********\nPS C:\\> systeminfo\n",
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE.keys())
def test_outputs_below_other_lines_are_known(above: str) -> None:
    (server,), problems = read(f"{above}\n{SYSTEMINFO}")
    assert not problems
    assert server.server == "MAIL01"


def test_the_machine_of_a_transcript_is_that_of_its_outputs() -> None:
    text = "***\nMachine: MAIL01 (Microsoft Windows NT 10.0.17763.0)\n***\nPS C:\\> Get-Service\n"
    (server,), problems = read(f"{text}{TABLE}")
    assert not problems
    assert (server.server, len(server.services or ())) == ("MAIL01", 1)


@pytest.mark.parametrize(
    "text",
    [
        "Access is denied.\n",
        "ERROR:\nDescription = The RPC server is unavailable.\n",
        "FEHLER: Zugriff verweigert\n",
        "Node - MAIL02\nERROR:\nDescription = x\n",
        "[SC] OpenService FAILED 1060:\n\nThe service does not exist.\n",
        "Get-HotFix : Cannot find it.\nAt line:1 char:1\n+ Get-HotFix -Id KB1\n+ ~~~~\n",
        '{"message": "Authentication required", "errors": []}',
        '{"hostname": "A", "error": "no such table: x"}',
    ],
)
def test_an_error_message_is_called_one(text: str) -> None:
    servers, problems = read(text)
    assert not servers
    assert len(problems) == 1
    assert "this is an error message of a program: " in problems[0]
    assert "--server-name" not in problems[0]


@pytest.mark.parametrize(
    "text", ['{"hosts": []}', '{"host": "A", "rows": []}', '{"count": 0, "results": null}']
)
def test_an_empty_list_of_a_program_is_called_empty(text: str) -> None:
    servers, problems = read(text)
    assert not servers
    assert "there is nothing in " in problems[0]


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
@pytest.mark.parametrize("end", ["\r\n", "\r\r\n"])
def test_a_part_in_utf_16_is_read(mark: bytes, end: str) -> None:
    lines = ["HotFixID   InstalledOn  ", "KB5050505  10/17/2024   ", ""]
    added = mark + "".join(f"{line}{end}" for line in lines).encode("utf-16-le")
    (server,), problems = read(SYSTEMINFO.replace("\n", "\r\n").encode() + added)
    assert not problems
    assert "KB5050505" in (server.hotfixes or ())
    (again,), problems = read(b"\xff\xfe" + SYSTEMINFO.encode("utf-16-le") + added)
    assert not problems
    assert again.hotfixes == server.hotfixes


def test_parts_in_another_encoding_that_cannot_be_read_are_a_problem() -> None:
    table = "HotFixID   InstalledOn  \nKB5050505  10/17/2024   \n"
    for text in (
        b"\xff\xfe" + SYSTEMINFO.encode("utf-16-le") + table.encode(),
        SYSTEMINFO.encode() + table.replace("On  ", "\u0434\u0434  ").encode("utf-16-le"),
    ):
        servers, problems = read(text)
        assert not servers
        assert "the text from here on is in another encoding than above" in problems[0]
        assert "may be about MAIL01" in problems[1]


def test_properties_of_files_that_were_asked_for_without_a_version() -> None:
    file = "Name=c:\\windows\\dbase.dat\nLastModified=20240312193000.000000+060\nVersion=\n"
    (server,), problems = read(f"{SYSTEMINFO}\n\n{file}")
    assert not problems
    assert [(one.path, one.version, one.modified) for one in server.files] == [
        ("c:\\windows\\dbase.dat", None, "2024-03-12T19:30:00+01:00")
    ]

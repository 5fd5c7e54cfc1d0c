"""Whose facts objects of other programs are: the servers that they name."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from needfix.errors import Problem
from needfix.inventory import read_inventory
from needfix.inventory.producers.names import is_same_server
from needfix.model.note import Note
from needfix.model.server import Server
from tests.inventory.support import names, read


def noted(content: str, **options: Any) -> tuple[list[Server], list[Problem], list[Note]]:  # noqa: ANN401
    """The servers, problems and notes of a text."""
    problems: list[Problem] = []
    notes: list[Note] = []
    stdin = io.BytesIO(content.encode())
    servers = list(
        read_inventory("-", stdin=stdin, on_problem=problems.append, on_note=notes.append, **options)
    )
    return servers, problems, notes


FILE = {"FullName": "C:\\E\\a.dll", "VersionInfo": {"FileVersion": "1.2.3.4"}}
HOTFIX = {"HotFixID": "KB5000001", "Description": "Update"}


@pytest.mark.parametrize(
    "nobody", ["", None, "localhost", ".", "127.0.0.1", "::1", "N/A", "#N/A", "System.Object[]", ["A", "B"]]
)
def test_a_server_that_is_blank_or_this_computer_is_not_the_other_one_of_the_file(nobody: object) -> None:
    text = json.dumps([{"PSComputerName": "MAIL02", **FILE}, {"PSComputerName": nobody, **HOTFIX}])
    for short in (False, True):
        servers, problems, _ = noted(text, short_names=short)
        assert not servers
        (problem,) = problems
        assert problem.what == "the object does not name its server, and others of the file do"
        assert problem.code == "missing-key"
    servers, problems, _ = noted(text, server_name="MAIL03")
    assert (names(servers), problems) == (["MAIL02", "MAIL03"], [])


@pytest.mark.parametrize(
    "table",
    [
        "ComputerName,FileName,FileVersion\n,a.dll,1.0.0.1\nMAIL02,b.dll,1.0.0.2\n",
        "PSComputerName,FullName,FileVersion\nlocalhost,C:\\a.dll,1.0.0.1\nMAIL02,C:\\b.dll,1.0.0.2\n",
        "Name,DisplayName,Status,MachineName\nSpooler,x,Stopped,.\nW32Time,y,Running,MAIL02\n",
        "ComputerName,FileName,FileVersion\nN/A,a.dll,1.0.0.1\nMAIL02,b.dll,1.0.0.2\n",
    ],
)
def test_nor_is_it_in_a_table(table: str) -> None:
    servers, problems = read(table)
    assert not servers
    assert problems[0].startswith("<stdin>:2: the object does not name its server")


def test_objects_of_this_computer_are_of_the_one_that_another_object_says_it_is() -> None:
    service = {"Name": "Spooler", "Status": 4, "MachineName": ".", "ServiceName": "Spooler"}
    system = {"PSComputerName": None, "CSName": "MAIL01", "Caption": "Microsoft Windows", "Version": "10.0.1"}
    servers, problems = read(json.dumps([service, system, FILE]))
    assert not problems
    (server,) = servers
    assert (server.server, len(server.files)) == ("MAIL01", 1)
    assert server.services is not None


@pytest.mark.parametrize(
    ("own", "kind"),
    [
        ("CSName", {"Caption": "Microsoft Windows Server 2019 Standard", "Version": "10.0.17763"}),
        ("Source", HOTFIX),
        ("CSName", HOTFIX),
        ("MachineName", {"Name": "Spooler", "Status": 3, "ServiceType": 16, "DisplayName": "x"}),
        ("SystemName", {"DisplayName": "X", "DisplayVersion": "1.0", "Publisher": "P"}),
        ("ComputerName", FILE),
    ],
)
def test_what_an_object_speaks_of_counts_before_where_its_command_ran(
    own: str, kind: dict[str, object]
) -> None:
    servers, problems, notes = noted(json.dumps([{"PSComputerName": "MAIL01", own: "MAIL02", **kind}]))
    assert (names(servers), problems) == (["MAIL02"], [])
    assert [note.words for note in notes if note.code == "server-differs"] == [("MAIL02, not MAIL01",)]
    same = {"PSComputerName": "mail02.corp.example", own: "MAIL02", **kind}
    servers, _, notes = noted(json.dumps([same]))
    assert names(servers) == ["mail02.corp.example"]
    assert "server-differs" not in {note.code for note in notes}


@pytest.mark.parametrize("header", ["ComputerName,HostName", "Netbios_Name0,Name0"])
def test_two_columns_of_different_servers_are_noted(header: str) -> None:
    _, _, notes = noted(f"{header},FileName,FilePath,FileVersion\nA,B,a.dll,C:\\,1.0.0.1\n")
    assert "server-differs" in {note.code for note in notes}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("MAIL01", "mail01", True),
        ("MAIL01", "mail01.corp.example", True),
        ("CORP\\MAIL01", "mail01.corp.example", True),
        ("EXCHANGESERVER0", "exchangeserver01.corp.example", True),
        ("mail01.a.example", "mail01.b.example", False),
        ("MAIL01", "MAIL011", False),
        ("10.0.0.5", "10.0.0.6", False),
        ("10.0.0.5", "MAIL01", False),
    ],
)
def test_names_that_may_mean_one_server(one: str, other: str, is_same: bool) -> None:  # noqa: FBT001 - expected
    assert is_same_server(one, other) is is_same_server(other, one) is is_same


def test_what_names_no_server_is_of_the_one_that_the_file_names() -> None:
    text = json.dumps([FILE, {"CSName": "MAIL01", **HOTFIX}])
    servers, problems, _ = noted(text, server_name="MAIL09")
    assert (names(servers), problems) == (["MAIL01"], [])
    assert (len(servers[0].files), servers[0].hotfixes) == (1, ("KB5000001",))


def test_names_with_and_without_a_domain_are_noted() -> None:
    names_of_hotfixes = ("mail01", "mail01-x", "MAIL01.corp.example", "mail02.corp.example", "mail011.b")
    text = json.dumps([{"PSComputerName": name, **HOTFIX} for name in names_of_hotfixes])
    servers, problems, notes = noted(text)
    assert (len(servers), problems) == (5, [])
    assert [note.words for note in notes if note.code == "server-perhaps-same"] == [("mail01.corp.example",)]
    servers, _, notes = noted(text, short_names=True)
    assert len(servers) == 4
    assert "server-perhaps-same" not in {note.code for note in notes}

"""Names that other programs have for columns, and what a user states of names."""

from __future__ import annotations

import io

import pytest

import needfix
from needfix import InventoryError, Note, UsageError
from needfix.intake.columns import ALIASES, COLUMNS
from needfix.intake.other_columns import OTHER_COLUMNS
from needfix.inventory import read_inventory
from needfix.model.server import FileCopy, Server

ROW = "A,x.dll,1.2.3.4\n"


def read(header: str, row: str = ROW, **options: object) -> tuple[list[Server], list[Note]]:
    notes: list[Note] = []
    text = io.BytesIO(f"{header}\n{row}".encode())
    return list(read_inventory("-", stdin=text, on_note=notes.append, **options)), notes  # type: ignore[arg-type]


EXPECTED = [Server("A", files=(FileCopy("x.dll", None, "1.2.3.4"),))]


@pytest.mark.parametrize(
    "name",
    ["ComputerName", "Computer", "PSComputerName", "HOST NAME", "Hostname", "CSName", "Node",
     "hostIdentifier", "DNSHostName", "server_name", "Netbios_Name0"],
)  # fmt: skip
def test_names_of_the_server(name: str) -> None:
    servers, notes = read(f"{name},file,version")
    assert servers == EXPECTED
    assert [(note.code, note.words) for note in notes] == [("read-as", (f"{name} = server",))]


def test_every_other_name_means_a_column_and_is_none_of_needfix_own() -> None:
    assert {own.column for own in OTHER_COLUMNS.values()} <= set(COLUMNS)
    assert not OTHER_COLUMNS.keys() & ALIASES.keys()


def test_of_two_columns_for_one_fact_the_better_one_is_read() -> None:
    row = "A,x.dll,9.9,1.2.3.4,8.8\n"
    servers, notes = read("server,file,ProductVersion,FileVersion,Product Version", row)
    assert servers == EXPECTED
    assert [(note.code, note.words) for note in notes] == [
        ("column-doubled", ("Product Version, as FileVersion", "ProductVersion, as FileVersion")),
        ("read-as", ("FileVersion = version",)),
    ]
    _, (_, doubled) = read("server,file,FileVersion,version,Colour", row)
    assert doubled.words == ("FileVersion, as version",)


def test_two_columns_with_own_names_for_one_fact_are_a_problem() -> None:
    with pytest.raises(InventoryError, match="two columns are file: file and name"):
        read("server,file,name")


def test_what_the_user_states_counts_first() -> None:
    stated = {"box": "server", "VERSION": "file", "file": "version"}
    assert read("Box,Version,file", columns=stated) == (EXPECTED, [])


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"Box": "serer"}, "'serer' is not a column of needfix\n    hint: did you mean server?"),
        ({"--": "server"}, "'--' is not the name of a column\n    hint: write it as the table has it"),
    ],
)
def test_what_the_user_states_wrongly(stated: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as found:
        needfix.read_inventory("-", stdin=io.BytesIO(b""), columns=stated)
    assert str(found.value) == message


def test_a_table_of_one_server_needs_no_column_for_it() -> None:
    servers, _ = read("file,version", "x.dll,1.2.3.4\n", server_name="A")
    assert servers == EXPECTED

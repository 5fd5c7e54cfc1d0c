"""A server runs one Windows, of which several commands state parts."""

from __future__ import annotations

import pytest

from needfix.inventory.producers.facts import OTHERS, Entry
from needfix.inventory.producers.one_windows import one_windows
from tests.inventory.producers.windows_commands import stated
from tests.inventory.support import read

NAME = "Microsoft Windows Server 2016 Standard"


def windows(**own: str) -> Entry:
    return {"name": NAME, **own}


@pytest.mark.parametrize(
    ("entries", "joined"),
    [
        ([windows(build="10.0.14393"), windows(build="10.0.14393.7428")], [windows(build="10.0.14393.7428")]),
        ([windows(build="10.0.14393.7428"), windows(build="10.0.14393")], [windows(build="10.0.14393.7428")]),
        (
            [
                windows(platform="x64"),
                OTHERS,
                windows(platform="64-bit", language="en-US"),
                windows(language="1033"),
            ],
            [windows(platform="x64", language="en-US"), OTHERS],
        ),
        ([windows(level="Service Pack 1"), windows()], [windows(level="Service Pack 1")]),
    ],
)
def test_what_commands_state_of_windows_adds_up(entries: list[Entry], joined: list[Entry]) -> None:
    assert one_windows(entries) == joined


@pytest.mark.parametrize(
    "entries",
    [
        [windows(build="10.0.14393.1"), windows(build="10.0.14393.11")],
        [windows(build="10.0.14393"), windows(build="10.0.143931")],
        [windows(level="Service Pack 1"), windows(level="Service Pack 2")],
        [windows(platform="x64"), windows(platform="x86")],
        [windows(), {"name": "Microsoft Windows Server 2019 Standard"}],
        [{"name": "Microsoft SQL Server 2016"}, {"name": "Microsoft SQL Server 2016", "build": "13.0.4001"}],
        [
            {"name": "Microsoft Windows Desktop Runtime"},
            {"name": "Microsoft Windows Desktop Runtime", "build": "6.0"},
        ],
    ],
)
def test_what_differs_or_is_no_windows_stays_apart(entries: list[Entry]) -> None:
    assert one_windows(entries) == entries


def test_systeminfo_and_the_key_of_windows_are_one_entry() -> None:
    (server,), problems = read(
        f"Host Name:   MAIL01\nOS Name:     {NAME}\nOS Version:  10.0.14393 N/A Build 14393\n"
        "System Type: x64-based PC\n\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\n"
        "    ProductName    REG_SZ    Windows Server 2016 Standard\n"
        "    CurrentBuildNumber    REG_SZ    14393\n"
        "    CurrentMajorVersionNumber    REG_DWORD    0xa\n    UBR    REG_DWORD    0x1d04\n"
    )
    assert not problems
    assert stated(server)["products"] == [
        {"name": NAME, "build": "10.0.14393.7428", "platform": "x64"}, {"name": "..."},
    ]  # fmt: skip

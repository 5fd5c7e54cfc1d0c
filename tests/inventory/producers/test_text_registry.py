"""reg query as text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.inventory.producers.windows_commands import stated
from tests.inventory.support import read

NAME = (
    "\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName\n"
    "    ComputerName    REG_SZ    MAIL01\n"
)
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Contoso"


def one(text: str) -> dict[str, Any]:
    (server,), problems = read(text)
    assert not problems, problems
    return stated(server)


def values(lines: str, key: str = KEY) -> list[dict[str, Any]]:
    found = one(f"\n{key}\n{lines}\n{NAME}")
    return [entry for entry in found["registry"] if entry["path"] == key]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("    Check    REG_DWORD    0x1", "Check", "0x1"),
        ("    Check    REG_DWORD    0x1 (1)", "Check", "0x1 (1)"),
        ("    Check\tREG_DWORD\t0x1", "Check", "0x1"),
        ("    Big    REG_QWORD    0x100000000", "Big", "0x100000000"),
        ("    Install Path    REG_SZ    C:\\Program Files\\x", "Install Path", "C:\\Program Files\\x"),
        ("    Version    REG_SZ    5.5", "Version", "5.5"),
        ("    Text    REG_SZ    a    REG_SZ    b", "Text", "a    REG_SZ    b"),
        ("    Path    REG_EXPAND_SZ    %SystemRoot%\\x", "Path", "%SystemRoot%\\x"),
        ("    Roles    REG_MULTI_SZ    hub\\0edge", "Roles", "hub\\0edge"),
    ],
)
def test_a_value_of_a_key(line: str, name: str, value: str) -> None:
    assert values(line) == [{"path": KEY, "name": name, "value": value}]


@pytest.mark.parametrize(
    "line", ["    Bytes    REG_BINARY    10", "    None    REG_NONE    10", "    N    REG_DWORD    (x)"]
)
def test_a_value_that_is_no_number_or_text_is_there_without_its_value(line: str) -> None:
    assert values(line) == [{"path": KEY, "name": line.split(maxsplit=1)[0]}]


def test_the_unnamed_value_and_other_lines_are_passed_over() -> None:
    lines = "    (Default)    REG_SZ    x\n    <NO NAME>\tREG_SZ\t\n    (Standard) x\n    A    REG_SZ    1"
    assert values(lines) == [{"path": KEY, "name": "A", "value": "1"}]


def test_names_that_differ_in_signs_only_are_two_values() -> None:
    assert [entry["name"] for entry in values("    A-B    REG_SZ    1\n    AB    REG_SZ    2")] == [
        "A-B",
        "AB",
    ]


def test_a_value_that_is_called_server_names_no_server() -> None:
    found = one(
        f"\n{KEY}\n    Server    REG_SZ    smtp\n    Host    REG_SZ    smtp\n    Node    REG_SZ    x\n{NAME}"
    )
    assert (found["server"], len(found["registry"])) == ("MAIL01", 4)


def test_the_key_of_another_computer_names_it() -> None:
    found = one(f"\n\\\\MAIL07\\{KEY}\n    A    REG_SZ    1\n")
    assert (found["server"], found["registry"][0]["path"]) == ("MAIL07", KEY)


def test_the_key_of_windows_states_its_revision() -> None:
    lines = (
        "    ProductName    REG_SZ    Windows Server 2016 Standard\n"
        "    CurrentBuildNumber    REG_SZ    14393\n"
        "    CurrentMajorVersionNumber    REG_DWORD    0xa\n"
        "    CurrentMinorVersionNumber    REG_DWORD    0x0\n"
        "    UBR    REG_DWORD    0x1d04\n"
    )
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    found = one(f"\n{key}\n{lines}{NAME}")
    assert found["products"] == [
        {"name": "Microsoft Windows Server 2016 Standard", "build": "10.0.14393.7428"},
        {"name": "..."},
    ]
    assert "products" not in one(f"\n{KEY}\n{lines}{NAME}")


def test_keys_of_programs_are_products() -> None:
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{A}"
    found = one(
        f"\n{key}\n    DisplayName    REG_SZ    Contoso Mail Server\n"
        f"    DisplayVersion    REG_SZ    5.5\n{NAME}"
    )
    assert found["products"] == [{"name": "Contoso Mail Server", "build": "5.5"}, {"name": "..."}]

"""Products, hotfixes and the server's name from the registry on its disk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.collect.hives import Key, hive
from tests.collect.support import PROGRAMS, SYSTEM, WINDOWS, record_of, write_disk

if TYPE_CHECKING:
    from tests.support import Needfix

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its folders are those of POSIX")
Collect = Callable[..., dict[str, Any]]
SQL = r"Microsoft\Microsoft SQL Server"


@pytest.fixture
def collected(needfix: Needfix, tmp_path: Path) -> Collect:
    """What is collected of a disk with more in its registry."""

    def collect(software: Key | None = None, system: Key | None = None, *words: object) -> dict[str, Any]:
        write_disk(tmp_path / "disk", software, system)
        return record_of(needfix("collect", tmp_path / "disk", *words).out)

    return collect


def _named(record: dict[str, Any], begin: str) -> list[dict[str, str]]:
    return [own for own in record["products"] if own["name"].startswith(begin)]


def test_programs_of_both_views(collected: Collect) -> None:
    record = collected(
        {
            rf"{PROGRAMS}\A": {"DisplayName": "Program A", "DisplayVersion": "1.2"},
            rf"Wow6432Node\{PROGRAMS}\B": {"DisplayName": " Program B "},
            rf"Wow6432Node\{PROGRAMS}\A": {"DisplayName": "Program A", "DisplayVersion": "1.2"},
            rf"{PROGRAMS}\Nameless": {"DisplayVersion": "1.2"},
        }
    )
    assert _named(record, "Program") == [{"name": "Program A", "build": "1.2"}, {"name": "Program B"}]


def test_updates_are_hotfixes_and_no_products(collected: Collect) -> None:
    record = collected(
        {
            rf"{PROGRAMS}\A": {"DisplayName": "Security Update (KB5036386)", "ParentKeyName": "Exchange"},
            rf"{PROGRAMS}\B.KB5036402": {"DisplayName": "An update", "ReleaseType": "Security Update"},
            rf"{WINDOWS}\HotFix\Q279798": {"Installed": 1},
            rf"{WINDOWS}\HotFix\other": {"Installed": 1},
        }
    )
    assert record["hotfixes"] == ["KB5036386", "KB5036402", "Q279798"]
    assert len(_named(record, "Security")) == 0


def test_a_hidden_entry_counts_where_its_product_has_no_other(collected: Collect) -> None:
    hidden = {
        "DisplayName": "Microsoft Exchange Server",
        "DisplayVersion": "15.2.1544.4",
        "SystemComponent": 1,
    }
    part = {"DisplayName": "A part", "SystemComponent": 1}
    record = collected({rf"{PROGRAMS}\1": hidden, rf"{PROGRAMS}\2": part})
    assert _named(record, "Microsoft Exchange") == [
        {"name": "Microsoft Exchange Server", "build": "15.2.1544.4"}
    ]
    assert _named(record, "A part") == []
    shown = {"DisplayName": "Microsoft Exchange Server 2019 Cumulative Update 14"}
    record = collected({rf"{PROGRAMS}\1": hidden, rf"{PROGRAMS}\2": shown})
    assert _named(record, "Microsoft Exchange") == [{"name": shown["DisplayName"]}]


def test_the_instances_of_sql_server(collected: Collect) -> None:
    record = collected(
        {
            rf"{SQL}\Instance Names\SQL": {"A": "MSSQL15.A", "B": "MSSQL16.B"},
            rf"{SQL}\MSSQL15.A\Setup": {
                "PatchLevel": "15.0.4298.1",
                "Version": "15.0.2000.5",
                "Edition": "Enterprise Edition: Core-based Licensing",
                "SQLPath": r"D:\MSSQL15.A\MSSQL",
            },
            rf"{SQL}\MSSQL16.B\Setup": {"Version": "16.0.1000.6", "SQLPath": "D:\\MSSQL16.B\\MSSQL\\"},
            rf"{PROGRAMS}\SQL": {"DisplayName": "Microsoft SQL Server 2019 (64-bit)"},
            rf"{PROGRAMS}\Studio": {"DisplayName": "Microsoft SQL Server Management Studio - 19.3"},
        }
    )
    assert _named(record, "Microsoft SQL") == [
        {
            "name": "Microsoft SQL Server",
            "build": "15.0.4298.1",
            "edition": "Enterprise Edition: Core-based Licensing",
            "path": r"D:\MSSQL15.A",
        },
        {"name": "Microsoft SQL Server", "build": "16.0.1000.6", "path": r"D:\MSSQL16.B"},
        {"name": "Microsoft SQL Server Management Studio - 19.3"},
    ]


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [
        (
            {"ProductName": "Windows Server 2022 Datacenter Evaluation", "CurrentBuildNumber": "20348",
             "UBR": 2402},
            {},
            {"name": "Windows Server 2022 Datacenter", "build": "10.0.20348.2402"},
        ),
        (
            {"ProductName": "Microsoft Windows 2000", "CurrentVersion": "5.0", "CSDVersion": "Service Pack 4",
             "CurrentBuildNumber": "2195", "CurrentMajorVersionNumber": "", "UBR": ""},
            {"ProductType": "ServerNT", "ProductSuite": ["Enterprise", "Terminal Server"]},
            {"name": "Microsoft Windows 2000 Advanced Server", "level": "Service Pack 4",
             "build": "5.0.2195"},
        ),
        (
            {"ProductName": "", "CurrentVersion": "4.0", "CSDVersion": "Service Pack 6",
             "CurrentBuildNumber": "1381", "CurrentMajorVersionNumber": "", "UBR": ""},
            {"ProductType": "LanmanNT"},
            {"name": "Microsoft Windows NT Server", "level": "Service Pack 6", "build": "4.0.1381"},
        ),
    ],
    ids=["2022", "2000", "NT 4.0"],
)  # fmt: skip
def test_windows(collected: Collect, values: Key, options: Key, expected: dict[str, str]) -> None:
    base: Key = {"CurrentMajorVersionNumber": 10, "CurrentMinorVersionNumber": 0, "SystemRoot": r"C:\WINNT"}
    system: Key = {r"ControlSet001\Control\ProductOptions": options}
    record = collected({WINDOWS: {**base, **values}}, system)
    first = record["products"][0]
    assert {key: first[key] for key in expected} == expected


def test_the_settings_of_the_last_start_count(collected: Collect) -> None:
    record = collected(
        None,
        {
            "Select": {"Current": 2},
            r"ControlSet002\Control\ComputerName\ComputerName": {"ComputerName": "MAIL02"},
        },
    )
    assert record["server"] == "MAIL02"


RULE = r"""
needfix: 1
id: Q900001
title: A value of the registry must be set
product: exchange-server
affects: [5.5 SP4]
fixes:
  - registry:
      'HKLM\SOFTWARE\Vendor\Level': {equals: "2"}
      'HKLM\SYSTEM\CurrentControlSet\Services\X\Start': {present: true}
"""


def test_values_of_the_registry_that_rules_ask_for(collected: Collect, tmp_path: Path) -> None:
    rule = tmp_path / "rule.yaml"
    rule.write_text(RULE, encoding="utf-8")
    software: Key = {"Vendor": {"Level": 2, "Other": 1}, r"Wow6432Node\Vendor": {"Level": "1"}}
    record = collected(software, {r"ControlSet001\Services\X": {"Start": 4}}, "--rules", rule)
    assert record["registry"] == [
        {"path": r"HKLM\SOFTWARE\Vendor", "name": "Level", "value": "2", "view": "64"},
        {"path": r"HKLM\SOFTWARE\Vendor", "name": "Level", "value": "1", "view": "32"},
        {"path": r"HKLM\SYSTEM\CurrentControlSet\Services\X", "name": "Start", "value": "4"},
    ]
    assert record["complete"] == ["files", "registry"]


def test_values_of_other_hives_leave_the_registry_open(collected: Collect, tmp_path: Path) -> None:
    rule = tmp_path / "rule.yaml"
    rule.write_text(RULE.replace(r"HKLM\SOFTWARE", r"HKCU\SOFTWARE"), encoding="utf-8")
    record = collected(None, None, "--rules", rule)
    assert record["registry"] == []
    assert record["complete"] == ["files"]


def test_parts_of_windows_are_not_in_its_list(collected: Collect, tmp_path: Path) -> None:
    rule = tmp_path / "rule.yaml"
    text = RULE.replace("exchange-server", "internet-information-server").replace("5.5 SP4", '"5.0"')
    rule.write_text(text, encoding="utf-8")
    record = collected(
        {rf"{PROGRAMS}\X": {"DisplayName": "Microsoft Exchange Server 5.5"}}, None, "--rules", rule
    )
    assert record["products"][-1] == {"name": "..."}


@pytest.mark.parametrize("damage", ["cut", "no hive", "checksum", "inside"])
def test_a_damaged_registry_states_nothing(needfix: Needfix, tmp_path: Path, damage: str) -> None:
    config = write_disk(tmp_path / "mail01") / "Windows" / "System32" / "config"
    content = bytearray((config / "SOFTWARE").read_bytes())
    if damage == "cut":
        del content[5000:]
    elif damage == "no hive":
        content[:4] = b"text"
    elif damage == "checksum":
        content[60] ^= 1
    else:
        content[4096 + 32 + 4 : -16] = b"\xff" * (len(content) - 4096 - 32 - 4 - 16)
    (config / "SOFTWARE").write_bytes(content)
    ran = needfix("collect", tmp_path / "mail01")
    record = record_of(ran.out)
    assert ran.code == 0
    assert "products" not in record
    assert record["failures"]


def test_two_systems_on_a_disk_state_nothing(needfix: Needfix, tmp_path: Path) -> None:
    write_disk(tmp_path / "disk")
    config = tmp_path / "disk" / "WINNT" / "system32" / "CONFIG"
    config.mkdir(parents=True)
    (config / "system").write_bytes(hive(SYSTEM))
    record = record_of(needfix("collect", tmp_path / "disk").out)
    assert record["server"] == "disk"
    assert "products" not in record
    assert "complete" not in record

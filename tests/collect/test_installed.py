"""Products, hotfixes and the server's name from the registry on its disk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from needfix.collect.cells import HiveError
from needfix.collect.hive import Hive
from tests.collect.hives import Key, Raw, hive, write_hives
from tests.collect.support import PROGRAMS, SOFTWARE, SYSTEM, WINDOWS, record_of, write_disk

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
            rf"{WINDOWS}\HotFix\Q264987": {"Installed": 0},
            rf"{WINDOWS}\HotFix\Q299258": {"Installed": Raw(4, b"")},
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


def test_an_instance_of_which_nothing_can_be_read(collected: Collect) -> None:
    record = collected({rf"{SQL}\Instance Names\SQL": {"A": 1, "B": "MSSQL16.B"}})
    assert _named(record, "Microsoft SQL") == [{"name": "Microsoft SQL Server"}] * 2


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


@pytest.mark.parametrize(
    "software",
    [
        {rf"{PROGRAMS}\Exchange": {"QuietDisplayName": "Exchange", "DisplayVersion": "15.2.1544.4"}},
        {rf"{PROGRAMS}\Exchange": {"DisplayName": "Microsoft Exchange Server 2019", "ParentKeyName": "X"}},
        {rf"{PROGRAMS}\Exchange": {"DisplayName": "Microsoft Exchange Server", "ReleaseType": "Hotfix"}},
        {rf"{PROGRAMS}\X": {"ParentDisplayName": "Microsoft Exchange Server 2019", "ParentKeyName": "X"}},
        {rf"{PROGRAMS}\X": {"DisplayName": "SQL Server 2022 Database Engine Services", "SystemComponent": 1}},
        {r"Microsoft\ExchangeServer\v15\Setup": {"MsiInstallPath": "C:\\Exchange"}},
        {r"Microsoft\Exchange\Setup": {"Services": r"C:\exchsrvr"}},
        {r"Microsoft\MSSQLServer\MSSQLServer\CurrentVersion": {"CurrentVersion": "8.00.194"}},
        {WINDOWS: {"SystemRoot": r"C:\Windows"}},
    ],
    ids=[
        "nameless", "parent", "release", "update", "part", "Exchange", "Exchange 5.5", "SQL Server 2000",
        "Windows",
    ],
)  # fmt: skip
def test_what_a_product_left_shows_that_there_may_be_others(
    needfix: Needfix, tmp_path: Path, software: Key
) -> None:
    (tmp_path / "rule.yaml").write_text(RULE, encoding="utf-8")
    known = record_of(needfix("collect", write_disk(tmp_path / "a"), "--rules", tmp_path / "rule.yaml").out)
    (tmp_path / "b").mkdir()
    write_hives(tmp_path / "b", {**SOFTWARE, **software}, SYSTEM)
    ran = needfix("collect", tmp_path / "b", "--rules", tmp_path / "rule.yaml")
    assert record_of(ran.out)["products"][-1] == {"name": "..."}
    assert "may be" in ran.err
    assert known["products"][0]["name"] == "Windows Server 2019 Standard"


def test_keys_that_windows_leaves_nameless_show_no_product(collected: Collect) -> None:
    exchange = {"DisplayName": "Microsoft Exchange Server 2019"}
    record = collected(
        {rf"{PROGRAMS}\IE40": {}, rf"{PROGRAMS}\WIC": {"NoRemove": 1}, rf"{PROGRAMS}\X": exchange}
    )
    assert [own["name"] for own in record["products"]][1:] == [exchange["DisplayName"]]


def test_a_release_that_states_its_version_twice(collected: Collect) -> None:
    damaged = {"CurrentMajorVersionNumber": Raw(4, b"\n"), "ProductName": "Windows Server 2019 Standard"}
    record = collected({WINDOWS: {**damaged, "CurrentVersion": "6.3", "CurrentBuildNumber": "17763"}})
    assert "build" not in record["products"][0]


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


@pytest.mark.parametrize(
    "select", [{"Current": 3}, {}, {"Current": Raw(4, b"\1")}], ids=["3", "none", "bytes"]
)
def test_settings_that_are_not_there_leave_everything_open(
    collected: Collect, tmp_path: Path, select: Key
) -> None:
    rule = tmp_path / "rule.yaml"
    rule.write_text(RULE, encoding="utf-8")
    record = collected(None, {"Select": select}, "--rules", rule)
    assert "complete" not in record
    assert "which settings the server last started" in " ".join(record["failures"])


def test_hives_that_were_exchanged_state_nothing(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(RULE, encoding="utf-8")
    config = write_disk(tmp_path / "disk") / "Windows" / "System32" / "config"
    (config / "SOFTWARE").rename(config / "X")
    (config / "SYSTEM").rename(config / "SOFTWARE")
    (config / "X").rename(config / "SYSTEM")
    record = record_of(needfix("collect", tmp_path / "disk", "--rules", tmp_path / "rule.yaml").out)
    assert record.keys() == {"server", "collected", "files", "failures"}


@pytest.mark.parametrize("data", [b"", b"\1\0", b"\1\0\0\0\0"])
def test_a_number_without_its_size_has_no_value(collected: Collect, tmp_path: Path, data: bytes) -> None:
    rule = tmp_path / "rule.yaml"
    rule.write_text(RULE, encoding="utf-8")
    record = collected({"Vendor": {"Level": Raw(4, data)}}, None, "--rules", rule)
    assert record["registry"] == [{"path": r"HKLM\SOFTWARE\Vendor", "name": "Level"}]
    assert record["complete"] == ["files"]
    assert record["failures"] == [r"HKLM\SOFTWARE\Vendor\Level is damaged; listed without value"]


def test_names_beyond_ascii(collected: Collect, tmp_path: Path) -> None:
    rule = tmp_path / "rule.yaml"
    rule.write_text(RULE.replace("Vendor", "Größe"), encoding="utf-8")
    record = collected({"Größe": {"Level": 2}}, None, "--rules", rule)
    assert record["registry"][0]["value"] == "2"


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
    ran = needfix("collect", tmp_path / "mail01", "--whole")
    record = record_of(ran.out)
    assert ran.code == 0
    assert "products" not in record
    assert record["failures"]
    assert ("complete" in record) is (damage == "no hive")


def _sectors(content: bytes) -> list[int]:
    """Where sectors are that are not empty, behind the header."""
    return [place for place in range(4096, len(content), 512) if any(content[place : place + 512])]


def test_a_lost_sector_is_noticed_wherever_it_is(tmp_path: Path) -> None:
    programs: Key = {rf"{PROGRAMS}\{n:08}": {"DisplayName": f"Program {n}"} for n in range(20)}
    for name, keys in (("SOFTWARE", {**SOFTWARE, **programs}), ("SYSTEM", SYSTEM)):
        content = hive(keys)
        file = tmp_path / name
        for place in _sectors(content):
            file.write_bytes(content[:place] + bytes(512) + content[place + 512 :])
            with pytest.raises(HiveError):
                Hive(str(file))
        file.write_bytes(content)
        Hive(str(file))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_hive_with_any_bytes_changed_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(hive({**SOFTWARE, "X": {"Long": "x" * 9000, "Texts": ["a", "b"]}}))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(4096, len(content) - 4))
        content[place : place + 4] = data.draw(st.binary(min_size=4, max_size=4))
    file = tmp_path_factory.getbasetemp() / "hive"
    file.write_bytes(content)
    try:
        own = Hive(str(file))
        for key in ("X", WINDOWS):
            own.values(key)
    except HiveError:
        pass


def test_two_systems_on_a_disk_state_nothing(needfix: Needfix, tmp_path: Path) -> None:
    write_disk(tmp_path / "disk")
    config = tmp_path / "disk" / "WINNT" / "system32" / "CONFIG"
    config.mkdir(parents=True)
    (config / "system").write_bytes(hive(SYSTEM))
    record = record_of(needfix("collect", tmp_path / "disk").out)
    assert record["server"] == "disk"
    assert "products" not in record
    assert "complete" not in record

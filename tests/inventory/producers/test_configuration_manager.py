"""Rows of Configuration Manager's views and reports as facts."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.errors import NOWHERE
from needfix.inventory.producers.configuration_manager import KINDS, REST
from needfix.inventory.producers.kinds import facts_of
from needfix.model.server import Server
from tests.inventory.support import read
from tests.support.catalogues import catalogue_of, rule
from tests.support.laws import tried

OTHERS = {"name": "..."}


def facts(**columns: object) -> tuple[str | None, dict[str, list[Any]]]:
    """The server and the entries of a row; `_` in names stands for a blank."""
    row = {name.replace("__", " "): value for name, value in columns.items()}
    (found,) = facts_of(row, NOWHERE)
    return found.server, found.entries


# ---- files


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("C:\\exchsrvr\\bin\\", "C:\\exchsrvr\\bin\\store.exe"),
        ("C:\\exchsrvr\\bin", "C:\\exchsrvr\\bin\\store.exe"),
        ("C:\\exchsrvr\\bin\\Store.exe", "C:\\exchsrvr\\bin\\Store.exe"),
        ("C:\\store.exe.old", "C:\\store.exe.old\\store.exe"),
    ],
)
def test_a_file_of_the_view_of_software_inventory(folder: str, path: str) -> None:
    found = facts(
        Netbios_Name0="MAIL01",
        FileName="store.exe",
        FilePath=folder,
        FileVersion="5.5.2653.23",
        FileSize=4063504,
    )
    assert found == ("MAIL01", {"files": [{"path": path, "version": "5.5.2653.23", "size": 4063504}]})


def test_a_file_of_a_report() -> None:
    found = facts(
        Computer__Name="MAIL01",
        File__Name="store.exe",
        File__Path="C:\\exchsrvr\\bin\\",
        File__Version="5.5.2653.23",
        File__Modified__Date="2000-11-01 10:00:00",
    )
    entry = {
        "path": "C:\\exchsrvr\\bin\\store.exe",
        "version": "5.5.2653.23",
        "modified": "2000-11-01 10:00:00",
    }
    assert found == ("MAIL01", {"files": [entry]})


def test_a_row_without_a_folder_names_a_file() -> None:
    found = facts(Name0="MAIL01", FileName="store.exe", FileVersion="5.5.2653.23", FileSize="17")
    assert found == ("MAIL01", {"files": [{"name": "store.exe", "version": "5.5.2653.23", "size": 17}]})


def test_a_row_without_a_file_states_none() -> None:
    assert facts(Netbios_Name0="A", FileName="Unknown", FilePath="", FileVersion="1.2.3.4") == ("A", {})


# ---- programs


@pytest.mark.parametrize(
    ("product", "hotfixes"),
    [
        ("KB2565063", ["KB2565063"]),
        ("{90160000-0011-0000-0000-0000000FF1CE}.KB5036386", ["KB5036386"]),
        ("KB2565063_20110601.log", ["KB2565063"]),
        ("{90160000-0011-0000-0000-0000000FF1CE}", None),
        ("KBase Client", None),
    ],
)
def test_a_program_of_the_view_of_programs(product: str, hotfixes: list[str] | None) -> None:
    found = facts(
        Netbios_Name0="MAIL01",
        DisplayName0="Microsoft Exchange Server 2016",
        Version0="15.1.2507.6",
        Publisher0="Microsoft Corporation",
        ProdID0=product,
    )
    entry = {"name": "Microsoft Exchange Server 2016", "build": "15.1.2507.6"}
    expected: dict[str, list[Any]] = {"products": [entry, OTHERS]}
    assert found == ("MAIL01", expected if hotfixes is None else {**expected, "hotfixes": hotfixes})


@pytest.mark.parametrize(
    "columns",
    [
        {"DisplayName0": "X", "Version0": "1.0"},
        {"ARPDisplayName0": "X", "ProductVersion0": "1.0"},
        {"NormalizedName": "X", "NormalizedVersion": "1.0"},
    ],
)
def test_programs_of_other_views(columns: dict[str, str]) -> None:
    (found,) = facts_of({"Netbios_Name0": "A", **columns}, NOWHERE)
    assert found.entries == {"products": [{"name": "X", "build": "1.0"}, OTHERS]}


def test_a_program_without_a_name_is_one_of_others() -> None:
    assert facts(Netbios_Name0="A", DisplayName0="Unknown", Version0="1.0") == ("A", {"products": [OTHERS]})


def test_the_caption_of_a_joined_row_is_not_the_version_of_a_program() -> None:
    _, entries = facts(Netbios_Name0="A", DisplayName0="X", Version0="1.0", Caption0="Windows Server 2016")
    assert entries == {"products": [{"name": "X", "build": "1.0"}, OTHERS]}


# ---- views with the columns of WMI


def test_an_operating_system() -> None:
    found = facts(
        Netbios_Name0="MAIL01",
        Caption0="Microsoft Windows Server 2008 R2 Standard",
        Version0="6.1.7601",
        BuildNumber0="7601",
        CSDVersion0="Service Pack 1",
    )
    name, level = "Microsoft Windows Server 2008 R2 Standard", "Service Pack 1"
    entry = {"name": name, "level": level, "build": "6.1.7601"}
    assert found == ("MAIL01", {"products": [entry, OTHERS]})


def test_a_hotfix_and_a_service() -> None:
    assert facts(Netbios_Name0="A", HotFixID0="KB5035855") == ("A", {"hotfixes": ["KB5035855"]})
    found = facts(SystemName0="A", Name0="W3SVC", DisplayName0="x", State0="Running", StartMode0="Auto")
    assert found == ("A", {"services": [{"name": "W3SVC", "state": "Running"}]})


def test_columns_with_and_without_the_zero_of_views_are_the_same() -> None:
    row = {"Netbios_Name": "A", "DisplayName": "X", "Version": "1.0", "ProdID": "KB2565063"}
    viewed = {f"{name}0": value for name, value in row.items()}
    assert [one.entries for one in facts_of(row, NOWHERE)] == [
        one.entries for one in facts_of(viewed, NOWHERE)
    ]


_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(("A", "1.0")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
_NAMES = sorted(
    {name for kind in (*KINDS, *REST) for needed in kind.needs for name in needed} | {"name0", "server"}
)


@given(st.dictionaries(st.sampled_from(_NAMES) | st.sampled_from([f"{name}0" for name in _NAMES]), _ANY))
@tried(200)
def test_no_value_is_a_fault(row: dict[str, object]) -> None:
    list(facts_of(row, NOWHERE))
    for kind in (*KINDS, *REST):
        list(facts_of({**dict.fromkeys(kind.needs[0]), **row}, NOWHERE))


# ---- the law

CATALOGUE = catalogue_of(rule(), rule("Q100002", affects=["5.5 SP2"]))
_MAY_FOLLOW = {
    "fix-required": {"fix-required", "undetermined"},
    "fix-present": {"fix-present", "undetermined"},
    "not-affected": {"not-affected", "undetermined", "fix-present"},
    "undetermined": {"undetermined"},
}


def _server(rows: list[tuple[str, str, str]]) -> Server:
    text = "\n".join(
        ("Netbios_Name0,FileName,FilePath,FileVersion,FileSize", *(f"A,{','.join(row)},1" for row in rows))
    )
    (found,), problems = read(text + "\n")
    assert not problems
    return found


@given(st.integers(0, 1 << 32))
@tried(50)
def test_less_rows_make_no_answer_safer(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - made-up servers
    keys = ("5.5.2448.8", "5.5.2650.1", "5.5.2653.23")
    rows = [("store.exe", "C:\\mail\\bin\\", random.choice(keys)), ("other.dll", "C:\\mail\\", "1.0.0.0")]
    folders, versions = ("C:\\mail\\", "D:\\mail\\"), ("5.5.2653.1", "5.5.2654.10")
    copies = random.choice((0, 1, 1, 2))
    rows += [("info.dll", random.choice(folders), random.choice(versions)) for _ in range(copies)]
    before = {one.rule: one.decision for one in needfix.evaluate(CATALOGUE, _server(rows))}
    gone = random.choice(rows)[0]
    less = random.choice(
        (
            [row for row in rows if row[0] != gone],
            [(*row[:2], "" if row[0] == gone else row[2]) for row in rows],
        )
    )
    for one in needfix.evaluate(CATALOGUE, _server(less)):
        assert one.decision in _MAY_FOLLOW[before[one.rule]]

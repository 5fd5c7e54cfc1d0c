"""What systeminfo states, as text, tables and CSV, in English and by the order of its lines."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.errors import NOWHERE
from needfix.inventory.producers.kinds import facts_of
from needfix.inventory.producers.systeminfo import NAMES, WindowsVersion, names_by_position, windows_version
from tests.inventory.producers.windows_commands import stated
from tests.inventory.support import read

OTHERS = {"name": "..."}


def one(text: str) -> dict[str, Any]:
    (server,), problems = read(text)
    assert not problems
    return stated(server)


@pytest.mark.parametrize(
    ("text", "build", "pack"),
    [
        ("10.0.14393 N/A Build 14393", "10.0.14393", None),
        ("5.0.2195 Service Pack 4 Build 2195", "5.0.2195", "Service Pack 4"),
        ("5.2.3790 Build 3790", "5.2.3790", None),
        ("6.1.7601 Service Pack 1 version 7601", "6.1.7601", "Service Pack 1"),
        ("10.0.17763 Nicht zutreffend Build 17763", "10.0.17763", None),
        ("6.1.7601 Service Pack 1 ビルド 7601", "6.1.7601", "Service Pack 1"),
        ("10.0.17763 N/D Compilación 17763", "10.0.17763", None),
        ("6.3.9600 \u041d/\u0414 \u043f\u043e\u0441\u0442\u0440. 9600", "6.3.9600", None),
    ],
)
def test_the_version_of_windows_in_any_language(text: str, build: str, pack: str | None) -> None:
    assert windows_version(text) == WindowsVersion(build, pack)


@pytest.mark.parametrize(
    "text",
    ["", "10.0.14393", "10.0.14393 N/A Build 14394", "5.5.2653.23 Build 23", "Build 14393", "10.0 Build 0"],
)
def test_a_text_of_another_form_is_no_version_of_windows(text: str) -> None:
    assert windows_version(text) is None


def test_lines_that_were_filtered_are_read() -> None:
    system = "OS Name:     Microsoft Windows Server 2016 Standard\n"
    text = f"{system}OS Version:  10.0.14393 N/A Build 14393\n"
    (server,), problems = read(f"{text}Host Name:                 MAIL01\n")
    assert not problems
    assert stated(server)["products"] == [
        {"name": "Microsoft Windows Server 2016 Standard", "build": "10.0.14393"}, OTHERS,
    ]  # fmt: skip


def test_lines_in_another_language_that_were_filtered_are_read_by_their_order() -> None:
    found = one(
        "Hostname:               MAIL01\nBetriebssystemname:     Microsoft Windows Server 2019 Standard\n"
        "Betriebssystemversion:  10.0.17763 Nicht zutreffend Build 17763\n"
    )
    assert (found["server"], found["products"][0]["build"]) == ("MAIL01", "10.0.17763")


def test_the_line_above_the_version_is_the_name_only_where_it_is_windows() -> None:
    servers, problems = read(
        "Hostname:               MAIL01\nVersion von etwas:      10.0.17763 x Build 17763\n"
    )
    assert not servers
    assert len(problems) == 1


def test_signs_of_trade_marks_in_another_encoding_are_no_part_of_the_name() -> None:
    text = (
        "Host Name:   OLD\nOS Name:     Microsoft® Windows Server® 2008 Standard \n"
        "OS Version:  6.0.6003 Service Pack 2 Build 6003\n"
    )
    (server,), problems = read(text.encode("latin-1"))
    assert not problems
    assert server.products is not None
    assert server.products[0].name == "Microsoft Windows Server 2008 Standard"


def test_hotfixes_are_those_that_name_an_article() -> None:
    found = one(
        "Host Name:   OLD\nOS Name:     Microsoft Windows 2000 Server\n"
        "OS Version:  5.0.2195 Service Pack 4 Build 2195\n"
        "Hotfix(s):   3 Hotfix(s) Installed.\n             [01]: File 1\n             [02]: Q147222\n"
        "             [03]: KB893803v2 - Update\n             [04\n"
    )
    assert found["hotfixes"] == ["Q147222", "KB893803v2 - Update"]


@pytest.mark.parametrize(
    ("kind", "platform"),
    [("x64-based PC", "x64"), ("X86-based PC", "x86"), ("PC basado en x64", "x64"),
     ("ARM64-based PC", "arm64"), ("Something", "Something"), ("", None)],
)  # fmt: skip
def test_the_platform_is_that_of_the_system(kind: str, platform: str | None) -> None:
    values = {
        "Host Name": "A",
        "OS Name": "X",
        "OS Version": "10.0.14393 N/A Build 14393",
        "System Type": kind,
    }
    (facts,) = facts_of(values, NOWHERE)
    assert facts.entries["products"][0].get("platform") == platform


def test_the_locale_of_the_system_is_not_the_language_of_windows() -> None:
    values = {"Host Name": "A", "OS Name": "X", "OS Version": "10.0.1 N/A", "System Locale": "de;Deutsch"}
    (facts,) = facts_of(values, NOWHERE)
    assert facts.entries["products"] == [{"name": "X", "build": "10.0.1 N/A"}, OTHERS]


def row(**own: str) -> list[str]:
    stated_values = {"Host Name": "MAIL01", "OS Name": "Microsoft Windows Server 2016 Standard",
                     "OS Version": "10.0.14393 N/A Build 14393", "System Type": "x64-based PC",
                     "Hotfix(s)": "2 Hotfix(s) Installed.,[01]: Q147222,[02]: KB5044293"}  # fmt: skip
    return [{**stated_values, **own}.get(name, "x") for name in NAMES]


def test_the_columns_of_csv_are_those_of_the_object() -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([NAMES, row()])
    found = one(out.getvalue())
    assert found["hotfixes"] == ["Q147222", "KB5044293"]
    assert found["products"][0] == {
        "name": "Microsoft Windows Server 2016 Standard", "build": "10.0.14393", "platform": "x64",
    }  # fmt: skip


def test_columns_in_another_language_are_named_by_their_order() -> None:
    names = [*(f"Spalte {n}" for n in range(len(NAMES))), "Netzwerkkarte(n)"]
    assert names_by_position(names, [*row(), "y"]) == [*NAMES, "Netzwerkkarte(n)"]


def test_a_table_in_another_language_is_read() -> None:
    out = io.StringIO()
    names = [f"Spalte {n}" for n in range(len(NAMES))]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([names, row(), row(**{"Host Name": "MAIL02"})])
    servers, problems = read(out.getvalue())
    assert not problems
    assert [(one.server, one.hotfixes) for one in servers] == [
        ("MAIL01", ("Q147222", "KB5044293")),
        ("MAIL02", ("Q147222", "KB5044293")),
    ]


def test_names_in_another_language_that_resemble_columns_are_no_mistakes() -> None:
    out = io.StringIO()
    names = ["Hostname", *(f"Spalte {n}" for n in range(len(NAMES) - 2)), "Hotfix(es)"]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([names, row()])
    assert one(out.getvalue())["hotfixes"] == ["Q147222", "KB5044293"]


def test_tables_in_several_languages_one_below_the_other() -> None:
    out = io.StringIO()
    other, third = ([f"{word} {n}" for n in range(len(NAMES))] for word in ("Spalte", "colonne"))
    rows = [NAMES, row(), other, row(**{"Host Name": "MAIL02"}), third, row(**{"Host Name": "MAIL03"})]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    servers, problems = read(out.getvalue())
    assert not problems
    assert [one.server for one in servers] == ["MAIL01", "MAIL02", "MAIL03"]


@pytest.mark.parametrize("own", [{"OS Version": "10.0.14393"}, {"OS Name": "Linux"}])
def test_columns_of_another_table_are_not(own: dict[str, str]) -> None:
    assert names_by_position(list(NAMES), row(**own)) is None
    assert names_by_position(NAMES[:5], row()[:5]) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda own: st.lists(own, max_size=2) | st.dictionaries(st.text(max_size=3), own, max_size=2),
    max_leaves=4,
)


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("Host Name", "OS Name", "OS Version", "System Type", "Hotfix(s)"), VALUES)
    )
)
def test_any_value_of_a_property_is_read_or_not_stated(values: dict[str, object]) -> None:
    for facts in facts_of(values, NOWHERE):
        assert all(entry.get("name") for entry in facts.entries.get("products", ()))

"""System characteristics of OVAL as inventories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.model.server import Server
from tests.inventory.support import read
from tests.support import ROOT
from tests.support.laws import tried

FIXTURES = ROOT / "fixtures/producers/oval"
HEAD = '<oval_system_characteristics xmlns="http://oval.mitre.org/XMLSchema/oval-system-characteristics-5">'


def document(items: str = "", objects: str = "", info: str = "", time: str = "2026-11-02T21:04:11") -> str:
    return (
        f"{HEAD}<generator><timestamp>{time}</timestamp></generator>"
        f"<system_info>{info}<primary_host_name>MAIL07</primary_host_name></system_info>"
        f"<collected_objects>{objects}</collected_objects><system_data>{items}</system_data>"
        "</oval_system_characteristics>"
    )


def one(text: str) -> Server:
    servers, problems = read(text)
    assert not problems
    (server,) = servers
    return server


def record(text: str) -> dict[str, Any]:
    return one(text).as_record()


def file_item(inner: str, status: str = "exists", number: int = 1) -> str:
    return f'<file_item id="{number}" status="{status}">{inner}</file_item>'


def value_item(inner: str, status: str = "exists", key: str = r"SOFTWARE\Contoso") -> str:
    where = f"<hive>HKEY_LOCAL_MACHINE</hive><key>{key}</key><name>Limit</name>"
    return f'<registry_item id="1" status="{status}">{where}{inner}</registry_item>'


def test_the_characteristics_of_an_interpreter() -> None:
    found = one((FIXTURES / "interpreter.xml").read_text(encoding="utf-8")).as_record()
    assert found == json.loads((FIXTURES / "interpreter.json").read_text(encoding="utf-8"))


def test_the_results_of_openscap() -> None:
    found = one((FIXTURES / "oscap-results.xml").read_text(encoding="utf-8"))
    assert found.server == "MAIL03"
    assert [(copy.path, copy.version) for copy in found.files] == [
        (r"C:\mail\info.dll", "5.5.2654.10"),
        (r"C:\mail\mailsrv.exe", "5.5.2653.23"),
    ]


# ---- what is a fact


@pytest.mark.parametrize("status", ["does not exist", "not collected", "error"])
def test_a_version_that_was_not_read_is_not_stated(status: str) -> None:
    own = f'<filename>store.exe</filename><version status="{status}">5.5.2653.23</version>'
    assert record(document(file_item(own)))["files"] == [{"name": "store.exe"}]


def test_a_file_that_does_not_exist_is_not_listed() -> None:
    found = record(document(file_item("<filename>store.exe</filename>", "does not exist")))
    assert found["files"] == []


@pytest.mark.parametrize("status", ["error", "not collected"])
def test_a_copy_that_was_not_read_is_listed_without_a_version(status: str) -> None:
    own = r"<path>C:\mail</path><filename>store.exe</filename><version>5.5.2653.23</version>"
    assert record(document(file_item(own, status)))["files"] == [
        {"name": "store.exe", "path": r"C:\mail\store.exe"}
    ]


@pytest.mark.parametrize("flag", ["incomplete", "error", "not collected"])
def test_a_search_that_did_not_find_everything_leaves_a_copy_open(flag: str) -> None:
    objects = f'<object id="o" version="1" flag="{flag}"><reference item_ref="1"/></object>'
    own = "<filename>store.exe</filename><version>5.5.2654.29</version>"
    found = record(document(file_item(own), objects))["files"]
    assert found == [{"name": "store.exe", "version": "5.5.2654.29"}, {"name": "store.exe"}]


@pytest.mark.parametrize(
    "inner", ['<value mask="true">1</value>', '<value xsi:nil="true" xmlns:xsi="x"/>', ""]
)
def test_a_value_that_is_not_shown_is_there_without_a_value(inner: str) -> None:
    assert record(document(value_item(inner)))["registry"] == [
        {"path": r"HKEY_LOCAL_MACHINE\SOFTWARE\Contoso", "name": "Limit"}
    ]


def test_a_value_of_a_view() -> None:
    found = record(document(value_item("<value>1</value><windows_view>32_bit</windows_view>")))
    assert found["registry"][0]["view"] == "32"


@pytest.mark.parametrize(
    ("ticks", "time"),
    [
        ("125975304000000000", "2000-03-14T18:00:00Z"),
        ("125975304000000001", "2000-03-14T18:00:00.0000001Z"),
        ("0", None),
        ("-1", None),
        ("953056800", None),  # counted from 1970, which no interpreter should
        ("99999999999999999999", None),
    ],
)
def test_times_are_counted_from_1601(ticks: str, time: str | None) -> None:
    own = f"<filename>read.asp</filename><m_time>{ticks}</m_time>"
    expected = {"name": "read.asp"} if time is None else {"name": "read.asp", "modified": time}
    assert record(document(file_item(own)))["files"] == [expected]


# ---- the operating system


@pytest.mark.parametrize(
    ("name", "version", "product"),
    [
        ("Windows", "not stated", None),
        (
            "Windows Server 2008 R2",
            "6.1.7601 Service Pack 1",
            {"name": "Windows Server 2008 R2", "level": "Service Pack 1", "build": "6.1.7601"},
        ),
        ("Windows 2000", "5.0 Build 2195", {"name": "Windows 2000", "build": "5.0.2195"}),
        ("Windows Server 2022", "", {"name": "Windows Server 2022"}),
        ("Windows", "10.0.20348", None),
    ],
)
def test_the_system_of_the_document(name: str, version: str, product: dict[str, str] | None) -> None:
    info = f"<os_name>{name}</os_name><os_version>{version}</os_version>"
    listed = [] if product is None else [product, {"name": "..."}]
    assert record(document(info=info)).get("products", []) == listed


def test_a_system_that_sources_state_differently_is_listed_twice() -> None:
    info = "<os_name>Windows Server 2016</os_name><os_version>10.0.14393</os_version>"
    fields = '<field name="caption">Windows Server 2019</field><field name="version">10.0.17763</field>'
    item = (
        "<wmi57_item><wql>select Caption,Version from Win32_OperatingSystem</wql>"  # noqa: S608
        f'<result datatype="record">{fields}</result></wmi57_item>'
    )
    assert [own["name"] for own in record(document(item, info=info))["products"]] == [
        "Windows Server 2019",
        "Windows Server 2016",
        "...",
    ]


def test_a_time_that_stands_for_none_is_not_stated() -> None:
    assert "collected" not in record(document(time="1970-01-01T00:00:00"))


# ---- documents


def test_results_hold_the_characteristics_of_several_systems() -> None:
    inner = document().replace("MAIL07", "A") + document().replace("MAIL07", "B")
    text = f"<oval_results><oval_definitions><x/></oval_definitions><results>{inner}</results></oval_results>"
    servers, problems = read(text)
    assert ([server.server for server in servers], problems) == (["A", "B"], [])


def test_results_without_characteristics() -> None:
    _, (problem,) = read("<oval_results><results/></oval_results>")
    assert problem.startswith("<stdin>:1: the document has no oval_system_characteristics, so it states no")


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(f'<!DOCTYPE x [<!ENTITY a "aaaa">]>{document()}', encoding="utf-8")
    _, (problem,) = read_path(file)
    assert "the document has a DOCTYPE, which is not read" in problem


def read_path(file: Path) -> tuple[list[Server], list[str]]:
    from needfix.inventory import read_inventory  # noqa: PLC0415 - only here

    problems: list[str] = []
    servers = list(read_inventory(file, on_problem=lambda own: problems.append(str(own))))
    return servers, problems


def test_other_xml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text("<report/>", encoding="utf-8")
    _, (problem,) = read_path(file)
    assert "a.xml:1:1: the document begins with <report>; expected OVAL system characteristics" in problem


def test_a_document_that_is_cut() -> None:
    text = document(file_item("<filename>store.exe</filename>"))
    servers, (problem,) = read(text[:-40])
    assert not servers
    assert "this is not valid XML: unclosed token; the rest of the file is not read" in problem


_NAMES = (
    "path", "filename", "filepath", "version", "m_time", "size", "hive", "key", "name", "value",
    "windows_view", "service_name", "current_state", "wql", "result", "field", "family", "file_item",
)  # fmt: skip
_KINDS = ("file_item", "registry_item", "service_item", "wmi_item", "wmi57_item", "family_item", "user_item")
_TEXTS = st.sampled_from(
    ("", "x", "C:\\", "5.5", "1" * 40, "HKEY_LOCAL_MACHINE", "SELECT a FROM Win32_Product", "\ufeff", "-5")
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(_KINDS),
            st.sampled_from(("exists", "error", "does not exist", "")),
            st.lists(
                st.tuples(st.sampled_from(_NAMES), _TEXTS, st.sampled_from(("", ' datatype="record"'))),
                max_size=6,
            ),
        ),
        max_size=4,
    )
)
@tried(200)
def test_no_item_is_a_fault(items: list[tuple[str, str, list[tuple[str, str, str]]]]) -> None:
    text = "".join(
        f'<{kind} status="{status}">'
        + "".join(f"<{name}{more}>{value}</{name}>" for name, value, more in entities)
        + f"</{kind}>"
        for kind, status, entities in items
    )
    servers, problems = read(document(text))
    assert len(servers) + len(problems) > 0

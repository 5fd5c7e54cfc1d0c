"""Hosts and reports of Fleet, read as inventories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.model.server import FileCopy, InstalledProduct, Server
from tests.inventory.producers.support import expected, fixtures, items
from tests.inventory.support import read

WITHOUT_SERVER = {"host-software.json": "MBX-08"}
OTHERS = InstalledProduct("...")
WINDOWS = "Microsoft Windows Server 2022 Standard"
ROW = {"path": "C:\\x\\a.dll", "filename": "a.dll", "file_version": "1.2.3.4"}
FILES = (FileCopy("a.dll", "C:\\x\\a.dll", "1.2.3.4"),)


@pytest.mark.parametrize("path", fixtures("fleet"), ids=lambda path: path.name)
def test_each_fixture_becomes_its_records(path: Path) -> None:
    found, _ = items(path, WITHOUT_SERVER.get(path.name))
    assert found == items(expected(path))[0]


def host(**properties: object) -> Server:
    own = {"id": 1, "hostname": "A", "uuid": "x", "platform": "windows", "os_version": "", **properties}
    servers, problems = read(json.dumps({"hosts": [own]}))
    assert not problems
    (server,) = servers
    return server


@pytest.mark.parametrize(
    ("written", "name", "build"),
    [
        ("Windows Server 2022 Standard 21H2 10.0.20348.2322", WINDOWS, "10.0.20348.2322"),
        ("Microsoft Windows Server 2022 Standard 10.0.20348", WINDOWS, "10.0.20348"),
        ("Windows Server 2022 Standard", WINDOWS, None),
        ("Windows Server 2022 Standard 2009 10.0.20348.1", WINDOWS, "10.0.20348.1"),
        ("Some System", "Some System", None),
    ],
)
def test_windows_with_its_revision(written: str, name: str, build: str | None) -> None:
    assert host(os_version=written).products == (InstalledProduct(name, build=build), OTHERS)


@pytest.mark.parametrize("system", [{"os_version": ""}, {"os_version": "Ubuntu 22.04", "platform": "ubuntu"}])
def test_another_system_is_not_listed_and_the_list_is_not_whole(system: dict[str, str]) -> None:
    assert host(**system).products == (OTHERS,)


def test_programs_are_listed_and_what_other_sources_list_is_not() -> None:
    software = [
        {"name": "Mail", "version": "1.2", "source": "programs"},
        {"name": "requests", "version": "2.31.0", "source": "python_packages"},
        {"name": "Tabs", "version": "3", "source": "chrome_extensions"},
        {"name": "", "version": "3", "source": "programs"},
        "Mail",
        None,
    ]
    assert host(software=software).products == (InstalledProduct("Mail", build="1.2"), OTHERS)


def test_the_older_of_the_times_counts_and_never_is_none() -> None:
    software = [{"name": "Mail", "version": "1.2", "source": "programs"}]
    times = {"detail_updated_at": "2024-03-13T07:00:00Z", "software_updated_at": "2024-03-12T07:00:00Z"}
    assert host(**times).collected == "2024-03-13T07:00:00Z"
    assert host(**times, software=software).collected == "2024-03-12T07:00:00Z"
    assert host(detail_updated_at="2000-01-01T00:00:00Z").collected is None


def report(*results: object, **properties: object) -> list[Server]:
    servers, problems = read(json.dumps({"query_id": 1, **properties, "results": results}))
    assert not problems
    return servers


def test_reports_name_the_host_in_each_row_or_once() -> None:
    when = {"last_fetched": "2024-03-13T06:00:00Z"}
    expected = [Server("A", "2024-03-13T06:00:00Z", files=FILES)]
    assert report({"host_id": 1, "host_name": "A", **when, "columns": ROW}) == expected
    assert report({"columns": ROW}, host_id=1, host_name="A", **when, report_clipped=False) == expected
    assert report(host_id=1, host_name="A", **when) == [Server("A")]


def test_rows_of_a_live_query_are_of_the_host_beside_them() -> None:
    expected = [Server("A", files=FILES)]
    rows = [{"host_display_name": "A", **ROW, "device": "3456780012"}]
    assert read(json.dumps({"host": "A", "rows": rows})) == (expected, [])
    assert read(json.dumps({"host": "A", "rows": [{**ROW, "mtime": "0"}]})) == (expected, [])


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["name", "source", "version", "columns", "path"]), inner)
    ),
    max_leaves=5,
)
PROPERTIES = [
    "hostname", "computer_name", "uuid", "platform", "os_version", "software", "detail_updated_at",
    "software_updated_at", "name", "source", "installed_versions", "host_id", "host_name", "last_fetched",
    "columns", "results", "host", "rows",
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(PROPERTIES), ANY, min_size=2, max_size=9))
def test_any_value_in_any_property_is_read_or_a_problem(written: dict[str, object]) -> None:
    read(json.dumps({"hosts": [written]}))
    read(json.dumps(written))

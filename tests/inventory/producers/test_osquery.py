"""Logs of osquery and rows of its tables, read as inventories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.intake.text import HEAD_BYTES
from needfix.inventory import read_inventory
from needfix.inventory.producers import recognised
from needfix.inventory.producers.osquery_tables import TABLES
from needfix.model.server import FileCopy, InstalledProduct, RegistryValue, Server, ServiceState
from tests.inventory.producers.support import expected, fixtures, items
from tests.inventory.support import read
from tests.support.laws import tried

PATH = r"C:\mail\bin\store.exe"
OTHERS = InstalledProduct("...")
START = 1_710_266_400
WITHOUT_SERVER = {"osqueryi.csv": "EDGE-08"}


@pytest.mark.parametrize("path", fixtures("osquery"), ids=lambda path: path.name)
def test_each_fixture_becomes_its_records(path: Path) -> None:
    found, _ = items(path, WITHOUT_SERVER.get(path.name))
    assert found == items(expected(path))[0]


def line(query: str, counter: int, host: str = "A", **rest: object) -> dict[str, Any]:
    """A line of a log, written an hour after the one whose counter is one less."""
    when = {"unixTime": START + 3600 * counter, "epoch": 0, "counter": counter}
    return {"name": query, "hostIdentifier": host, **when, **rest}


def row(version: str = "", path: str = PATH, **columns: str) -> dict[str, str]:
    return {"path": path, "filename": path.rpartition("\\")[2], "file_version": version, **columns}


def added(counter: int, *rows: dict[str, str], query: str = "files", action: str = "added") -> list[Any]:
    return [line(query, counter, columns=one, action=action) for one in rows]


def one(*lines: dict[str, Any]) -> Server:
    """The only server of a log, whatever the order of its lines."""
    found, problems = read("".join(f"{json.dumps(own)}\n" for own in lines))
    assert not problems
    again, _ = read("".join(f"{json.dumps(own)}\n" for own in reversed(lines)))
    assert [_sorted(own) for own in again] == [_sorted(own) for own in found]
    (server,) = found
    return server


def _sorted(server: Server) -> object:
    lists = server.files, server.products, server.services, server.hotfixes, server.registry
    return [sorted(map(str, own or ())) for own in lists]


def versions(server: Server) -> set[str | None]:
    return {copy.version for copy in server.files}


def test_rows_that_were_removed_are_gone() -> None:
    old, new = row("5.5.2653.1"), row("5.5.2654.10")
    removed = added(1, old, action="removed")
    assert versions(one(*added(0, old), *removed, *added(1, new))) == {"5.5.2654.10"}
    assert versions(one(*added(0, old, row("1.2.3.4", "C:\\x.dll")), *removed)) == {"1.2.3.4"}


def test_a_row_takes_the_place_of_an_older_one_of_its_file_whose_removal_is_not_logged() -> None:
    assert versions(one(*added(0, row("5.5.2653.1")), *added(7, row("5.5.2654.10")))) == {"5.5.2654.10"}


def test_windows_is_there_once_whether_or_not_removals_are_logged() -> None:
    own = {"name": "Windows", "version": "10.0.20348", "build": "20348", "arch": "64-bit"}
    old, new = ({**own, "revision": revision} for revision in ("2322", "2402"))
    system = one(*added(0, old, query="os"), *added(5, new, query="os")).products
    assert system == (InstalledProduct("Windows", build="10.0.20348.2402", platform="64-bit"), OTHERS)


def test_a_query_that_starts_anew_lists_all_of_its_rows() -> None:
    later = [{**own, "unixTime": START + 99} for own in added(0, row("1.2.3.5", "C:\\y.dll"))]
    assert versions(one(*added(0, row("1.2.3.4", "C:\\x.dll")), *later)) == {"1.2.3.5"}


def test_two_queries_add_up_and_each_of_two_versions_of_a_file_counts() -> None:
    lines = [*added(0, row("1.2.3.4")), *added(0, row("1.2.3.5"), query="more files")]
    assert versions(one(*lines)) == {"1.2.3.4", "1.2.3.5"}


def test_batches_state_what_was_removed_and_added() -> None:
    first = line("files", 0, diffResults={"added": [row("1.2.3.4")], "removed": ""})
    second = line("files", 1, diffResults={"added": [row("1.2.3.5")], "removed": [row("1.2.3.4")]})
    assert versions(one(first, second)) == {"1.2.3.5"}


def snapshot(query: str, counter: int, *rows: object) -> dict[str, Any]:
    return line(query, counter, snapshot=list(rows), action="snapshot")


def test_of_snapshots_the_newest_counts_and_may_be_empty() -> None:
    first, second = snapshot("files", 1, row("1.2.3.4")), snapshot("files", 2, row("1.2.3.5", "C:\\y.dll"))
    assert versions(one(first, second)) == {"1.2.3.5"}
    assert versions(one(first, second, snapshot("files", 3))) == set()


def test_rows_of_a_snapshot_may_be_lines() -> None:
    rows = row("1.2.3.4"), row("1.2.3.5", "C:\\y.dll")
    old, new = (
        added(when, *own, action="snapshot") for when, own in ((1, (row("1.0.0.1", "C:\\z"),)), (2, rows))
    )
    assert versions(one(*old, *new)) == {"1.2.3.4", "1.2.3.5"}


def test_only_what_the_query_products_of_the_own_pack_lists_is_a_whole_list() -> None:
    windows, agent = ({"name": name, "version": "10.0.1"} for name in ("Windows", "Agent"))
    listed = (InstalledProduct("Windows", build="10.0.1"), InstalledProduct("Agent", build="10.0.1"))
    for query in ("pack/needfix/products", "pack_needfix_products", "pack:needfix:products"):
        assert one(snapshot(query, 1, windows, agent)).products == listed
    assert one(snapshot("pack/needfix/products", 1)).products is None
    for lines in (
        [snapshot("pack/needfix/programs", 1, windows, agent)],
        [snapshot("pack/other/products", 1, windows, agent)],
        [snapshot("pack/needfix/products", 1, windows, agent, {"name": "", "version": "1"})],
        added(1, windows, agent, query="pack/needfix/products", action="snapshot"),
        added(0, windows, agent, query="pack/needfix/products"),
        *(
            [snapshot(query, 1, windows, agent)]
            for query in (
                "needfix_products",
                "pack_needfix_products-x",
                "pack/needfix_products",
                "packneedfix_products",
            )
        ),
        [{**snapshot("pack/needfix/products", 1, windows, agent), "status": 1}],
    ):
        assert set(one(*lines).products or ()) == {*listed, OTHERS}


def test_a_query_of_the_own_pack_is_of_the_table_that_it_is_named_after() -> None:
    for query in ("pack/needfix/file", "pack_needfix_file-exchange", "pack/needfix/file-3"):
        assert one(snapshot(query, 1, {"path": PATH})).files == (FileCopy("store.exe", PATH),)
    assert one(snapshot("pack/weekly/whatever", 1, {"path": PATH})).files == ()


ROWS = {
    "file": (
        {"path": PATH, "filename": "store.exe", "type": "regular", "size": "7", "mtime": "1707800000",
         "file_version": "1.2.3.4", "product_version": "9.9.9.9", "device": "3456780012"},
        {"files": (FileCopy("store.exe", PATH, "1.2.3.4", "2024-02-13T04:53:20Z", 7),)},
    ),
    "file of an older osquery": (
        {"path": PATH, "filename": "store.exe", "size": 7, "mtime": 0, "product_version": "9.9.9.9"},
        {"files": (FileCopy("store.exe", PATH, size=7),)},
    ),
    "file in its folder": (
        {"directory": "C:\\mail\\bin\\", "filename": "store.exe", "mtime": "x"},
        {"files": (FileCopy("store.exe", PATH),)},
    ),
    "folder": ({"path": "C:\\mail", "filename": "mail", "type": "directory"}, {}),
    "programs": (
        {"name": "Mail", "version": "5.5.2653", "publisher": "x", "language": "1033"},
        {"products": (InstalledProduct("Mail", build="5.5.2653"), OTHERS)},
    ),
    "programs without a name": ({"name": "", "version": "5", "publisher": "x"}, {"products": (OTHERS,)}),
    "name and version": (
        {"name": "Mail", "version": "5.5"}, {"products": (InstalledProduct("Mail", build="5.5"), OTHERS)},
    ),
    "os_version": (
        {"name": "Windows", "version": "10.0.20348", "build": "20348", "codename": "Windows",
         "platform": "windows", "arch": "64-bit", "revision": "2322"},
        {"products": (InstalledProduct("Windows", build="10.0.20348.2322", platform="64-bit"), OTHERS)},
    ),
    "os_version with the revision in its build": (
        {"name": "Windows", "version": "10.0.20348", "build": "20348.2322", "codename": "x"},
        {"products": (InstalledProduct("Windows", build="10.0.20348.2322"), OTHERS)},
    ),
    "os_version in parts": (
        {"name": "Windows", "major": "10", "minor": "0", "build": "20348"},
        {"products": (InstalledProduct("Windows", build="10.0.20348"), OTHERS)},
    ),
    "os_version of Linux": (
        {"name": "Debian", "version": "13 (trixie)", "codename": "trixie", "platform": "debian",
         "arch": "x86_64"},
        {"products": (InstalledProduct("Debian"), OTHERS)},
    ),
    "patches": ({"csname": "A", "hotfix_id": "KB5034770"}, {"hotfixes": ("KB5034770",)}),
    "services": (
        {"name": "MSExchangeIS", "display_name": "Store", "status": "STOP_PENDING", "start_type": "x"},
        {"services": (ServiceState("MSExchangeIS", "STOP_PENDING"),)},
    ),
    "registry": (
        {"key": "HKEY_LOCAL_MACHINE\\SOFTWARE\\X", "name": "N", "type": "REG_DWORD", "data": "1",
         "mtime": "1"},
        {"registry": (RegistryValue("HKEY_LOCAL_MACHINE\\SOFTWARE\\X", "N", "1"),)},
    ),
    "registry by its path": (
        {"path": "HKEY_LOCAL_MACHINE\\SOFTWARE\\X\\N", "name": "N", "type": "REG_SZ", "data": "x"},
        {"registry": (RegistryValue("HKEY_LOCAL_MACHINE\\SOFTWARE\\X", "N", "x"),)},
    ),
    "registry, subkey": (
        {"key": "HKEY_LOCAL_MACHINE\\SOFTWARE", "name": "X", "type": "subkey", "data": ""}, {},
    ),
    "registry, no name": ({"key": "HKEY_USERS\\X", "name": "(Default)", "type": "REG_SZ", "data": "1"}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "stated"), ROWS.values(), ids=ROWS.keys())
def test_each_table_in_logs_and_as_rows(columns: dict[str, object], stated: dict[str, Any]) -> None:
    in_log = one(line("x", 0, columns=columns, action="added"))
    when = "2024-03-12T18:00:00Z" if stated else None
    assert in_log == Server("A", when, **stated)
    servers, problems = read(json.dumps([{"hostname": "A", **columns}]))
    assert (servers, problems) == ([Server("A", **stated)], [])


def history(date: int, operation: str = "Installation", result: str = "Succeeded") -> dict[str, object]:
    title = "2024-02 Cumulative Update (KB5034770)"
    return {"title": title, "date": date, "operation": operation, "result_code": result}


@pytest.mark.parametrize(
    ("events", "claimed"),
    [
        ([history(1)], True),
        ([history(1), history(2, "Uninstallation")], False),
        ([history(1), history(2, "Uninstallation", "Failed")], True),
        ([history(1), history(2, "Uninstallation"), history(3)], True),
        ([history(1, result="Failed")], False),
        ([history(1, result="")], False),
        ([history(1), history(2, result="Failed")], True),
        ([{"title": "x (KB5034770)", "date": 1, "result_code": "Succeeded"}], False),
        ([{**history(1), "title": "A driver"}], False),
    ],
)
def test_an_update_is_claimed_that_was_installed_and_not_removed(
    events: list[object],
    claimed: bool,  # noqa: FBT001 - a case
) -> None:
    assert one(snapshot("history", 1, *events)).hotfixes == (("KB5034770",) if claimed else None)
    assert one(line("history", 0, diffResults={"added": events, "removed": events})).hotfixes == (
        ("KB5034770",) if claimed else None
    )


UUID = "6fa2b1d0-0c4e-4d6b-9a55-0e5b7a3c1f11"


@pytest.mark.parametrize(
    ("names", "server"),
    [
        ({"hostIdentifier": "A"}, "A"),
        ({"hostname": "A"}, "A"),
        ({"host_identifier": "A"}, "A"),
        ({"hostIdentifier": UUID, "decorations": {"hostname": "A", "host_uuid": UUID}}, "A"),
        ({"hostIdentifier": UUID, "decorations": {"username": "x"}}, UUID),
        ({"hostIdentifier": UUID}, UUID),
        ({"hostIdentifier": "A", "decorations": {"hostname": "B"}}, "A"),
    ],
)
def test_the_host_of_a_line(names: dict[str, object], server: str) -> None:
    own = {"name": "files", "columns": row("1.2.3.4"), "action": "added", **names}
    assert read(json.dumps(own))[0] == [Server(server, files=(FileCopy("store.exe", PATH, "1.2.3.4"),))]


def test_what_states_nothing_known_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "osqueryd.results.log"
    status = {"hostIdentifier": "B", "severity": 0, "filename": "x.cpp", "line": 1, "message": "x"}
    lines = [
        *added(0, {"pid": "1", "name": "x"}, query="processes"),
        snapshot("users", 1, {"uid": "1"}, {"uid": "2"}),
    ]
    path.write_text("".join(f"{json.dumps(own)}\n" for own in (*lines, status)), encoding="utf-8")
    found, notes = items(path)
    assert found == [Server("A"), Server("B")]
    (note,) = [note for note in notes if note.code == "object-unknown"]
    assert (note.count, note.words) == (2, ("processes", "users"))


def test_logs_are_found_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "osqueryd.snapshots.log").write_text(
        json.dumps(snapshot("f", 1, row("1.2.3.4"))), encoding="utf-8"
    )
    assert [own.server for own in read_inventory(tmp_path)] == ["A"]


def test_results_inside_of_what_a_shipper_writes() -> None:
    result = {
        "name": "files",
        "action": "added",
        "host_identifier": "A",
        "unix_time": START,
        "columns": row("1.2.3.4"),
    }
    shipped = {"@timestamp": "2024-03-12T18:00:01Z", "osquery": {"result": result}}
    assert versions(one(shipped)) == {"1.2.3.4"}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "path", ""]), inner),
    max_leaves=4,
)
COLUMNS = sorted({name for table in TABLES for needed in (*table.needs, *table.least) for name in needed})
ENVELOPE = (
    "name", "hostIdentifier", "unixTime", "counter", "decorations", "columns", "action", "diffResults",
    "snapshot",
)  # fmt: skip


@given(st.data())
@tried(50)
def test_any_value_in_any_property_is_read_or_a_problem(data: st.DataObject) -> None:
    columns = st.dictionaries(st.sampled_from(COLUMNS), ANY, max_size=8)
    rows = ANY | columns | st.lists(columns, max_size=2)
    written = data.draw(st.dictionaries(st.sampled_from(ENVELOPE), ANY | rows, min_size=2))
    query = data.draw(st.sampled_from(TABLES)).name
    for table in TABLES:
        written |= data.draw(
            st.sampled_from([{}, {"columns": dict.fromkeys(table.needs[0], data.draw(ANY))}])
        )
    read(json.dumps([{"name": query, "action": "added", "hostIdentifier": "A", **written}]))
    read(json.dumps([{"hostname": "A", **data.draw(columns)}]))


def test_a_log_that_begins_with_a_long_line_is_read_as_a_whole_in_columns(tmp_path: Path) -> None:
    programs = [{"name": f"Program {number}", "version": "1.2.3", "publisher": "x"} for number in range(2000)]
    lines = [snapshot("programs", 1, *programs), *added(0, row("1.2.3.4"))]
    path = tmp_path / "fleet.jsonl"
    path.write_text("".join(f"{json.dumps(own)}\n" for own in lines), encoding="utf-8")
    assert recognised.is_of_producer(path.read_text(encoding="utf-8")[:HEAD_BYTES])
    assert not recognised.is_of_producer('{"files": [], "Server": "A", "products": [')
    (found,) = read_inventory(path)
    assert (len(found.products or ()), len(found.files)) == (2001, 1)


def test_logs_in_several_files_are_united(tmp_path: Path) -> None:
    program = {"name": "Mail", "version": "5.5", "publisher": "x"}
    parts = {
        "osqueryd.results.log": added(0, row("1.2.3.4")),
        "osqueryd.snapshots.log": [snapshot("programs", 1, program)],
        "newer.results.log": added(2, row("1.2.3.5")),
    }
    for name, lines in parts.items():
        (tmp_path / name).write_text("".join(f"{json.dumps(own)}\n" for own in lines), encoding="utf-8")
    (server,) = read_inventory(tmp_path, join=True)
    assert server.products == (InstalledProduct("Mail", build="5.5"), OTHERS)
    assert versions(server) == {"1.2.3.5"}


def test_a_snapshot_of_a_query_that_failed_takes_no_older_row_away() -> None:
    older, newer = (
        snapshot("files", n, row(f"1.2.3.{n}", path)) for n, path in ((1, PATH), (2, "C:\\b.exe"))
    )
    assert versions(one(older, newer)) == {"1.2.3.2"}
    assert versions(one(older, {**newer, "status": 1})) == {"1.2.3.1", "1.2.3.2"}


REMOVED = {
    "the host at the top": {"hostIdentifier": "", "hostname": "A"},
    "no time": {"unixTime": None},
    "no time but of a calendar": {"unixTime": None, "calendarTime": "Wed Mar  6 18:00:00 2024 UTC"},
    "no name": {"name": None},
    "neither": {"name": None, "unixTime": None},
}


def _without_nothing(written: dict[str, Any]) -> dict[str, Any]:
    return {name: own for name, own in written.items() if own is not None}


@pytest.mark.parametrize("own", REMOVED.values(), ids=REMOVED.keys())
@pytest.mark.parametrize("form", ["a line", "beside the action", "with a prefix", "CSV"])
def test_a_row_that_was_removed_is_gone_however_the_log_was_passed_on(own: dict[str, Any], form: str) -> None:
    lines = [*added(0, row("1.2.3.4")), *added(5, row("1.2.3.4"), action="removed")]
    lines = [_without_nothing({**line, **own}) for line in lines]
    prefix = {"a line": None, "beside the action": "", "with a prefix": "columns.", "CSV": ""}[form]
    if prefix is not None:
        for line in lines:
            line |= {f"{prefix}{name}": value for name, value in line.pop("columns").items()}
    if form == "CSV":
        rows = [list(lines[0]), *(list(map(str, line.values())) for line in lines)]
        found, problems = read("".join(f"{','.join(cells)}\n" for cells in rows))
    else:
        found, problems = read("".join(f"{json.dumps(line)}\n" for line in lines))
    assert not problems
    assert [(server.server, server.files) for server in found] == [("A", ())]


def test_rows_of_a_query_without_a_name_take_no_others_away() -> None:
    lines = [*added(0, row("1.2.3.4", "C:\\a.exe")), *added(0, row("1.2.3.5", "C:\\b.exe"))]
    lines[1]["unixTime"] += 60
    assert versions(one(*({**own, "name": ""} for own in lines))) == {"1.2.3.4", "1.2.3.5"}


def test_lines_with_and_without_decorations_are_of_one_host() -> None:
    plain = added(0, row("1.2.3.4"), query="files")[0]
    named = added(1, row("1.2.3.3"), query="files")[0] | {"decorations": {"hostname": "A"}}
    for own in (plain, named):
        own["hostIdentifier"] = UUID
    assert one(plain, named).server == "A"
    assert versions(one(plain, named)) == {"1.2.3.3"}
    other = named | {"decorations": {"hostname": "B"}}
    found, problems = read("".join(f"{json.dumps(own)}\n" for own in (plain, named, other)))
    assert not found
    assert ["may be about A" in problems[0], "may be about B" in problems[1]] == [True, True]


@pytest.mark.parametrize(
    ("cut", "left"), [(-9, ["B"]), (10, []), (60, ["B"])], ids=["behind the host", "above it", "in the time"]
)
def test_a_line_that_cannot_be_read_leaves_no_older_state_of_its_host(cut: int, left: list[str]) -> None:
    lines = [*added(0, row("1.2.3.4")), *added(0, row("1.2.3.4")), *added(1, row("1.2.3.3"))]
    lines[1]["hostIdentifier"] = "B"
    written = [json.dumps(own) for own in lines]
    written[2] = written[2][:cut]
    found, problems = read("".join(f"{own}\n" for own in written))
    assert [own.server for own in found] == left
    assert "this is not valid JSON" in problems[0]
    assert sum("of which the file has other objects" in own for own in problems) == 2 - len(left)

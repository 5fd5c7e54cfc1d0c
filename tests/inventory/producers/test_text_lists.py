"""Lists of properties as text: Format-List and wmic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.inventory.producers.windows_commands import stated
from tests.inventory.support import read

PATH = r"C:\Program Files\Contoso\Store.exe"


def one(text: str) -> dict[str, Any]:
    (server,), problems = read(text)
    assert not problems, problems
    return stated(server)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r\n\r\n"])
@pytest.mark.parametrize("between", [1, 2, 3])
def test_objects_of_wmic_are_those_of_the_lines_however_they_end(end: str, between: int) -> None:
    first = ["CSName=MAIL01", "HotFixID=KB500001", "Name="]
    second = ["CSName=MAIL01", "HotFixID=KB500002", "Name="]
    text = end * 2 + "".join(f"{line}{end}" for line in [*first, *[""] * between, *second])
    assert one(text)["hotfixes"] == ["KB500001", "KB500002"]


def test_a_property_that_comes_again_begins_another_object() -> None:
    assert one("CSName=A\nHotFixID=KB500001\nCSName=A\nHotFixID=KB500002\n")["hotfixes"] == [
        "KB500001",
        "KB500002",
    ]
    assert one("CSName : A\nHotFixID : KB500001\nCSName : A\nHotFixID : KB500002\n")["hotfixes"] == [
        "KB500001", "KB500002",
    ]  # fmt: skip


def test_two_outputs_below_each_other_are_two_objects() -> None:
    system = "Caption=Microsoft Windows Server 2016 Standard\nCSName=A\nVersion=10.0.14393\n"
    text = f"\n\n{system}\n\nHotFixID=KB500001\nStatus=\n"
    found = one(text)
    assert (found["products"][0]["build"], found["hotfixes"]) == ("10.0.14393", ["KB500001"])


@pytest.mark.parametrize(
    ("first", "second"),
    [(PATH[:24], PATH[24:]), (r"C:\Program ", r"Files\Contoso\Store.exe"), (PATH, "")],
)
def test_a_value_that_was_cut_at_the_width_of_the_window_is_one(first: str, second: str) -> None:
    found = one(
        f"PSComputerName : A\nFullName       : {first}\n                 {second}\nFileVersion    : 5.5.2.7\n"
    )
    assert found["files"] == [{"name": "Store.exe", "path": PATH, "version": "5.5.2.7"}]


def test_a_text_with_lines_of_its_own_is_read_by_line() -> None:
    found = one(
        f"PSComputerName : A\nFullName       : {PATH}\nVersionInfo    : File:             {PATH}\n"
        "                 FileVersion:      5.5.2653.23\n                 ProductVersion:   9.9.9.9\n"
    )
    assert found["files"][0]["version"] == "5.5.2653.23"


def test_the_version_of_the_product_is_not_that_of_a_file_without_one() -> None:
    found = one(f"PSComputerName : A\nFullName       : {PATH}\nFileVersion    : \nProductVersion : 9.9.9.9\n")
    assert found["files"] == [{"name": "Store.exe", "path": PATH}]


def test_a_list_in_braces_has_the_entries_that_are_shown() -> None:
    text = "CsName     : A\nOsName     : Microsoft Windows Server 2016 Standard\nOsVersion  : 10.0.14393\n"
    assert one(f"{text}OsHotFixes : {{KB500001, KB500002...}}\n")["hotfixes"] == ["KB500001", "KB500002"]
    assert "hotfixes" not in one(f"{text}OsHotFixes : {{}}\n")


def test_an_object_without_a_name_is_left_out() -> None:
    assert "products" not in one(
        "Caption=\nCSName=A\nBuildNumber=14393\nVersion=10.0.14393\n\nCSName=A\nHotFixID=KB500001\n"
    )


def test_a_list_of_names_and_versions_is_of_files_where_the_names_are_paths() -> None:
    tool = "Name=Contoso Tool\nVersion=1.4.0\n\nCSName=A\nHotFixID=KB500001\n"
    text = f"Name={PATH}\nVersion=5.5.2653.23\n\n{tool}"
    found = one(text)
    assert found["files"] == [{"name": "Store.exe", "path": PATH, "version": "5.5.2653.23"}]
    assert found["products"] == [{"name": "Contoso Tool", "build": "1.4.0"}, {"name": "..."}]


def test_records_of_needfix_are_still_records() -> None:
    for text in (
        "server : A\nrestart_pending : true\n",
        "restart_pending : true\nserver : A\n",
        "- server : A\n",
    ):
        (server,), problems = read(text)
        assert (server.server, problems) == ("A", [])


def test_an_object_that_is_larger_than_a_record_may_be_is_a_problem() -> None:
    servers, problems = read("CSName=A\nHotFixID=KB500001\n" + "x" * 80 + "\n" + ("y" * 8000 + "\n") * 2200)
    assert not servers
    assert "the record is larger than 16 MiB" in problems[0]

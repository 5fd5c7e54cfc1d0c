from __future__ import annotations

from typing import Any

import pytest

from tests.exporting.oval.support import SPACES, VALUE, described, exported, flags, info, versions
from tests.support.catalogues import fix

MAIL = {"name": "Contoso Mail Server"}
KEY_FILE = {"name": "Mailsrv.exe", "path": r"C:\mail\Mailsrv.exe", "version": "5.5.2653.23"}


def info_dll(**facts: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of the format
    return {"name": "Info.dll", "path": r"C:\mail\Info.dll", **facts}


def of_files(*files: dict[str, Any], **record: Any) -> tuple[list[str | None], list[str | None]]:  # noqa: ANN401
    """The flags of Mailsrv.exe and Info.dll, and the versions of their items."""
    facts = described(exported(info()), files=list(files), **record)
    return flags(facts), versions(facts)


def test_copies_are_items_and_missing_files_do_not_exist() -> None:
    assert of_files(KEY_FILE, complete=["files"]) == (["complete", "does not exist"], ["5.5.2653.23"])


def test_a_list_that_is_not_complete_says_nothing_of_other_files() -> None:
    assert of_files(KEY_FILE) == (["complete", "not collected"], ["5.5.2653.23"])


def test_a_list_without_the_key_file_of_a_listed_product_is_not_believed() -> None:
    found = of_files({"name": "Other.dll", "version": "1.0.0.1"}, products=[MAIL], complete=["files"])
    assert found == (["not collected", "not collected"], [])


def test_without_a_list_of_products_a_missing_key_file_is_not_known_to_be_missing() -> None:
    found = of_files({"name": "Other.dll", "version": "1.0.0.1"}, complete=["files"])
    assert found == (["not collected", "does not exist"], [])


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        (" 5,5,2654,9 (SP4) ", "5.5.2654.9"),
        ("5.5.2654", None),  # begins the minimum 5.5.2654.10
        ("5.5.2653", "5.5.2653.0"),
        ("see vendor", None),
        ("5.5.70000.1", None),
        ("2022.160.4075.1", None),
    ],
)
def test_a_version_is_read_as_needfix_reads_it(version: str, shown: str | None) -> None:
    assert of_files(KEY_FILE, info_dll(version=version)) == (["complete", "complete"], ["5.5.2653.23", shown])


@pytest.mark.parametrize("version", [None, "", "N/A"])
def test_a_version_that_says_nothing_is_not_collected(version: str | None) -> None:
    assert of_files(KEY_FILE, info_dll(version=version))[0] == ["complete", "not collected"]
    both = of_files(KEY_FILE, info_dll(version="5.5.2654.10"), info_dll(version=version))
    assert both[0] == ["complete", "not collected"]


def test_copies_that_windows_keeps_do_not_count() -> None:
    kept = info_dll(version="5.5.1960.1", path=r"C:\WINNT\$NtUninstallQ1$\Info.dll")
    assert of_files(KEY_FILE, kept, info_dll(version="5.5.2654.10"))[1] == ["5.5.2653.23", "5.5.2654.10"]


@pytest.mark.parametrize(
    ("products", "flag"),
    [
        ([{**MAIL, "level": "5.5 SP4"}], "complete"),
        ([{**MAIL, "level": "5.5 SP3"}], "error"),  # both levels are possible
        ([{**MAIL, "build": "5.5.2448"}], "error"),
        ([{"name": "Something Else"}], "error"),
    ],
)
def test_facts_that_oval_does_not_see_and_that_speak_against_a_key_file_make_it_an_error(
    products: list[dict[str, str]], flag: str
) -> None:
    assert of_files(KEY_FILE, products=products)[0][0] == flag


def test_an_object_without_items_has_a_message() -> None:
    facts = described(exported(info()), files=[])
    assert [
        one[0].tag.partition("}")[2] for one in facts.iterfind("sc:collected_objects/sc:object", SPACES)
    ] == [
        "message",
        "message",
    ]
    assert facts.find("sc:system_data", SPACES) is None


def test_a_time_needs_a_zone() -> None:
    export = exported(info(fixes=[fix({"Info.dll": {"modified": "2000-03-14T18:00:00Z"}})]))
    for time, shown in (("2000-03-14T18:00:00Z", "125975304000000000"), ("2000-03-14T18:00:00", None)):
        facts = described(export, files=[info_dll(modified=time)])
        assert facts.findtext("sc:system_data/item:file_item/item:m_time", None, SPACES) == shown


@pytest.mark.parametrize(
    ("products", "flag"),
    [
        ([{"name": "Contoso Data Server", "build": "1.0.150"}], "complete"),
        ([{"name": "Contoso Data Server", "level": "1.0"}], "not collected"),
        ([{"name": "Something Else"}], "does not exist"),
        ([{"name": "Unknown"}], "not collected"),
        ([{"name": "Contoso Data Server", "build": "1.0.150", "level": "1.0 SP1"}], "error"),
        (None, "not collected"),
    ],
)
def test_the_value_of_a_build_is_what_the_list_states(
    products: list[dict[str, str]] | None, flag: str
) -> None:
    data = info(product="data-server", affects=["1.0"], fixes=[{"build": "1.0.150"}])
    record = {} if products is None else {"products": products}
    assert flags(described(exported(data, data_server=VALUE), files=[], **record)) == [flag]


def test_a_platform_that_is_stated_is_the_architecture() -> None:
    export = exported(info(fixes=[fix(platform="x86"), fix({"Info.dll": "5.5.2654.12"}, platform="alpha")]))
    for platform, shown in (("Intel", "x86"), ("Alpha AXP", "ALPHA"), ("mainframe", None)):
        facts = described(export, files=[KEY_FILE], products=[{**MAIL, "platform": platform}])
        assert facts.findtext("sc:system_data/item:registry_item/item:value", None, SPACES) == shown


def test_the_same_server_gives_the_same_document_with_its_name_and_time() -> None:
    facts = described(exported(info()), files=[KEY_FILE], collected="2026-11-01T08:00:00+01:00")
    assert facts.findtext("sc:system_info/sc:primary_host_name", None, SPACES) == "MAIL01"
    assert "2026-11-01T07:00:00" in [one.text for one in facts.iter()]

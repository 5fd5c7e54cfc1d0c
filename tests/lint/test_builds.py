from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import Document, fix, rule


def of(name: str, version: str, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a rule
    return rule(fixes=[fix({name: version})], **keys)


def test_a_level_that_ships_with_the_key_file(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF301", of("store.exe", "5.5.2652.10"))
    assert (found.severity, found.rule) == ("warning", "Q100001")
    assert found.what == (
        "the minimum 5.5.2652.10 of store.exe is not above the builds of mail-server 5.5 SP4, "
        "which begin at 5.5.2653"
    )
    assert line(tmp_path, found) == "store.exe:"


@pytest.mark.parametrize(("version", "count"), [("5.5.2653", 1), ("5.5.2653.0", 1), ("5.5.2653.1", 0)])
def test_a_minimum_at_the_build_is_reached_and_one_behind_it_may_not_be(
    tmp_path: Path, version: str, count: int
) -> None:
    assert len(shown(tmp_path, "NF301", of("Store.exe", version))) == count


def test_only_levels_that_the_fix_is_for_and_that_are_affected_count(tmp_path: Path) -> None:
    fixes = [
        fix({"Store.exe": "5.5.2652.1"}, level=["5.5 SP3"]),
        fix({"Store.exe": "5.5.2654.1"}, level=["SP4"]),
    ]
    assert shown(tmp_path, "NF301", rule(fixes=fixes)) == []
    assert shown(tmp_path, "NF301", of("Store.exe", "5.5.2652.1", corrected_in=["5.5 SP4"])) == []


def test_another_file_that_is_older_than_the_lowest_level(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF302", of("Mta.exe", "5.5.2448.10"))
    assert found.severity == "warning"
    assert found.what == (
        "the minimum 5.5.2448.10 of Mta.exe is below the builds of mail-server 5.5 SP3, "
        "the lowest level of the fix, which begin at 5.5.2650"
    )
    assert line(tmp_path, found) == "Mta.exe:"


@pytest.mark.parametrize(
    "version",
    ["5.5.2650", "5.5.2651.3", "5.5.1.7", "4.0.1381.5", "5.50.4134.100", "5.5", "6.0.4417.1", "7.5.2000.1"],
)
def test_versions_that_are_newer_or_not_of_the_products_builds(tmp_path: Path, version: str) -> None:
    assert shown(tmp_path, "NF302", of("Mta.exe", version)) == []


def test_a_key_file_is_reported_only_by_its_own_check(tmp_path: Path) -> None:
    assert shown(tmp_path, "NF302", of("Store.exe", "5.5.2448.10")) == []


@pytest.mark.parametrize("name", ["Store.exe", "Mta.exe"])
def test_a_minimum_that_the_correcting_level_cannot_carry(tmp_path: Path, name: str) -> None:
    document = of(name, "5.5.2654.10", affects=["5.5 SP3"], corrected_in=["5.5 SP4"])
    (found,) = findings(tmp_path, "NF306", document)
    assert found.what == (
        f"the minimum 5.5.2654.10 of {name} is above the build 5.5.2653 of mail-server 5.5 SP4, "
        "which has the fix according to 'corrected_in'"
    )
    assert found.severity == "warning"


@pytest.mark.parametrize("version", ["5.5.2652.10", "5.5.2653.99", "5.5", "1.0.9999.1"])
def test_a_minimum_that_it_can_carry(tmp_path: Path, version: str) -> None:
    document = of("Mta.exe", version, affects=["5.5 SP3"], corrected_in=["5.5 SP4"])
    assert shown(tmp_path, "NF306", document) == []


def of_build(build: Any, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 - any minimum
    return rule(fixes=[{"build": build}], **keys)


def test_a_level_that_ships_with_the_build(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF301", of_build("5.5.2652.10"))
    assert found.what == (
        "the minimum 5.5.2652.10 of the build is not above the builds of mail-server 5.5 SP4, "
        "which begin at 5.5.2653"
    )
    assert line(tmp_path, found) == "- build: 5.5.2652.10"


@pytest.mark.parametrize(("build", "count"), [("5.5.2653.30", 0), ("5.5.2700.1", 0), ("6.0.4417.3", 1)])
def test_a_build_of_a_level_that_the_fix_is_not_for(tmp_path: Path, build: str, count: int) -> None:
    assert len(shown(tmp_path, "NF309", of_build(build))) == count


def test_each_line_is_looked_at(tmp_path: Path) -> None:
    lines = [{"version": "5.5.2653.30"}, {"from": "6.0.4417", "version": "6.0.4417.3"}]
    (found,) = findings(tmp_path, "NF309", of_build(lines))
    assert found.what.startswith("the minimum 6.0.4417.3 of the build is among the builds of")
    ranged = [{"version": "5.5.2650.30"}, {"from": "5.5.2653.0", "version": "5.5.2653.30"}]
    assert shown(tmp_path, "NF301", of_build(ranged)) == []


CU: Document = {
    "needfix": 1,
    "product": "mail",
    "name": "Sample Mail",
    "key_files": ["Setup.exe"],
    "levels": [
        {"level": "2016 CU23", "build": "15.1.2507.6"},
        {"level": "2019 CU13", "build": "15.2.1258.12"},
        {"level": "2019 CU14", "build": "15.2.1544.4"},
    ],
}


def of_cu(*fixes: Document, **keys: Any) -> Document:  # noqa: ANN401 - any key of a rule
    return rule(product="mail", affects=["2016 CU23", "2019 CU13", "2019 CU14"], fixes=list(fixes), **keys)


def test_a_minimum_of_a_later_level_of_the_fix(tmp_path: Path) -> None:
    both = {"level": ["2019 CU13", "2019 CU14"]}
    for one in (fix({"Setup.exe": "15.2.1544.9"}, **both), {"build": "15.2.1544.9", **both}):
        (found,) = findings(tmp_path, "NF310", CU, of_cu(one))
        assert found.what.endswith(
            " is among the builds of mail 2019 CU14, so no server of 2019 CU13 reaches it"
        )


@pytest.mark.parametrize(
    ("levels", "minimum", "keys"),
    [
        (["2019 CU14"], "15.2.1544.9", {}),
        (["2019 CU13", "2019 CU14"], "15.2.1258.32", {}),
        (["2019 CU13", "2019 CU14"], "15.2.1544.9", {"requires": ["2019 CU14"]}),
        (["2019 CU13", "2019 CU14"], "15.2.1544.9", {"requires": []}),
        (None, "15.2.1544.9", {}),
    ],
)
def test_a_minimum_that_servers_of_each_level_can_reach(
    tmp_path: Path, levels: list[str] | None, minimum: str, keys: Document
) -> None:
    branch = {"level": levels} if levels else {}
    assert shown(tmp_path, "NF310", CU, of_cu(fix({"Setup.exe": minimum}, **branch), **keys)) == []


def test_a_minimum_of_a_level_of_another_fix_is_reported_once(tmp_path: Path) -> None:
    one = fix({"Setup.exe": "15.2.1544.9"}, level=["2019 CU13"])
    assert shown(tmp_path, "NF310", CU, of_cu(one)) == []
    assert len(shown(tmp_path, "NF309", CU, of_cu(one))) == 1


def test_a_cumulative_fix_brings_the_later_level(tmp_path: Path) -> None:
    one = fix({"Setup.exe": "15.2.1544.9"}, level=["2019 CU13", "2019 CU14"])
    assert shown(tmp_path, "NF310", {**CU, "cumulative": True}, of_cu(one)) == []


def test_entries_that_are_alike_show_a_finding_once(tmp_path: Path) -> None:
    entries = [{"product": "mail-server", "levels": ["5.5 SP4"], "platform": one} for one in ("x86", "x64")]
    own = rule(product=None, affects=entries, fixes=[{"build": "5.6.1"}])
    assert len(shown(tmp_path, "NF309", own)) == 1

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import fix, rule

LATER = {"Info.dll": "5.5.2655.1"}
DATED = {"a.inf": {"modified": "2000-11-01"}}
SYSTEM_TOO = ["5.5 SP3", {"product": "host-system", "levels": ["4.0 SP6"]}]


def test_a_fix_for_a_level_that_is_not_affected(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF206", rule(fixes=[fix(), fix(LATER, level=["5.5 SP2"])]))
    assert (found.severity, found.rule) == ("warning", "Q100001")
    assert found.what == "no affected server belongs to the branch 5.5 SP2"
    assert line(tmp_path, found) == "- level:"


def test_a_fix_that_always_has_a_better_one_beside_it(tmp_path: Path) -> None:
    fixes = [fix(level=["5.5 SP3", "5.5 SP4"]), fix(LATER)]
    assert shown(tmp_path, "NF206", rule(fixes=fixes)) == [
        "no affected server belongs to the branch without any key"
    ]


@pytest.mark.parametrize(
    "fixes",
    [
        [fix(), fix(LATER, platform="alpha")],
        [fix(DATED, language="en"), fix(DATED, language="de")],
        [fix(), fix(LATER, edition="Enterprise Edition")],
        [fix(level=["5.5 SP4"], platform="x86"), fix(LATER)],
        [fix(component="A"), fix({"Mad.exe": "1.0"}, component="B")],
    ],
)
def test_branches_that_some_server_is_of(tmp_path: Path, fixes: list[dict[str, Any]]) -> None:
    for code in ("NF206", "NF207", "NF208", "NF303"):
        assert shown(tmp_path, code, rule(fixes=fixes)) == []


def test_a_product_of_which_every_level_is_affected_has_servers_without_levels(tmp_path: Path) -> None:
    bare = {"needfix": 1, "product": "gate", "name": "Gate", "levels": []}
    own = rule(affects=[{"product": "gate"}], fixes=[fix(), fix(LATER, platform="alpha")])
    assert shown(tmp_path, "NF206", bare, own) == []


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"fixes": [fix(level=["5.5 SP3"])]}, "there is no fix for mail-server 5.5 SP4"),
        (
            {"affects": SYSTEM_TOO, "fixes": [fix(product="mail-server")]},
            "there is no fix for host-system 4.0 SP6",
        ),
        (
            {"fixes": [fix(edition="Enterprise Edition")]},
            "there is no fix for mail-server 5.5 SP3, 5.5 SP4 standard",
        ),
        (
            {"fixes": [fix(platform="x86"), fix(LATER, platform="alpha", level=["5.5 SP3"])]},
            "there is no fix for mail-server 5.5 SP4 alpha",
        ),
    ],
)
def test_affected_servers_without_a_fix(tmp_path: Path, keys: dict[str, Any], what: str) -> None:
    found = findings(tmp_path, "NF207", rule(**keys))
    assert what in [one.what for one in found]
    assert {one.severity for one in found} == {"warning"}


def test_a_platform_that_no_fix_names_is_not_reported(tmp_path: Path) -> None:
    assert shown(tmp_path, "NF207", rule(fixes=[fix(platform="x86")])) == []


def test_an_edition_with_files_of_its_own_is_not_meant(tmp_path: Path) -> None:
    fixes = [fix(edition="Standard Edition"), fix(LATER, edition="Enterprise Edition")]
    assert shown(tmp_path, "NF207", rule(fixes=fixes)) == []


def test_two_fixes_for_the_same_servers_that_differ(tmp_path: Path) -> None:
    fixes = [fix(level=["5.5 SP3", "5.5 SP4"]), fix(LATER, level=["5.5 SP4"])]
    (found,) = findings(tmp_path, "NF208", rule(fixes=fixes))
    assert (found.severity, found.rule) == ("error", "Q100001")
    assert found.what == "fix 2 and fix 1 both apply to mail-server 5.5 SP4, and their minima differ"
    assert line(tmp_path, found) == "- level:"


def test_two_spellings_of_one_platform_are_two_branches(tmp_path: Path) -> None:
    fixes = [fix(platform="x86"), fix(LATER, platform="Intel")]
    (what,) = shown(tmp_path, "NF208", rule(affects=["5.5 SP4"], fixes=fixes))
    assert what == "fix 2 and fix 1 both apply to mail-server 5.5 SP4 x86, and their minima differ"


def test_two_fixes_for_the_same_servers_that_say_the_same(tmp_path: Path) -> None:
    fixes = [fix(level=["5.5 SP3", "5.5 SP4"]), fix(level=["5.5 SP4"])]
    assert shown(tmp_path, "NF208", rule(fixes=fixes)) == []


def test_two_minima_for_one_file_in_one_branch(tmp_path: Path) -> None:
    (found,) = findings(
        tmp_path, "NF303", rule(fixes=[fix(), fix({"info.DLL": "5.5.2655.1"}, component="B")])
    )
    assert (found.severity, found.rule) == ("error", "Q100001")
    assert found.what == "info.DLL has the minimum 5.5.2655.1 here and 5.5.2654.10 in an earlier fix"
    assert line(tmp_path, found) == "info.DLL:"


@pytest.mark.parametrize(
    "second",
    [
        fix({"Info.dll": "5.5.2654.10.0"}, component="B"),
        fix({"Info.dll": {"version": "5.5.2655.1", "path": "bin"}}, component="B"),
        fix(LATER, platform="alpha"),
    ],
)
def test_the_same_minimum_another_folder_and_another_branch(tmp_path: Path, second: dict[str, Any]) -> None:
    assert shown(tmp_path, "NF303", rule(fixes=[fix(), second])) == []


def test_a_level_without_any_affected_build_needs_no_fix(tmp_path: Path) -> None:
    builds = {"product": "mail-server", "builds": {"from": "5.5.2650", "below": "5.5.2653.20"}}
    own = rule(product=None, affects=[builds], fixes=[fix(level="5.5 SP3")])
    assert shown(tmp_path, "NF207", own) == ["there is no fix for mail-server 5.5 SP4"]

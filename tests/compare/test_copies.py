"""files: which copies count, by path, platform and modified time."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogues import NEW, OLD, answer, codes, decide, fix, load, mail, reason, rule

# ---- several copies


def copies(*found: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [{"name": "Info.dll", "path": path, "version": version} for path, version in found]


def test_of_several_copies_the_lowest_counts_and_its_path_is_named(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    found = copies(
        ("c:\\new\\info.dll", NEW), ("d:\\old\\info.dll", OLD), ("e:\\mid\\info.dll", "5.5.2653.9")
    )
    for order in permutations(found):
        decided = decide(catalogue, mail(files=list(order)))
        assert decided.decision == "fix-required"
        assert decided.reasons[0].path == "d:\\old\\info.dll"
        assert "in d:\\old\\info.dll" in decided.reasons[0].text


@pytest.mark.parametrize("version", ["unknown", None])
def test_a_copy_that_cannot_be_compared_leaves_it_open_unless_another_is_below(
    tmp_path: Path, version: str | None
) -> None:
    catalogue = load(tmp_path, rule())
    doubtful = ("d:\\x\\info.dll", version)
    open_ = decide(catalogue, mail(files=copies(("c:\\a\\info.dll", NEW), doubtful)))
    assert answer(open_) == "undetermined, investigate"
    assert "d:\\x\\info.dll" in open_.reasons[0].text
    below = decide(catalogue, mail(files=copies(doubtful, ("c:\\a\\info.dll", OLD))))
    assert answer(below) == "fix-required, apply"


@pytest.mark.parametrize(
    ("path", "narrowed", "expected"),
    [
        ("c:\\Mail\\Bin\\info.dll", "mail\\bin", "fix-required"),
        ("c:/mail/bin/info.dll", "MAIL/BIN", "fix-required"),
        ("c:\\backup\\info.dll", "mail\\bin", "not-affected"),
        ("c:\\mail\\binary\\info.dll", "mail\\bin", "not-affected"),
        ("c:\\mail\\x\\bin\\info.dll", "mail\\bin", "not-affected"),
        ("c:\\mail\\x\\info.dll", "c:\\mail\\*\\info.dll", "fix-required"),
        ("d:\\mail\\x\\info.dll", "c:\\mail\\*\\info.dll", "not-affected"),
        (None, "mail\\bin", "undetermined"),
        ("c:\\mail\\bin\\info.dll", "*\\bin", "fix-required"),
        ("c:\\mail\\bin\\info.dll", "C:/Mail/Bin/Info.dll", "fix-required"),
        ("c:\\mail[1]\\info.dll", "c:\\mail[1]*", "fix-required"),
        ("c:\\mail1\\info.dll", "c:\\mail[1]*", "not-affected"),
    ],
)
def test_a_rule_may_narrow_by_path(tmp_path: Path, path: str | None, narrowed: str, expected: str) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": {"version": NEW, "path": narrowed}})]))
    facts = mail(files=[{"name": "Info.dll", "path": path, "version": OLD}], complete=["files"])
    assert decide(catalogue, facts).decision == expected


def test_copies_elsewhere_do_not_count_where_a_rule_narrows(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": {"version": NEW, "path": "mail"}})]))
    found = copies(("c:\\mail\\info.dll", NEW), ("c:\\backup\\info.dll", OLD))
    assert decide(catalogue, mail(files=found)).decision == "fix-present"
    elsewhere = mail(files=copies(("c:\\backup\\info.dll", OLD)))
    assert codes(decide(catalogue, elsewhere))[0] == "file-not-inventoried"


def test_a_copy_that_may_lie_there_leaves_open_what_the_others_do_not_settle(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": {"version": NEW, "path": "mail"}})]))
    somewhere = {"name": "Info.dll", "version": OLD}
    open_one = decide(catalogue, mail(files=[*copies(("c:\\mail\\info.dll", NEW)), somewhere]))
    assert (open_one.decision, codes(open_one)[0]) == ("undetermined", "file-not-inventoried")
    settled = decide(catalogue, mail(files=[*copies(("c:\\mail\\info.dll", OLD)), somewhere]))
    assert settled.decision == "fix-required"


def test_copies_of_another_platform_do_not_count_for_a_platforms_fix(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix(platform="x86")]))
    both = [
        {"name": "Info.dll", "version": OLD, "platform": "alpha"},
        {"name": "Info.dll", "version": NEW, "platform": "i386"},
    ]
    assert decide(catalogue, mail(files=both, platform="x86")).decision == "fix-present"
    unstated = [{"name": "Info.dll", "version": OLD}]
    assert decide(catalogue, mail(files=unstated, platform="x86")).decision == "fix-required"


# ---- modified times


@pytest.mark.parametrize(
    ("minimum", "modified", "expected"),
    [
        ("2000-03-14T18:00", "2000-03-14T18:00", "fix-present"),
        ("2000-03-14T18:00", "2000-03-14T17:59", "fix-required"),
        ("2000-03-14T18:00", "2000-03-14T18:00:30", "fix-present"),
        ("2000-03-14T18:00", "2000-03-14T17:59:59", "fix-required"),
        ("2000-03-14T18:00", "2000-03-15", "fix-present"),
        ("2000-03-14T18:00", "2000-03-13", "fix-required"),
        ("2000-03-14T18:00", "2000-03-14", "undetermined"),
        ("2000-03-14", "2000-03-14T00:00", "fix-present"),
        ("2000-03-14", "2000-03-14", "fix-present"),
        ("2000-03-14", "2000-03-13T23:59", "fix-required"),
        ("2000-03-14T18:00Z", "2000-03-14T19:00+01:00", "fix-present"),
        ("2000-03-14T18:00Z", "2000-03-14T18:30+01:00", "fix-required"),
        ("2000-03-14T18:00", "2000-03-14T18:00Z", "fix-present"),
        ("2000-03-14T18:00", None, "undetermined"),
    ],
)
def test_modified_times_finer_coarser_and_with_zones(
    tmp_path: Path, minimum: str, modified: str | None, expected: str
) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": {"modified": minimum}})]))
    facts = mail(files=[{"name": "Info.dll", "version": "9.9", "modified": modified}])
    assert decide(catalogue, facts).decision == expected


def test_a_time_that_is_too_coarse_to_compare_is_named(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": {"modified": "2000-03-14T18:00"}})]))
    decided = decide(catalogue, mail(files=[{"name": "Info.dll", "modified": "2000-03-14"}]))
    found = reason(decided, "file-unreadable")
    assert (found.observed, found.expected) == ("2000-03-14", "2000-03-14T18:00")


def test_of_several_times_the_lowest_counts_and_its_path_is_named(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": {"modified": "2000-03-14T18:00"}})]))
    days = {"a": "2000-03-12", "b": "2000-03-10", "c": "2000-03-20", "d": None}
    found: list[dict[str, Any]] = [
        {"name": "Info.dll", "path": f"c:\\{folder}\\info.dll", "modified": day}
        for folder, day in days.items()
    ]
    for order in permutations(found):
        decided = decide(catalogue, mail(files=list(order)))
        assert decided.decision == "fix-required"
        assert decided.reasons[0].path == "c:\\b\\info.dll"


def test_a_copy_without_time_leaves_it_open(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": {"modified": "2000-03-14T18:00"}})]))
    found = [{"name": "Info.dll", "modified": "2000-03-20"}, {"name": "Info.dll", "path": "d:\\info.dll"}]
    decided = decide(catalogue, mail(files=found))
    assert answer(decided) == "undetermined, investigate"
    assert reason(decided, "file-not-inventoried").path == "d:\\info.dll"


def test_versions_and_times_stand_in_one_fix(tmp_path: Path) -> None:
    minima = {"Info.dll": NEW, "Help.txt": {"modified": "2000-03-14T18:00"}}
    catalogue = load(tmp_path, rule(fixes=[fix(minima)]))
    help_ = [{"name": "Help.txt", "modified": "2000-03-14T17:00"}]
    assert "partial" in codes(decide(catalogue, mail(info=NEW, files=help_)))
    assert decide(catalogue, mail(info=OLD, files=help_)).decision == "fix-required"

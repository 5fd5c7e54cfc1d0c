"""files: which copies count, by path, platform and modified time."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import needfix
from tests.support.catalogues import (
    NEW,
    OLD,
    answer,
    catalogue_of,
    codes,
    decide,
    fix,
    load,
    mail,
    reason,
    rule,
)

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
        ("d:\\mail12.a\\bin\\info.dll", "mail*.a\\b?n", "fix-required"),
        ("d:\\mail12.a\\x\\bin\\info.dll", "mail*\\bin", "not-affected"),
        ("d:\\x\\mail\\info.dll", "\\mail", "not-affected"),
        ("d:\\mail\\info.dll", "\\mail", "fix-required"),
        ("N/A", "mail\\bin", "undetermined"),
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
        ("2000-03-14T18:00", "2000-03-14T18:00Z", "undetermined"),
        ("2000-03-14T18:00", "2000-03-15T09:59+02:00", "undetermined"),
        ("2000-03-14T18:00", "2000-03-15T10:00+02:00", "fix-present"),
        ("2000-03-14T18:00", "2000-03-14T03:59Z", "fix-required"),
        ("2000-03-14T18:00", "2000-03-14T04:00Z", "undetermined"),
        ("2000-03-14T18:00Z", "2000-03-14T19:00", "undetermined"),
        ("2000-03-14T18:00Z", "2000-03-16", "fix-present"),
        ("2000-03-14T18:00", "1601-01-01T00:00:00Z", "undetermined"),
        ("2000-03-14T18:00", "1600-12-31T19:00:00", "undetermined"),
        ("2000-03-14T18:00", "1970-01-01", "undetermined"),
        ("2000-03-14T18:00", "1969-12-31T16:00:00", "undetermined"),
        ("2000-03-14T18:00", "0001-01-01T00:00:00", "undetermined"),
        ("2000-03-14T18:00", "1970-01-02", "fix-required"),
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


# ---- versions that do not show on which side they lie


def at(minimum: str, *versions: str | None, **keys: Any) -> Any:  # noqa: ANN401
    """The decision for a file with a minimum, whose copies have these versions."""
    catalogue = catalogue_of(rule(fixes=[fix({"Info.dll": minimum})], **keys))
    found = [
        {"name": "Info.dll", "path": f"c:\\{place}\\info.dll", "version": v}
        for place, v in enumerate(versions)
    ]
    return decide(catalogue, mail(files=found))


@pytest.mark.parametrize(
    ("minimum", "version", "expected"),
    [
        ("7.2.40.6", "7.2", "undetermined"),
        ("7.2.40.6", "7.2.40", "undetermined"),
        ("7.2.40.6", "7.2.0", "fix-required"),
        ("7.2.40.6", "7.2.39", "fix-required"),
        ("7.2.40.6", "7.1", "fix-required"),
        ("7.2.40.6", "7.3", "fix-present"),
        ("7.2.40.6", "7.2.41", "fix-present"),
        ("7.2.40.0", "7.2.40", "fix-present"),
        ("7.2.40", "7.2.40.0", "fix-present"),
        ("7.2.40.0", "7.2", "undetermined"),
        ("7.2.40.6.3", "7.2.40.6", "undetermined"),
        ("7.2.40.6.0", "7.2.40.6", "fix-present"),
        ("7.2.70000.1", "7.2", "undetermined"),
        ("7.2.70000.1", "7.2.65535.65535", "fix-required"),
        ("7.2.40.6", "7", "undetermined"),
        ("7.2.40.6", "8", "undetermined"),
    ],
)
def test_the_beginning_of_a_minimum_lies_on_neither_side(minimum: str, version: str, expected: str) -> None:
    decided = at(minimum, version)
    assert decided.decision == expected
    if expected == "undetermined":
        assert codes(decided)[0] == "file-unreadable"


def test_the_sentence_says_that_it_is_the_beginning_and_not_that_it_is_unreadable() -> None:
    assert "does not show on which side of 7.2.40.6 it lies" in at("7.2.40.6", "7.2").reasons[0].text
    assert "cannot be compared" in at("7.2.40.6", "7.x").reasons[0].text


@pytest.mark.parametrize(
    ("minimum", "version", "expected"),
    [
        ("2019.150.4360.2", "15.0.4400.1", "undetermined"),
        ("15.0.4360.2", "2019.150.4400.1", "undetermined"),
        ("2019.150.4360.2", "2017.140.3500.1", "fix-required"),
        ("2019.150.4360.2", "2019.150.4360.2", "fix-present"),
        ("2019.150.4360.2", "2019.150", "undetermined"),
    ],
)
def test_numberings_by_years_and_others_are_not_compared(minimum: str, version: str, expected: str) -> None:
    assert at(minimum, version).decision == expected


def test_a_file_may_have_minima_of_both_numberings() -> None:
    rules = [
        rule(f"Q10000{n}", fixes=[fix({"Info.dll": minimum})])
        for n, minimum in enumerate(("15.0.4360.2", "2019.150.4360.2", "15.0.4400.1"))
    ]
    catalogue = catalogue_of(*rules)
    facts = mail(info="2019.150.4400.1")
    found = {one.rule: one.decision for one in needfix.evaluate(catalogue, facts)}
    assert found == {"Q100000": "undetermined", "Q100001": "fix-present", "Q100002": "undetermined"}


@pytest.mark.parametrize("version", ["Unknown", "N/A", "-", "System.Object[]", ""])
def test_a_version_that_says_nothing_is_not_inventoried(version: str) -> None:
    decided = at("7.2.40.6", version)
    assert (decided.decision, codes(decided)[0]) == ("undetermined", "file-not-inventoried")


@pytest.mark.parametrize(
    ("versions", "expected", "path"),
    [
        (("7.2.41", "7.2.40"), "undetermined", "c:\\1\\info.dll"),
        (("7.2", "7.2.39.9", "x"), "fix-required", "c:\\1\\info.dll"),
        (("7.2.39.9", "7.2", "7.2.38"), "fix-required", "c:\\2\\info.dll"),
        (("7.2.41", "N/A", "7.2.40.6"), "undetermined", "c:\\1\\info.dll"),
        (("7.2.41", "7.2.40.6"), "fix-present", "c:\\1\\info.dll"),
    ],
)
def test_one_below_counts_before_one_in_doubt_and_that_before_one_that_reaches(
    versions: tuple[str, ...], expected: str, path: str
) -> None:
    decided = at("7.2.40.6", *versions)
    assert decided.decision == expected
    assert decided.reasons[0].path == path
    assert path in decided.reasons[0].text


# ---- folders that keep old files

KEPT = [
    r"C:\WINNT\$NtUninstallQ424242$\info.dll",
    r"C:\WINNT\system32\dllcache\info.dll",
    r"c:/windows/winsxs/x86_contoso/info.dll",
    r"D:\Windows.old\mail\info.dll",
]


@pytest.mark.parametrize("path", KEPT)
@pytest.mark.parametrize("listed", [[], ["files"]])
def test_copies_in_folders_that_keep_old_files_do_not_count(path: str, listed: list[str]) -> None:
    catalogue = catalogue_of(rule())
    for running, kept, expected in (
        (NEW, OLD, "fix-present"),
        (OLD, NEW, "fix-required"),
        (NEW, "x", "fix-present"),
        (None, NEW, "undetermined"),
        (None, OLD, "undetermined"),
    ):
        found = [*copies((path, kept)), *(copies((r"C:\mail\info.dll", running)) if running else [])]
        decided = decide(catalogue, mail(files=found, complete=listed))
        assert decided.decision == expected, (running, kept)
    only = decide(catalogue, mail(files=copies((path, OLD)), complete=listed))
    assert codes(only)[0] == "file-not-inventoried"
    assert path in only.reasons[0].text


def test_a_folder_of_the_rule_may_hold_folders_that_keep_old_files() -> None:
    narrowed = catalogue_of(rule(fixes=[fix({"Info.dll": {"version": NEW, "path": "winnt"}})]))
    elsewhere = (r"D:\copy\info.dll", OLD)
    for found, expected in (
        (copies((KEPT[0], OLD)), "undetermined"),
        (copies((KEPT[0], OLD), elsewhere), "undetermined"),
        (copies((KEPT[3], OLD)), "undetermined"),
        (copies((KEPT[3], OLD), elsewhere), "not-affected"),
        (copies((KEPT[0], OLD), (r"C:\winnt\info.dll", NEW)), "fix-present"),
    ):
        assert decide(narrowed, mail(files=found, complete=["files"])).decision == expected


# ---- platforms of copies


def of_platforms(*found: tuple[str | None, str], **keys: Any) -> needfix.Server:  # noqa: ANN401
    files = [{"name": "Info.dll", "platform": word, "version": version} for word, version in found]
    return mail(files=files, **keys)


@pytest.mark.parametrize("word", ["x86", "32-Bit", "X86-based PC", "i686", "Win32", "332", None, "N/A"])
def test_the_words_of_a_platform_mean_it(word: str | None) -> None:
    catalogue = catalogue_of(rule(fixes=[fix(platform="x86")]))
    for version, expected in ((OLD, "fix-required"), (NEW, "fix-present")):
        facts = of_platforms((word, version), platform="x86", complete=["files"])
        decided = decide(catalogue, facts)
        assert decided.decision == expected
        assert "platform-unreadable" not in codes(decided)


@pytest.mark.parametrize("word", ["PE32+", "AnyCPU", "Windows", "9"])
def test_a_word_that_is_not_understood_is_as_if_not_stated_and_said(word: str) -> None:
    catalogue = catalogue_of(rule(fixes=[fix(platform="x86")]))
    decided = decide(catalogue, of_platforms((word, OLD), platform="x86", complete=["files"]))
    assert decided.decision == "fix-required"
    assert reason(decided, "platform-unreadable").observed == word
    anywhere = decide(catalogue_of(rule()), of_platforms((word, OLD)))
    assert "platform-unreadable" not in codes(anywhere)


@pytest.mark.parametrize("word", ["AMD64", "x64-based PC", "34404", "alpha", "arm64"])
def test_a_copy_of_another_platform_is_not_absence(word: str) -> None:
    catalogue = catalogue_of(rule(fixes=[fix(platform="x86")]))
    decided = decide(catalogue, of_platforms((word, OLD), platform="x86", complete=["files"]))
    assert (decided.decision, codes(decided)[0]) == ("undetermined", "file-not-inventoried")
    assert f"only there for {word}" in decided.reasons[0].text
    both = decide(catalogue, of_platforms((word, OLD), ("x86", NEW), platform="x86", complete=["files"]))
    assert both.decision == "fix-present"


def test_where_the_fix_names_no_platform_they_are_not_compared() -> None:
    facts = of_platforms(("x64", OLD), ("x86", NEW), complete=["files"])
    assert decide(catalogue_of(rule()), facts).decision == "fix-required"

"""Boundaries of a rule that none of its cases decides, as new cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import needfix
from needfix.cases.generating import NewCase, missing_cases
from needfix.errors import Position
from needfix.model.rule import Case
from tests.decide.wide_strategies import wide_rules
from tests.support.catalogues import MAIL, Document, catalogue_of, fix, load, rule
from tests.support.laws import tried

NEW, BELOW = "5.5.2654.10", "5.5.2654.9"


def missing(folder: Path, *cases: tuple[Document, str], **keys: Any) -> list[NewCase]:  # noqa: ANN401
    """The cases that a rule lacks, which has some with what they expect."""
    own = [{"name": f"Case {n}", "given": g, "expect": e} for n, (g, e) in enumerate(cases)]
    catalogue = load(folder, rule(cases=own, **keys))
    found = catalogue.rules["Q100001"]
    return missing_cases(found, catalogue, found.cases)


def aims(cases: list[NewCase]) -> list[str]:
    return [case.review.removeprefix("generated (").partition(")")[0] for case in cases]


ALL = [
    "below, Info.dll",
    "at, Info.dll",
    "above, Info.dll",
    "file-missing, Info.dll",
    "file-not-inventoried, Info.dll",
    "loaded-old, Info.dll",
    "level, 5.5 SP3",
    "level-outside, 5.5 SP2",
    "level-outside, 6.0",
    "level-unstated",
    "edition-other, Hosted Edition",
    "other-product",
]


def test_a_rule_without_cases_gets_one_for_each_boundary(tmp_path: Path) -> None:
    found = missing(tmp_path)
    assert aims(found) == ALL
    assert found[0] == NewCase(
        "5.5 SP4, Info.dll one step below its minimum",
        {"level": "5.5 SP4", "files": {"Info.dll": BELOW}},
        "fix-required",
        "apply",
        "generated (below, Info.dll); check it, then remove this line",
    )


COVERING: list[tuple[Document, str, set[str]]] = [
    ({"level": "5.5 SP4", "files": {"Info.dll": BELOW}}, "fix-required", {"below, Info.dll"}),
    (
        {"level": "5.5 SP3", "files": {"Info.dll": BELOW}},
        "fix-required",
        {"below, Info.dll", "level, 5.5 SP3"},
    ),
    ({"level": "5.5 SP4", "files": {"Info.dll": NEW}}, "fix-present", {"at, Info.dll"}),
    ({"level": "5.5 SP4", "files": {"Info.dll": "6.0"}}, "fix-present", {"above, Info.dll"}),
    ({"level": "5.5 SP4", "files": {"Info.dll": "1.0"}}, "fix-required", set()),
    (
        {"level": "5.5 SP4", "files": {"Store.exe": "5.5.2653.23"}, "complete": ["files"]},
        "not-affected",
        {"file-missing, Info.dll"},
    ),
    ({"level": "5.5 SP4"}, "undetermined", {"file-not-inventoried, Info.dll"}),
    ({"level": "5.5 SP2", "files": {"Info.dll": "1.0"}}, "not-affected", {"level-outside, 5.5 SP2"}),
    ({"level": "6.0"}, "not-affected", {"level-outside, 6.0"}),
    ({"level": "5.5 SP1"}, "not-affected", set()),
    ({"files": {"Info.dll": "1.0"}}, "undetermined", {"level-unstated"}),
    ({"level": "5.5 SP4", "edition": "hosted"}, "not-affected", {"edition-other, Hosted Edition"}),
    ({"products": [], "complete": ["products"]}, "not-affected", {"other-product"}),
    ({"products": [{"name": "Contoso Host System"}]}, "not-affected", {"other-product"}),
    (
        {"level": "5.5 SP4", "files": {"Info.dll": {"version": NEW, "loaded": "1.0"}}},
        "fix-present",
        {"loaded-old, Info.dll", "at, Info.dll"},
    ),
]


@pytest.mark.parametrize(("given_", "expect", "covered"), COVERING)
def test_a_case_covers_the_boundary_at_which_it_decides(
    tmp_path: Path, given_: Document, expect: str, covered: set[str]
) -> None:
    left = aims(missing(tmp_path, (given_, expect)))
    highest_below = {"level, 5.5 SP4"} if "level, 5.5 SP3" in covered else set()
    assert set(left) == {*ALL, *highest_below} - covered


def test_nothing_is_missing_once_all_is_written(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    own = catalogue.rules["Q100001"]
    at = Position("test", 1)
    written = [
        Case(case.name, case.given, case.expect, case.action, (), at)
        for case in missing_cases(own, catalogue, [])
    ]
    assert missing_cases(own, catalogue, written) == []


def test_a_case_that_is_skipped_or_no_server_covers_nothing(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    own, at = catalogue.rules["Q100001"], Position("test", 1)
    facts = {"level": "5.5 SP4", "files": {"Info.dll": BELOW}}
    skipped = Case("A case", facts, "fix-required", None, (), at, skip="for now")
    broken = Case("Another", {**facts, "complete": "everything"}, "fix-required", None, (), at)
    assert aims(missing_cases(own, catalogue, [skipped, broken])) == ALL


def test_files_of_one_name_each_get_their_boundaries(tmp_path: Path) -> None:
    fixes = [
        fix({"Info.dll": {"version": "2.0", "path": "one"}}, component="One"),
        fix({"Info.dll": {"version": "1.0", "path": "two"}}, component="Two"),
    ]
    names = [case.name for case in missing(tmp_path, fixes=fixes)]
    for folder in ("one", "two"):
        for words in ("one step below its minimum", "one step above its minimum", "not there"):
            assert f"5.5 SP4, Info.dll in {folder} {words}" in names


def test_names_differ_from_those_that_are_there(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    own, at = catalogue.rules["Q100001"], Position("test", 1)
    taken = Case(
        "5.5 SP4, Info.dll one step below its minimum", {"products": []}, "not-affected", None, (), at
    )
    names = [case.name for case in missing_cases(own, catalogue, [taken])]
    assert names[0] == "5.5 SP4, Info.dll one step below its minimum (2)"


def test_their_number_grows_with_files_and_levels_not_with_both(tmp_path: Path) -> None:
    levels = ["5.0", "5.0 SP3", "5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4", "6.0", "6.0 SP1"]

    def count(level_count: int, file_count: int) -> int:
        files = {f"File{number}.dll": "1.0" for number in range(file_count)}
        return len(missing(tmp_path, affects=levels[1 : 1 + level_count], fixes=[fix(files)]))

    assert count(7, 6) - count(7, 3) == count(2, 6) - count(2, 3)
    assert count(7, 6) - count(2, 6) == count(7, 3) - count(2, 3)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"requires": [{"product": "host-system", "level": "4.0 SP6"}]}, {"requires-met, host-system"}),
        ({"corrected_in": [{"product": "host-system", "level": "4.0 SP6"}]}, {"corrected, 4.0 SP6"}),
        (
            {"apply": "if-symptoms", "symptoms": [{"id": "mail-waits", "text": "Mail waits"}]},
            {"symptom, mail-waits", "symptoms-absent"},
        ),
        ({"fixes": [fix({"A.dll": {"version": "1.0", "path": "mail"}})]}, {"elsewhere, A.dll"}),
        ({"fixes": [fix({"A.dll": "1.0"}, platform="x86")]}, {"platform-other, alpha"}),
    ],
)
def test_what_a_rule_asks_for_besides_files_is_among_them(
    tmp_path: Path, keys: dict[str, Any], expected: set[str]
) -> None:
    assert expected <= set(aims(missing(tmp_path, **keys)))


def test_a_requirement_is_seen_in_the_action(tmp_path: Path) -> None:
    found = missing(tmp_path, requires=["5.5 SP4"])
    assert {case.given["level"] for case in found if case.action == "upgrade-first"} == {"5.5 SP3"}


@tried(8)
@given(wide_rules())
def test_any_rule_lacks_nothing_once_all_is_written(documents: list[Document]) -> None:
    catalogue = catalogue_of(*documents)
    for own in catalogue:
        at = Position("test", 1)
        written = [
            Case(c.name, c.given, c.expect, c.action, (), at) for c in missing_cases(own, catalogue, [])
        ]
        assert missing_cases(own, catalogue, written) == []


def test_shipped_rules_lack_few_cases() -> None:
    shipped = needfix.load_catalogue()
    own = shipped.rules["Q279798"]
    found = aims(missing_cases(own, shipped, own.cases))
    assert "language-other, de" in found
    assert not {"below, Store.exe", "at, Store.exe", "above, Store.exe", "other-product"} & set(found)


def test_a_branch_that_compares_no_file_gets_a_case_of_its_own(tmp_path: Path) -> None:
    fixes = [fix({"Page.asp": {}}, platform=platform) for platform in ("x86", "alpha")]
    catalogue = load(tmp_path, rule(affects=["5.5 SP4"], fixes=fixes))
    own = catalogue.rules["Q100001"]
    levels = [case for case in missing_cases(own, catalogue, []) if "(level, " in case.review]
    assert [case.given["platform"] for case in levels] == ["x86", "alpha"]


def test_a_build_and_each_line_get_their_boundaries(tmp_path: Path) -> None:
    lines = [{"version": "1.0.5.0"}, {"from": "2.0.0.0", "version": "2.0.4.0"}]
    found = missing(
        tmp_path, fixes=[{**fix({"Info.dll": lines}), "build": "5.5.2653.30"}], affects=["5.5 SP4"]
    )
    given = {case.name.removeprefix("5.5 SP4, "): (case.given, case.expect) for case in found}
    build, files = {"level": "5.5 SP4", "build": "5.5.2653.30"}, {"Info.dll": "1.0.5.0"}
    assert given["build one step below its minimum"] == (
        {**build, "build": "5.5.2653.29", "files": files}, "fix-required",
    )  # fmt: skip
    assert given["build not stated"] == ({"level": "5.5 SP4", "files": files}, "undetermined")
    expected = {
        "one step below its minimum 1.0.5.0": ("1.0.4.65535", "fix-required"),
        "at its minimum 1.0.5.0": ("1.0.5.0", "fix-present"),
        "one step below the line from 2.0.0.0": ("1.65535.65535.65535", "fix-present"),
        "where the line from 2.0.0.0 begins": ("2.0.0.0", "fix-required"),
        "one step below its minimum 2.0.4.0": ("2.0.3.65535", "fix-required"),
        "at its minimum 2.0.4.0": ("2.0.4.0", "fix-present"),
    }
    for words, (version, decision) in expected.items():
        assert given[f"Info.dll {words}"] == ({**build, "files": {"Info.dll": version}}, decision)


def test_a_build_is_shown_by_a_key_file_where_that_changes_with_every_update(tmp_path: Path) -> None:
    gate = {**MAIL, "product": "gate", "name": "Contoso Gate", "shows_updates": ["key_files"]}
    catalogue = load(
        tmp_path, {**gate, "aliases": []}, rule(product="gate", fixes=[{"build": "5.5.2653.30"}])
    )
    found = missing_cases(catalogue["Q100001"], catalogue, ())
    below = next(case for case in found if case.name == "5.5 SP4, build one step below its minimum")
    assert (below.given, below.expect) == (
        {"level": "5.5 SP4", "files": {"Store.exe": "5.5.2653.29"}}, "fix-required",
    )  # fmt: skip

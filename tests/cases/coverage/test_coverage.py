"""Coverage: what cases reach of a rule, and where in its file the rest stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from needfix.cases.coverage import coverage
from needfix.cases.testing import collect
from needfix.model.coverage import RuleCoverage, TargetKind
from tests.support.catalogues import Document, fix, load, rule

NAME = "Contoso Mail Server"


def case(expect: str = "fix-required", **given: Any) -> Document:  # noqa: ANN401
    name = f"case {sorted(given.items())}"
    return {"name": name, "given": {"level": "5.5 SP4", **given}, "expect": expect}


def covered(folder: Path, *cases: Document, **keys: Any) -> RuleCoverage:  # noqa: ANN401
    load(folder, rule(cases=list(cases), **keys))
    (found,) = coverage(collect([str(folder)])).rules
    return found


def reached(found: RuleCoverage, kind: TargetKind) -> list[str]:
    return [target.what for target in found.targets if target.kind == kind and target.reached]


def missing(found: RuleCoverage, kind: TargetKind) -> list[str]:
    return [target.what for target in found.missing if target.kind == kind]


def test_a_rule_without_cases_reaches_nothing(tmp_path: Path) -> None:
    found = covered(tmp_path)
    assert len(found.missing) == len(found.targets) == 4 + 2 + 1 + 1 + 3


def test_decisions(tmp_path: Path) -> None:
    found = covered(tmp_path, case(files={"Info.dll": "1.0"}), case("undetermined"))
    assert reached(found, "decision") == ["fix-required", "undetermined"]
    assert missing(found, "decision") == ["fix-present", "not-affected"]


def test_a_rule_that_compares_nothing_can_only_be_undetermined_or_not_affected(tmp_path: Path) -> None:
    found = covered(tmp_path, case("undetermined"), fixes=[fix({"Readme.txt": {}})])
    assert missing(found, "decision") == ["not-affected"]
    assert missing(found, "file") == []


def test_levels_of_the_product_and_edition_that_are_affected(tmp_path: Path) -> None:
    affects = [
        {"product": "mail-server", "levels": ["5.5 SP3", "5.5 SP4"]},
        {"product": "mail-server", "levels": ["5.5 SP3"], "edition": "Hosted Edition"},
        {"product": "host-system"},
    ]
    hosted = case("undetermined", level="5.5 SP3", edition="Hosted Edition")
    standard = case("undetermined", edition="Standard Edition")
    found = covered(tmp_path, standard, hosted, affects=affects)
    assert missing(found, "level") == [f"{NAME} 5.5 SP3", "any level of Contoso Host System"]
    unstated = covered(tmp_path / "unstated", case("undetermined"), affects=affects)
    assert f"{NAME} 5.5 SP4" in missing(unstated, "level")
    other = case("undetermined", product="Contoso Host System", level="4.0 SP5")
    assert missing(covered(tmp_path / "b", other, affects=affects), "level")[:1] == [f"{NAME} 5.5 SP3"]


def test_a_level_that_a_key_file_contradicts_is_not_reached(tmp_path: Path) -> None:
    found = covered(tmp_path, case("undetermined", files={"Store.exe": "5.5.1960"}))
    assert reached(found, "level") == []


def test_a_branch_is_reached_only_where_it_is_chosen(tmp_path: Path) -> None:
    fixes = [fix({"Info.dll": "1.0"}, platform="x86"), fix({"Info.dll": "2.0"}, platform="alpha")]
    unclear = case("fix-present", files={"Info.dll": "3.0"})
    found = covered(tmp_path, unclear, fixes=fixes)
    assert reached(found, "branch") == []
    alpha = case("fix-required", files={"Info.dll": "1.5"}, platform="alpha")
    found = covered(tmp_path / "b", unclear, alpha, fixes=fixes)
    assert reached(found, "branch") == ["the fix for alpha"]
    assert reached(found, "boundary") == ["Info.dll below 2.0"]


def test_the_sides_of_a_boundary(tmp_path: Path) -> None:
    sides = ("5.5.2654.9", "5.5.2654.10.0", "5.5.2655.1")
    found = [covered(tmp_path / side, case(files={"info.DLL": side})) for side in sides]
    assert [reached(one, "boundary") for one in found] == [
        ["Info.dll below 5.5.2654.10"],
        ["Info.dll at 5.5.2654.10"],
        ["Info.dll above 5.5.2654.10"],
    ]
    assert all(reached(one, "file") == ["Info.dll"] for one in found)


def test_a_file_that_is_missing_is_reached_but_none_of_its_sides(tmp_path: Path) -> None:
    found = covered(tmp_path, case("not-affected", files={"Another.dll": "1.0"}, complete=["files"]))
    assert reached(found, "file") == ["Info.dll"]
    assert reached(found, "boundary") == []
    assert reached(covered(tmp_path / "b", case("undetermined")), "file") == []


def test_the_sides_of_a_time(tmp_path: Path) -> None:
    fixes = [fix({"Info.dll": {"modified": "2000-03-14T18:00"}})]
    times = ("2000-03-14T17:59", "2000-03-14T18:00:30", "2000-03-14T18:00")
    found = covered(tmp_path, *(case(files={"Info.dll": {"modified": time}}) for time in times), fixes=fixes)
    assert missing(found, "boundary") == []


def test_symptoms_and_what_shows_them(tmp_path: Path) -> None:
    observe = [{"service": "Spooler", "state": "stopped"}]
    symptoms = [
        {"id": "waits", "text": "Mail waits"},
        {"id": "stops", "text": "It stops", "observe": observe},
    ]
    named = case("undetermined", symptoms={"observed": ["waits", "stops"]})
    found = covered(tmp_path, named, symptoms=symptoms)
    assert missing(found, "symptom") == ["stops shown by telemetry"]
    shown = case("undetermined", services=[{"name": "Spooler", "state": "stopped"}])
    found = covered(tmp_path / "b", shown, symptoms=symptoms)
    assert missing(found, "symptom") == ["waits observed"]


def test_what_is_missing_is_reported_where_it_stands(tmp_path: Path) -> None:
    text = """\
needfix: 1
id: Q100001
product: exchange-server
affects:
  - 5.5 SP3
  - 5.5 SP4
fixes:
  - platform: x86
    files:
      Store.exe: {version: "5.5.2654.10"}
"""
    (tmp_path / "rule.yaml").write_text(text, encoding="utf-8")
    (found,) = coverage(collect([str(tmp_path)])).rules
    lines = {(target.kind, target.at.line) for target in found.missing}
    assert lines == {
        ("decision", 2),
        ("level", 5),
        ("level", 6),
        ("branch", 8),
        ("file", 10),
        ("boundary", 10),
    }


def test_cases_that_are_skipped_or_bad_reach_nothing(tmp_path: Path) -> None:
    found = covered(tmp_path, {**case("undetermined"), "skip": "later"}, case(complete=["nonsense"]))
    assert found.missing == found.targets


def test_stand_alone_cases_count_for_each_rule_that_they_name(tmp_path: Path) -> None:
    load(tmp_path / "rules", rule(), rule("Q100002"))
    (tmp_path / "a.cases.yaml").write_text(
        "needfix: 1\nrules: [rules]\ncases:\n"
        "  - {name: a, given: {level: 5.5 SP4}, expect: {Q100001: undetermined, Q100002: undetermined}}\n",
        encoding="utf-8",
    )
    for paths in (["rules", "a.cases.yaml"], ["a.cases.yaml"]):
        found = coverage(collect([str(tmp_path / path) for path in paths]))
        assert [reached(one, "decision") for one in found.rules] == [["undetermined"]] * 2


def test_the_percentage_is_over_all_targets(tmp_path: Path) -> None:
    load(tmp_path, rule(cases=[case("undetermined")]))
    found = coverage(collect([str(tmp_path)]))
    assert round(found.percent, 1) == round(100 * 3 / 11, 1)  # a decision, a level, the branch


def test_each_line_has_its_sides(tmp_path: Path) -> None:
    lines = [{"version": "5.5.2654.10"}, {"from": "5.5.2700.0", "version": "5.5.2700.7"}]
    own = [fix({"Info.dll": lines})]
    sides = ("5.5.2654.10", "5.5.2699.1", "5.5.2700.6", "5.5.2700.7")
    found = [covered(tmp_path / side, case(files={"Info.dll": side}), fixes=own) for side in sides]
    assert [reached(one, "boundary") for one in found] == [
        ["Info.dll at 5.5.2654.10"],
        ["Info.dll above 5.5.2654.10"],
        ["Info.dll below 5.5.2700.7 in the line from 5.5.2700.0"],
        ["Info.dll at 5.5.2700.7 in the line from 5.5.2700.0"],
    ]


def test_a_build_has_its_sides_by_whichever_fact_decides(tmp_path: Path) -> None:
    own = [{"build": "5.5.2653.30"}]
    found = [
        covered(tmp_path / "a", case(build="5.5.2653.30"), fixes=own),
        covered(tmp_path / "b", case(files={"Store.exe": "5.5.2653.29"}), fixes=own),
        covered(tmp_path / "c", case(build="5.5.2653.29"), fixes=[{"build": {"above": "5.5.2653.29"}}]),
    ]
    assert [reached(one, "boundary") for one in found] == [
        ["build at 5.5.2653.30"],
        ["build below 5.5.2653.30"],
        ["build at 5.5.2653.29"],
    ]
    assert [len(one.targets) for one in found] == [11, 11, 10]


def test_what_the_builds_leave_out_that_are_affected_need_not_be_reached(tmp_path: Path) -> None:
    """A vendor that names affected builds often ends them just before the fixed one."""
    keys = {
        "affects": [{"levels": ["5.5 SP4"], "builds": {"below": "5.5.2653.20"}}],
        "fixes": [{"build": "5.5.2653.20"}],
    }
    found = covered(tmp_path, case(build="5.5.2653.19"), **keys)
    assert missing(found, "boundary") == []
    assert missing(found, "decision") == ["not-affected", "undetermined"]
    keys["fixes"] = [{"build": {"above": "5.5.2653.19"}}]
    assert missing(covered(tmp_path / "above", case(build="5.5.2653.19"), **keys), "boundary") == []
    keys["fixes"] = [{"build": "5.5.2653.18"}]
    lower = covered(tmp_path / "lower", case(build="5.5.2653.17"), **keys)
    assert missing(lower, "boundary") == ["build at 5.5.2653.18", "build above 5.5.2653.18"]

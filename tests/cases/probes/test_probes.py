"""Probes stand at the boundaries of a rule, and each is a case that can be run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given

import needfix
from needfix.cases.plain import decide
from needfix.cases.probes import Probe, probes
from needfix.cases.testing.short_form import product_of, server_of
from tests.decide.wide_strategies import wide_rules
from tests.support.catalogues import Document, catalogue_of, fix, load, rule
from tests.support.laws import tried
from tests.support.shipped import RULES, SHIPPED


def answer(catalogue: needfix.Catalogue, own: needfix.Rule, probe: Probe) -> str:
    facts = server_of(probe.name, probe.given, product_of(catalogue, own), probe.at)
    assert isinstance(facts, needfix.Server), facts
    decided = decide(catalogue, facts, [own.id])[own.id]
    (of_engine,) = needfix.evaluate(catalogue, facts, rules=[own.id])
    assert decided == (of_engine.decision, of_engine.action)
    return ", ".join(decided)


def found(folder: Path, *others: Document, **keys: Any) -> dict[str, list[tuple[Probe, str]]]:  # noqa: ANN401
    """The probes of a rule by what they look at, each with its answer."""
    catalogue = load(folder, rule(**keys), *others)
    own = catalogue.rules["Q100001"]
    by_aim: dict[str, list[tuple[Probe, str]]] = {}
    for probe in probes(own, catalogue):
        by_aim.setdefault(probe.aim, []).append((probe, answer(catalogue, own, probe)))
    return by_aim


def given_and_answers(of_aim: list[tuple[Probe, str]]) -> list[tuple[dict[str, object], str]]:
    return [(dict(probe.given), decided) for probe, decided in of_aim]


@pytest.mark.broad
@pytest.mark.parametrize("own", RULES)
def test_probes_of_shipped_rules_are_cases_with_names_of_their_own(own: needfix.Rule) -> None:
    all_probes = list(probes(own, SHIPPED))
    given = [dict(probe.given) for probe in all_probes]
    aims = {"level", "level-outside", "other-product"}
    if any(minimum.is_compared for one in own.fixes for minimum in one.files):
        aims |= {"below", "at", "above"}
    assert aims <= {probe.aim for probe in all_probes}
    assert max(Counter(probe.name for probe in all_probes).values()) == 1
    assert {probe.at.file for probe in all_probes} == {own.at.file if own.at else ""}
    assert all(answer(SHIPPED, own, probe) for probe in all_probes)
    assert yaml.load(yaml.dump(given, Dumper=yaml.CSafeDumper), yaml.CSafeLoader) == given


@tried(20)
@given(wide_rules())
def test_probes_of_any_rule_are_cases_with_names_of_their_own(documents: list[Document]) -> None:
    catalogue = catalogue_of(*documents)
    for own in catalogue:
        all_probes = list(probes(own, catalogue))
        assert len({probe.name for probe in all_probes}) == len(all_probes)
        for probe in all_probes:
            assert answer(catalogue, own, probe)


def test_each_side_of_a_minimum_at_the_highest_and_the_lowest_level(tmp_path: Path) -> None:
    by_aim = found(tmp_path)
    required, present = "fix-required, apply", "fix-present, none"
    levels = ("5.5 SP4", "5.5 SP3")
    sides = (
        ("below", "5.5.2654.9", required),
        ("at", "5.5.2654.10", present),
        ("above", "5.5.2654.11", present),
    )
    for aim, version, expected in sides:
        probed = [({"level": level, "files": {"Info.dll": version}}, expected) for level in levels]
        assert given_and_answers(by_aim[aim]) == probed


def test_the_other_files_of_a_fix_are_at_their_minimum(tmp_path: Path) -> None:
    files = {"One.dll": "1.0", "Two.dll": {"modified": "2000-03-14T18:00"}}
    by_aim = found(tmp_path, affects=["5.5"], fixes=[fix(files)])
    assert [probe.given["files"] for probe, _ in by_aim["below"]] == [
        {"One.dll": "0.65535", "Two.dll": {"modified": "2000-03-14T18:00"}},
        {"One.dll": "1.0", "Two.dll": {"modified": "2000-03-14T17:59"}},
    ]


def test_probes_state_where_their_boundary_stands(tmp_path: Path) -> None:
    by_aim = found(tmp_path)
    lines = (tmp_path / "rules.yaml").read_text(encoding="utf-8").splitlines()
    assert (
        "Info.dll" in lines[by_aim["below"][0][0].at.line - 1 - 0]
        or "version" in lines[by_aim["below"][0][0].at.line - 1]
    )
    assert [lines[probe.at.line - 1].strip() for probe, _ in by_aim["level"]] == ["- 5.5 SP3", "- 5.5 SP4"]


def test_levels_just_outside_and_next_to_gaps(tmp_path: Path) -> None:
    by_aim = found(tmp_path, affects=["5.5", "5.5 SP3"])
    outside = {str(probe.given["level"]): decided for probe, decided in by_aim["level-outside"]}
    assert list(outside) == ["5.0 SP3", "5.5 SP1", "5.5 SP2", "5.5 SP4"]
    assert set(outside.values()) == {"not-affected, none"}


def test_a_key_file_does_not_contradict_the_level(tmp_path: Path) -> None:
    by_aim = found(tmp_path, affects=["5.5 SP3", "5.5 SP4", "6.0"], fixes=[fix({"Store.exe": "5.5.2654.0"})])
    assert [probe.given["level"] for probe, _ in by_aim["below"]] == ["5.5 SP4", "5.5 SP3"]
    assert [decided for _, decided in by_aim["below"]] == [
        "fix-required, apply",
        "fix-required, upgrade-first",
    ]
    assert [decided for _, decided in by_aim["level"]][-1] == "fix-present, none"


def test_files_that_are_missing_or_not_inventoried(tmp_path: Path) -> None:
    by_aim = found(tmp_path, fixes=[fix({"One.dll": "1.0", "Two.dll": "1.0"})])
    assert [decided for _, decided in by_aim["file-missing"]] == ["fix-required, apply"] * 2
    assert [decided for _, decided in by_aim["file-not-inventoried"]] == ["undetermined, investigate"] * 2
    assert [decided for _, decided in by_aim["all-missing"]] == ["not-affected, none"]
    assert [decided for _, decided in by_aim["loaded-old"]] == ["fix-present, restart"] * 2


def test_a_component_that_is_not_there(tmp_path: Path) -> None:
    parts = [fix({"One.dll": "1.0"}, component="One"), fix({"Two.dll": "1.0"}, component="Two")]
    by_aim = found(tmp_path, fixes=parts)
    assert [(probe.about, decided) for probe, decided in by_aim["component-missing"]] == [
        ("One", "fix-present, none"),
        ("Two", "fix-present, none"),
    ]


@pytest.mark.parametrize("path", ["mail\\bin", "C:/Mail/Bin", "c:\\m?il\\*", "*\\bin", "c:\\mail\\info.dll"])
def test_copies_lie_in_the_folder_that_counts_and_one_elsewhere(tmp_path: Path, path: str) -> None:
    by_aim = found(tmp_path, fixes=[fix({"Info.dll": {"version": "1.0", "path": path}})])
    assert {decided for _, decided in by_aim["below"]} == {"fix-required, apply"}
    assert [decided for _, decided in by_aim["elsewhere"]] == ["not-affected, none", "fix-present, none"]


def test_a_level_that_the_branch_is_not_for(tmp_path: Path) -> None:
    by_aim = found(tmp_path, fixes=[fix(level=["5.5 SP4"])])
    assert given_and_answers(by_aim["level-unfixed"])[0][0]["level"] == "5.5 SP3"
    assert [decided for _, decided in by_aim["level-unfixed"]] == ["fix-required, upgrade-first"]


def test_each_branch_is_probed_with_what_leads_to_it(tmp_path: Path) -> None:
    fixes = [fix({"One.dll": "1.0"}, platform="x86"), fix({"One.dll": "2.0"}, platform="alpha")]
    by_aim = found(tmp_path, affects=["5.5"], fixes=fixes)
    assert given_and_answers(by_aim["at"]) == [
        ({"level": "5.5", "platform": "x86", "files": {"One.dll": "1.0"}}, "fix-present, none"),
        ({"level": "5.5", "platform": "alpha", "files": {"One.dll": "2.0"}}, "fix-present, none"),
    ]
    assert {decided for _, decided in by_aim["platform-other"]} == {"undetermined, investigate"}


def test_a_fix_for_the_rest_is_reached_by_stating_another_platform(tmp_path: Path) -> None:
    fixes = [fix({"One.dll": "1.0"}, platform="x86"), fix({"One.dll": "2.0"})]
    by_aim = found(tmp_path, affects=["5.5"], fixes=fixes)
    assert [probe.given["platform"] for probe, _ in by_aim["at"]] == ["x86", "alpha"]


def test_editions_listed_other_and_not_stated(tmp_path: Path) -> None:
    entry = {"product": "mail-server", "levels": ["5.5"], "edition": "Enterprise Edition"}
    by_aim = found(tmp_path, affects=[entry])
    assert [decided for _, decided in by_aim["edition"]] == ["fix-required, apply"]
    assert [decided for _, decided in by_aim["edition-other"]] == ["not-affected, none"]
    assert [decided for _, decided in by_aim["edition-unstated"]] == ["undetermined, investigate"]


def test_an_edition_with_files_of_its_own_is_probed_where_none_is_named(tmp_path: Path) -> None:
    by_aim = found(tmp_path, affects=["5.5"])
    assert [(probe.about, decided) for probe, decided in by_aim["edition-other"]] == [
        ("Hosted Edition", "not-affected, none")
    ]


def test_every_product_of_a_rule_is_probed(tmp_path: Path) -> None:
    affects = [{"product": "mail-server", "levels": ["5.5"]}, {"product": "host-system", "levels": ["4.0"]}]
    by_aim = found(tmp_path, product=None, affects=affects)
    assert [probe.given.get("product") for probe, _ in by_aim["at"]] == [None, "Contoso Host System"]
    assert {decided for _, decided in by_aim["other-product"]} == {"not-affected, none"}


def test_the_level_that_brought_the_fix_and_the_one_before(tmp_path: Path) -> None:
    affects = [{"product": "mail-server"}]
    by_aim = found(tmp_path, affects=affects, corrected_in=["5.5 SP4"])
    assert [(probe.given["level"], decided) for probe, decided in by_aim["corrected"]] == [
        ("5.5 SP4", "not-affected, none")
    ]
    assert [(probe.given["level"], decided) for probe, decided in by_aim["not-yet-corrected"]] == [
        ("5.5 SP3", "fix-required, apply")
    ]


def test_a_system_that_brought_the_fix_and_the_one_before(tmp_path: Path) -> None:
    by_aim = found(tmp_path, corrected_in=[{"product": "host-system", "level": "4.0 SP6a"}])
    assert [decided for _, decided in by_aim["corrected"]] == ["not-affected, none"]
    assert [decided for _, decided in by_aim["not-yet-corrected"]] == ["fix-required, apply"]


@pytest.mark.parametrize(
    "requirement", ["5.5 SP4", {"product": "host-system", "level": "4.0 SP6"}, "Q200000"]
)
def test_a_requirement_met_and_unmet(tmp_path: Path, requirement: object) -> None:
    other = rule("Q200000", fixes=[fix({"Base.dll": "2.0"})])
    by_aim = found(tmp_path, other, requires=[requirement], apply="if-symptoms", symptoms=WAITS)
    assert [decided for _, decided in by_aim["requires-met"]] == ["fix-required, apply"]
    assert [decided for _, decided in by_aim["requires-unmet"]] == ["fix-required, upgrade-first"]


def test_each_of_several_requirements_met_by_itself_and_none(tmp_path: Path) -> None:
    other = rule("Q200000", fixes=[fix({"Base.dll": "2.0"})])
    several = ["5.5 SP4", "Q200000", "KB300000", {"product": "host-system", "level": "4.0 SP6"}]
    by_aim = found(tmp_path, other, fixes=[fix(requires=[{"any": several}])])
    assert [(probe.about, decided) for probe, decided in by_aim["requires-met"]] == [
        ("mail-server 5.5 SP4", "fix-required, apply"),
        ("Q200000", "fix-required, apply"),
        ("KB300000", "fix-required, apply"),
        ("host-system 4.0 SP6", "fix-required, apply"),
    ]
    assert [decided for _, decided in by_aim["requires-unmet"]] == ["fix-required, upgrade-first"]


def test_a_required_hotfix_that_no_rule_is_about(tmp_path: Path) -> None:
    by_aim = found(tmp_path, requires=["KB300000"])
    assert [decided for _, decided in by_aim["requires-met"]] == ["fix-required, apply"]
    assert [decided for _, decided in by_aim["requires-unmet"]] == ["fix-required, upgrade-first"]


def test_a_rule_that_contains_this_one_present_and_not(tmp_path: Path) -> None:
    newer = rule("Q200000", supersedes=["Q100001"], fixes=[fix({"New.dll": "2.0"})])
    by_aim = found(tmp_path, newer)
    assert [decided for _, decided in by_aim["superseded"]] == ["fix-present, none"]
    assert [decided for _, decided in by_aim["not-superseded"]] == ["fix-required, apply"]


WAITS = [{"id": "mail-waits", "text": "Mail waits"}, {"id": "store-hangs", "text": "It hangs"}]


def test_symptoms_named_denied_and_not_reported(tmp_path: Path) -> None:
    by_aim = found(tmp_path, apply="if-symptoms", symptoms=WAITS)
    assert [decided for _, decided in by_aim["symptom"]] == ["fix-required, apply"] * 2
    assert [decided for _, decided in by_aim["symptoms-absent"]] == ["fix-required, wait"]
    assert [decided for _, decided in by_aim["symptoms-unreported"]] == ["fix-required, confirm-symptoms"]


def test_symptoms_of_a_fix_for_all_are_probed_where_it_is_present(tmp_path: Path) -> None:
    by_aim = found(tmp_path, symptoms=WAITS)
    assert [decided for _, decided in by_aim["symptom"]] == ["fix-present, investigate"] * 2


@pytest.mark.parametrize(
    ("observe", "shown", "near"),
    [
        (
            {"counter": "queue", "above": 100, "for": "10m"},
            {"counters": [{"name": "queue", "value": "101", "for": "10m"}]},
            [
                {"counters": [{"name": "queue", "value": "100", "for": "10m"}]},
                {"counters": [{"name": "queue", "value": "101", "for": "599s"}]},
            ],
        ),
        (
            {"counter": "load", "above": 0.25},
            {"counters": [{"name": "load", "value": "0.26"}]},
            [{"counters": [{"name": "load", "value": "0.25"}]}],
        ),
        (
            {"service": "MailStore", "state": "running"},
            {"services": [{"name": "MailStore", "state": "running"}]},
            [{"services": [{"name": "MailStore", "state": "stopped"}]}],
        ),
        (
            {"source": "MSMail", "id": 7, "contains": "dead lock"},
            {"events": [{"source": "MSMail", "id": "7", "message": "dead lock"}]},
            [
                {"events": [{"source": "MSMail", "id": "8", "message": "dead lock"}]},
                {"events": [{"source": "MSMail", "id": "7"}]},
            ],
        ),
    ],
)
def test_observations_just_shown_and_just_not(
    tmp_path: Path, observe: Document, shown: Document, near: list[Document]
) -> None:
    symptoms = [{"id": "mail-waits", "text": "Mail waits", "observe": [observe]}]
    by_aim = found(tmp_path, affects=["5.5"], apply="if-symptoms", symptoms=symptoms)
    base = {"level": "5.5", "files": {"Info.dll": "5.5.2654.9"}}
    assert given_and_answers(by_aim["observation"]) == [({**base, **shown}, "fix-required, apply")]
    expected = [({**base, **one}, "fix-required, confirm-symptoms") for one in near]
    assert given_and_answers(by_aim["observation-outside"]) == expected


def test_the_event_next_to_one_is_none_that_shows_another_symptom(tmp_path: Path) -> None:
    observe = [{"source": "MSMail", "id": 7}, {"source": "MSMail", "id": 8}]
    symptoms = [{"id": "mail-waits", "text": "Mail waits", "observe": observe}]
    by_aim = found(tmp_path, apply="if-symptoms", symptoms=symptoms)
    assert {decided for _, decided in by_aim["observation-outside"]} == {"fix-required, confirm-symptoms"}


def test_a_key_file_that_is_missing_is_not_in_the_list_of_all_files(tmp_path: Path) -> None:
    by_aim = found(tmp_path, fixes=[fix({"Store.exe": "5.5.2654.0", "Info.dll": "1.0"})])
    store, info = (probe for probe, _ in by_aim["file-missing"])
    assert (store.name, store.given["files"]) == (
        "5.5 SP4, Store.exe not there, nor any key file",
        {"Info.dll": "1.0"},
    )
    assert (info.name, info.given["files"]) == ("5.5 SP4, Info.dll not there", {"Store.exe": "5.5.2654.0"})
    assert [decided for _, decided in by_aim["file-missing"]] == [
        "undetermined, investigate",
        "fix-required, apply",
    ]


def test_without_a_list_of_products_no_key_file_is_missed(tmp_path: Path) -> None:
    by_aim = found(tmp_path, fixes=[fix({"Store.exe": "5.5.2654.0"})])
    assert [(probe.name, decided) for probe, decided in by_aim["all-missing"]] == [
        ("5.5 SP4, none of the files there, nor any key file", "undetermined, investigate"),
        ("products not listed, none of the files there", "not-affected, none"),
    ]
    assert by_aim["all-missing"][1][0].given["products"] is None


def test_a_minimum_that_no_affected_level_can_have_has_no_boundary(tmp_path: Path) -> None:
    by_aim = found(tmp_path, affects=["5.5 SP3", "5.5 SP4"], fixes=[fix({"Store.exe": "6.0.4712.1"})])
    assert {"below", "at", "above", "loaded-old"}.isdisjoint(by_aim)


def test_a_version_that_no_file_can_have_is_not_tried(tmp_path: Path) -> None:
    by_aim = found(tmp_path, fixes=[fix({"Info.dll": "65535.65535.65535.65535"})])
    assert "above" not in by_aim
    assert {decided for _, decided in by_aim["at"]} == {"fix-present, none"}


def test_files_of_one_name_are_named_with_their_folders(tmp_path: Path) -> None:
    files = [
        fix({"Info.dll": {"version": "1.0", "path": "one"}}, component="One"),
        fix({"Info.dll": {"version": "2.0", "path": "two"}}, component="Two"),
    ]
    names = {probe.name for probe, _ in found(tmp_path, fixes=files)["file-missing"]}
    assert names == {"5.5 SP4, Info.dll in one not there", "5.5 SP4, Info.dll in two not there"}


def test_a_level_just_below_has_a_key_file_of_its_own(tmp_path: Path) -> None:
    by_aim = found(tmp_path, affects=["5.5 SP4"], fixes=[fix({"Store.exe": "5.5.2654.0"})])
    below = next(probe for probe, _ in by_aim["level-outside"] if probe.given["level"] == "5.5 SP3")
    assert below.given["files"] == {"Store.exe": "5.5.2650.1"}
    assert {decided for _, decided in by_aim["level-outside"]} == {"not-affected, none"}


def test_a_name_states_what_the_case_has(tmp_path: Path) -> None:
    by_aim = found(tmp_path, fixes=[fix(platform="x86")])
    assert [probe.name for probe, _ in by_aim["level-unstated"]] == ["x86, level not stated"]
    assert [probe.name for probe, _ in found(tmp_path / "any")["level-unstated"]] == ["level not stated"]


LEVELS = [("2016 CU22", "15.1.2375.7"), ("2016 CU23", "15.1.2507.6"), ("2019 RTM", "15.2.221.12")]
LEVELS += [("2019 CU12", "15.2.1118.7"), ("2019 CU13", "15.2.1258.12"), ("2019 CU14", "15.2.1544.4")]
TODAY: Document = {
    "needfix": 1,
    "product": "today",
    "name": "Sample Mail",
    "key_files": ["Setup.exe"],
    "levels": [{"level": level, "build": build} for level, build in LEVELS],
}


def of_today(folder: Path, **keys: Any) -> dict[str, list[tuple[Probe, str]]]:  # noqa: ANN401
    fixes = [
        fix({"Setup.exe": "15.1.2507.37"}, level="2016 CU23"),
        fix({"Setup.exe": "15.2.1258.32"}, level="2019 CU13"),
    ]
    own: Document = {"product": "today", "affects": ["2016 CU23", "2019 CU13"], "fixes": fixes}
    return found(folder, TODAY, **own, **keys)


def test_a_level_outside_a_branch_says_why_and_has_its_own_build(tmp_path: Path) -> None:
    by_aim = of_today(tmp_path)
    aims = ("level-outside", "level-unfixed")
    shown_files = {probe.name: probe.given["files"] for aim in aims for probe, _ in by_aim[aim]}
    assert shown_files == {
        "2016 CU22, not listed": {"Setup.exe": "15.1.2375.7"},
        "2019 RTM, not listed": {"Setup.exe": "15.2.221.12"},
        "2019 CU13, other branch": {"Setup.exe": "15.2.1258.12"},
        "2019 CU12, not listed": {"Setup.exe": "15.2.1118.7"},
        "2019 CU14, not listed": {"Setup.exe": "15.2.1544.4"},
        "2016 CU23, other branch": {"Setup.exe": "15.1.2507.6"},
    }


def test_a_level_that_carries_the_fix_says_so(tmp_path: Path) -> None:
    by_aim = found(tmp_path, affects=["5.5 SP3", "5.5 SP4"], corrected_in=["5.5 SP4"])
    names = {probe.name for probe, _ in by_aim["level-outside"]}
    assert names == {"5.5 SP2, not listed", "5.5 SP4, carries the fix"}


@pytest.mark.parametrize(
    ("rule_id", "named", "other"),
    [
        ("Q100001", ["x86"], "alpha"),
        ("Q100001", ["x86", "alpha"], "x64"),
        ("KB5036401", ["x86"], "x64"),
        ("KB5036401", ["arm64"], "x86"),
        ("CVE-2024-26198", ["x86", "x64"], "arm64"),
    ],
)
def test_a_platform_without_a_fix_is_one_of_its_time(
    tmp_path: Path, rule_id: str, named: list[str], other: str
) -> None:
    fixes = [fix({"Info.dll": "5.5.1"}, platform=one) for one in named]
    catalogue = load(tmp_path, rule(rule_id, fixes=fixes))
    about = {one.about for one in probes(catalogue[rule_id], catalogue) if one.aim == "platform-other"}
    assert about == {other}


def test_an_old_copy_elsewhere_and_an_old_module_for_each_of_two_folders(tmp_path: Path) -> None:
    files = [
        fix({"Info.dll": {"version": "1.0", "path": "one"}}, component="One"),
        fix({"Info.dll": {"version": "1.0", "path": "two"}}, component="Two"),
    ]
    by_aim = found(tmp_path, fixes=files)
    for aim, words in (("elsewhere", "an old Info.dll in {} in"), ("loaded-old", "Info.dll in {} at its")):
        names = [probe.name for probe, _ in by_aim[aim]]
        assert all(any(words.format(folder) in name for name in names) for folder in ("one", "two"))

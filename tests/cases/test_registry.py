"""Values of the registry in generated cases, coverage and mutation, and what explain tries of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import needfix
from needfix.cases.coverage import coverage
from needfix.cases.lacking import lacking_cases
from needfix.cases.mutation import mutate
from needfix.cases.testing import collect
from tests.cases.test_lacking import completed
from tests.support.catalogues import NEW, Document, catalogue_of, fix, load, mail, rule

NAME = r"HKLM\SOFTWARE\Mail\Check"
BESIDE = rule(fixes=[{**fix(), "registry": {NAME: {"equals": "1"}}}])
ASKING = rule(
    affects=[{"levels": ["5.5 SP4"], "registry": {NAME: {"present": True}}}],
    fixes=[{"registry": {r"HKLM\SOFTWARE\Wow6432Node\Mail\Version": {"version": "1.2"}}}],
)


def names_and_answers(folder: Path, own: Document) -> dict[str, str]:
    """The cases that a rule lacks, by their names."""
    load(folder, own)
    (found,) = collect([str(folder / "rules.yaml")]).rules
    return {one.name: f"{one.expect}, {one.action}" for one in lacking_cases(found)}


def test_cases_stand_on_both_sides_of_a_value_beside_files(tmp_path: Path) -> None:
    found = names_and_answers(tmp_path, BESIDE)
    assert {name: one for name, one in found.items() if "5.5 SP4, Check" in name} == {
        "5.5 SP4, Check 0": "fix-required, apply",
        "5.5 SP4, Check not there": "fix-required, apply",
        "5.5 SP4, Check not inventoried": "undetermined, investigate",
    }


def test_cases_stand_on_both_sides_of_a_value_that_an_entry_asks_for(tmp_path: Path) -> None:
    found = names_and_answers(tmp_path, ASKING)
    assert {name.removeprefix("5.5 SP4, "): one for name, one in found.items()}.items() >= {
        "Version one step below its minimum": "fix-required, apply",
        "Version at its minimum": "fix-present, none",
        "Check not there": "not-affected, none",
        "Check not inventoried": "undetermined, investigate",
    }.items()


VIEWED = {
    "rule": rule(fixes=[{**fix(), "registry": {NAME: {"equals": "1", "view": 64}}}]),
    "version": rule(fixes=[{"registry": {NAME: {"version": "1.2", "view": 32}}}]),
    "absent": rule(fixes=[{**fix(), "registry": {NAME: {"present": False, "view": 64}}}]),
    "entry": rule(
        affects=[{"levels": ["5.5 SP4"], "registry": {NAME: {"equals": "1", "view": 64}}}], fixes=[fix()]
    ),
    "no-value": rule(
        affects=[{"levels": ["5.5 SP4"], "registry": {NAME: {"present": False, "view": 32}}}], fixes=[fix()]
    ),
}
IN_OTHER_VIEW = {
    "rule": "fix-required, apply",
    "version": "fix-required, apply",
    "absent": "fix-present, none",
    "entry": "not-affected, none",
    "no-value": "fix-required, apply",
}


@pytest.mark.parametrize("form", VIEWED)
def test_a_view_that_is_forgotten_or_wrong_is_a_mutant(tmp_path: Path, form: str) -> None:
    own = VIEWED[form]
    view = "32" if form in ("version", "no-value") else "64"
    other = "64" if view == "32" else "32"
    assert names_and_answers(tmp_path, own)[f"5.5 SP4, Check only in view {other}"] == IN_OTHER_VIEW[form]
    known = completed(tmp_path, [own])
    load(tmp_path, *known)
    mutants = mutate(collect([str(tmp_path)])).mutants
    assert [one.change for one in mutants if one.fate == "survived"] == []
    words = {f"in both views instead of view {view}", f"in view {other} instead of {view}"}
    found = {word: one.case for one in mutants for word in words if one.change.endswith(word)}
    assert found.keys() == words
    assert f"5.5 SP4, Check only in view {other}" in found.values()


def test_with_the_cases_that_it_lacks_a_rule_is_covered_and_its_mutants_are_detected(tmp_path: Path) -> None:
    for number, own in enumerate((BESIDE, ASKING)):
        folder = tmp_path / str(number)
        load(folder, *completed(folder, [own]))
        suite = collect([str(folder)])
        assert coverage(suite).percent == 100
        assert [one.change for one in mutate(suite).mutants if one.fate == "survived"] == []


def test_an_explanation_names_the_value_that_would_settle_it() -> None:
    found = needfix.explain(catalogue_of(BESIDE), mail(info=NEW), "Q100001")
    lines = {(one.changes[0].name, one.changes[0].text): one.decision for one in found.alterations}
    assert lines[NAME, "1"] == "fix-present"
    assert lines[NAME, "0"] == "fix-required"
    assert lines[NAME, "not there, and all values listed"] == "fix-required"
    listed = mail(info=NEW, registry=[{"path": r"HKLM:\SOFTWARE\Mail", "name": "Check", "value": 1}])
    facts = needfix.explain(catalogue_of(BESIDE), listed, "Q100001").facts
    assert (r"HKLM:\SOFTWARE\Mail\Check is 1") in [line.text for line in facts if line.name == "registry"]

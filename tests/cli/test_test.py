"""`needfix test`: exit codes, what is run, and every format."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support import ROOT, Needfix
from tests.support.catalogues import load, rule

RULE = """\
needfix: 1
id: Q100001
product: exchange-server
affects: [5.5 SP4]
fixes: [{files: {Store.exe: {version: "5.5.2654.10"}}}]
cases:
  - name: old store
    given: {level: 5.5 SP4, files: {Store.exe: "5.5.2653.23"}}
    expect: fix-required
"""
WRONG = """\
  - name: wrong, 100%
    given: {level: 5.5 SP4, files: {Store.exe: "5.5.2654.10"}}
    expect: fix-required
    action: apply
    reasons: [file-below-minimum]
"""
BAD = "  - {name: bad, given: {complete: [everything]}, expect: fix-required}\n"
SKIPPED = "  - {name: later, given: {}, expect: fix-required, skip: not yet}\n"
FILE = "rules/rule.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*cases: str) -> None:
    Path(FILE).write_text(RULE + "".join(cases), encoding="utf-8")


def test_cases_that_pass_end_with_0(needfix: Needfix) -> None:
    write()
    ran = needfix("test", "rules")
    assert (ran.code, ran.out, ran.err) == (
        0,
        "1 rule, 1 case: 1 passed, 0 failed, 0 errors, 0 skipped\n",
        "",
    )


def test_a_failure_is_reported_with_its_line_and_reasons_and_ends_with_1(needfix: Needfix) -> None:
    write(WRONG, SKIPPED)
    ran = needfix("test", FILE)
    assert ran.code == 1
    assert ran.out == (
        "rules/rule.yaml:10:5: FAIL Q100001: wrong, 100%\n"
        "    expected fix-required, apply, with file-below-minimum\n"
        "    was      fix-present, none\n"
        "    missing  file-below-minimum\n"
        "    because  file-reaches-minimum  Store.exe is 5.5.2654.10; 5.5.2654.10 or later is needed\n"
        "    because  level-affected        Microsoft Exchange Server 5.5 SP4 is affected; "
        "the rule lists 5.5 SP4\n"
        "rules/rule.yaml:15:5: SKIPPED Q100001: later\n"
        "    not yet\n"
        "1 rule, 3 cases: 1 passed, 1 failed, 0 errors, 1 skipped\n"
    )


def test_a_case_that_cannot_be_decided_ends_with_2(needfix: Needfix) -> None:
    write(BAD, WRONG)
    ran = needfix("test", FILE)
    assert ran.code == 2
    assert "rules/rule.yaml:10:5: ERROR Q100001: bad\n" in ran.out
    assert "1 passed, 1 failed, 1 error, 0 skipped" in ran.out


def test_run_chooses_cases_by_rule_and_name(needfix: Needfix) -> None:
    write(WRONG)
    assert needfix("test", FILE, "--run", "^Q100001: old").code == 0
    ran = needfix("test", FILE, "--run", "no such")
    assert (ran.code, ran.out) == (2, "")
    assert "no case matches 'no such'" in ran.err
    assert "is not a regular expression" in needfix("test", FILE, "--run", "(").err


@pytest.mark.parametrize("cases", ["", "cases: []\n", "cases:\n" + SKIPPED])
def test_a_run_of_no_case_ends_with_2(needfix: Needfix, cases: str) -> None:
    Path(FILE).write_text(RULE.partition("cases:")[0] + cases, encoding="utf-8")
    ran = needfix("test", FILE)
    assert ran.code == 2
    assert "no case" in ran.err


def test_verbose_lists_what_passes(needfix: Needfix) -> None:
    write()
    assert needfix("test", FILE, "--verbose").out.startswith("rules/rule.yaml:7:5: PASS Q100001: old store\n")


def test_json_has_every_case(needfix: Needfix) -> None:
    write(WRONG, BAD, SKIPPED)
    document = json.loads(needfix("test", FILE, "--format", "json").out)
    assert [result["status"] for result in document["results"]] == ["pass", "fail", "error", "skipped"]
    wrong = document["results"][1]
    assert (wrong["file"], wrong["line"], wrong["column"]) == (FILE, 10, 5)
    assert wrong["expected"] == {
        "decision": "fix-required",
        "action": "apply",
        "reasons": ["file-below-minimum"],
    }
    assert (wrong["actual"]["decision"], wrong["actual"]["action"]) == ("fix-present", "none")
    assert wrong["actual"]["reasons"][0]["code"] == "file-reaches-minimum"
    assert document["summary"] == {
        "rules": 1, "cases": 4, "pass": 1, "fail": 1, "error": 1, "skipped": 1, "to_review": 0,
    }  # fmt: skip


def test_github_annotations_stand_at_the_line_of_the_case(needfix: Needfix) -> None:
    write(WRONG, SKIPPED)
    failed, skipped, total = needfix("test", FILE, "--format", "github").out.splitlines()
    assert failed.startswith(
        "::error file=rules/rule.yaml,line=10,col=5,title=FAIL Q100001%3A wrong%2C 100%25::"
        "expected fix-required, was fix-present%0Aexpected the action apply, was none%0A"
    )
    assert skipped == "::notice file=rules/rule.yaml,line=15,col=5,title=SKIPPED Q100001%3A later::not yet"
    assert total == "1 rule, 3 cases: 1 passed, 1 failed, 0 errors, 1 skipped"


def test_rules_that_do_not_load_are_annotations_too(needfix: Needfix) -> None:
    write("nonsense: 1\n")
    ran = needfix("test", FILE, "--format", "github")
    assert ran.code == 2
    assert ran.out.startswith("::error file=rules/rule.yaml,line=10,col=1,title=needfix cannot read this::")
    assert ran.err.startswith("rules/rule.yaml:10:1: unknown key 'nonsense'")


def test_junit_distinguishes_the_four_kinds(needfix: Needfix) -> None:
    write(WRONG, BAD, SKIPPED)
    assert needfix("test", FILE, "--format", "junit", "--output", "out.xml").code == 2
    (suite,) = ET.parse("out.xml").getroot()  # noqa: S314 - our own
    counted = {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped")}
    assert counted == {"name": FILE, "tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    cases = suite.findall("testcase")
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["error"], ["skipped"]]
    failure = cases[1][0]
    assert failure.get("message", "").startswith("expected fix-required, was fix-present")
    assert (failure.text or "").startswith("rules/rule.yaml:10:5\n")


def test_the_shipped_rules_are_tested_where_nothing_is_named(needfix: Needfix) -> None:
    ran = needfix("test", "--run", "^Q279798")
    assert ran.code == 0
    assert ran.out.startswith("1 rule, ")


def test_the_sample_case_file_passes(needfix: Needfix) -> None:
    ran = needfix("test", ROOT / "fixtures" / "cases")
    assert (ran.code, ran.out) == (0, "2 rules, 6 cases: 6 passed, 0 failed, 0 errors, 0 skipped\n")


def test_coverage_names_what_is_missing_with_its_line(needfix: Needfix) -> None:
    write()
    ran = needfix("test", FILE, "--coverage")
    assert ran.code == 0
    assert ran.out == (
        "1 rule, 1 case: 1 passed, 0 failed, 0 errors, 0 skipped\n"
        "rules/rule.yaml:1:1: COVERAGE Q100001: decisions 1 of 4, levels 1 of 1, branches 1 of 1, "
        "files 1 of 1, boundary sides 1 of 3\n"
        "    rules/rule.yaml:2:5: no case reaches the decision fix-present\n"
        "    rules/rule.yaml:2:5: no case reaches the decision not-affected\n"
        "    rules/rule.yaml:2:5: no case reaches the decision undetermined\n"
        "    rules/rule.yaml:5:18: no case reaches the boundary side Store.exe at 5.5.2654.10\n"
        "    rules/rule.yaml:5:18: no case reaches the boundary side Store.exe above 5.5.2654.10\n"
        "coverage: 50 %, 5 of 10\n"
    )


def test_coverage_of_a_rule_without_cases_is_one_line(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, rule("Q1"), rule("Q2", cases=[{"name": "a", "given": {}, "expect": "undetermined"}]))
    ran = needfix("test", tmp_path, "--coverage")
    (line,) = [line for line in ran.out.splitlines() if "Q1" in line]
    assert line.endswith("COVERAGE Q1: no case runs, so none of 11 parts is reached")
    annotated = needfix("test", tmp_path, "--coverage", "--format", "github").out
    assert annotated.count("COVERAGE Q1") == 1


@pytest.mark.parametrize(("least", "code"), [("50", 0), ("50%", 0), ("50.1", 1), ("100", 1)])
def test_too_little_coverage_ends_with_1(needfix: Needfix, least: str, code: int) -> None:
    write()
    ran = needfix("test", FILE, "--coverage", "--fail-under", least, "--format", "junit")
    assert ran.code == code
    assert ran.err == (f"needfix: 50.0 % is below --fail-under {float(least):g}\n" if code else "")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--fail-under", "90"], "hint: add --coverage or --mutate"),
        (["--coverage", "--fail-under", "101"], "'101' is not a percentage"),
        (["--coverage", "--fail-under", "most"], "'most' is not a percentage"),
    ],
)
def test_a_share_that_makes_no_sense_is_bad_usage(needfix: Needfix, words: list[str], what: str) -> None:
    write()
    ran = needfix("test", FILE, *words)
    assert ran.code == 2
    assert what in ran.err


def test_coverage_is_of_the_cases_that_were_chosen(needfix: Needfix) -> None:
    write(WRONG)
    assert needfix("test", FILE, "--coverage", "--run", "old").out.endswith("coverage: 50 %, 5 of 10\n")
    assert needfix("test", FILE, "--coverage", "--run", "wrong").out.endswith("coverage: 50 %, 5 of 10\n")
    assert needfix("test", FILE, "--coverage").out.endswith("coverage: 70 %, 7 of 10\n")


def test_coverage_in_json_and_as_annotations(needfix: Needfix) -> None:
    write()
    document = json.loads(needfix("test", FILE, "--coverage", "--format", "json").out)
    assert document["coverage"]["percent"] == 50
    (own,) = document["coverage"]["rules"]
    assert own["rule"] == "Q100001"
    assert {"kind": "branch", "what": "the fix for every server", "file": FILE, "line": 5, "column": 9,
            "reached": True} in own["targets"]  # fmt: skip
    shown = needfix("test", FILE, "--coverage", "--format", "github").out
    assert "::warning file=rules/rule.yaml,line=5,col=18,title=COVERAGE Q100001::no case reaches" in shown


def test_mutants_that_survive_are_reported_with_the_missing_case(needfix: Needfix) -> None:
    write()
    ran = needfix("test", FILE, "--mutate")
    assert ran.code == 0
    assert "rules/rule.yaml:5:18: SURVIVED Q100001: Store.exe 5.5.2654.11 instead of 5.5.2654.10\n" in ran.out
    assert "\nmutation: " in ran.out
    assert needfix("test", FILE, "--mutate", "--fail-under", "100").code == 1


def test_mutants_in_json_and_as_annotations(needfix: Needfix) -> None:
    write()
    document = json.loads(needfix("test", FILE, "--mutate", "--format", "json").out)["mutation"]
    fates = ("noticed", "survived", "not_distinguished", "accepted")
    assert sum(document[fate] for fate in fates) == len(document["mutants"])
    raised = next(one for one in document["mutants"] if one["change"].startswith("Store.exe 5.5.2654.11"))
    assert (raised["line"], raised["fate"]) == (5, "survived")
    assert raised["witness"]["expect"] == "fix-present"
    assert raised["witness"]["mutant"]["decision"] == "fix-required"
    shown = needfix("test", FILE, "--mutate", "--format", "github").out
    assert (
        "::warning file=rules/rule.yaml,line=5,col=18,title=SURVIVED Q100001::Store.exe 5.5.2654.11" in shown
    )


def test_more_rules_to_decide_with_may_be_named(needfix: Needfix, folder: Path) -> None:
    write()
    needing = RULE.replace("Q100001", "Q100002").replace("cases:", "requires: [Q100001]\ncases:")
    (folder / "own.yaml").write_text(needing + "    action: upgrade-first\n", encoding="utf-8")
    alone = needfix("test", "own.yaml")
    assert (alone.code, alone.out.count("FAIL")) == (1, 1)
    for words in (["own.yaml", "--rules", "rules"], ["--rules", "rules", "own.yaml"]):
        ran = needfix("test", *words)
        assert (ran.code, ran.out) == (0, "1 rule, 1 case: 1 passed, 0 failed, 0 errors, 0 skipped\n")

"""`needfix test`: exit codes, what is run, and every format."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support import ROOT, Needfix

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


def test_a_failure_is_told_with_its_line_and_reasons_and_ends_with_1(needfix: Needfix) -> None:
    write(WRONG, SKIPPED)
    ran = needfix("test", FILE)
    assert ran.code == 1
    assert ran.out == (
        "rules/rule.yaml:10:5: FAIL Q100001: wrong, 100%\n"
        "    expected fix-required, apply, with file-below-minimum\n"
        "    was      fix-present, none\n"
        "    missing  file-below-minimum\n"
        "    because  file-reaches-minimum  Store.exe is 5.5.2654.10; the fix has 5.5.2654.10 or later\n"
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
    assert "no regular expression" in needfix("test", FILE, "--run", "(").err


@pytest.mark.parametrize("cases", ["", "cases: []\n", "cases:\n" + SKIPPED])
def test_a_run_of_no_case_ends_with_2(needfix: Needfix, cases: str) -> None:
    Path(FILE).write_text(RULE.partition("cases:")[0] + cases, encoding="utf-8")
    ran = needfix("test", FILE)
    assert ran.code == 2
    assert "no case" in ran.err


def test_verbose_tells_what_passes(needfix: Needfix) -> None:
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


def test_junit_tells_the_four_kinds_apart(needfix: Needfix) -> None:
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

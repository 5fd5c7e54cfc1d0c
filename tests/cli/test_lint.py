from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.decide.support import Document, fix, load, rule
from tests.support import ROOT, Needfix

NOTE = [rule("Q1"), rule("Q2")]
WARNING = [rule("Q1", requires=["Q9"])]
ERROR = [rule("Q1"), rule("Q2", supersedes=["Q1"], fixes=[fix({"Info.dll": "5.5.1"})])]


def test_the_shipped_catalogue_passes(needfix: Needfix) -> None:
    ran = needfix("lint")
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"\n59 rules: 0 errors, 0 warnings, [0-9]+ notes, 2 silenced\n$", ran.out)


@pytest.mark.parametrize(("rules", "code"), [(NOTE, 0), (WARNING, 1), (ERROR, 1)])
def test_warnings_and_errors_end_with_1_notes_do_not(
    needfix: Needfix, tmp_path: Path, rules: list[Document], code: int
) -> None:
    load(tmp_path, *rules)
    for words in (["--format", "text"], ["--format", "json"], ["--output", str(tmp_path / "report")]):
        assert needfix("lint", tmp_path, *words).code == code


def test_text_has_three_lines_for_a_finding_and_a_summary(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *WARNING)
    ran = needfix("lint", tmp_path / "*.yaml", "--select", "NF102")
    head, why, mend, total = ran.out.splitlines()
    place, _, rest = head.partition(": ")
    assert place.startswith(f"{tmp_path}/rules.yaml:")
    assert place.endswith(":3")
    assert rest == "warning NF102 Q1: 'requires' names Q9, which is no rule of this catalogue"
    assert why.startswith("    why: ")
    assert mend.startswith("    mend: add the rule Q9")
    assert total == "1 rule: 0 errors, 1 warning, 0 notes"


def test_json_has_the_same_findings(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *WARNING)
    document = json.loads(needfix("lint", tmp_path, "--format", "json", "--select", "NF102").out)
    counts = {"error": 0, "warning": 1, "note": 0, "suppressed": 0}
    assert document["summary"] == {"rules": 1, "product_definitions": 2, **counts}
    (found,) = document["findings"]
    keys = ["code", "severity", "rule", "file", "line", "column", "what", "why", "mend", "suppressed"]
    assert list(found) == keys
    assert (found["code"], found["severity"], found["rule"]) == ("NF102", "warning", "Q1")
    lines = Path(found["file"]).read_text().splitlines()
    assert lines[found["line"] - 1][found["column"] - 1 :] == "Q9"


def test_output_goes_to_a_file(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path / "rules", *WARNING)
    ran = needfix("lint", tmp_path / "rules", "--output", tmp_path / "report.txt")
    assert (ran.code, ran.out) == (1, "")
    assert (tmp_path / "report.txt").read_text() == needfix("lint", tmp_path / "rules").out


def test_rules_that_do_not_load_are_told_as_by_other_commands(needfix: Needfix) -> None:
    faulty = ROOT / "fixtures" / "errors" / "unknown-key.yaml"
    ran = needfix("lint", faulty)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == needfix("rules", "list", "--rules", faulty).err


@pytest.mark.parametrize("words", [["none.yaml"], ["--format", "xml"], [""]])
def test_bad_usage_and_a_catalogue_without_a_rule(needfix: Needfix, words: list[object]) -> None:
    ran = needfix("lint", *words)
    assert (ran.code, ran.out) == (2, "")
    assert "mend: " in ran.err


def test_control_characters_of_a_rule_do_not_reach_the_terminal(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, rule(review=[{"line": 1, "read": "a", "why": "\x1b[2J"}]))
    assert "\x1b" not in needfix("lint", tmp_path).out

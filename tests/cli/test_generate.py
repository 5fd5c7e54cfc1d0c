"""`needfix test --generate`: the missing cases are written into the rules, and nothing else."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.support import Needfix

HEAD = """\
# Ours.
needfix: 1
id: {id}
product: exchange-server
affects: [5.5 SP3, 5.5 SP4]
fixes:
  - files:
      Store.exe: {{version: "5.5.2654.10"}}   # the store
"""
CASES = """\
cases:
  - name: ours
    given: {level: 5.5 SP4, files: {Store.exe: "5.5.2654.9"}}
    expect: fix-required
"""
FILE = Path("rules/rule.yaml")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*texts: str) -> str:
    text = "---\n".join(texts)
    FILE.write_text(text, encoding="utf-8")
    return text


def test_a_rule_gets_every_case_that_it_lacks_to_be_reviewed(needfix: Needfix) -> None:
    before = write(HEAD.format(id="Q100001") + CASES)
    ran = needfix("test", "rules", "--generate", "--coverage", "--mutate", "--fail-under", "100")
    assert ran.code == 0
    written, total, *rest = ran.out.splitlines()
    assert written.startswith("rules/rule.yaml:2:1: ")
    assert written.endswith(" cases written into Q100001, to review")
    assert "0 failed, 0 errors" in total
    assert rest[0].startswith("coverage: 100 %")
    assert rest[1] == "mutation: 100 %, 9 of 9 mutants detected"
    after = FILE.read_text(encoding="utf-8")
    assert after.startswith(before)
    added = after.removeprefix(before)
    reviews = added.count("    review: generated (") + added.count('    review: "generated (')
    assert added.count("  - name: ") == reviews
    assert "5.5 SP4, Store.exe one step below" not in added  # our own case is that one


def test_a_second_run_finds_nothing_to_write(needfix: Needfix) -> None:
    write(HEAD.format(id="Q100001"))
    assert needfix("test", "rules", "--generate").code == 0
    before = FILE.read_bytes()
    ran = needfix("test", "rules", "--generate")
    assert "written" not in ran.out
    assert FILE.read_bytes() == before


def test_several_rules_of_a_file_get_their_own_cases(needfix: Needfix) -> None:
    write(HEAD.format(id="Q100001"), HEAD.format(id="Q100002") + CASES)
    ran = needfix("test", "rules", "--generate", "--coverage", "--format", "json")
    document = json.loads(ran.out)
    assert [one["rule"] for one in document["written"]] == ["Q100001", "Q100002"]
    assert document["coverage"]["percent"] == 100
    assert document["summary"]["to_review"] == sum(one["cases"] for one in document["written"])


def test_only_rules_that_are_named_are_written_to(needfix: Needfix) -> None:
    write(HEAD.format(id="Q100001"))
    other = Path("other.yaml")
    other.write_text(HEAD.format(id="Q100002"), encoding="utf-8")
    cases = Path("all.cases.yaml")
    cases.write_text(
        "needfix: 1\nrules: [rules, other.yaml]\n"
        "cases: [{name: a, given: {level: 5.5 SP4}, expect: {Q100002: undetermined}}]\n",
        encoding="utf-8",
    )
    before = other.read_bytes()
    assert needfix("test", "rules", cases, "--rules", other, "--generate").code == 0
    assert other.read_bytes() == before
    assert "cases:" in FILE.read_text(encoding="utf-8")


def test_a_file_that_cannot_take_cases_keeps_all_files_as_they_are(needfix: Needfix) -> None:
    write(HEAD.format(id="Q100001"))
    flow = Path("rules/flow.yaml")
    flow.write_text(HEAD.format(id="Q100002") + "cases: [\n  " + _ONE + "]\n", encoding="utf-8")
    before = FILE.read_bytes(), flow.read_bytes()
    ran = needfix("test", "rules", "--generate")
    assert ran.code == 2
    assert ran.err.startswith("rules/flow.yaml:2:1: no case can be added")
    assert (FILE.read_bytes(), flow.read_bytes()) == before


_ONE = "{name: a, given: {level: 5.5 SP4}, expect: undetermined}"


@pytest.mark.parametrize("words", [["--generate"], ["rules", "--generate", "--run", "a"]])
def test_the_rules_to_write_to_must_be_named(needfix: Needfix, words: list[str]) -> None:
    write(HEAD.format(id="Q100001"))
    ran = needfix("test", *words)
    assert ran.code == 2
    assert "name the files or folders of the rules" in ran.err
    assert "cases:" not in FILE.read_text(encoding="utf-8")


def test_a_boundary_that_no_server_reaches_is_named_with_its_reason(needfix: Needfix) -> None:
    write(HEAD.format(id="Q100001").replace("5.5.2654.10", "6.0.4417.1"))
    ran = needfix("test", "rules", "--generate")
    written, refused, *_ = ran.out.splitlines()
    assert written.endswith(" cases written into Q100001, to review")
    sides = "one step below its minimum, at its minimum, one step above its minimum"
    why = "it shows another level than those of this fix (5.5 SP3, 5.5 SP4)"
    assert refused == f"rules/rule.yaml:8:7: no case for Store.exe {sides}: {why}"
    again = json.loads(needfix("test", "rules", "--generate", "--format", "json").out)
    (one,) = again["written"]
    assert one["cases"] == 0
    assert one["unreachable"] == [{"line": 8, "column": 7, "what": f"Store.exe {sides}", "why": why}]


@pytest.mark.parametrize("words", [("test", "rules.zip", "--generate"), ("lint", "rules.zip", "--fix")])
def test_nothing_is_written_into_a_zip(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("rules.zip", "w") as archive:
        archive.writestr("rule.yaml", HEAD.format(id="Q1"))
    before = Path("rules.zip").read_bytes()
    ran = needfix(*words)
    assert (ran.code, "hint: unpack it, and name the folder" in ran.err) == (2, True)
    assert Path("rules.zip").read_bytes() == before

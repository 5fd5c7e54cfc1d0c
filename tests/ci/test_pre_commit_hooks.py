"""The hooks for pre-commit: their shape, and that their commands do what they are for."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml

from tests.ci.support import RULE
from tests.support import ROOT, Needfix

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def words(hook_id: str) -> list[str]:
    """What pre-commit runs, without the name of the program."""
    (hook,) = (hook for hook in HOOKS if hook["id"] == hook_id)
    program, *command = shlex.split(hook["entry"])
    assert program == "needfix"
    return [*command, *hook["args"]]


@pytest.fixture(autouse=True)
def rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "rules" / "Q1.yaml"
    file.parent.mkdir()
    file.write_text(RULE, encoding="utf-8")
    return file


def test_there_is_a_hook_to_check_and_one_to_test() -> None:
    assert [hook["id"] for hook in HOOKS] == ["needfix-lint", "needfix-test"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_change_of_any_yaml_file_makes_the_hook_look_at_all_rules(hook: dict[str, object]) -> None:
    assert hook["language"] == "python"
    assert hook["types"] == ["yaml"]
    assert hook["pass_filenames"] is False
    assert {"name", "description", "entry", "args"} <= hook.keys()


@pytest.mark.parametrize("hook_id", ["needfix-lint", "needfix-test"])
def test_good_rules_pass(needfix: Needfix, hook_id: str) -> None:
    assert needfix(*words(hook_id)).code == 0


@pytest.mark.parametrize("hook_id", ["needfix-lint", "needfix-test"])
def test_a_rule_that_does_not_load_stops_the_commit(needfix: Needfix, hook_id: str, rule: Path) -> None:
    rule.write_text(RULE.replace("5.5 SP4", "5.5 SP9"), encoding="utf-8")
    ran = needfix(*words(hook_id))
    assert (ran.code, "rules/Q1.yaml:4:" in ran.err) == (2, True)


def test_rules_are_checked_against_each_other(needfix: Needfix, rule: Path) -> None:
    rule.with_name("Q2.yaml").write_text(RULE, encoding="utf-8")
    ran = needfix(*words("needfix-lint"))
    assert (ran.code, "rules/Q2.yaml:2:5: error NF106 Q1" in ran.out) == (1, True)


def test_a_case_that_fails_stops_the_commit(needfix: Needfix, rule: Path) -> None:
    rule.write_text(RULE.replace("expect: fix-required", "expect: fix-present"), encoding="utf-8")
    assert needfix(*words("needfix-test")).code == 1

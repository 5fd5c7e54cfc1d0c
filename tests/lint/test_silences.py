from __future__ import annotations

from pathlib import Path
from typing import Any

from needfix.lint import CHECKS, lint
from tests.lint.support import findings, for_lint, line, shown
from tests.support.catalogues import Document, fix, rule

NO_MINIMUM = [fix({"a.asp": {}})]


def silent(code: str, **keys: Any) -> Document:  # noqa: ANN401 - any key of a rule
    return rule(lint={"ignore": [{"code": code, "reason": "the article says so"}]}, **keys)


def test_a_silenced_finding_keeps_its_place_and_gets_the_reason(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF305", silent("NF305", fixes=NO_MINIMUM))
    assert (found.is_silenced, found.silenced) == (True, "the article says so")
    (loud,) = findings(tmp_path, "NF305", rule(fixes=NO_MINIMUM))
    assert (loud.is_silenced, loud.silenced) == (False, None)


def test_another_rule_and_another_check_are_not_silenced(tmp_path: Path) -> None:
    found = findings(tmp_path, "NF305", silent("NF305"), rule("Q2", fixes=NO_MINIMUM))
    assert [one.is_silenced for one in found] == [False]
    assert not findings(tmp_path, "NF305", silent("NF304", fixes=NO_MINIMUM))[0].is_silenced


def test_a_silence_that_silences_nothing(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF602", silent("NF305"))
    assert (found.severity, found.what) == ("warning", "NF305 is silenced but finds nothing here")
    assert line(tmp_path, found) == "- code: NF305"
    assert shown(tmp_path, "NF602", silent("NF305", fixes=NO_MINIMUM)) == []


def test_a_silence_of_a_check_that_does_not_run_is_not_reported(tmp_path: Path) -> None:
    catalogue = for_lint(tmp_path, silent("NF305"))
    chosen = [check for check in CHECKS if check.code in ("NF602", "NF101")]
    assert lint(catalogue, chosen) == ()


def test_a_silence_of_a_code_that_no_check_has(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF603", silent("NF3O5"))
    assert (found.severity, found.what) == ("warning", "NF3O5 is silenced, but no check has that code")
    assert found.hint == "did you mean NF305?"
    assert shown(tmp_path, "NF602", silent("NF3O5")) == []

"""The cases of rules: the shipped ones pass, wrong ones fail and say why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import needfix
from needfix.authoring.cases import CaseResult, run_case, server_of
from needfix.errors import CatalogueError
from needfix.model.decision import ACTIONS, DECISIONS
from needfix.model.server import CounterSample, Event, FileCopy, InstalledProduct, ServiceState
from tests.decide.support import OLD, Document, load, rule

SHIPPED = needfix.load_catalogue()
CASES = [(r, case) for r in SHIPPED for case in r.cases]


def run(folder: Path, given: Document, expect: str = "fix-required", **keys: Any) -> CaseResult:  # noqa: ANN401
    """The result of the one case of a rule."""
    catalogue = load(folder, rule(cases=[{"name": "A case", "given": given, "expect": expect, **keys}]))
    own = next(iter(catalogue))
    return run_case(catalogue, own, own.cases[0])


@pytest.mark.parametrize(("own", "case"), CASES, ids=[f"{r.id}: {case.name}" for r, case in CASES])
def test_every_case_of_every_shipped_rule_passes(own: needfix.Rule, case: Any) -> None:  # noqa: ANN401
    assert run_case(SHIPPED, own, case).failures == ()


def test_every_shipped_rule_has_cases() -> None:
    assert SHIPPED.rules
    assert [own.id for own in SHIPPED if not own.cases] == []


@pytest.mark.parametrize("expect", DECISIONS)
def test_each_decision_fails_but_the_right_one(tmp_path: Path, expect: str) -> None:
    result = run(tmp_path, {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, expect)
    wrong = (f"expected {expect}, was fix-required",)
    assert result.failures == (() if expect == "fix-required" else wrong)


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_fails_but_the_right_one(tmp_path: Path, action: str) -> None:
    result = run(tmp_path, {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, action=action)
    wrong = (f"expected the action {action}, was apply",)
    assert result.failures == (() if action == "apply" else wrong)


def test_a_reason_that_is_not_given_fails(tmp_path: Path) -> None:
    given = {"level": "5.5 SP4", "files": {"Info.dll": OLD}}
    result = run(tmp_path, given, reasons=["file-below-minimum", "partial"])
    assert result.failures == ("expected the reasons partial, were file-below-minimum, level-affected",)


def test_all_failures_of_a_case_are_told(tmp_path: Path) -> None:
    result = run(tmp_path, {"level": "5.5 SP4"}, action="apply", reasons=["partial"])
    assert len(result.failures) == 3
    assert result.decision.decision == "undetermined"


def given(folder: Path, facts: Document) -> needfix.Server:
    catalogue = load(folder, rule(cases=[{"name": "A case", "given": facts, "expect": "fix-required"}]))
    own = next(iter(catalogue))
    return server_of(catalogue, own, own.cases[0])


def test_the_short_form_of_a_server(tmp_path: Path) -> None:
    facts = {
        "level": "5.5 SP4",
        "build": "5.5.2653.23",
        "edition": "Standard Edition",
        "language": "en",
        "platform": "x86",
        "files": {"Info.dll": "1.0", "Help.txt": {"modified": "2000-03-14", "path": "c:\\help.txt"}},
    }
    found = given(tmp_path, facts)
    product = InstalledProduct(
        "Contoso Mail Server", "5.5 SP4", "5.5.2653.23", "Standard Edition", "en", "x86"
    )
    assert found.products == (product,)
    assert found.files == (
        FileCopy("Info.dll", version="1.0"),
        FileCopy("Help.txt", path="c:\\help.txt", modified="2000-03-14"),
    )
    assert found.complete == frozenset()


def test_the_long_form_of_a_server(tmp_path: Path) -> None:
    facts: Document = {
        "products": [],
        "files": [{"name": "Info.dll", "version": "1.0"}, {"name": "Info.dll", "version": "2.0"}],
        "complete": ["files"],
        "events": [{"source": "MSMail", "id": 1}],
        "services": [{"name": "IS", "state": "stopped"}],
        "counters": [{"name": "queue", "value": 5}],
        "hotfixes": ["Q100001"],
        "restart_pending": True,
        "symptoms": {"observed": ["mail-waits"]},
    }
    found = given(tmp_path, facts)
    assert found.products == ()
    assert [copy.version for copy in found.files] == ["1.0", "2.0"]
    assert found.complete == {"files"}
    assert found.events == (Event("MSMail", 1),)
    assert found.services == (ServiceState("IS", "stopped"),)
    assert found.counters == (CounterSample("queue", 5),)
    assert (found.hotfixes, found.restart_pending) == (("Q100001",), True)
    assert found.observed == {"mail-waits"}


def test_another_product_may_be_named(tmp_path: Path) -> None:
    found = given(tmp_path, {"product": "Contoso Host System", "level": "4.0"})
    assert found.products == (InstalledProduct("Contoso Host System", "4.0"),)


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"complete": ["everything"]}, "complete"),
        ({"events": [{"id": 1}]}, "events[0] has no source"),
        ({"hotfixes": {"Q1": 1}}, "hotfixes"),
        ({"counters": [{"name": "queue", "value": "many"}]}, "counters[0].value"),
        ({"symptoms": ["mail-waits"]}, "symptoms"),
        ({"products": [{"level": "5.5"}]}, "products[0] has no name"),
        ({"restart_pending": "perhaps"}, "restart_pending"),
    ],
)
def test_facts_that_are_no_inventory_are_reported_with_the_line_of_the_case(
    tmp_path: Path, facts: Document, what: str
) -> None:
    catalogue = load(tmp_path, rule(cases=[{"name": "A case", "given": facts, "expect": "fix-required"}]))
    own = next(iter(catalogue))
    with pytest.raises(CatalogueError) as raised:
        run_case(catalogue, own, own.cases[0])
    lines = (tmp_path / "rules.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "name: A case" in text)
    assert {problem.at.line for problem in raised.value.problems} == {line}
    assert any(what in problem.what for problem in raised.value.problems)

"""Cases decided: the shipped ones pass, wrong ones fail and say why, bad ones are errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import needfix
from needfix.cases.testing import collect, run
from needfix.cases.testing.suite import rule_items
from needfix.model.case_result import CaseResult
from needfix.model.decision import ACTIONS, DECISIONS
from needfix.model.server import CounterSample, Event, FileCopy, InstalledProduct, ServiceState
from tests.support.catalogues import OLD, Document, load, rule


def result(folder: Path, given: Document, expect: str = "fix-required", **keys: Any) -> CaseResult:  # noqa: ANN401
    """What comes of the one case of a rule."""
    catalogue = load(folder, rule(cases=[{"name": "A case", "given": given, "expect": expect, **keys}]))
    (item,) = rule_items(catalogue, next(iter(catalogue)))
    return run(item)


def test_every_case_of_every_shipped_rule_passes() -> None:
    results = [run(item) for item in collect([]).items]
    assert len(results) > 1000
    assert [f"{one.at}: {one.name}: {one.why}" for one in results if one.status != "pass"] == []


def test_every_shipped_rule_has_cases() -> None:
    assert [own.id for own in needfix.load_catalogue() if not own.cases] == []


@pytest.mark.parametrize("expect", DECISIONS)
def test_each_decision_fails_but_the_right_one(tmp_path: Path, expect: str) -> None:
    found = result(tmp_path, {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, expect)
    is_right = expect == "fix-required"
    assert found.status == ("pass" if is_right else "fail")
    assert found.why == (() if is_right else (f"expected {expect}, was fix-required",))


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_fails_but_the_right_one(tmp_path: Path, action: str) -> None:
    found = result(tmp_path, {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, action=action)
    wrong = (f"expected the action {action}, was apply",)
    assert found.why == (() if action == "apply" else wrong)


def test_a_reason_that_is_not_given_fails(tmp_path: Path) -> None:
    given = {"level": "5.5 SP4", "files": {"Info.dll": OLD}}
    found = result(tmp_path, given, reasons=["file-below-minimum", "partial"])
    assert found.why == ("expected the reasons partial, were file-below-minimum, level-affected",)


def test_all_failures_of_a_case_are_reported_with_what_was_decided(tmp_path: Path) -> None:
    found = result(tmp_path, {"level": "5.5 SP4"}, action="apply", reasons=["partial"])
    assert len(found.why) == 3
    assert found.answer is not None
    assert (found.answer.decision, found.answer.action) == ("undetermined", "investigate")
    assert "file-not-inventoried" in {reason.code for reason in found.answer.reasons}


def test_a_skipped_case_does_not_run_and_says_why(tmp_path: Path) -> None:
    found = result(tmp_path, {"complete": ["nonsense"]}, skip="waits for the new store")
    assert (found.status, found.answer, found.why) == ("skipped", None, ("waits for the new store",))


def test_a_case_to_review_runs_and_is_marked(tmp_path: Path) -> None:
    found = result(tmp_path, {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, review="is this so?")
    assert (found.status, found.review) == ("pass", "is this so?")


def given(folder: Path, facts: Document) -> needfix.Server:
    catalogue = load(folder, rule(cases=[{"name": "A case", "given": facts, "expect": "fix-required"}]))
    (item,) = rule_items(catalogue, next(iter(catalogue)))
    assert isinstance(item.facts, needfix.Server)
    return item.facts


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
    assert found.observed == frozenset({"mail-waits"})


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
def test_facts_that_are_no_inventory_are_an_error_with_the_line_of_the_case(
    tmp_path: Path, facts: Document, what: str
) -> None:
    found = result(tmp_path, facts)
    lines = (tmp_path / "rules.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "name: A case" in text)
    assert (found.status, found.at.line, found.answer) == ("error", line, None)
    assert any(f":{line}:" in why and what in why for why in found.why)


def test_a_name_may_hold_any_character(tmp_path: Path) -> None:
    name = "old\nstore \x1b[31m\0\x85!"
    cases = [
        {"name": name, "given": {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, "expect": "fix-required"}
    ]
    catalogue = load(tmp_path, rule(cases=cases))
    (item,) = rule_items(catalogue, next(iter(catalogue)))
    found = run(item)
    assert (found.status, found.why) == ("pass", ())
    assert found.case == name

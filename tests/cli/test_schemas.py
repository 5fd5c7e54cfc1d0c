"""The schemas say what the readers say: shipped files pass, broken ones do not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from needfix.cli.schema import SCHEMAS
from tests.support import INVENTORIES, ROOT, as_text

RULES = sorted(ROOT.glob("rules/*/Q*.yaml")) + sorted(ROOT.glob("rules/[es]*/[ES]*.yaml"))[::15]
PRODUCTS = sorted(ROOT.glob("rules/products/*.yaml"))
RULE = as_text((ROOT / "rules/exchange-5.5/Q279798.yaml").read_text(encoding="utf-8"))

Change = Callable[[dict[str, Any]], object]


def errors(name: str, value: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[name]()).iter_errors(value)]


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_shipped_rules_pass(file: Path) -> None:
    assert errors("rule", as_text(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("file", PRODUCTS, ids=lambda file: file.stem)
def test_shipped_products_pass(file: Path) -> None:
    assert errors("product", as_text(file.read_text(encoding="utf-8"))) == []


def test_sample_inventories_pass() -> None:
    servers = json.loads((INVENTORIES / "exchange.json").read_text(encoding="utf-8"))
    assert errors("inventory", servers) == []
    assert [errors("inventory", server) for server in servers] == [[]] * len(servers)


@pytest.mark.parametrize(
    "change",
    [
        lambda rule: rule.update(affects=[5.5]),
        lambda rule: rule.update(affects=[]),
        lambda rule: rule.update(afects=["5.5"]),
        lambda rule: rule.update(needfix=2),
        lambda rule: rule.pop("id"),
        lambda rule: rule.pop("fixes"),
        lambda rule: rule.update(apply="sometimes"),
        lambda rule: rule["fixes"][0]["files"].update({"Store.exe": "5.5.2654.29"}),
        lambda rule: rule["fixes"][0]["files"]["Store.exe"].update(version=5.5),
        lambda rule: rule["fixes"][0].update(colour="red"),
        lambda rule: rule["cases"][0].update(expect="fixed"),
        lambda rule: rule["symptoms"][0]["observe"][0].update(above="many"),
        lambda rule: rule.update(review=[{"line": 0, "read": "SP4", "why": "unclear"}]),
        lambda rule: rule.update(review=[{"line": 12, "read": "SP4"}]),
    ],
)
def test_a_broken_rule_does_not_pass(change: Change) -> None:
    rule = copy.deepcopy(RULE)
    change(rule)
    assert errors("rule", rule)


def test_what_a_rule_may_have_beside_the_shipped_one_passes() -> None:
    rule = copy.deepcopy(RULE)
    del rule["product"]
    rule["affects"] = [
        {"product": "exchange-server", "levels": {"from": "5.5", "to": "SP4"}},
        {"product": "windows-nt", "levels": ["4.0 SP6a"], "edition": "Terminal Server Edition"},
    ]
    rule["fixes"].append(
        {
            "platform": "alpha",
            "level": "SP3",
            "files": {"a.dll": {"modified": "2000-03-14T18:00"}, "b.inf": {}},
        }
    )
    rule["requires"] = ["5.5 SP3", "Q1", {"product": "windows-nt", "level": "4.0 SP5"}]
    rule["review"] = [
        {"line": 12, "read": "SP4", "why": "unclear"},
        {"line": 12, "read": "SP4", "why": "unclear", "about": "affects", "propose": {"levels": ["SP4"]}},
    ]
    rule["symptoms"].append(
        {
            "id": "logged",
            "text": "It is logged",
            "observe": [{"source": "MSExchangeIS", "id": 1, "contains": "x"}],
        }
    )
    assert errors("rule", rule) == []


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"server": ""},
        {"server": "A", "files": {}},
        {"server": "A", "complete": ["fils"]},
        {"server": "A", "products": [{}]},
    ],
)
def test_a_broken_record_does_not_pass(record: dict[str, object]) -> None:
    assert errors("inventory", record)


def test_sample_case_files_pass_and_a_broken_one_does_not() -> None:
    (path,) = ROOT.glob("fixtures/cases/*.cases.yaml")
    cases = as_text(path.read_text(encoding="utf-8"))
    assert errors("cases", cases) == []
    cases["cases"][0]["expect"]["Q279798"] = "fixed"
    assert errors("cases", cases)

"""The cases of the shipped rules come out of the plain evaluator as they were written."""

from __future__ import annotations

import pytest

import needfix
from needfix.cases.plain import decide
from needfix.cases.testing import Item
from needfix.cases.testing.suite import rule_items
from tests.support.shipped import RULES, SHIPPED

pytestmark = pytest.mark.broad


def comes_out(item: Item) -> bool:
    assert isinstance(item.facts, needfix.Server)
    decision, action = decide(SHIPPED, item.facts, [item.rule])[item.rule]
    return decision == item.expected.decision and item.expected.action in (None, action)


@pytest.mark.parametrize("own", RULES)
def test_every_case_of_a_shipped_rule_comes_out(own: needfix.Rule) -> None:
    items = rule_items(SHIPPED, own)
    assert items
    assert [item.case for item in items if not comes_out(item)] == []

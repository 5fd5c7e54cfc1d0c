"""The cases of the shipped rules come out of the plain evaluator as they were written."""

from __future__ import annotations

import pytest

import needfix
from needfix.authoring.cases import server_of
from needfix.authoring.plain import decide
from needfix.model.rule import Case

SHIPPED = needfix.load_catalogue()


def comes_out(own: needfix.Rule, case: Case) -> bool:
    decision, action = decide(SHIPPED, server_of(SHIPPED, own, case))[own.id]
    return decision == case.expect and case.action in (None, action)


@pytest.mark.parametrize("own", list(SHIPPED), ids=lambda own: own.id)
def test_every_case_of_a_shipped_rule_comes_out(own: needfix.Rule) -> None:
    assert own.cases
    assert [case.name for case in own.cases if not comes_out(own, case)] == []

"""The coverage of a suite: each rule's targets, and whether any of its cases reaches them."""

from __future__ import annotations

from needfix.cases.coverage.reached import reached
from needfix.cases.coverage.targets import Key, goals
from needfix.cases.testing import Suite, TestedRule
from needfix.catalogue.places import position_of
from needfix.model.coverage import Coverage, RuleCoverage, Target


def coverage(suite: Suite) -> Coverage:
    """What the cases that are not skipped reach of each rule under test."""
    return Coverage(tuple(map(_of_rule, suite.rules)))


def _of_rule(tested: TestedRule) -> RuleCoverage:
    rule, seen = tested.rule, set[Key]()
    for item in tested.items:
        if item.skip is None and not isinstance(item.facts, tuple):
            seen.update(reached(item.catalogue, item.catalogue.rules[rule.id], item.facts))
    targets = (
        Target(goal.kind, goal.what, goal.at, goal.key in seen) for goal in goals(rule, tested.catalogue)
    )
    is_bare = all(item.skip is not None for item in tested.items)
    return RuleCoverage(rule.id, position_of(rule), tuple(targets), is_bare)

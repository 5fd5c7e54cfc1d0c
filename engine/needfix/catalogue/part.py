"""A catalogue reduced to some rules and those that their decisions depend on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from needfix.catalogue.assemble import superseded_by
from needfix.catalogue.catalogue import Catalogue
from needfix.model.rule import Rule


def part(catalogue: Catalogue, rule_ids: Iterable[str]) -> Catalogue:
    """The same catalogue with only these rules and those they depend on; their decisions stay the same."""
    kept = with_dependencies(catalogue, rule_ids)
    rules = {rule_id: rule for rule_id, rule in catalogue.rules.items() if rule_id in kept}
    return replace(
        catalogue,
        rules=rules,
        ids={rule_id.casefold(): rule_id for rule_id in rules},
        order=tuple(rule_id for rule_id in catalogue.order if rule_id in kept),
        superseded_by=superseded_by(rules.values()),
    )


def with_rule(catalogue: Catalogue, rule: Rule) -> Catalogue:
    """The same catalogue with another rule of that id, which must not depend on more rules than it did."""
    rules = {**catalogue.rules, rule.id: rule}
    return replace(catalogue, rules=rules, superseded_by=superseded_by(rules.values()))


def with_dependencies(catalogue: Catalogue, rule_ids: Iterable[str]) -> set[str]:
    """The ids of some rules and of all that their decisions depend on."""
    found: set[str] = set()
    waiting = list(rule_ids)
    while waiting:
        rule_id = waiting.pop()
        if rule_id not in found:
            found.add(rule_id)
            waiting += catalogue.superseded_by.get(rule_id, ())
            waiting += (
                needed
                for needed in catalogue.required_rules(catalogue.rules[rule_id])
                if needed in catalogue.rules
            )
    return found

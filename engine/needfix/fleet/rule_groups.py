"""Rules in groups that look at the same products: a server is planned for each group by those alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.compare.installed import Installed
from needfix.model.rule import Rule


class RuleGroup(NamedTuple):
    """Rules, each behind those that it depends on, and the products that their decisions depend on."""

    number: int
    order: tuple[str, ...]
    products: frozenset[str]

    def sees(self, here: Installed) -> Installed:
        """What matters of a server's products for these rules."""
        own = tuple(there for there in here.installations if there.product.product in self.products)
        unclear = ((name, meant & self.products) for name, meant in here.unclear_names)
        return Installed(own, here.told, tuple(pair for pair in unclear if pair[1]))


def rule_groups(catalogue: Catalogue) -> tuple[RuleGroup, ...]:
    """All rules in groups; rules that depend on each other are in the same."""
    links = _Links(catalogue.rules)
    for rule in catalogue:
        for other in (*catalogue.required_rules(rule), *catalogue.superseded_by.get(rule.id, ())):
            links.join(rule.id, other)
    products: dict[str, frozenset[str]] = {}
    for rule in catalogue:
        first = links.first(rule.id)
        products[first] = products.get(first, frozenset()) | _products(rule)
    members: dict[frozenset[str], list[str]] = {}
    for rule_id in catalogue.order:
        members.setdefault(products[links.first(rule_id)], []).append(rule_id)
    return tuple(RuleGroup(number, tuple(ids), own) for number, (own, ids) in enumerate(members.items()))


def _products(rule: Rule) -> frozenset[str]:
    """The products that decide whether a rule concerns a server and what it requires."""
    levels = [level.product for entry in rule.requires if not isinstance(entry, str) for level in entry]
    return frozenset({*rule.products, *(mark.product for mark in rule.corrected_in), *levels})


class _Links:
    """Which rules hang together."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._parents = {rule_id: rule_id for rule_id in rules}

    def first(self, rule_id: str) -> str:
        """The rule that stands for all that hang together with one."""
        while self._parents[rule_id] != rule_id:
            above = self._parents[self._parents[rule_id]]
            self._parents[rule_id] = above
            rule_id = above
        return rule_id

    def join(self, one: str, other: str) -> None:
        """Note that two rules hang together, if both are in the catalogue."""
        if other in self._parents:
            self._parents[self.first(other)] = self.first(one)

"""Views: what a group of rules sees of a server's products. Servers with the same view share a checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

import numpy as np

from needfix.catalogue import Catalogue
from needfix.compare.installation import Installed
from needfix.compare.level_support import EndOfSupport
from needfix.compare.registry import AskedValue, RegistryMeasure, values_of_entries
from needfix.decide.engine import Engine, products_of
from needfix.decide.preparation import make_checklist
from needfix.fleet.arrays import Ints
from needfix.fleet.build_cells import BuildCell, build_cells
from needfix.fleet.checklists import FleetChecklist
from needfix.fleet.kinds import PRODUCT_FIELDS, Content, Entry, KeyFile
from needfix.fleet.registry_cells import STATES
from needfix.fleet.slots import Slots
from needfix.garbage import without_collecting
from needfix.model.reason_codes import FACTS_THAT_DISAGREE
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, InstalledProduct, Scope, Server, as_read


class RuleGroup(NamedTuple):
    """Rules, each behind those that it depends on, and the products that their decisions depend on.

    `values` of the registry are those that entries of `affects` ask for.
    """

    number: int
    order: tuple[str, ...]
    products: frozenset[str]
    values: frozenset[AskedValue]

    def sees(self, here: Installed) -> Installed:
        """What matters of a server's products for these rules."""
        own = tuple(there for there in here.installations if there.product.product in self.products)
        unclear = ((name, meant & self.products) for name, meant in here.unclear_names)
        unproven = tuple(pair for pair in here.unproven if pair[0] in self.products)
        known = tuple(pair for pair in unclear if pair[1])
        values = tuple(pair for pair in here.registry if pair[0] in self.values)
        return replace(here, installations=own, unclear_names=known, unproven=unproven, registry=values)


def rule_groups(catalogue: Catalogue) -> tuple[RuleGroup, ...]:
    """All rules in groups; rules that depend on each other are in the same."""
    links = _Links(catalogue.rules)
    for rule in catalogue:
        for other in (*catalogue.required_rules(rule), *catalogue.superseded_by.get(rule.id, ())):
            links.join(rule.id, other)
    products: dict[str, frozenset[str]] = {}
    for rule in catalogue:
        first = links.first(rule.id)
        products[first] = products.get(first, frozenset()) | products_of(rule)
    members: dict[frozenset[str], list[str]] = {}
    for rule_id in catalogue.order:
        members.setdefault(products[links.first(rule_id)], []).append(rule_id)
    return tuple(
        RuleGroup(number, tuple(ids), own, _asked(catalogue, ids))
        for number, (own, ids) in enumerate(members.items())
    )


def _asked(catalogue: Catalogue, rule_ids: Sequence[str]) -> frozenset[AskedValue]:
    return frozenset(one for rule_id in rule_ids for one in values_of_entries(catalogue.rules[rule_id]))


class _Links:
    """Which rules hang together."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._parents = {rule_id: rule_id for rule_id in rules}

    def first(self, rule_id: str) -> str:
        """The rule that represents all that are connected with one."""
        while self._parents[rule_id] != rule_id:
            above = self._parents[self._parents[rule_id]]
            self._parents[rule_id] = above
            rule_id = above
        return rule_id

    def join(self, one: str, other: str) -> None:
        """Note that two rules hang together, if both are in the catalogue."""
        if other in self._parents:
            self._parents[self.first(other)] = self.first(one)


_MOST_CONTENTS = 1 << 14
_MOST_VIEWS = 1 << 17
ONE_BY_ONE = -1
"""Instead of the number of a view: its servers are decided one by one, as there are too many views, or a rule
has installations to decide one by one."""


class Views:
    """Numbers the views that there are, and makes the checklist of each.

    A view holds all that reason codes take from products, so that it is finer than a checklist.
    """

    def __init__(self, engine: Engine, slots: Slots, keys: tuple[KeyFile, ...]) -> None:
        self.groups = rule_groups(engine.catalogue)
        self.checklists: list[FleetChecklist] = []
        self._disagreements: list[int] = []
        self._engine = engine
        self._slots = slots
        self._keys = keys
        self._order = {rule_id: number for number, rule_id in enumerate(engine.catalogue.rules)}
        self._of_contents: dict[Content, Ints] = {}
        self._builds_of: dict[Content, tuple[BuildCell, ...]] = {}
        self._with_builds = engine.builds.products
        self._numbers: dict[tuple[object, ...], int] = {}
        self._by_signature: dict[tuple[object, ...], FleetChecklist | None] = {}
        self._lock = Lock()

    def of(self, content: Content) -> Ints:
        """The number of the view that each group has of servers with these facts, or ONE_BY_ONE."""
        found = self._of_contents.get(content)
        if found is None:
            here = self._installed(content)
            found = np.array([self._number(group, group.sees(here)) for group in self.groups], np.int32)
            if len(self._of_contents) >= _MOST_CONTENTS:
                self._of_contents.clear()
            self._of_contents[content] = found
        return found

    def _installed(self, content: Content) -> Installed:
        """The products of servers with these facts, and what they show of the registry."""
        here = self._engine.products(self._server(content))
        if not content.registry:
            return here
        values = map(RegistryMeasure, (STATES[number] for number in content.registry))
        return here.with_registry(tuple(zip(self._engine.registry.of_entries, values, strict=True)))

    def ends_of_support(self, content: Content) -> tuple[EndOfSupport, ...]:
        """When the support of what servers with these facts have ends."""
        return self._engine.support.of(self._engine.products(self._server(content)))

    def build_cells(self, contents: Sequence[Content]) -> list[tuple[BuildCell, ...]]:
        """The cells of builds of servers with these facts; none where no rule compares builds."""
        return list(map(self._build_cells, contents)) if self._slots.builds else []

    def _build_cells(self, content: Content) -> tuple[BuildCell, ...]:
        found = self._builds_of.get(content)
        if found is None:
            if len(self._builds_of) >= _MOST_CONTENTS:
                self._builds_of.clear()
            here = self._engine.products(self._server(content))
            found = self._builds_of[content] = tuple(build_cells(self._slots, here))
        return found

    def _number(self, group: RuleGroup, here: Installed) -> int:
        remarks = tuple(tuple(remark.code for remark in one.remarks) for one in here.installations)
        present = [one.product.product for one in here.installations]
        if any(present.count(product) > 1 for product in self._with_builds.intersection(present)):
            return ONE_BY_ONE  # the builds of each are compared
        key = group.number, here.signature, remarks
        with self._lock:
            number = self._numbers.get(key)
            if number is None and len(self.checklists) < _MOST_VIEWS:
                number = self._numbers[key] = self._add(self._checklist(group, here), here)
        return ONE_BY_ONE if number is None else number

    def _add(self, checklist: FleetChecklist | None, here: Installed) -> int:
        if checklist is None:
            return ONE_BY_ONE
        codes = here.disagreements
        bits = sum(1 << place for place, code in enumerate(FACTS_THAT_DISAGREE) if code in codes)
        self._disagreements.append(bits)
        self.checklists.append(checklist)
        return len(self.checklists) - 1

    def disagreements(self, views: Ints) -> Ints:
        """For each row of views what disagrees in any, as bits in the order of FACTS_THAT_DISAGREE."""
        bits = np.array([*self._disagreements, 0], np.int64)  # the last is for ONE_BY_ONE
        found: Ints = np.bitwise_or.reduce(bits[views], axis=1)
        return found

    @without_collecting()
    def _checklist(self, group: RuleGroup, here: Installed) -> FleetChecklist | None:
        """The checklist of a view; None where some rule has installations to decide one by one."""
        key = group.number, here.signature
        if key not in self._by_signature:
            single = make_checklist(self._engine.parts, here, group.order)
            is_fit = not any(rule.also for rule in single.open)
            made = FleetChecklist(single, self._order, self._slots) if is_fit else None
            self._by_signature[key] = made
        return self._by_signature[key]

    def _server(self, content: Content) -> Server:
        """A server that states only this about its products."""
        products = None if content.products is None else tuple(map(_product, content.products))
        copies = (
            key.copy(code) for key, own in zip(self._keys, content.key_files, strict=True) for code in own
        )
        complete: set[Scope] = {"products"} if products is not None else set()
        others = [as_read(FileCopy, name="another.file")] if content.is_complete else []
        complete |= {"files"} if content.is_complete else set()
        return as_read(
            Server,
            server="",
            products=products,
            files=(*(copy for copy in copies if copy is not None), *others),
            complete=frozenset(complete),
        )


def _product(entry: Entry) -> InstalledProduct:
    stated = dict(zip(PRODUCT_FIELDS, entry, strict=True))
    name = stated.pop("name") or ""
    return as_read(InstalledProduct, name=name, **stated)

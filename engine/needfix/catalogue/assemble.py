"""Assembles rules and product definitions; checks duplicates, references and dependencies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter

from needfix.catalogue.catalogue import Catalogue
from needfix.catalogue.product_names import ProductNames
from needfix.catalogue.rule_names import RuleNames
from needfix.errors import Position, Problem
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule

_NOWHERE = Position("<rules>", 1)


def assemble(
    rules: Sequence[Rule],
    products: Mapping[str, ProductDefinition],
    problems: list[Problem],
    defined: Iterable[str] = (),
    day: date | None = None,
) -> Catalogue:
    """A catalogue; duplicate ids and circles are added to `problems`."""
    by_id: dict[str, Rule] = {}
    repeated = tuple(rule for rule in rules if by_id.setdefault(rule.id.casefold(), rule) is not rule)
    problems.extend(_again(rule, by_id[rule.id.casefold()]) for rule in repeated)
    newer = superseded_by(by_id.values())
    return Catalogue(
        rules={rule.id: rule for rule in by_id.values()},
        products=dict(products),
        ids={folded: rule.id for folded, rule in by_id.items()},
        order=_order(by_id, newer, problems),
        superseded_by=newer,
        names=ProductNames.of(products.values()),
        repeated=repeated,
        defined=tuple(defined),
        date=day,
    )


def _again(rule: Rule, first: Rule) -> Problem:
    what = f"the rule {rule.id} is already defined at {first.at}"
    return Problem(rule.at or _NOWHERE, what, "each rule once", "remove one of the two")


def superseded_by(rules: Collection[Rule]) -> dict[str, tuple[str, ...]]:
    """For each rule that others supersede, the ids of those."""
    names = RuleNames(rules)
    newer: dict[str, dict[str, None]] = {}
    for rule in rules:
        for older in rule.supersedes:
            for known in names.meant(older):
                newer.setdefault(known, {})[rule.id] = None
    return {older: tuple(ids) for older, ids in newer.items()}


def superseding(newer: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each rule that others supersede, directly or through others, the ids of those, nearest first."""
    found: dict[str, tuple[str, ...]] = {}
    for rule_id, direct in newer.items():
        every = dict.fromkeys(direct)
        waiting = list(direct)
        for one in waiting:  # grows as it goes
            more = [other for other in newer.get(one, ()) if other not in every]
            every.update(dict.fromkeys(more))
            waiting += more
        found[rule_id] = tuple(every)
    return found


def _order(
    by_id: Mapping[str, Rule], newer: Mapping[str, tuple[str, ...]], problems: list[Problem]
) -> tuple[str, ...]:
    """The ids so that each rule follows those that it requires and those that supersede it."""
    names = RuleNames(by_id.values())
    graph = {
        rule.id: dict.fromkeys([*newer.get(rule.id, ()), *_required(rule, names)]) for rule in by_id.values()
    }
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        problems.append(_circle(error.args[1], by_id))
        return ()


def _circle(ids: list[str], by_id: Mapping[str, Rule]) -> Problem:
    """The problem of rules that depend on each other; the first id is also the last."""
    at = by_id[ids[0].casefold()].at or _NOWHERE
    if len(set(ids)) == 1:
        what = f"the rule {ids[0]} requires or supersedes itself"
        own = "its id or its update" if by_id[ids[0].casefold()].updates else "its id"
        return Problem(at, what, "the ids of other rules", f"remove {own} from its own lists")
    what = f"these rules require or supersede each other in a circle: {' → '.join(ids)}"
    hint = "correct 'requires' and 'supersedes' of one of them"
    return Problem(at, what, "dependencies without a circle", hint)


def _required(rule: Rule, names: RuleNames) -> Iterable[str]:
    return (known for name in rule.required_names for known in names.meant(name))

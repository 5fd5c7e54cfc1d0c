"""What a catalogue asks of servers with the same products, worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from needfix.catalogue import Catalogue
from needfix.compare.affected import Assessment, assess
from needfix.compare.branches import choose
from needfix.compare.installed import Installation, Installed
from needfix.decide.plan_parts import PlanParts
from needfix.decide.rule_plan import RulePlan
from needfix.garbage import without_collecting
from needfix.model.evidence import Requires
from needfix.model.rule import ProductLevel, Rule
from needfix.versions import Level


class RulePlans(Mapping[str, RulePlan]):
    """Plans by rule; those of closed rules, of which most reports say nothing, are made when asked for."""

    def __init__(self, ids: Sequence[str], make: Callable[[str], RulePlan]) -> None:
        self._ids = dict.fromkeys(ids)
        self._make = make
        self._made: dict[str, RulePlan] = {}

    def __getitem__(self, rule_id: str) -> RulePlan:
        if rule_id not in self._made and rule_id in self._ids:
            self._made[rule_id] = self._make(rule_id)
        return self._made[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All rules by id: those that are open and those that are closed.

    The files of the `open` ones matter; each stands behind those that it depends on. The `closed`
    ones do not affect servers with these products.
    """

    rules: RulePlans
    open: tuple[RulePlan, ...]
    closed: tuple[str, ...]


@without_collecting()
def make_plan(parts: PlanParts, here: Installed, order: tuple[str, ...] | None = None) -> Plan:
    """Hold rules against the products of a server: all of them, or those in `order`."""
    rules = parts.catalogue.rules
    order = parts.catalogue.order if order is None else order
    scopes = parts.scopes(order)
    assessed = {scope: assess(rules[scope], here) for scope in dict.fromkeys(scopes)}
    is_open = {scope: assessment.affected != "no" for scope, assessment in assessed.items()}

    def make(rule_id: str) -> RulePlan:
        rule = rules[rule_id]
        return _rule_plan(rule, assessed[parts.scope(rule)], parts, here)

    plans = RulePlans(order, make)
    opened = [rule_id for rule_id, scope in zip(order, scopes, strict=True) if is_open[scope]]
    closed = [rule_id for rule_id, scope in zip(order, scopes, strict=True) if not is_open[scope]]
    return Plan(plans, tuple(map(plans.__getitem__, opened)), tuple(closed))


def _rule_plan(rule: Rule, assessment: Assessment, parts: PlanParts, here: Installed) -> RulePlan:
    levels = _levels_reached(rule, here)
    installations = len(assessment.installations) or len(rule.products)
    same = parts.with_one_fix(rule, assessment.affected, installations, levels)
    if same is not None:
        return same
    concerned = _concerned(assessment, rule, parts.catalogue)
    choices = tuple(choose(rule, installation) for installation in concerned)
    return parts.rule_plan(rule, assessment.affected, choices, levels)


def _concerned(assessment: Assessment, rule: Rule, catalogue: Catalogue) -> Iterable[Installation]:
    """The installations to look at; where none is known, one of which nothing is known."""
    if assessment.installations:
        return assessment.installations
    return (Installation(catalogue.products[product], None) for product in rule.products)


def _levels_reached(rule: Rule, here: Installed) -> Requires:
    return combined(reached(levels, here) for levels in rule.requires if not isinstance(levels, str))


def combined(answers: Iterable[Requires]) -> Requires:
    """All must be met; one that is not outweighs one that is unknown."""
    seen = set(answers)
    if "unmet" in seen:
        return "unmet"
    return "unknown" if "unknown" in seen else "met"


_BEST_FIRST: tuple[Requires, ...] = ("met", "unknown", "unmet")


def reached(levels: Iterable[ProductLevel], here: Installed) -> Requires:
    """Whether a server has reached one of several levels."""
    answers = {_reached(level, here) for level in levels}
    return next((answer for answer in _BEST_FIRST if answer in answers), "unknown")


def _reached(required: ProductLevel, here: Installed) -> Requires:
    installations = here.of(required.product)
    if not installations:
        resembled = any(required.product in products for _, products in here.unclear_names)
        return "unmet" if here.told and not resembled else "unknown"
    answers = {_at_least(required.level, installation) for installation in installations}
    return next(answer for answer in _BEST_FIRST if answer in answers)


def _at_least(required: Level, here: Installation) -> Requires:
    levels = here.possible if here.level is None else (here.level,)
    reached = {level >= required for level in levels}
    if len(reached) != 1:
        return "unknown"
    return "met" if reached == {True} else "unmet"

"""What a catalogue asks of servers with the same products, worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from needfix.catalogue import Catalogue
from needfix.decide.affected import Assessment, assess
from needfix.decide.branches import Choice, choose
from needfix.decide.files import InstallationChecks
from needfix.decide.inference import Outcome
from needfix.decide.installed import Installation, Installed
from needfix.decide.plan_parts import PlanParts
from needfix.decide.tracked import Check
from needfix.garbage import without_collecting
from needfix.model.evidence import Affected, Files, Requires
from needfix.model.rule import ProductLevel, Rule
from needfix.versions import Level


@dataclass(frozen=True, slots=True, eq=False)
class RulePlan:
    """One rule for servers with the same products.

    `simple` holds the checks where there is only one fix to look at, which is nearly always.
    `silent` remembers outcomes of servers that tell of nothing but products and files.
    """

    rule: Rule
    affected: Affected
    choices: tuple[Choice, ...]
    checks: tuple[InstallationChecks, ...]
    simple: tuple[Check, ...] | None
    required_levels: Requires
    required_rules: tuple[str, ...]
    superseded_by: tuple[str, ...]
    silent: dict[Files, Outcome] = field(default_factory=dict)

    @property
    def all_checks(self) -> tuple[Check, ...]:
        """What the chosen fixes ask of files, each once."""
        return tuple(dict.fromkeys(c for i in self.checks for branch in i for fix in branch for c in fix))

    @property
    def stands_alone(self) -> bool:
        """Whether no other rule's decision matters for this one."""
        return not self.required_rules and not self.superseded_by


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
def make_plan(parts: PlanParts, here: Installed, order: Sequence[str] | None = None) -> Plan:
    """Hold rules against the products of a server: all of them, or those in `order`."""
    rules = parts.catalogue.rules
    order = parts.catalogue.order if order is None else order
    known: dict[str, Assessment] = {}

    def assessed(rule_id: str) -> Assessment:
        rule = rules[rule_id]
        scope = parts.scope(rule)
        if scope not in known:
            known[scope] = assess(rule, here)
        return known[scope]

    plans = RulePlans(order, lambda rule_id: _rule_plan(rules[rule_id], assessed(rule_id), parts, here))
    opened = tuple(rule_id for rule_id in order if assessed(rule_id).affected != "no")
    is_open = frozenset(opened)
    closed = tuple(rule_id for rule_id in order if rule_id not in is_open)
    return Plan(plans, tuple(map(plans.__getitem__, opened)), closed)


def _rule_plan(rule: Rule, assessment: Assessment, parts: PlanParts, here: Installed) -> RulePlan:
    catalogue, fixed = parts.catalogue, parts.fixed(rule)
    concerned = _concerned(assessment, rule, catalogue)
    choices = tuple(fixed.choice if fixed else choose(rule, installation) for installation in concerned)
    checks = tuple(fixed.checks if fixed else parts.checks(rule, choice) for choice in choices)
    return RulePlan(
        rule=rule,
        affected=assessment.affected,
        choices=choices,
        checks=checks,
        simple=_simple(checks),
        required_levels=_levels_reached(rule, here),
        required_rules=catalogue.required_rules(rule),
        superseded_by=catalogue.superseded_by.get(rule.id, ()),
    )


def _concerned(assessment: Assessment, rule: Rule, catalogue: Catalogue) -> Iterable[Installation]:
    """The installations to look at; where none is known, one of which nothing is known."""
    if assessment.installations:
        return assessment.installations
    return (Installation(catalogue.products[product], None) for product in rule.products)


def _simple(checks: tuple[InstallationChecks, ...]) -> tuple[Check, ...] | None:
    if len(checks) == 1 and len(checks[0]) == 1 and len(checks[0][0]) == 1:
        return checks[0][0][0] or None
    return None


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

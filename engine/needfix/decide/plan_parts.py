"""What is the same of a rule in every plan, worked out when a plan first asks for it."""

from __future__ import annotations

from needfix.catalogue import Catalogue
from needfix.compare.branches import Branch, Choice, choose_any
from needfix.compare.files import BranchChecks, InstallationChecks
from needfix.compare.tracked import Check, TrackedFiles
from needfix.decide.rule_plan import RulePlan
from needfix.model.evidence import Affected, Requires
from needfix.model.rule import Affects, Correction, Rule


class PlanParts:
    """The parts of plans that depend on a catalogue alone."""

    def __init__(self, catalogue: Catalogue, tracked: TrackedFiles) -> None:
        self.catalogue = catalogue
        self._tracked = tracked
        self._scopes: dict[str, str] = {}
        self._firsts: dict[tuple[tuple[Affects, ...], tuple[Correction, ...]], str] = {}
        self._in_order: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._with_one_fix: dict[tuple[str, Affected, int, Requires], RulePlan | None] = {}

    def scope(self, rule: Rule) -> str:
        """The first rule met that concerns the same levels: both are held against a server once.

        Unlike a number counted up, its id is never given to other levels by a thread beside this one.
        """
        scope = self._scopes.get(rule.id)
        if scope is None:
            scope = self._scopes[rule.id] = self._firsts.setdefault(
                (rule.affects, rule.corrected_in), rule.id
            )
        return scope

    def scopes(self, order: tuple[str, ...]) -> tuple[str, ...]:
        """The scope of each of these rules."""
        scopes = self._in_order.get(order)
        if scopes is None:
            scopes = tuple(self.scope(self.catalogue.rules[rule_id]) for rule_id in order)
            self._in_order[order] = scopes
        return scopes

    def with_one_fix(
        self, rule: Rule, affected: Affected, installations: int, levels: Requires
    ) -> RulePlan | None:
        """The plan of a rule that has one fix for every server: the same for all that it concerns alike."""
        key = rule.id, affected, installations, levels
        if key not in self._with_one_fix:
            choice = choose_any(rule)
            self._with_one_fix[key] = (
                self.rule_plan(rule, affected, (choice,) * installations, levels) if choice else None
            )
        return self._with_one_fix[key]

    def rule_plan(
        self, rule: Rule, affected: Affected, choices: tuple[Choice, ...], levels: Requires
    ) -> RulePlan:
        """The plan of a rule for servers of which each installation has a choice."""
        checks = tuple(self._checks(rule, choice) for choice in choices)
        return RulePlan(
            rule=rule,
            affected=affected,
            choices=choices,
            checks=checks,
            simple=_simple(checks),
            required_levels=levels,
            required_rules=self.catalogue.required_rules(rule),
            superseded_by=self.catalogue.superseded_by.get(rule.id, ()),
        )

    def _checks(self, rule: Rule, choice: Choice) -> InstallationChecks:
        """What the branches of a choice ask of files."""
        return tuple(self._branch_checks(rule, branch) for branch in choice.branches)

    def _branch_checks(self, rule: Rule, branch: Branch) -> BranchChecks:
        """The checks of a branch by component, or all together where a missing one is not passed over."""
        fixes = tuple(self._tracked.checks(fix) for fix in branch.fixes)
        if rule.if_missing == "not-affected":
            return fixes
        return (tuple(check for fix in fixes for check in fix),)


def _simple(checks: tuple[InstallationChecks, ...]) -> tuple[Check, ...] | None:
    """The checks where there is one fix to look at."""
    if len(checks) == 1 and len(checks[0]) == 1 and len(checks[0][0]) == 1:
        return checks[0][0][0] or None
    return None

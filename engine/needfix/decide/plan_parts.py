"""What is the same of a rule in every plan, worked out when a plan first asks for it."""

from __future__ import annotations

from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.decide.branches import Branch, Choice, choose_any
from needfix.decide.files import BranchChecks, InstallationChecks
from needfix.decide.tracked import TrackedFiles
from needfix.model.rule import Affects, Correction, Rule


class Fixed(NamedTuple):
    """The only fix that a rule has, and what it asks of files: the same for every installation."""

    choice: Choice
    checks: InstallationChecks


class PlanParts:
    """The parts of plans that depend on a catalogue alone."""

    def __init__(self, catalogue: Catalogue, tracked: TrackedFiles) -> None:
        self.catalogue = catalogue
        self._tracked = tracked
        self._scopes: dict[str, str] = {}
        self._firsts: dict[tuple[tuple[Affects, ...], tuple[Correction, ...]], str] = {}
        self._fixed: dict[str, Fixed | None] = {}

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

    def fixed(self, rule: Rule) -> Fixed | None:
        """The fix of a rule for every server, where it has one."""
        if rule.id not in self._fixed:
            choice = choose_any(rule)
            self._fixed[rule.id] = Fixed(choice, self.checks(rule, choice)) if choice else None
        return self._fixed[rule.id]

    def checks(self, rule: Rule, choice: Choice) -> InstallationChecks:
        """What the branches of a choice ask of files."""
        return tuple(self._branch_checks(rule, branch) for branch in choice.branches)

    def _branch_checks(self, rule: Rule, branch: Branch) -> BranchChecks:
        """The checks of a branch by component, or all together where a missing one is not passed over."""
        fixes = tuple(self._tracked.checks(fix) for fix in branch.fixes)
        if rule.if_missing == "not-affected":
            return fixes
        return (tuple(check for fix in fixes for check in fix),)

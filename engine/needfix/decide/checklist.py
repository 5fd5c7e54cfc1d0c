"""The checks of a catalogue for servers with the same products, prepared once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import superseding
from needfix.compare.affected import Assessment, assess
from needfix.compare.branches import Branch, BranchChoice, choose, choose_any
from needfix.compare.files import BranchChecks, InstallationChecks
from needfix.compare.installed import Installation, Installed
from needfix.compare.tracked import FileCheck, TrackedFiles
from needfix.decide.dependencies import is_carried, levels_reached, proves_others
from needfix.garbage import without_collecting
from needfix.infer.inference import Outcome
from needfix.model.evidence import Affected, Files, Requires
from needfix.model.rule import Affects, Correction, Rule


@dataclass(frozen=True, slots=True, eq=False)
class RuleChecklist:
    """One rule for servers with the same products.

    `simple` holds the checks where there is only one fix to look at, which is nearly always.
    `superseded_by` are the rules that contain this one's fix, directly or through others. `proves` is
    whether the fixes that the rule supersedes are present where its own files are.
    `silent` caches the outcomes of servers that state only products and files, by their files.
    """

    rule: Rule
    affected: Affected
    choices: tuple[BranchChoice, ...]
    checks: tuple[InstallationChecks, ...]
    simple: tuple[FileCheck, ...] | None
    required_levels: Requires
    required_rules: tuple[str, ...]
    superseded_by: tuple[str, ...]
    proves: bool
    silent: dict[Files, Outcome] = field(default_factory=dict)

    @property
    def all_checks(self) -> tuple[FileCheck, ...]:
        """The minima of the chosen fixes, each once."""
        return tuple(dict.fromkeys(c for i in self.checks for branch in i for fix in branch for c in fix))

    @property
    def is_independent(self) -> bool:
        """Whether this rule's decision depends on no other rule's."""
        return not self.required_rules and not self.superseded_by


class ChecklistParts:
    """The parts of checklists that depend only on a catalogue."""

    def __init__(self, catalogue: Catalogue, tracked: TrackedFiles) -> None:
        self.catalogue = catalogue
        self._tracked = tracked
        self._scopes: dict[str, str] = {}
        self._firsts: dict[tuple[tuple[Affects, ...], tuple[Correction, ...]], str] = {}
        self._in_order: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._with_one_fix: dict[tuple[object, ...], RuleChecklist | None] = {}
        self._superseding = superseding(catalogue.superseded_by)
        self.required = frozenset(needed for rule in catalogue for needed in catalogue.required_rules(rule))

    def scope(self, rule: Rule) -> str:
        """The id of the first rule that affects the same levels: such rules are assessed together.

        Unlike a counter, the id cannot be given to other levels by another thread.
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
        self, rule: Rule, affected: Affected, installations: int, levels: Requires, *, proves: bool
    ) -> RuleChecklist | None:
        """The checklist of a rule with one fix for every server; servers with the same key share it."""
        key = rule.id, affected, installations, levels, proves
        if key not in self._with_one_fix:
            choice = choose_any(rule)
            self._with_one_fix[key] = (
                self.rule_checklist(rule, affected, (choice,) * installations, levels, proves=proves)
                if choice
                else None
            )
        return self._with_one_fix[key]

    def rule_checklist(
        self,
        rule: Rule,
        affected: Affected,
        choices: tuple[BranchChoice, ...],
        levels: Requires,
        *,
        proves: bool,
    ) -> RuleChecklist:
        """The checklist of a rule, with a choice of fixes for each installation."""
        checks = tuple(self._checks(rule, choice) for choice in choices)
        return RuleChecklist(
            rule=rule,
            affected=affected,
            choices=choices,
            checks=checks,
            simple=_simple(checks),
            required_levels=levels,
            required_rules=self.catalogue.required_rules(rule),
            superseded_by=self._superseding.get(rule.id, ()),
            proves=proves,
        )

    def _checks(self, rule: Rule, choice: BranchChoice) -> InstallationChecks:
        """The checks of the branches of a choice."""
        return tuple(self._branch_checks(rule, branch) for branch in choice.branches)

    def _branch_checks(self, rule: Rule, branch: Branch) -> BranchChecks:
        """The checks of a branch by component; as one group where missing components count."""
        fixes = tuple(self._tracked.checks(fix) for fix in branch.fixes)
        if rule.if_missing == "not-affected":
            return fixes
        return (tuple(check for fix in fixes for check in fix),)


def _simple(checks: tuple[InstallationChecks, ...]) -> tuple[FileCheck, ...] | None:
    """The checks if there is one fix to look at."""
    if len(checks) == 1 and len(checks[0]) == 1 and len(checks[0][0]) == 1:
        return checks[0][0][0] or None
    return None


class RuleChecklists(Mapping[str, RuleChecklist]):
    """Checklists by rule; those of closed rules, which most reports leave out, are made on access."""

    def __init__(self, ids: Sequence[str], make: Callable[[str], RuleChecklist]) -> None:
        self._ids = dict.fromkeys(ids)
        self._make = make
        self._made: dict[str, RuleChecklist] = {}

    def __getitem__(self, rule_id: str) -> RuleChecklist:
        if rule_id not in self._made and rule_id in self._ids:
            self._made[rule_id] = self._make(rule_id)
        return self._made[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


@dataclass(frozen=True, slots=True, eq=False)
class Checklist:
    """All rules by id.

    The `open` rules may affect servers with these products; each comes after the rules that it depends on.
    The `closed` ones do not affect them; of those that others require, `carried` are the ones whose fix
    the server's level carries. `proving` are the open ones that prove the fixes they supersede.
    """

    rules: RuleChecklists
    open: tuple[RuleChecklist, ...]
    closed: tuple[str, ...]
    carried: frozenset[str]
    proving: Mapping[str, RuleChecklist]


@without_collecting()
def make_checklist(parts: ChecklistParts, here: Installed, order: tuple[str, ...] | None = None) -> Checklist:
    """The checklist of a server's products for all rules, or for those in `order`."""
    rules = parts.catalogue.rules
    order = parts.catalogue.order if order is None else order
    scopes = parts.scopes(order)
    assessed = {scope: assess(rules[scope], here) for scope in dict.fromkeys(scopes)}
    is_open = {scope: assessment.affected != "no" for scope, assessment in assessed.items()}

    def make(rule_id: str) -> RuleChecklist:
        rule = rules[rule_id]
        return _rule_checklist(rule, assessed[parts.scope(rule)], parts, here)

    checklists = RuleChecklists(order, make)
    opened = [rule_id for rule_id, scope in zip(order, scopes, strict=True) if is_open[scope]]
    closed = [rule_id for rule_id, scope in zip(order, scopes, strict=True) if not is_open[scope]]
    needed = [rule_id for rule_id in closed if rule_id in parts.required]
    carried = frozenset(rule_id for rule_id in needed if is_carried(assessed[parts.scope(rules[rule_id])]))
    open_ = tuple(map(checklists.__getitem__, opened))
    proving = {checklist.rule.id: checklist for checklist in open_ if checklist.proves}
    return Checklist(checklists, open_, tuple(closed), carried, proving)


def _rule_checklist(
    rule: Rule, assessment: Assessment, parts: ChecklistParts, here: Installed
) -> RuleChecklist:
    levels = levels_reached(rule, here)
    installations = len(assessment.installations) or len(rule.products)
    proves = proves_others(rule, assessment, here)
    same = parts.with_one_fix(rule, assessment.affected, installations, levels, proves=proves)
    if same is not None:
        return same
    concerned = _concerned(assessment, rule, parts.catalogue)
    choices = tuple(choose(rule, installation) for installation in concerned)
    return parts.rule_checklist(rule, assessment.affected, choices, levels, proves=proves)


def _concerned(assessment: Assessment, rule: Rule, catalogue: Catalogue) -> Iterable[Installation]:
    """The installations to look at; where none is known, one for each product of the rule, without facts."""
    if assessment.installations:
        return assessment.installations
    return (Installation(catalogue.products[product], None) for product in rule.products)

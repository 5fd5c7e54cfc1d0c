"""The checks of a catalogue for servers with the same products, prepared once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from needfix.catalogue import Catalogue
from needfix.compare.affected import Assessment, assess
from needfix.compare.branches import Branch, BranchChoice, choose, choose_any
from needfix.compare.files import BranchChecks, InstallationChecks
from needfix.compare.installed import Installation, Installed
from needfix.compare.tracked import FileCheck, TrackedFiles
from needfix.garbage import without_collecting
from needfix.infer.inference import Outcome
from needfix.model.evidence import Affected, Files, Requires
from needfix.model.rule import Affects, Correction, ProductLevel, Rule
from needfix.versions import Level


@dataclass(frozen=True, slots=True, eq=False)
class RuleChecklist:
    """One rule for servers with the same products.

    `simple` holds the checks where there is only one fix to look at, which is nearly always.
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
        self._with_one_fix: dict[tuple[str, Affected, int, Requires], RuleChecklist | None] = {}

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
        self, rule: Rule, affected: Affected, installations: int, levels: Requires
    ) -> RuleChecklist | None:
        """The checklist of a rule with one fix for every server; servers with the same key share it."""
        key = rule.id, affected, installations, levels
        if key not in self._with_one_fix:
            choice = choose_any(rule)
            self._with_one_fix[key] = (
                self.rule_checklist(rule, affected, (choice,) * installations, levels) if choice else None
            )
        return self._with_one_fix[key]

    def rule_checklist(
        self, rule: Rule, affected: Affected, choices: tuple[BranchChoice, ...], levels: Requires
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
            superseded_by=self.catalogue.superseded_by.get(rule.id, ()),
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
    The `closed` ones do not affect them.
    """

    rules: RuleChecklists
    open: tuple[RuleChecklist, ...]
    closed: tuple[str, ...]


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
    return Checklist(checklists, tuple(map(checklists.__getitem__, opened)), tuple(closed))


def _rule_checklist(
    rule: Rule, assessment: Assessment, parts: ChecklistParts, here: Installed
) -> RuleChecklist:
    levels = _levels_reached(rule, here)
    installations = len(assessment.installations) or len(rule.products)
    same = parts.with_one_fix(rule, assessment.affected, installations, levels)
    if same is not None:
        return same
    concerned = _concerned(assessment, rule, parts.catalogue)
    choices = tuple(choose(rule, installation) for installation in concerned)
    return parts.rule_checklist(rule, assessment.affected, choices, levels)


def _concerned(assessment: Assessment, rule: Rule, catalogue: Catalogue) -> Iterable[Installation]:
    """The installations to look at; where none is known, one for each product of the rule, without facts."""
    if assessment.installations:
        return assessment.installations
    return (Installation(catalogue.products[product], None) for product in rule.products)


def _levels_reached(rule: Rule, here: Installed) -> Requires:
    return combined(reached(levels, here) for levels in rule.requires if not isinstance(levels, str))


def combined(answers: Iterable[Requires]) -> Requires:
    """The answer where all must be met: unmet before unknown before met."""
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
        return "unmet" if here.is_listed and not resembled else "unknown"
    answers = {_at_least(required.level, installation) for installation in installations}
    return next(answer for answer in _BEST_FIRST if answer in answers)


def _at_least(required: Level, here: Installation) -> Requires:
    levels = here.possible if here.level is None else (here.level,)
    reached = {level >= required for level in levels}
    if len(reached) != 1:
        return "unknown"
    return "met" if reached == {True} else "unmet"

"""The checks of a catalogue for servers with the same products, prepared once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import superseding
from needfix.compare.affected import AssessedPart, Assessment
from needfix.compare.branches import Branch, BranchChoice, BuildOwner, choose, choose_any
from needfix.compare.build_minima import NO_INSTALLATION, TrackedBuilds
from needfix.compare.builds import levels_of_build
from needfix.compare.files import BranchChecks, InstallationChecks
from needfix.compare.installation import Installation, Installed
from needfix.compare.instances import Instance
from needfix.compare.registry import TrackedRegistry
from needfix.compare.tracked import FileCheck, TrackedFiles
from needfix.decide.needs import Needs, combined, required_levels
from needfix.infer.inference import Outcome
from needfix.model.decision import Reason
from needfix.model.evidence import Affected, Files, Requires, Setting
from needfix.model.product import ProductDefinition
from needfix.model.requirement import ProductLevel
from needfix.model.rule import Affects, Correction, Fix, Rule
from needfix.versions import Level


@dataclass(frozen=True, slots=True, eq=False)
class RuleChecklist:
    """One rule for servers with the same products.

    Installations that differ in more than their fixes are decided one by one: the first is in this
    checklist, `also` are those of the others, and the worst decision counts. `lacks_key_files`: the list of
    files is not believed to be complete. `is_unproven`: a key file is in no level's range, and so does not
    show that the fix is present. `forced`: whether a later level is needed first, and `forced_by` why.
    `simple` holds the checks where there is only one fix to look at, which is nearly always.
    `needs` is what is required, `open_needs` the part of it that depends on other rules, `required_levels`
    the answer of the rest. `superseded_by` are the rules that contain
    this one's fix, directly or through others; `provers` those whose own files, where they are there, show
    that it is present.
    `builds_alone` are the builds of fixes without files, which prove an older rule that has files only where
    key files show them; `has_setting_alone`: a fix has only values of the registry, which prove no other
    rule. `has_files`: this rule has files.
    `instance` is the entry that it is about, where files are divided among several entries of a product.
    `silent` caches the outcomes of servers that state only products and files, by their files.
    """

    rule: Rule
    affected: Affected
    choices: tuple[BranchChoice, ...]
    checks: tuple[InstallationChecks, ...]
    simple: tuple[FileCheck, ...] | None
    required_levels: Requires
    required_rules: tuple[str, ...]
    needs: Needs
    open_needs: Needs
    superseded_by: tuple[str, ...]
    provers: tuple[str, ...]
    builds_alone: tuple[FileCheck, ...]
    has_setting_alone: bool
    has_files: bool
    lacks_key_files: bool = False
    is_unproven: bool = False
    forced: Requires = "met"
    forced_by: tuple[Reason, ...] = ()
    also: tuple[RuleChecklist, ...] = ()
    instance: Instance | None = None
    silent: dict[Files, Outcome] = field(default_factory=dict)

    @property
    def all_checks(self) -> tuple[FileCheck, ...]:
        """The minima of the chosen fixes, each once."""
        return tuple(dict.fromkeys(c for i in self.checks for branch in i for fix in branch for c in fix))

    def setting(self, files: Files) -> Setting:
        """Whether something has to be set beside the files.

        What is needed is there where the fix is, and asks for values of the registry itself.
        """
        is_settled = files == "present" and self.shows_setting
        return "none" if self.rule.also_needed is None or is_settled else "needed"

    @property
    def shows_setting(self) -> bool:
        """Whether every branch that counts asks for values of the registry."""
        branches = [branch for choice in self.choices for branch in choice.branches]
        return bool(branches) and all(any(fix.registry for fix in branch.fixes) for branch in branches)

    @property
    def is_independent(self) -> bool:
        """Whether this rule's decision depends on no other rule's."""
        return not self.required_rules and not self.superseded_by


class Standing(NamedTuple):
    """How the installations of a checklist stand, beside their fixes."""

    affected: Affected
    needs: Needs
    lacks_key_files: bool = False
    is_unproven: bool = False
    forced: Requires = "met"
    forced_by: tuple[Reason, ...] = ()

    @property
    def required_levels(self) -> Requires:
        """Whether every level is there that is needed first."""
        return combined([self.needs.settled, self.forced])

    @property
    def shows_files(self) -> bool:
        """Whether files are taken as they are listed."""
        return not self.lacks_key_files and not self.is_unproven


_MOST_CHECKLISTS = 1 << 16


class ChecklistParts:
    """The parts of checklists that depend only on a catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        tracked: TrackedFiles,
        builds: TrackedBuilds,
        registry: TrackedRegistry,
    ) -> None:
        self.catalogue = catalogue
        self._tracked = tracked
        self._builds = builds
        self._registry = registry
        self._scopes: dict[str, str] = {}
        self._firsts: dict[tuple[tuple[Affects, ...], tuple[Correction, ...]], str] = {}
        self._in_order: dict[tuple[str, ...], Mapping[str, str]] = {}
        self._known: dict[tuple[object, ...], RuleChecklist] = {}
        self._built_on: dict[tuple[int, str], Level | None] = {}
        self._for_all: dict[str, BranchChoice | None] = {}
        self._required_levels = {rule.id: levels for rule in catalogue if (levels := required_levels(rule))}
        self._of_parts: dict[tuple[object, ...], RuleChecklist] = {}
        self.superseding = superseding(catalogue.superseded_by)
        self.required = frozenset(needed for rule in catalogue for needed in catalogue.required_rules(rule))

    def required_levels(self, rule: Rule) -> tuple[tuple[ProductLevel, ...], ...]:
        """The levels that a rule or one of its fixes requires, each once."""
        return self._required_levels.get(rule.id, ())

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

    def scopes(self, order: tuple[str, ...]) -> Mapping[str, str]:
        """The scope of each of these rules, in their order."""
        scopes = self._in_order.get(order)
        if scopes is None:
            scopes = {rule_id: self.scope(self.catalogue.rules[rule_id]) for rule_id in order}
            self._in_order[order] = scopes
        return scopes

    def rule_checklist(
        self, rule: Rule, standing: Standing, choices: tuple[BranchChoice, ...], provers: tuple[str, ...]
    ) -> RuleChecklist:
        """The checklist of a rule, with a choice of fixes for each installation; equal ones are shared."""
        key = rule.id, standing, tuple(map(self._identity, choices)), provers
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_CHECKLISTS:
                self._known.clear()
            checks = tuple(self._checks(rule, choice) for choice in choices)
            known = self._known[key] = RuleChecklist(
                rule=rule,
                affected=standing.affected,
                choices=choices,
                checks=checks,
                simple=_simple(checks),
                required_levels=standing.required_levels,
                required_rules=standing.needs.rules,
                needs=standing.needs,
                open_needs=standing.needs.open,
                superseded_by=self.superseding.get(rule.id, ()),
                provers=provers,
                builds_alone=tuple(_builds_alone(choices, checks)),
                has_setting_alone=any(
                    not fix.compares_files and fix.build is None
                    for choice in choices
                    for branch in choice.branches
                    for fix in branch.fixes
                ),
                has_files=any(fix.compares_files for fix in rule.fixes),
                lacks_key_files=standing.lacks_key_files,
                is_unproven=standing.is_unproven,
                forced=standing.forced,
                forced_by=standing.forced_by,
                instance=choices[0].instance if choices else None,
            )
        return known

    def of_part(self, key: tuple[object, ...], make: Callable[[], RuleChecklist]) -> RuleChecklist:
        """The checklist of a rule for one installation, by all that it depends on."""
        known = self._of_parts.get(key)
        if known is None:
            if len(self._of_parts) >= _MOST_CHECKLISTS:
                self._of_parts.clear()
            known = self._of_parts[key] = make()
        return known

    def choose(self, rule: Rule, here: Installation, levels: tuple[Level | None, ...]) -> BranchChoice:
        """The branches for an installation; one object where they are the same for all installations."""
        if rule.id not in self._for_all:
            self._for_all[rule.id] = choose_any(rule)
        return self._for_all[rule.id] or choose(rule, here, levels)

    def build_owner(self, rule: Rule, part: AssessedPart, here: Installed) -> BuildOwner | None:
        """Whose builds the fixes of a rule are compared with; None where they name no build."""
        if rule.id not in self._builds.rules:
            return None
        places = (n for n, own in enumerate(here.of(part.product)) if own is part.installation)
        return BuildOwner(part.product, next(places, NO_INSTALLATION))

    def _identity(self, choice: BranchChoice) -> object:
        """What makes a choice of a rule's fixes equal to another."""
        fixes = tuple(tuple(map(id, branch.fixes)) or branch.name for branch in choice.branches)
        return fixes, choice.reasons, choice.build_owner, choice.instance

    def built_on(self, fix: Fix, product: ProductDefinition) -> Level | None:
        """The level whose builds a fix's key file or build continues, the first of several."""
        key = id(fix), product.product
        if key not in self._built_on:
            names = {name.casefold() for name in product.key_files}
            own = [one for one in fix.minima if one.is_build or one.name.casefold() in names]
            least = ((product.numbered_as(one.name), one.least) for one in own)
            found = [levels_of_build(one, str(version)) for one, version in least if version is not None]
            levels = (min(one.levels) for one in found if one is not None and one.levels)
            self._built_on[key] = max(levels, default=None)
        return self._built_on[key]

    def _checks(self, rule: Rule, choice: BranchChoice) -> InstallationChecks:
        """The checks of the branches of a choice."""
        return tuple(self._branch_checks(rule, branch, choice) for branch in choice.branches)

    def _branch_checks(self, rule: Rule, branch: Branch, choice: BranchChoice) -> BranchChecks:
        """The checks of a branch by component; as one group where missing ones count or no fix is there."""
        fixes = tuple(
            (
                *self._tracked.checks(fix),
                *self._of_build(fix, choice.build_owner),
                *self._registry.checks(fix),
            )
            for fix in branch.fixes
        )
        if choice.instance is not None:
            fixes = tuple(tuple(one._replace(instance=choice.instance) for one in own) for own in fixes)
        if fixes and rule.if_missing == "not-affected":
            return fixes
        return (tuple(check for fix in fixes for check in fix),)

    def _of_build(self, fix: Fix, owner: BuildOwner | None) -> Iterator[FileCheck]:
        if fix.build is not None and owner is not None:
            yield self._builds.check(owner.product, fix.build, owner.installation)


def _builds_alone(
    choices: Sequence[BranchChoice], checks: Sequence[InstallationChecks]
) -> Iterator[FileCheck]:
    """The builds of the fixes that have no files."""
    for choice, of_choice in zip(choices, checks, strict=True):
        for branch, components in zip(choice.branches, of_choice, strict=True):
            builds = [fix.build for fix in branch.fixes if not fix.compares_files]
            for check in (one for component in components for one in component):
                if any(check.minimum is build for build in builds):
                    yield check


def _simple(checks: tuple[InstallationChecks, ...]) -> tuple[FileCheck, ...] | None:
    """The checks, each once, if there is one fix to look at."""
    if len(checks) == 1 and len(checks[0]) == 1 and len(checks[0][0]) == 1:
        return tuple(dict.fromkeys(checks[0][0][0])) or None
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
    the server's level carries. `proving` are the rules that can show that others are present.
    `assessed` are the assessments of `here` by scope: servers that differ only in what reasons name share
    a checklist, and not these.
    """

    here: Installed
    scopes: Mapping[str, str]
    assessed: Mapping[str, Assessment]
    rules: RuleChecklists
    open: tuple[RuleChecklist, ...]
    closed: tuple[str, ...]
    carried: frozenset[str]
    proving: Mapping[str, RuleChecklist]

    def assessment(self, rule_id: str) -> Assessment:
        """Whether a rule affects the server that the checklist was made for, and why."""
        return self.assessed[self.scopes[rule_id]]

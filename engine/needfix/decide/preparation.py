"""The checklist of a server's products: the rules that may affect them, and how each installation stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from needfix.compare.affected import AssessedPart, Assessment, assess, levels_affected
from needfix.compare.branch_reasons import levels_in_words, no_fix_for_levels
from needfix.compare.branches import BranchChoice, Origin
from needfix.compare.installation import Installation, Installed
from needfix.decide.checklist import Checklist, ChecklistParts, RuleChecklist, RuleChecklists, Standing
from needfix.decide.dependencies import Proofs, is_carried, levels_reached
from needfix.decide.needs import BranchNeeds, Needs, needs_of
from needfix.garbage import without_collecting
from needfix.model.decision import Reason
from needfix.model.evidence import Requires
from needfix.model.product import ProductDefinition
from needfix.model.rule import Fix, Rule, by_branch
from needfix.versions import Level


@without_collecting()
def make_checklist(parts: ChecklistParts, here: Installed, order: tuple[str, ...] | None = None) -> Checklist:
    """The checklist of a server's products for all rules, or for those in `order`."""
    rules = parts.catalogue.rules
    order = parts.catalogue.order if order is None else order
    scope_of = parts.scopes(order)
    assessed = {scope: assess(rules[scope], here) for scope in dict.fromkeys(scope_of.values())}

    proofs = Proofs(here)
    products = parts.catalogue.products
    alike = {
        scope: _signature(own.parts[0], here, products)
        for scope, own in assessed.items()
        if len(own.parts) == 1
    }

    def make(rule_id: str) -> RuleChecklist:
        rule, scope = rules[rule_id], scope_of[rule_id]
        own = assessed[scope]
        newer = [] if own.affected == "no" else [rules[one] for one in parts.superseding.get(rule_id, ())]
        provers = tuple(one.id for one in newer if proofs.has(own, one, assessed[scope_of[one.id]]))
        if scope not in alike:
            return _rule_checklist(rule, own, parts, here, provers)
        needed = parts.required_levels(rule)
        levels = levels_reached(needed, here, own.parts[0].installation) if needed else ()
        key = rule_id, alike[scope], levels, provers, parts.build_owner(rule, own.parts[0], here)
        return parts.of_part(key, partial(_rule_checklist, rule, own, parts, here, provers))

    checklists = RuleChecklists(order, make)
    opened: list[str] = []
    closed: list[str] = []
    for rule_id, scope in scope_of.items():
        (closed if assessed[scope].affected == "no" else opened).append(rule_id)
    needed = [rule_id for rule_id in closed if rule_id in parts.required]
    carried = frozenset(one for one in needed if is_carried(rules[one], assessed[scope_of[one]], here))
    open_ = tuple(map(checklists.__getitem__, opened))
    proving = {one: checklists[one] for checklist in open_ for one in checklist.provers}
    return Checklist(here, scope_of, assessed, checklists, open_, tuple(closed), carried, proving)


def _signature(part: AssessedPart, here: Installed, products: Mapping[str, ProductDefinition]) -> object:
    """All that the checklist of a rule takes from an installation."""
    installation = part.installation or here.unknown(products[part.product])
    return part.affected, part.levels, part.installation is None, installation.signature


def _rule_checklist(
    rule: Rule,
    assessment: Assessment,
    parts: ChecklistParts,
    here: Installed,
    provers: tuple[str, ...],
) -> RuleChecklist:
    found = [_standing(rule, part, parts, here) for part in assessment.parts]
    if len(found) == 1:
        ((standing, choice),) = found
        return parts.rule_checklist(rule, standing, (choice,), provers)
    if not found:
        unknown = (AssessedPart(product, "no", ()) for product in rule.products)
        found = [_standing(rule, part, parts, here) for part in unknown]
    grouped: dict[object, tuple[Standing, list[BranchChoice]]] = {}
    for standing, choice in found:
        # A missing component may be worse than all else, and what runs differs by instance, so that
        # each choice is decided by itself.
        is_apart = rule.if_missing == "fix-required" or choice.instance is not None
        own = (standing, choice if is_apart else None)
        grouped.setdefault(own, (standing, []))[1].append(choice)
    first, *others = (
        parts.rule_checklist(rule, standing, tuple(choices), provers)
        for standing, choices in _without_weaker(list(grouped.values()))
    )
    return replace(first, also=tuple(others), silent={}) if others else first


def _without_weaker(
    groups: Sequence[tuple[Standing, list[BranchChoice]]],
) -> Iterator[tuple[Standing, list[BranchChoice]]]:
    """Without those that may be affected where one that is affected has the same fixes, and is no better."""
    sure = [
        choice
        for standing, choices in groups
        if standing.affected == "yes" and standing.shows_files
        for choice in choices
    ]
    for standing, choices in groups:
        is_plain = standing.affected == "unknown" and standing.shows_files
        if not (is_plain and all(choice in sure for choice in choices)):
            yield standing, choices


def _standing(
    rule: Rule, part: AssessedPart, parts: ChecklistParts, installed: Installed
) -> tuple[Standing, BranchChoice]:
    """How an installation stands, and its fixes; where none is known, as one of which nothing is known."""
    product = parts.catalogue.products[part.product]
    here = part.installation or installed.unknown(product)
    at = part.levels if part.installation else levels_affected(rule, here, installed)
    choice = parts.choose(rule, here, at)
    owner = parts.build_owner(rule, part, installed)
    if owner is not None:
        choice = choice._replace(build_owner=owner)
    choice = choice.of_instance(here.instance)
    forced, reasons = _forced(rule, here, choice, at, parts)
    if here.instance is not None:
        reasons = tuple(map(here.instance.named, reasons))
    needs = _needs(rule, choice, parts, installed, part.installation)
    is_unproven = bool(here.unproven) and any(
        minimum.name.casefold() in here.unproven
        for branch in choice.branches
        for fix in branch.fixes
        for minimum in fix.files
        if minimum.is_compared
    )
    return Standing(part.affected, needs, here.lacks_key_files, is_unproven, forced, reasons), choice


def _needs(
    rule: Rule, choice: BranchChoice, parts: ChecklistParts, here: Installed, own: Installation | None
) -> Needs:
    """What the rule requires, and what the branches do that may be those of an installation."""
    if not rule.requires and not any(fix.requires for fix in rule.fixes):
        return Needs()
    needed = parts.required_levels(rule)
    levels = dict(zip(needed, levels_reached(needed, here, own), strict=True))
    of_rule = tuple(needs_of(rule.requires, levels, parts.catalogue))
    branches = (
        BranchNeeds(
            fixes[0].branch_name,
            tuple(needs_of((one for fix in fixes for one in fix.requires), levels, parts.catalogue)),
        )
        for fixes in _counting(choice, own)
    )
    return Needs(of_rule, tuple(dict.fromkeys(branches)))


def _counting(choice: BranchChoice, here: Installation | None) -> list[tuple[Fix, ...]]:
    """The fixes of the branches whose requirements count: not those of a level that a key file raises."""
    if not choice.origins:
        return [branch.fixes for branch in choice.branches if branch.fixes]
    return [group for origin in _own_origins(choice.origins, here) for group in by_branch(origin.fixes)]


def _own_origins(origins: Sequence[Origin], here: Installation | None) -> Sequence[Origin]:
    """The origins at levels that are possible for another reason than a newer key file."""
    raised = () if here is None else here.raised
    return [one for one in origins if one.level not in raised] or origins


def _forced(
    rule: Rule, here: Installation, choice: BranchChoice, at: Sequence[Level | None], parts: ChecklistParts
) -> tuple[Requires, tuple[Reason, ...]]:
    """Whether a later level has to be there first, because of the fixes that count; and why."""
    shows_builds = bool(here.product.key_files) or choice.build_owner is not None
    is_open = shows_builds and not rule.requires and not rule.needs_nothing
    if here.product.cumulative or not (is_open or choice.origins):
        return "met", ()
    fixes = tuple(fix for branch in choice.branches for fix in branch.fixes)
    origins = choice.origins or [Origin(level, fixes) for level in at]
    own = _own_origins(origins, here)
    answers: set[bool] = set()
    built_on: dict[Level, list[Level | None]] = {}
    for origin in own:
        later = _built_on_later(origin, here, parts) if is_open else None
        answers.add(origin.later is not None or later is not None)
        if origin.later is None and later is not None:
            built_on.setdefault(later, []).append(origin.level)
    if True not in answers:
        return "met", ()
    reasons = [
        *no_fix_for_levels(rule, here, ((one.level, one.later) for one in own)),
        *(_built_on(rule, here, levels, later) for later, levels in built_on.items()),
    ]
    return "unknown" if False in answers else "unmet", tuple(reasons)


def _built_on(rule: Rule, here: Installation, levels: Sequence[Level | None], later: Level) -> Reason:
    """Why a later level is needed: the files of the fix continue its builds."""
    named, needed = levels_in_words(here, levels), f"{here.product.name} {later}"
    sentence = f"The files of {rule.id} are built on {needed}, and this is {named}"
    return Reason("built-on-later-level", sentence, observed=named, expected=str(later))


def _built_on_later(origin: Origin, here: Installation, parts: ChecklistParts) -> Level | None:
    """The later level of the same version whose builds a key file continues."""
    level = origin.level
    if level is None:
        return None
    own = (fix for fix in origin.fixes if not fix.requires and not fix.needs_nothing)
    built_on = (parts.built_on(fix, here.product) for fix in own)
    return max((one for one in built_on if one is not None and _is_later(one, level)), default=None)


def _is_later(one: Level, other: Level) -> bool:
    return one.version_name == other.version_name and one > other

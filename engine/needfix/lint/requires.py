"""Requirements that no affected server can ever meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.containment.branches import branches_of
from needfix.containment.contains import gap_between
from needfix.intake.vocabularies import is_separate, same_edition
from needfix.lint.affected_levels import Concerned, concerned
from needfix.lint.check import Check, Detection, all_rules
from needfix.model.requirement import ProductLevel, SingleRequirement, alternatives, requirement
from needfix.model.rule import Fix, Rule


def _never_met(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        every = list(concerned(rule, catalogue.products))
        for at, entry in rule.requirements:
            own = every if at[0] == "requires" else [*_of_fix(every, rule.fixes[int(at[1])])]
            found = [_of_entry(rule, own, one, catalogue) for one in alternatives(entry)]
            if all(found):  # of several, one is enough
                hint = f"correct 'requires' or {'affects' if at[0] == 'requires' else 'level'!r}"
                for problem in (problem for problems in found for problem in problems):
                    yield Detection(rule, position_of(rule, at), problem, hint)


def _of_fix(own: Iterable[Concerned], fix: Fix) -> Iterator[Concerned]:
    """What a rule concerns, as far as one of its fixes is for it."""
    for here in own:
        if fix.product in (None, here.entry.product):
            levels = (one for one in here.listed if fix.levels is None or one in fix.levels)
            yield replace(here, listed=tuple(levels))


def _of_entry(
    rule: Rule, own: Sequence[Concerned], entry: SingleRequirement, catalogue: Catalogue
) -> list[str]:
    """The problems of one required level or rule."""
    if not isinstance(entry, str):
        return [*filter(None, [_of_levels(own, entry)])]
    others = (catalogue.rules[one] for one in catalogue.meant_by(entry))
    return [*filter(None, (_of_rule(rule, own, other, catalogue) for other in others))]


def _of_levels(own: Sequence[Concerned], levels: tuple[ProductLevel, ...]) -> str:
    """The problem if every product of the rule is required at a level above the affected ones, or "".

    A product that is not in the rule can be installed at any level.
    """
    affected = {(here.entry.product, level) for here in own for level in here.levels}
    required = {level.product for level in levels}
    if not affected or not {here.entry.product for here in own} <= required:
        return ""
    if any(product == level.product and at >= level.level for product, at in affected for level in levels):
        return ""
    if any(at >= level.level for here in own for at in here.listed for level in levels):
        return f"{requirement(levels)} is required, but from that level on the product carries the fix"
    return f"{requirement(levels)} is required, but every affected level is below it"


def _of_rule(rule: Rule, own: Sequence[Concerned], other: Rule, catalogue: Catalogue) -> str:
    """The problem if no server of this rule can be affected by the required rule, or "".

    Only if both are about the same single product, since a server can have several products.
    """
    if other is rule or len({*rule.products, *other.products}) != 1:
        return ""
    theirs = list(concerned(other, catalogue.products))
    if not any(here.levels for here in own) or any(_meet(one, two) for one in own for two in theirs):
        return ""
    return f"{other.id} is required, but it affects none of the levels and editions that this rule affects"


def _meet(one: Concerned, other: Concerned) -> bool:
    if set(one.levels).isdisjoint(other.levels):
        return False
    mine, theirs = one.entry.edition, other.entry.edition
    if mine is None or theirs is None:
        return not is_separate(one.product, mine or theirs)
    return same_edition(mine, theirs)


def _contained(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        named = ((at, one) for at, entry in rule.requirements for one in alternatives(entry))
        for at, entry in named:
            others = catalogue.meant_by(entry) if isinstance(entry, str) else ()
            for other in (catalogue.rules[one] for one in others):
                if other is not rule and _contains(other, rule, catalogue):
                    what = f"{other.id} is required, but its fix contains this one"
                    hint = f"remove {entry} from 'requires', or correct the minima of one of the two rules"
                    yield Detection(rule, position_of(rule, at), what, hint)


def _contains(newer: Rule, older: Rule, catalogue: Catalogue) -> bool:
    if any(older.id in catalogue.meant_by(name) for name in newer.supersedes):
        return True
    own = branches_of(older, catalogue.products)
    return bool(own) and gap_between(branches_of(newer, catalogue.products), own) is None


NEVER_MET = Check(
    "NF201",
    "error",
    "no affected server can meet 'requires'",
    "every server that needs the fix gets the action upgrade-first, and none can ever apply it",
    _never_met,
)
CONTAINED = Check(
    "NF110",
    "error",
    "'requires' names a rule whose fix contains this one",
    "a server that meets the requirement already has this fix, so the fix is never recommended",
    _contained,
)

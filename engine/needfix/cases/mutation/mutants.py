"""Every small change of a rule that can change a decision, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from needfix.cases.mutation.affected import affected_mutants
from needfix.cases.mutation.fixes import fix_mutants
from needfix.cases.mutation.mutant import Mutant, without
from needfix.cases.mutation.symptoms import symptom_mutants
from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.model.rule import Apply, IfMissing, ProductLevel, Rule

_Kind = Callable[[Rule, Catalogue], Iterator[Mutant]]


def mutants(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    """The mutants of a rule, in the order of what they change."""
    kinds: tuple[_Kind, ...] = (affected_mutants, symptom_mutants, fix_mutants, _relations, _keys)
    return chain.from_iterable(kind(rule, catalogue) for kind in kinds)


def _relations(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    for number, needed in enumerate(rule.requires):
        changed = replace(rule, requires=without(rule.requires, number))
        what = f"requires without {needed if isinstance(needed, str) else _levels(needed)}"
        yield Mutant(changed, position_of(rule, ("requires", number)), what)
    for number, older in enumerate(rule.supersedes):
        if catalogue.meant_by(older):
            changed = replace(rule, supersedes=without(rule.supersedes, number))
            at, change = position_of(rule, ("supersedes", number)), f"supersedes without {older}"
            yield Mutant(changed, at, change, shows_elsewhere=True)
    if rule.updates:
        yield Mutant(replace(rule, updates=()), position_of(rule, ("updates",)), "without updates")


def _levels(levels: tuple[ProductLevel, ...]) -> str:
    return " or ".join(f"{one.product} {one.level}" for one in levels)


def _keys(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    del catalogue
    apply: Apply = "if-symptoms" if rule.apply == "always" else "always"
    at = position_of(rule, ("apply",))
    yield Mutant(replace(rule, apply=apply), at, f"apply: {apply} instead of {rule.apply}")
    if all(fix.build is not None for fix in rule.fixes):
        return  # a build is never missing
    missing: IfMissing = "fix-required" if rule.if_missing == "not-affected" else "not-affected"
    changed = replace(rule, if_missing=missing)
    at = position_of(rule, ("if_missing",))
    yield Mutant(changed, at, f"if_missing: {missing} instead of {rule.if_missing}")
    if rule.also_needed is not None:
        changed = replace(rule, also_needed=None)
        yield Mutant(changed, position_of(rule, ("also_needed",)), "without also_needed")

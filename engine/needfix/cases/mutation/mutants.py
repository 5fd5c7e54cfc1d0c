"""Every small change of a rule that can change a decision, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from needfix.cases.mutation.affected import affected_mutants
from needfix.cases.mutation.fixes import fix_mutants
from needfix.cases.mutation.mutant import Mutant, instead, without
from needfix.cases.mutation.symptoms import symptom_mutants
from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.model.requirement import AnyOf, Requirement, requirement
from needfix.model.rule import Apply, IfMissing, Rule

_Kind = Callable[[Rule, Catalogue], Iterator[Mutant]]


def mutants(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    """The mutants of a rule, in the order of what they change."""
    kinds: tuple[_Kind, ...] = (affected_mutants, symptom_mutants, fix_mutants, _relations, _keys)
    return chain.from_iterable(kind(rule, catalogue) for kind in kinds)


def _relations(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    for number, _ in enumerate(rule.requires):
        for entries, what in _weaker(rule.requires, number):
            at = position_of(rule, ("requires", number))
            yield Mutant(replace(rule, requires=entries), at, f"requires without {what}")
    for place, fix in enumerate(rule.fixes):
        for number, _ in enumerate(fix.requires):
            for entries, what in _weaker(fix.requires, number):
                fixes = instead(rule.fixes, place, replace(fix, requires=entries))
                at = position_of(rule, ("fixes", place, "requires", number))
                yield Mutant(
                    replace(rule, fixes=fixes), at, f"the fix for {fix.name} requires without {what}"
                )
    for number, older in enumerate(rule.supersedes):
        if catalogue.meant_by(older):
            changed = replace(rule, supersedes=without(rule.supersedes, number))
            at, change = position_of(rule, ("supersedes", number)), f"supersedes without {older}"
            yield Mutant(changed, at, change, shows_elsewhere=True)
    if rule.updates:
        yield Mutant(replace(rule, updates=()), position_of(rule, ("updates",)), "without updates")


def _weaker(entries: tuple[Requirement, ...], number: int) -> Iterator[tuple[tuple[Requirement, ...], str]]:
    """What is required without an entry, and without each of several of which one is enough."""
    entry = entries[number]
    yield without(entries, number), requirement(entry)
    if isinstance(entry, AnyOf) and len(entry.entries) > 1:
        for place, one in enumerate(entry.entries):
            fewer = replace(entry, entries=without(entry.entries, place))
            yield instead(entries, number, fewer), f"{requirement(one)} of {requirement(entry)}"


def _keys(rule: Rule, catalogue: Catalogue) -> Iterator[Mutant]:
    del catalogue
    apply: Apply = "if-symptoms" if rule.apply == "always" else "always"
    at = position_of(rule, ("apply",))
    yield Mutant(replace(rule, apply=apply), at, f"apply: {apply} instead of {rule.apply}")
    if all(fix.others for fix in rule.fixes):
        return  # neither a build nor a value of the registry is missing as a file is
    missing: IfMissing = "fix-required" if rule.if_missing == "not-affected" else "not-affected"
    changed = replace(rule, if_missing=missing)
    at = position_of(rule, ("if_missing",))
    yield Mutant(changed, at, f"if_missing: {missing} instead of {rule.if_missing}")
    if rule.also_needed is not None:
        changed = replace(rule, also_needed=None)
        yield Mutant(changed, position_of(rule, ("also_needed",)), "without also_needed")

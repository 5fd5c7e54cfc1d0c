"""Mutants put before the cases that ask something of their rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from needfix.authoring.mutation.mutant import Mutant
from needfix.authoring.mutation.mutants import mutants
from needfix.authoring.mutation.witness import Witnesses
from needfix.authoring.testing import Item, Suite, TestedRule, run
from needfix.authoring.testing.run import decide, passes
from needfix.catalogue import Catalogue
from needfix.catalogue.part import with_rule
from needfix.model.mutation import Fate, MutantResult, Mutation, Witness


def mutate(suite: Suite) -> Mutation:
    """What the cases that pass notice of every mutant of every rule under test."""
    asking = _asking(item for item in suite.items if run(item).status == "pass")
    return Mutation(tuple(result for tested in suite.rules for result in _of_rule(tested, asking)))


def _asking(items: Iterable[Item]) -> Mapping[str, Sequence[Item]]:
    """For each rule, the cases in whose decision it takes part."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        for rule_id in item.catalogue.rules:
            found[rule_id].append(item)
    return found


def _of_rule(tested: TestedRule, asking: Mapping[str, Sequence[Item]]) -> Iterator[MutantResult]:
    rule = tested.rule
    items = [item for item in asking.get(rule.id, ()) if item.catalogue.rules[rule.id] == rule]
    items.sort(key=lambda item: item.rule != rule.id)
    witnesses = Witnesses(rule, tested.catalogue)
    for mutant in mutants(rule, tested.catalogue):
        noticing = _noticing(mutant, items)
        if noticing is None:
            yield _unnoticed(mutant, witnesses.of(mutant))
            continue
        # Mutants that lie next to each other are noticed by the same cases.
        items.remove(noticing)
        items.insert(0, noticing)
        yield MutantResult(rule.id, mutant.at, mutant.change, "noticed", noticing.case)


def _unnoticed(mutant: Mutant, witness: Witness | None) -> MutantResult:
    fate: Fate = "survived" if witness is not None else "alike"
    return MutantResult(mutant.rule.id, mutant.at, mutant.change, fate, witness=witness)


def _noticing(mutant: Mutant, items: Iterable[Item]) -> Item | None:
    """The first case that a mutant fails."""
    changed: dict[int, Catalogue] = {}
    for item in items:
        catalogue = changed.get(id(item.catalogue))
        if catalogue is None:
            catalogue = changed[id(item.catalogue)] = with_rule(item.catalogue, mutant.rule)
        if not passes(item.expected, decide(item, catalogue)):
            return item
    return None

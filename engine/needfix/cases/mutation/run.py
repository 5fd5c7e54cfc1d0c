"""Mutants run against the cases that expect something of their rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from needfix.cases.mutation.mutant import Mutant
from needfix.cases.mutation.mutants import mutants
from needfix.cases.mutation.witness import Witnesses
from needfix.cases.testing import Item, Suite, TestedRule, run
from needfix.cases.testing.run import decide_item, passes
from needfix.catalogue.part import with_rule
from needfix.decide.engine import Engine, engine_of
from needfix.model.mutation import Fate, IdleAcceptance, MutantResult, Mutation, Witness
from needfix.model.rule import Rule


def mutate(suite: Suite) -> Mutation:
    """Whether the passing cases detect each mutant of every rule under test."""
    asking = _asking(item for item in suite.items if run(item).status == "pass")
    results = tuple(result for tested in suite.rules for result in _of_rule(tested, asking))
    idle = (one for tested in suite.rules for one in _idle(tested.rule, results))
    return Mutation(results, tuple(idle))


def mutate_rule(tested: TestedRule) -> Iterator[MutantResult]:
    """Whether the passing cases of a rule detect each of its mutants."""
    items = [item for item in tested.items if run(item).status == "pass"]
    return _of_rule(tested, {tested.rule.id: items})


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
    witnesses = Witnesses(rule, tested.catalogue, (item for item in items if item.rule == rule.id))
    for mutant in mutants(rule, tested.catalogue):
        detecting = _detecting(mutant, items)
        if detecting is None:
            yield _undetected(mutant, witnesses.of(mutant))
            continue
        # The same cases detect mutants that are next to each other.
        items.remove(detecting)
        items.insert(0, detecting)
        yield MutantResult(rule.id, mutant.at, mutant.change, "noticed", detecting.case)


def _undetected(mutant: Mutant, witness: Witness | None) -> MutantResult:
    accepted = {one.change: one.reason for one in mutant.rule.accepted_mutants}
    reason = accepted.get(mutant.change)
    fate: Fate = "not-distinguished" if reason is None else "accepted"
    if witness is not None or mutant.shows_elsewhere:
        fate, reason = "survived", None
    return MutantResult(mutant.rule.id, mutant.at, mutant.change, fate, witness=witness, reason=reason)


def _idle(rule: Rule, results: Iterable[MutantResult]) -> Iterator[IdleAcceptance]:
    """The changes that a rule accepts although they are not mutants of it, or a server distinguishes them."""
    needed = {one.change for one in results if one.rule == rule.id and one.fate == "accepted"}
    for one in rule.accepted_mutants:
        if one.change not in needed:
            yield IdleAcceptance(rule.id, one.at, one.change)


def _detecting(mutant: Mutant, items: Iterable[Item]) -> Item | None:
    """The first case that a mutant fails."""
    changed: dict[int, Engine] = {}
    for item in items:
        engine = changed.get(id(item.catalogue))
        if engine is None:
            # What servers state about products is the same for every mutant.
            engine = Engine(with_rule(item.catalogue, mutant.rule), engine_of(item.catalogue))
            changed[id(item.catalogue)] = engine
        if not passes(item.expected, decide_item(item, engine)):
            return item
    return None

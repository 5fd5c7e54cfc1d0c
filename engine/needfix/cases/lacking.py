"""The cases that a rule lacks: at its boundaries, and where no case detects a mutant of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from needfix.cases.generating import NewCase, missing_cases
from needfix.cases.mutation import mutate_rule
from needfix.cases.plain import decide
from needfix.cases.testing import TestedRule, item_of
from needfix.cases.testing.short_form import product_of, server_of
from needfix.catalogue import Catalogue
from needfix.catalogue.part import part
from needfix.errors import Position
from needfix.model.mutation import MutantResult, Witness
from needfix.model.rule import Case
from needfix.model.server import Server


def lacking_cases(tested: TestedRule) -> list[NewCase]:
    """What no case of a rule shows yet, with expectations of the plain evaluator, to be reviewed."""
    boundary = missing_cases(tested.rule, tested.catalogue, tested.rule.cases)
    return [*boundary, *_detecting(tested, boundary)]


def _detecting(tested: TestedRule, boundary: Sequence[NewCase]) -> Iterator[NewCase]:
    """A case for each mutant that survives the rule's cases and those at its boundaries."""
    own = part(tested.catalogue, [tested.rule.id])
    added = tuple(item_of(own, tested.rule, _as_case(case)) for case in boundary)
    names = {item.case for item in (*tested.items, *added)}
    for mutant in mutate_rule(replace(tested, items=(*tested.items, *added))):
        if mutant.witness is not None and mutant.witness.name not in names:
            names.add(mutant.witness.name)
            yield _new_case(own, mutant, mutant.witness)


def _as_case(case: NewCase) -> Case:
    return Case(case.name, case.given, case.expect, case.action, (), Position("", 1))


def _new_case(catalogue: Catalogue, mutant: MutantResult, witness: Witness) -> NewCase:
    product = product_of(catalogue, catalogue.rules[mutant.rule])
    server = server_of(witness.name, witness.given, product, mutant.at)
    decision, action = witness.decision, witness.action
    if isinstance(server, Server):
        decision, action = decide(catalogue, server, [mutant.rule])[mutant.rule]
    review = f"generated (detects: {mutant.change}); check it, then remove this line"
    return NewCase(witness.name, witness.given, decision, action, review)

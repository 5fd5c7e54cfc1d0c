"""What is compared is what the plain evaluator finds, which shares nothing but data with the engine."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import needfix
from needfix.cases.plain import decide
from needfix.cases.plain.decide import Evaluation as PlainEvaluation
from needfix.cases.plain.decision_table import action_by_table, decision_by_table
from needfix.cases.plain.places import places
from needfix.catalogue import Catalogue
from needfix.compare.installation import Installation
from needfix.compare.installed import installed
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.model.evidence import Evidence
from tests.compare.strategies import SERVERS, catalogues
from tests.support.laws import tried

often = tried(200, suppress=[HealthCheck.filter_too_much])


def evidence(catalogue: Catalogue, facts: needfix.Server) -> dict[str, Evidence]:
    here = Evaluation(engine_of(catalogue), facts)
    here.infer_all()
    deciding = {rule_id: here.deciding(here.checklist.rules[rule_id])[0] for rule_id in catalogue.rules}
    found = {rule_id: here.evidence(checklist) for rule_id, checklist in deciding.items()}
    for rule_id, own in found.items():
        reasons = list(here.running.reasons(deciding[rule_id]))
        assert bool(reasons) == (own.running in ("old", "pending"))
    return found


def plain_evidence(catalogue: Catalogue, facts: needfix.Server) -> dict[str, Evidence]:
    """What the plain evaluator finds for rules of which the server has one product only."""
    plain = PlainEvaluation(catalogue, facts)
    found = {rule.id: plain.findings(rule) for rule in catalogue}
    return {rule_id: one[0].evidence for rule_id, one in found.items() if len(one) == 1}


def that_decides(own: Evidence) -> dict[str, object]:
    """The evidence on which decision and action depend."""
    fields = ["affected"]
    decision = decision_by_table(own)
    if own.affected == "no":
        fields += ["symptoms", "claimed"]
    elif own.affected != "contradicted":
        fields += ["files", "superseded", "symptoms", "claimed", "apply", "if_missing"]
    if decision == "fix-present":
        fields += ["running"]
    if decision == "fix-required":
        fields += ["requires"]
    return {name: getattr(own, name) for name in fields} | {"action": action_by_table(own, decision)}


@often
@given(catalogues(), SERVERS)
def test_products_are_found_with_the_same_facts(catalogue: Catalogue, facts: needfix.Server) -> None:
    def seen(here: Installation) -> tuple[object, ...]:
        codes = {reason.code for reason in here.contradictions}
        levels = set() if codes else {level.text for level in here.possible}
        return here.product.product, set(here.platforms), levels, codes

    found = places(catalogue, facts)
    here = installed(catalogue, facts)
    assert [seen(one) for one in here.installations] == [
        (
            one.product.product,
            set(one.platforms),
            set() if one.contradictions else {level.text for level in one.known_levels},
            set(one.contradictions),
        )
        for one in found.places
    ]
    there = {one.product.product for one in found.places}
    unclear = frozenset().union(*(meant for _, meant in here.unclear_names))
    assert (unclear if here.is_listed else frozenset(catalogue.products)) - there == found.open_products


@often
@given(catalogues(), st.lists(SERVERS, min_size=1, max_size=6))
def test_evidence_is_that_of_the_plain_evaluator(catalogue: Catalogue, facts: list[needfix.Server]) -> None:
    for one in facts:
        found, plain = evidence(catalogue, one), plain_evidence(catalogue, one)
        for rule_id, own in plain.items():
            assert that_decides(found[rule_id]) == that_decides(own), one


@often
@given(catalogues(), SERVERS, SERVERS)
def test_so_are_decisions_of_servers_that_differ_in_few_facts(
    catalogue: Catalogue, one: needfix.Server, other: needfix.Server
) -> None:
    mixed = [mix(one, other, key) for key in MIXED]
    silent = [needfix.Server("A", products=one.products, files=some.files) for some in (one, other)]
    for facts in (one, other, *mixed, *silent):
        decisions = list(needfix.evaluate(catalogue, facts))
        assert {d.rule: (d.decision, d.action) for d in decisions} == decide(catalogue, facts), facts
        by_itself = list(needfix.evaluate(replace(catalogue), facts))
        assert [d.as_dict() for d in decisions] == [d.as_dict() for d in by_itself]


MIXED = ("products", "files", "complete", "absent", "restart_pending")


def mix(one: needfix.Server, other: needfix.Server, key: str) -> needfix.Server:
    """A server with one fact of another; an empty list of files is not complete."""
    facts = {"files": one.files, "complete": one.complete, key: getattr(other, key)}
    scopes = facts["complete"] if facts["files"] else facts["complete"] - {"files"}
    return replace(one, **{**facts, "complete": scopes})

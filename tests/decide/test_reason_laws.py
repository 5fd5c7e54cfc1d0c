"""The codes of a decision's reasons follow from its evidence and from what the plain evaluator finds."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given

import needfix
from needfix.cases.plain import evidence_of
from needfix.cases.plain.decide import Evaluation
from needfix.catalogue import Catalogue
from needfix.model.evidence import Evidence
from needfix.model.rule import Rule
from tests.compare.strategies import SERVERS, catalogues
from tests.compare.test_laws import often

DISAGREEMENTS = {
    "level-contradicted", "product-contradicted", "edition-contradicted", "file-newer-than-level",
    "platform-differs", "key-file-missing", "no-branch", "symptom-contradicted",
}  # fmt: skip
CONTRADICTIONS = {"level-contradicted", "product-contradicted", "edition-contradicted"}
ABOUT_FILES = {"platform-differs", "key-file-missing", "no-branch"}


@often
@given(catalogues(), SERVERS)
def test_facts_that_disagree_are_always_shown(catalogue: Catalogue, facts: needfix.Server) -> None:
    evaluation = Evaluation(catalogue, facts)
    for decision in needfix.evaluate(catalogue, facts):
        found = evaluation.findings(catalogue.rules[decision.rule])
        shown = DISAGREEMENTS & {reason.code for reason in decision.reasons}
        # Where no fix is for a product, or its facts exclude each other, no file is compared.
        ignored = ABOUT_FILES - {"no-branch"} if "no-branch" in shown else set()
        ignored |= {"no-branch"} if shown & CONTRADICTIONS else set()
        expected = set().union(*(one.disagreements for one in found)) - ignored
        assert expected <= shown
        assert shown - expected <= (ABOUT_FILES | ignored if decision.decision == "not-affected" else ignored)


@often
@given(catalogues(), SERVERS)
def test_what_speaks_for_another_decision_is_a_reason(catalogue: Catalogue, facts: needfix.Server) -> None:
    evidence = evidence_of(catalogue, facts)
    for decision in needfix.evaluate(catalogue, facts):
        codes = {reason.code for reason in decision.reasons}
        assert codes
        rule, own = catalogue.rules[decision.rule], evidence[decision.rule]
        assert set(of_symptoms(own, decision.decision)) <= codes
        assert set(of_claims(own, decision.decision)) <= codes
        assert set(of_other_rules(catalogue, rule, own, decision.decision)) <= codes
        if decision.decision == "fix-required" and own.requires != "met":
            assert codes & {f"requires-{own.requires}", "no-fix-for-level", "built-on-later-level"}


def of_symptoms(own: Evidence, decision: str) -> Iterator[str]:
    is_observed = own.symptoms in ("observed", "observed-for-rule")
    if decision == "fix-present" and is_observed:
        yield "symptom-despite-fix"
    if decision == "fix-required" and is_observed:
        yield "symptom-observed"
    if decision == "fix-required" and own.apply == "if-symptoms" and not is_observed:
        yield f"symptoms-{own.symptoms}"


def of_claims(own: Evidence, decision: str) -> Iterator[str]:
    if own.claimed == "installed" and decision == "undetermined" and own.affected != "contradicted":
        yield "claimed-but-unproved"


def of_other_rules(catalogue: Catalogue, rule: Rule, own: Evidence, decision: str) -> Iterator[str]:
    is_listed = any(rule.id in newer.supersedes for newer in catalogue)
    if own.superseded == "present" and decision == "fix-present":
        yield "superseded-present"
    elif is_listed and own.affected != "no":
        yield "superseded-by"

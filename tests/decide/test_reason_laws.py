"""The codes of a decision's reasons follow from its evidence and from what the plain evaluator finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import given

import needfix
from needfix.cases.plain import decide, evidence_of
from needfix.cases.plain.affected import affected
from needfix.cases.plain.branches import branches
from needfix.cases.plain.files import files, running, state
from needfix.cases.plain.places import Place, places
from needfix.cases.plain.symptoms import symptoms
from needfix.catalogue import Catalogue
from needfix.model.evidence import Evidence
from needfix.model.rule import Fix, Rule
from tests.compare.strategies import SERVERS, catalogues
from tests.compare.test_laws import often

OF_STATES = {
    "below": "file-below-minimum",
    "reached": "file-reaches-minimum",
    "missing": "file-missing",
    "unknown": "file-unclear",
}
OF_LEVELS = ("level-", "product-", "edition-", "corrected-", "file-newer-")
"""Codes of the products' levels, which have laws of their own."""


@often
@given(catalogues(), SERVERS)
def test_the_codes_of_reasons(catalogue: Catalogue, facts: needfix.Server) -> None:
    found, decided = evidence_of(catalogue, facts), decide(catalogue, facts)
    present = {rule_id for rule_id, answer in decided.items() if answer[0] == "fix-present"}
    here = places(catalogue, facts)
    for decision in needfix.evaluate(catalogue, facts):
        rule, own = catalogue.rules[decision.rule], found[decision.rule]
        if own.affected != "no":
            concerned = affected(rule, here)[1] or [Place(catalogue.products[one]) for one in rule.products]
            codes = {reason.code for reason in decision.reasons if not reason.code.startswith(OF_LEVELS)}
            expected = {
                *of_files(rule, own, concerned, facts, decision.decision),
                *of_other_rules(catalogue, rule, present),
                *of_claim(rule, own, concerned, facts, decision.decision),
                *of_symptoms(rule, own, facts, decision.decision),
            }
            if decision.decision == "fix-required" and own.requires != "met":
                expected.add(f"requires-{own.requires}")
            if decision.decision == "fix-present":
                is_old = running(rule, concerned, replace(facts, restart_pending=None)) == "old"
                expected |= {"restart-pending"} if facts.restart_pending else set()
                expected |= {"loaded-below-minimum"} if is_old else set()
            unclear = {"file-unreadable": "file-unclear", "file-not-inventoried": "file-unclear"}
            assert {unclear.get(code, code) for code in codes} - {"language-not-listed"} == expected


def of_files(
    rule: Rule, own: Evidence, concerned: Sequence[Place], facts: needfix.Server, decision: str
) -> Iterator[str]:
    chosen = [branches(rule, place) for place in concerned]
    counted = [one for some in chosen for branch in some for one in components(rule, branch, facts)]
    states = [one for is_there, some in counted if is_there for one in some]
    yield from (OF_STATES[one] for one in states)
    if not all(chosen):
        yield "no-branch"
    for place, some in zip(concerned, chosen, strict=True):
        if len({files(replace(rule, fixes=tuple(branch)), [place], facts) for branch in some}) > 1:
            yield "branch-ambiguous"
    if own.files == "partial":
        yield "partial"
    is_passed_over = not all(is_there for is_there, _ in counted)
    if is_passed_over or (own.files == "absent" and decision != "fix-required"):
        yield "component-not-installed"
    if own.files == "unknown" and not states:
        yield "nothing-to-compare"


def components(rule: Rule, branch: list[Fix], facts: needfix.Server) -> list[tuple[bool, list[str]]]:
    """The states of the files of each fix of a branch, and whether they count."""
    every = [[state(fix, one, facts) for one in fix.files if one.is_compared] for fix in branch]
    there = [any(one != "missing" for one in states) for states in every]
    counts_all = rule.if_missing != "not-affected" or len(every) == 1 or not any(there)
    return [(counts_all or own, list(states)) for own, states in zip(there, every, strict=True)]


def of_other_rules(catalogue: Catalogue, rule: Rule, present: set[str]) -> Iterator[str]:
    for newer in catalogue:
        if rule.id in newer.supersedes:
            yield "superseded-present" if newer.id in present else "superseded-by"


def of_claim(
    rule: Rule, own: Evidence, concerned: Sequence[Place], facts: needfix.Server, decision: str
) -> Iterator[str]:
    if own.claimed != "installed":
        return
    fixes = [fix for place in concerned for branch in branches(rule, place) for fix in branch]
    is_older = any(state(fix, one, facts) == "below" for fix in fixes for one in fix.files if one.is_compared)
    if decision == "fix-required" and own.files in ("outdated", "partial"):
        yield "claimed-but-files-older" if is_older else "claimed-but-files-missing"
    if own.files == "absent":
        yield "claimed-but-files-missing"
    if decision == "undetermined":
        yield "claimed-but-unproved"


def of_symptoms(rule: Rule, own: Evidence, facts: needfix.Server, decision: str) -> Iterator[str]:
    denying = needfix.Server("A", absent=facts.absent)
    for one in (replace(rule, symptoms=(symptom,)) for symptom in rule.symptoms):
        if symptoms(one, facts) == "observed" and symptoms(one, denying) == "absent":
            yield "symptom-contradicted"
    if decision == "fix-present" and own.symptoms == "observed":
        yield "symptom-despite-fix"
    if decision == "fix-required":
        if own.symptoms == "observed":
            yield "symptom-observed"
        elif own.apply == "if-symptoms":
            yield f"symptoms-{own.symptoms}"

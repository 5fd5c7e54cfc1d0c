"""Reasons: the facts behind a decision, in sentences, the deciding ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.catalogue.describe import requirement
from needfix.compare.affected import Assessment, assess
from needfix.decide.evaluation import Evaluation
from needfix.decide.file_reasons import file_reasons
from needfix.decide.plan import RulePlan, reached
from needfix.infer.inference import Outcome
from needfix.model.decision import Reason
from needfix.model.evidence import Evidence
from needfix.model.rule import Rule


def reasons(here: Evaluation, plan: RulePlan) -> tuple[Reason, ...]:
    """Why a rule was decided as it was."""
    assessment = assess(plan.rule, here.installed)
    if assessment.affected == "no":
        own = (there for product in plan.rule.products for there in here.installed.of(product))
        remarks = (remark for installation in own for remark in installation.remarks)
        return tuple(dict.fromkeys((*assessment.reasons, *remarks)))
    evidence = here.evidence(plan)
    return tuple(dict.fromkeys(_in_order(here, plan, assessment, evidence)))


def _in_order(
    here: Evaluation, plan: RulePlan, assessment: Assessment, evidence: Evidence
) -> Iterator[Reason]:
    outcome = here.outcomes[plan.rule.id]
    unknown = evidence.affected == "unknown"
    if unknown and outcome.decision == "undetermined":
        yield from assessment.reasons
    yield from _contained(here, plan, evidence)
    yield from file_reasons(here, plan, evidence, outcome)
    yield from _remarks(here, plan, outcome)
    if evidence.running == "old" and outcome.decision == "fix-present":
        yield from here.running.reasons(plan)
    yield from _symptoms(here, plan, outcome)
    yield from _newer_rules(here, plan)
    if not (unknown and outcome.decision == "undetermined"):
        yield from assessment.reasons
    for installation in assessment.installations:
        yield from installation.remarks


def _contained(here: Evaluation, plan: RulePlan, evidence: Evidence) -> Iterator[Reason]:
    if evidence.superseded == "present":
        for newer in filter(here.is_present, plan.superseded_by):
            yield Reason(
                "superseded-present", f"{newer}, which contains this fix, is present", observed=newer
            )


def _newer_rules(here: Evaluation, plan: RulePlan) -> Iterator[Reason]:
    for newer in plan.superseded_by:
        if not here.is_present(newer):
            sentence = f"{newer} contains this fix; it is not present either"
            yield Reason("superseded-by", sentence, expected=newer)


def _remarks(here: Evaluation, plan: RulePlan, outcome: Outcome) -> Iterator[Reason]:
    for remark in outcome.remarks:
        if remark == "symptom-despite-fix":
            named = _listed(here.symptoms.observed(plan.rule))
            yield Reason(
                remark, f"the fix is present, and a symptom is still observed: {named}", observed=named
            )
        elif remark in ("requires-unmet", "requires-unknown"):
            yield from _requirements(here, plan, remark)
        else:
            code = _claim(here, plan, remark)
            yield Reason(code, _CLAIMS[code].format(rule=plan.rule.id), observed=plan.rule.id)


def _claim(here: Evaluation, plan: RulePlan, remark: str) -> str:
    """What became of a claim: evidence does not tell files that are missing from older ones."""
    is_older = any(here.files.state(check) == "below" for check in plan.all_checks)
    return remark if is_older or remark != "claimed-but-files-older" else "claimed-but-files-missing"


_CLAIMS = {
    "claimed-but-files-older": "the hotfix list has {rule}, but the files are older; "
    "a service pack or a restore can have put old files back",
    "claimed-but-files-missing": "the hotfix list has {rule}, but its files are missing",
    "claimed-but-unproved": "the hotfix list has {rule}, but no file shows that it is there",
}


def _requirements(here: Evaluation, plan: RulePlan, remark: str) -> Iterator[Reason]:
    wanted = remark.removeprefix("requires-")
    for entry in plan.rule.requires:
        if isinstance(entry, str):
            answer = here.required_rule(here.engine.catalogue.known_id(entry))
        else:
            answer = reached(entry, here.installed)
        if answer == wanted:
            state = "is not there" if wanted == "unmet" else "may or may not be there"
            name = requirement(entry)
            yield Reason(remark, f"{plan.rule.id} requires {name}, which {state}", expected=name)


def _symptoms(here: Evaluation, plan: RulePlan, outcome: Outcome) -> Iterator[Reason]:
    yield from _contradicted(here, plan.rule)
    if outcome.decision != "fix-required":
        return
    answer = here.symptoms.of(plan.rule)
    ids = _listed(plan.rule.symptoms)
    if answer == "observed":
        named = _listed(here.symptoms.observed(plan.rule))
        yield Reason("symptom-observed", f"a symptom of {plan.rule.id} is observed: {named}", observed=named)
    elif plan.rule.apply == "if-symptoms" and answer == "absent":
        yield Reason(
            "symptoms-absent",
            f"the fix is for servers with symptoms, and there are none: {ids}",
            expected=ids,
        )
    elif plan.rule.apply == "if-symptoms":
        sentence = "the fix is for servers with symptoms, and nothing tells whether there are any"
        yield Reason("symptoms-unreported", f"{sentence}: {ids}" if ids else sentence, expected=ids or None)


def _contradicted(here: Evaluation, rule: Rule) -> Iterator[Reason]:
    for symptom in here.symptoms.observed(rule):
        if here.symptoms.is_denied(rule, symptom):
            sentence = f"{symptom.id} is observed and reported absent at the same time; observed counts"
            yield Reason("symptom-contradicted", sentence, observed=symptom.id)


def _listed(symptoms: Iterable[object]) -> str:
    return ", ".join(getattr(symptom, "id", "") for symptom in symptoms)

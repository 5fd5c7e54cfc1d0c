"""Evidence with the facts that it comes from, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from needfix.catalogue.describe import observations
from needfix.decide.checklist import RuleChecklist
from needfix.decide.evaluation import Evaluation
from needfix.model.decision import Reason
from needfix.model.evidence import Evidence
from needfix.model.explanation import EvidenceLine
from needfix.model.requirement import requirement
from needfix.model.rule import Rule
from needfix.model.symptom import Symptom

_OF_FILES = (
    "no-branch",
    "branch-ambiguous",
    "nothing-to-compare",
    "partial",
    "file-below-minimum",
    "build-below-minimum",
    "registry-not-as-needed",
    "registry-missing",
    "registry-contradicted",
    "registry-unreadable",
    "registry-not-inventoried",
    "build-differs",
    "build-may-lag",
    "build-not-shown",
    "file-unreadable",
    "file-not-inventoried",
    "file-missing",
    "file-reaches-minimum",
    "build-reaches-minimum",
    "registry-as-needed",
    "platform-unreadable",
)


def evidence_lines(
    here: Evaluation, checklist: RuleChecklist, reasons: Sequence[Reason]
) -> Iterator[EvidenceLine]:
    """Each field of the evidence, its value, and why it has that value; `reasons` are the rule's."""
    evidence = here.evidence(here.deciding(checklist)[0])
    why = {
        "affected": _joined(reason.text for reason in here.assessment(checklist.rule.id).reasons),
        "files": _joined(reason.text for code in _OF_FILES for reason in reasons if reason.code == code),
        "requires": _requires(checklist, evidence),
        "symptoms": _symptoms(here, checklist),
        "superseded": _joined(f"{newer} contains this fix" for newer in checklist.superseded_by),
        "claimed": _claimed(here, checklist),
        "running": _joined(reason.text for reason in here.running.reasons(checklist)),
        "setting": checklist.rule.also_needed or "",
    }
    for name, value in evidence._asdict().items():
        if name == "setting" and value == "none":  # as nearly all rules have it
            continue
        yield EvidenceLine(name.replace("_", "-"), value, why.get(name, ""))


def _requires(checklist: RuleChecklist, evidence: Evidence) -> str:
    """What the rule requires, and the level that its files are built on where the server may be before it."""
    found = list(map(requirement, checklist.rule.requires))
    for branch in checklist.needs.of_branches:
        found += [f"{requirement(need.entry)} for {branch.name}" for need in branch.needs]
    if evidence.affected != "no":
        verb = "is" if checklist.forced == "unmet" else "may be"
        for reason in checklist.forced_by:
            is_built_on = reason.code == "built-on-later-level"
            sentence = f"{reason.expected} {verb} needed first, since the files are built on it"
            found.append(sentence if is_built_on else reason.text)
    if not found and evidence.requires == "met":
        return "nothing is required"
    return _joined(dict.fromkeys(found))


def _symptoms(here: Evaluation, checklist: RuleChecklist) -> str:
    observed = _joined(
        _observed(here, checklist.rule, symptom) for symptom in here.symptoms.observed(checklist.rule)
    )
    return observed or _joined(symptom.id for symptom in checklist.rule.symptoms)


def _observed(here: Evaluation, rule: Rule, symptom: Symptom) -> str:
    if here.symptoms.is_shown(rule, symptom):
        return f"{symptom.id}, which telemetry shows by {observations(symptom)}"
    return f"{symptom.id}, which the inventory reports"


def _claimed(here: Evaluation, checklist: RuleChecklist) -> str:
    claims = here.server.hotfixes
    if claims is None:
        return "the inventory has no hotfix list"
    entries = "1 entry" if len(claims) == 1 else f"{len(claims)} entries"
    names = ", ".join((checklist.rule.id, *checklist.rule.updates))
    return f"the hotfix list has {entries}, searched for {names}"


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)

"""Reasons: the facts behind a decision, in sentences, the deciding ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from needfix.compare.affected import Assessment
from needfix.compare.entry_conditions import builds_that_differ, values_that_differ
from needfix.decide.checklist import RuleChecklist
from needfix.decide.evaluation import Evaluation
from needfix.decide.file_reasons import file_reasons
from needfix.decide.needs import Need, agreed
from needfix.infer.inference import Outcome
from needfix.model.decision import Reason
from needfix.model.evidence import Evidence
from needfix.model.reason_codes import CONTRADICTIONS
from needfix.model.requirement import SingleRequirement, alternatives, requirement
from needfix.model.rule import Rule
from needfix.model.server import NOT_THERE
from needfix.model.symptom import Symptom


def reasons(here: Evaluation, rule_id: str) -> tuple[Reason, ...]:
    """Why a rule was decided as it was."""
    assessment = here.assessment(rule_id)
    found = _of_closed if assessment.affected == "no" else _of_open
    return _each_once(found(here, rule_id, assessment))


def _each_once(found: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons without those that are there twice; a platform of a file is no further one of its product."""
    every = tuple(dict.fromkeys(found))
    of_files = {one.observed for one in every if one.code == "platform-unreadable" and one.file is not None}
    if not of_files:
        return every
    return tuple(
        one
        for one in every
        if one.code != "platform-unreadable" or one.file is not None or one.observed not in of_files
    )


def _of_closed(here: Evaluation, rule_id: str, assessment: Assessment) -> Iterator[Reason]:
    """Why a rule does not affect a server; its files do not matter."""
    rule = here.engine.catalogue.rules[rule_id]
    yield from assessment.reasons
    for remark in here.outcomes[rule_id].remarks:
        yield _remark(here, rule, remark)
    yield from _contradicted(here, rule)
    yield from _disagreements(here, rule)
    yield from _of_products(here, rule)


def _of_open(here: Evaluation, rule_id: str, assessment: Assessment) -> Iterator[Reason]:
    checklist = here.checklist.rules[rule_id]
    deciding, _ = here.deciding(checklist)
    yield from _in_order(here, deciding, assessment, here.evidence(deciding))
    if deciding.instance is not None:
        yield from _of_other_instances(here, checklist, deciding)
    yield from _without_fix(checklist)


def _in_order(
    here: Evaluation, checklist: RuleChecklist, assessment: Assessment, evidence: Evidence
) -> Iterator[Reason]:
    outcome = here.outcomes[checklist.rule.id]
    unknown = evidence.affected in ("unknown", "contradicted")
    about = assessment.reasons_of(evidence.affected)
    if outcome.decision == "undetermined":
        yield from _disagreements(here, checklist.rule)
    if unknown and outcome.decision == "undetermined":
        yield from about
    yield from _of_fix(here, checklist, evidence, outcome)
    yield from _remarks(here, checklist, outcome)
    if evidence.running in ("old", "pending") and outcome.decision == "fix-present":
        yield from _named(checklist, here.running.reasons(checklist))
    yield from _symptoms(here, checklist, outcome)
    if evidence.superseded == "no":
        yield from _newer_rules(checklist)
    if not (unknown and outcome.decision == "undetermined"):
        yield from about
    yield from _of_products(here, checklist.rule)
    yield from _disagreements(here, checklist.rule)


def _of_fix(
    here: Evaluation, checklist: RuleChecklist, evidence: Evidence, outcome: Outcome
) -> Iterator[Reason]:
    """Whether the fix is there, by its files or by those of a rule that contains it."""
    yield from _named(checklist, _contained(here, checklist, evidence))
    yield from _named(checklist, file_reasons(here, checklist, evidence, outcome))


def _named(checklist: RuleChecklist, found: Iterable[Reason]) -> Iterable[Reason]:
    """Reasons with the instance that they are about, where there are several."""
    return found if checklist.instance is None else map(checklist.instance.named, found)


def _of_other_instances(
    here: Evaluation, checklist: RuleChecklist, deciding: RuleChecklist
) -> Iterator[Reason]:
    """What the files of the other instances show: of those that are decided alike, and what contradicts."""
    decision = here.outcomes[checklist.rule.id].decision
    for part, outcome in here.parts(checklist):
        if part is not deciding:
            found = _of_fix(here, part, here.evidence(part), outcome)
            is_alike = outcome.decision == decision
            yield from (reason for reason in found if is_alike or reason.code in CONTRADICTIONS)


def _disagreements(here: Evaluation, rule: Rule) -> Iterator[Reason]:
    """Where records of the server that were united disagree: about a file, for the rules that look at it.

    Where one of them says that a file is not there, the list is not whole, which matters to each rule that
    looks at a file that is not in the list.
    """
    if not here.server.disagreements:
        return
    products = here.engine.catalogue.products
    key_files = (
        name
        for entry in rule.every_entry
        if entry.product in products
        for name in products[entry.product].key_files
    )
    names = {name.casefold() for name in (*key_files, *(one.name for fix in rule.fixes for one in fix.files))}
    listed = {copy.name.casefold() for copy in here.server.files}
    for reason in here.server.disagreements:
        is_about_list = NOT_THERE in (reason.observed or "").split(" | ") and not names <= listed
        if reason.file is None or reason.file.casefold() in names or is_about_list:
            yield reason


def _of_products(here: Evaluation, rule: Rule) -> Iterator[Reason]:
    """Where facts about a rule's products exclude each other, disagree or cannot be read."""
    marked = (mark.product for mark in rule.corrected_in)
    named = (entry.product for entry in rule.every_entry)
    for product in dict.fromkeys((*named, *marked)):
        for installation in here.installed.of(product):
            yield from installation.contradictions
            yield from installation.remarks
    yield from builds_that_differ(rule, here.installed)
    yield from values_that_differ(rule, here.installed)


def _without_fix(checklist: RuleChecklist) -> Iterator[Reason]:
    """Where no fix is for one of several installations, whichever of them decides."""
    for part in (checklist, *checklist.also):
        for choice in part.choices:
            yield from (reason for reason in choice.reasons if reason.code == "no-branch")


_MOST_NEWER = 3
"""Newer rules that have a reason each; more of them share one."""


def _contained(here: Evaluation, checklist: RuleChecklist, evidence: Evidence) -> Iterator[Reason]:
    newer = here.provers(checklist) if evidence.superseded == "present" else []
    if len(newer) > _MOST_NEWER:
        sentence = f"{_listing(newer)}, which contain this fix, are installed"
        yield Reason("superseded-present", sentence, observed=", ".join(newer))
        return
    for one in newer:
        yield Reason("superseded-present", f"{one}, which contains this fix, is installed", observed=one)


def _newer_rules(checklist: RuleChecklist) -> Iterator[Reason]:
    newer = checklist.superseded_by
    if len(newer) > _MOST_NEWER:
        sentence = f"{_listing(newer)} contain this fix, but the facts do not prove that any is installed"
        yield Reason("superseded-by", sentence, expected=", ".join(newer))
        return
    for one in newer:
        sentence = f"{one} contains this fix, but the facts do not prove that it is installed"
        yield Reason("superseded-by", sentence, expected=one)


def _listing(rules: Sequence[str]) -> str:
    *others, last = rules
    return f"{', '.join(others)} and {last}"


def _remarks(here: Evaluation, checklist: RuleChecklist, outcome: Outcome) -> Iterator[Reason]:
    for remark in outcome.remarks:
        if remark in ("requires-unmet", "requires-unknown"):
            yield from _requirements(here, checklist, remark)
        elif remark == "claimed-but-files-older":
            yield _older_than_claimed(here, checklist)
        elif remark == "claimed-but-unproved" and all(one.minimum.is_build for one in checklist.all_checks):
            yield _claim(here, checklist.rule, remark, _CLAIMS_OF_BUILDS)
        else:
            yield _remark(here, checklist.rule, remark)


def _older_than_claimed(here: Evaluation, checklist: RuleChecklist) -> Reason:
    """A claim that files or a build deny: evidence does not distinguish missing files from older ones."""
    state = here.states(checklist)
    older = [check for check in checklist.all_checks if state(check) == "below"]
    if not older:
        return _claim(here, checklist.rule, "claimed-but-files-missing")
    sentences = _CLAIMS_OF_BUILDS if all(check.minimum.is_build for check in older) else _CLAIMS
    found = _claim(here, checklist.rule, "claimed-but-files-older", sentences)
    if here.server.restart_pending:  # which is why
        return replace(found, text=found.text.partition(";")[0])
    return found


def _remark(here: Evaluation, rule: Rule, remark: str) -> Reason:
    """A remark of an outcome about which a rule's checklist says nothing more."""
    if remark == "symptom-despite-fix":
        observed = tuple(here.symptoms.observed(rule))
        sentence = f"The fix is installed, but a symptom is still observed: {_texts(observed)}"
        return Reason(remark, sentence, observed=_ids(observed))
    if remark == "symptom-observed":
        return _observed(here, rule)
    if remark == "restart-pending":
        sentence = f"The hotfix list names {_listed(here, rule)}, and the server reports a pending restart"
        return Reason(remark, sentence, observed=here.hotfixes.claimed_as(rule))
    if remark == "needs-setting":
        setting = rule.also_needed
        return Reason(remark, f"The fix is installed; also needed: {setting}", expected=setting)
    return _claim(here, rule, remark)


def _claim(here: Evaluation, rule: Rule, remark: str, sentences: Mapping[str, str] | None = None) -> Reason:
    """What is said of a claim, by default of files."""
    sentence = (_CLAIMS if sentences is None else sentences)[remark].format(rule=_listed(here, rule))
    return Reason(remark, sentence, observed=here.hotfixes.claimed_as(rule))


def _listed(here: Evaluation, rule: Rule) -> str:
    """A claimed rule by the name in the hotfix list, with its id where that is one of its updates."""
    name = here.hotfixes.claimed_as(rule) or rule.id
    return name if name == rule.id else f"{name} ({rule.id})"


_CLAIMS_OF_BUILDS = {
    "claimed-but-files-older": "The hotfix list names {rule}, but the build is older; "
    "it may have been removed, or its installation may have failed",
    "claimed-but-unproved": "The hotfix list names {rule}, but no build shows that it is installed",
}
_CLAIMS = {
    "claimed-but-files-older": "The hotfix list names {rule}, but the files are older; "
    "a service pack or a restore may have put old files back",
    "claimed-but-files-missing": "The hotfix list names {rule}, but its files are missing",
    "claimed-but-not-affected": "The hotfix list names {rule}, which does not affect this server; "
    "check which product and level are installed",
    "claimed-but-unproved": "The hotfix list names {rule}, but no file shows that it is installed",
}


def _requirements(here: Evaluation, checklist: RuleChecklist, remark: str) -> Iterator[Reason]:
    answer_to_report = remark.removeprefix("requires-")
    if checklist.forced == answer_to_report:
        yield from checklist.forced_by
    for need in checklist.needs.of_rule:
        if need.answer(here.required_rule) == answer_to_report:
            yield _required(here, checklist.rule.id, need, remark)
    yield from _branch_requirements(here, checklist, remark)


def _branch_requirements(here: Evaluation, checklist: RuleChecklist, remark: str) -> Iterator[Reason]:
    """What branches require; where they do not agree, all that is not known to be there."""
    branches = checklist.needs.of_branches
    agreed_on = agreed(branch.answer(here.required_rule) for branch in branches)
    if agreed_on != remark.removeprefix("requires-"):
        return
    for branch in branches:
        own = branch.answer(here.required_rule)
        for need in branch.needs if own != "met" else ():
            if need.answer(here.required_rule) == own:
                yield _required(here, f"The fix of {checklist.rule.id} for {branch.name}", need, remark)


def _required(here: Evaluation, subject: str, need: Need, remark: str) -> Reason:
    names = " or ".join(_required_name(here, one) for one in alternatives(need.entry))
    is_unmet = need.answer(here.required_rule) == "unmet"
    state = "which is not installed" if is_unmet else "which may or may not be installed"
    return Reason(remark, f"{subject} requires {names}, {state}", expected=requirement(need.entry))


def _required_name(here: Evaluation, entry: SingleRequirement) -> str:
    """A required level or rule; an update with the ids of the rules that have it."""
    name = requirement(entry, here.installed.name_of)
    rules = here.engine.catalogue.meant_by(entry) if isinstance(entry, str) else ()
    others = [one for one in rules if one.casefold() != name.casefold()]
    return f"{name} ({', '.join(others)})" if others else name


def _symptoms(here: Evaluation, checklist: RuleChecklist, outcome: Outcome) -> Iterator[Reason]:
    yield from _contradicted(here, checklist.rule)
    if outcome.decision != "fix-required":
        return
    yield from _unread_states(here, checklist.rule)
    answer = here.symptoms.of(checklist.rule)
    symptoms = checklist.rule.symptoms
    if answer in ("observed", "observed-for-rule"):
        yield _observed(here, checklist.rule)
    elif checklist.rule.apply == "if-symptoms" and answer == "absent":
        sentence = f"{_IF_SYMPTOMS}. Reported absent: {_texts(symptoms)}"
        yield Reason("symptoms-absent", sentence, expected=_ids(symptoms))
    elif checklist.rule.apply == "if-symptoms":
        missing = _texts(one for one in symptoms if not here.symptoms.is_absent(checklist.rule, one))
        sentence = f"Not reported yet: {missing}" if missing else "The rule lists no symptoms"
        yield Reason("symptoms-unreported", f"{_IF_SYMPTOMS}. {sentence}", expected=_ids(symptoms) or None)


_IF_SYMPTOMS = "Apply only if this server shows the problem"


def _observed(here: Evaluation, rule: Rule) -> Reason:
    observed = tuple(here.symptoms.observed(rule))
    return Reason(
        "symptom-observed", f"A symptom of {rule.id} is observed: {_texts(observed)}", observed=_ids(observed)
    )


def _unread_states(here: Evaluation, rule: Rule) -> Iterator[Reason]:
    for entry in here.symptoms.unread_states(rule):
        of_name = f"of {entry.name} is not"
        sentence = f"The state {entry.state!r} {of_name} a known state of a service"
        yield Reason(
            "state-unreadable",
            sentence if entry.state else f"The state {of_name} stated",
            observed=entry.state or None,
        )


def _contradicted(here: Evaluation, rule: Rule) -> Iterator[Reason]:
    for symptom in here.symptoms.observed(rule):
        if here.symptoms.is_denied(rule, symptom):
            sentence = f'"{symptom.text}" is both observed and reported absent; the observation counts'
            yield Reason("symptom-contradicted", sentence, observed=symptom.id)
        elif here.symptoms.is_contradicted(rule, symptom):
            sentence = f'"{symptom.text}" is observed, but a complete list denies it; the observation counts'
            yield Reason("symptom-contradicted", sentence, observed=symptom.id)


def _ids(symptoms: Iterable[Symptom]) -> str:
    return ", ".join(symptom.id for symptom in symptoms)


def _texts(symptoms: Iterable[Symptom]) -> str:
    return ", ".join(f'"{symptom.text}"' for symptom in symptoms)

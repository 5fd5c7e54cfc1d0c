"""Evidence, decision and action of every rule for one server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from needfix.cases.plain.affected import affected, reaches
from needfix.cases.plain.files import files, running
from needfix.cases.plain.places import Here, Place, places
from needfix.cases.plain.symptoms import symptoms
from needfix.catalogue import Catalogue
from needfix.model.decision import Action, DecisionKind
from needfix.model.evidence import Claimed, Evidence, Requires
from needfix.model.rule import ProductLevel, Requirement, Rule
from needfix.model.server import Server


def decision_by_table(e: Evidence) -> DecisionKind:
    """The decision of the first row that holds."""
    if e.affected == "no":
        return "not-affected"
    if e.files == "present" or e.superseded == "present":
        return "fix-present"
    if e.affected == "unknown" or e.files in ("unknown", "no-branch"):
        return "undetermined"
    if e.files == "absent" and e.if_missing == "not-affected":
        return "not-affected"
    return "fix-required"


def action_by_table(e: Evidence, decision: DecisionKind) -> Action:
    """What to do about a decision."""
    if decision == "fix-required":
        return _action_where_required(e)
    if decision == "fix-present" and e.running == "old":
        return "restart"
    despite_fix = decision == "fix-present" and e.symptoms == "observed"
    return "investigate" if despite_fix or decision == "undetermined" else "none"


def _action_where_required(e: Evidence) -> Action:
    if e.apply == "if-symptoms" and e.symptoms == "absent":
        return "wait"
    if e.apply == "if-symptoms" and e.symptoms == "unreported":
        return "confirm-symptoms"
    return "upgrade-first" if e.requires == "unmet" else "apply"


Answer = tuple[DecisionKind, Action]


def decide(catalogue: Catalogue, server: Server) -> Mapping[str, Answer]:
    """The answers by the rules' ids."""
    decided: dict[str, Answer] = {}
    for rule_id, evidence in evidence_of(catalogue, server).items():
        decision = decision_by_table(evidence)
        decided[rule_id] = decision, action_by_table(evidence, decision)
    return decided


def evidence_of(catalogue: Catalogue, server: Server) -> Mapping[str, Evidence]:
    """The evidence by the rules' ids, each behind that of the rules which it depends on."""
    here = places(catalogue, server)
    found: dict[str, Evidence] = {}
    decided: dict[str, Answer] = {}
    waiting = list(catalogue)
    while ready := [rule for rule in waiting if _depends_on(catalogue, rule) <= found.keys()]:
        for rule in ready:
            found[rule.id] = _evidence(catalogue, rule, server, here, decided)
            decision = decision_by_table(found[rule.id])
            decided[rule.id] = decision, action_by_table(found[rule.id], decision)
        waiting = [rule for rule in waiting if rule.id not in found]
    return found


def required(catalogue: Catalogue, entry: Requirement, here: Here, decided: Mapping[str, Answer]) -> Requires:
    """Whether one thing is there that a rule requires."""
    if not isinstance(entry, str):
        return _any_of(answer for needed in entry for answer in _levels_reached(needed, here))
    rule = _rule(catalogue, entry)
    if rule is None or decided[rule.id][0] == "undetermined":
        return "unknown"
    return "met" if decided[rule.id][0] == "fix-present" else "unmet"


def _evidence(
    catalogue: Catalogue, rule: Rule, server: Server, here: Here, decided: Mapping[str, Answer]
) -> Evidence:
    answer, found = affected(rule, here)
    concerned = found or [Place(catalogue.products[product]) for product in rule.products]
    is_contained = any(decided[newer.id][0] == "fix-present" for newer in _newer(catalogue, rule))
    return Evidence(
        affected=answer,
        files=files(rule, concerned, server),
        requires=_all_of(required(catalogue, entry, here, decided) for entry in rule.requires),
        symptoms=symptoms(rule, server),
        apply=rule.apply,
        if_missing=rule.if_missing,
        superseded="present" if is_contained else "no",
        claimed=_claimed(rule, server),
        running=running(rule, concerned, server),
    )


def _rule(catalogue: Catalogue, rule_id: str) -> Rule | None:
    return next((rule for rule in catalogue if rule.id.casefold() == rule_id.casefold()), None)


def _newer(catalogue: Catalogue, rule: Rule) -> list[Rule]:
    """The rules whose fix contains that of this one."""
    return [one for one in catalogue if rule.id.casefold() in map(str.casefold, one.supersedes)]


def _depends_on(catalogue: Catalogue, rule: Rule) -> set[str]:
    needed = [_rule(catalogue, entry) for entry in rule.requires if isinstance(entry, str)]
    return {one.id for one in (*needed, *_newer(catalogue, rule)) if one is not None}


def _claimed(rule: Rule, server: Server) -> Claimed:
    if server.hotfixes is None:
        return "no-list"
    return "installed" if _article(rule.id) in map(_article, server.hotfixes) else "unclaimed"


def _article(name: str) -> str:
    """The number of an article that a hotfix is called by, else its name: KB279798 is Q279798."""
    plain = name.strip().casefold()
    numbers = list(re.finditer("[0-9]+", plain, re.ASCII))
    for number in numbers:
        before = plain[: number.start()]
        is_named = before == "" or re.search(r"\b(q|kb) ?$", before, re.ASCII) is not None
        if is_named and 5 <= len(number[0]) <= 8:  # noqa: PLR2004 - digits of an article's number
            return number[0]
    return plain


def _levels_reached(needed: ProductLevel, here: Here) -> list[Requires]:
    installed = here.of(needed.product)
    if not installed:
        return ["unknown" if needed.product in here.open_products else "unmet"]
    return [_level_reached(needed, place) for place in installed]


def _level_reached(needed: ProductLevel, place: Place) -> Requires:
    levels = (place.level,) if place.level is not None else place.possible
    reached = {reaches(place, level, needed.level) for level in levels}
    if reached == {True}:
        return "met"
    return "unmet" if reached == {False} else "unknown"


def _any_of(answers: Iterable[Requires]) -> Requires:
    seen = set(answers)
    if "met" in seen:
        return "met"
    return "unmet" if seen == {"unmet"} else "unknown"


def _all_of(answers: Iterable[Requires]) -> Requires:
    seen = set(answers)
    if "unmet" in seen:
        return "unmet"
    return "unknown" if "unknown" in seen else "met"

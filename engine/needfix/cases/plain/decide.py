"""Decision and action of every rule for one server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from needfix.cases.plain.affected import affected
from needfix.cases.plain.files import files, running
from needfix.cases.plain.places import Here, Place, places
from needfix.cases.plain.symptoms import symptoms
from needfix.cases.plain.table import action_by_table, decision_by_table
from needfix.catalogue import Catalogue
from needfix.model.decision import Action, DecisionKind
from needfix.model.evidence import Evidence, Requires
from needfix.model.rule import ProductLevel, Requirement, Rule
from needfix.model.server import Server

Answer = tuple[DecisionKind, Action]


def decide(catalogue: Catalogue, server: Server) -> Mapping[str, Answer]:
    """The answers by the rules' ids."""
    here = places(catalogue, server)
    decided: dict[str, Answer] = {}
    for rule_id in catalogue.order:
        evidence = _evidence(catalogue, catalogue.rules[rule_id], server, here, decided)
        decision = decision_by_table(evidence)
        decided[rule_id] = decision, action_by_table(evidence, decision)
    return decided


def _evidence(
    catalogue: Catalogue, rule: Rule, server: Server, here: Here, decided: Mapping[str, Answer]
) -> Evidence:
    answer, found = affected(rule, here)
    concerned = found or [Place(catalogue.products[product]) for product in rule.products]
    return Evidence(
        affected=answer,
        files=files(rule, concerned, server),
        requires=_all_of(required(catalogue, entry, here, decided) for entry in rule.requires),
        symptoms=symptoms(rule, server),
        apply=rule.apply,
        if_missing=rule.if_missing,
        superseded="present" if _is_contained(catalogue, rule, decided) else "no",
        claimed="no-list",  # what a server claims decides nothing
        running=running(rule, concerned, server),
    )


def _is_contained(catalogue: Catalogue, rule: Rule, decided: Mapping[str, Answer]) -> bool:
    """Whether the fix of a rule that supersedes this one is present."""
    newer = [one.id for one in catalogue if rule.id in map(catalogue.known_id, one.supersedes)]
    return any(decided[rule_id][0] == "fix-present" for rule_id in newer)


def required(catalogue: Catalogue, entry: Requirement, here: Here, decided: Mapping[str, Answer]) -> Requires:
    """Whether one thing is there that a rule requires."""
    if not isinstance(entry, str):
        return _any_of(answer for wanted in entry for answer in _levels_reached(wanted, here))
    decision = decided.get(catalogue.known_id(entry), ("undetermined", "none"))[0]
    if decision == "undetermined":
        return "unknown"
    return "met" if decision == "fix-present" else "unmet"


def _levels_reached(wanted: ProductLevel, here: Here) -> list[Requires]:
    installed = here.of(wanted.product)
    if not installed:
        return ["unknown" if wanted.product in here.open_products else "unmet"]
    return [_level_reached(wanted, place) for place in installed]


def _level_reached(wanted: ProductLevel, place: Place) -> Requires:
    levels = (place.level,) if place.level is not None else place.possible
    reached = {level >= wanted.level for level in levels}
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

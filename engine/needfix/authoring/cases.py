"""A rule's own test cases: the short form of their facts, and what a rule makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from needfix.catalogue import Catalogue
from needfix.decide.evaluate import evaluate
from needfix.errors import CatalogueError, Problem
from needfix.inventory import server_from_record
from needfix.model.decision import Decision
from needfix.model.rule import Case, Rule
from needfix.model.server import Server

_PRODUCT_FIELDS = ("level", "build", "edition", "language", "platform")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case; `failures` says in sentences what was expected otherwise."""

    rule: Rule
    case: Case
    decision: Decision
    failures: tuple[str, ...]


def run_case(catalogue: Catalogue, rule: Rule, case: Case) -> CaseResult:
    """Decide a case. Raises CatalogueError where its facts are not an inventory."""
    server = server_of(catalogue, rule, case)
    decision = next(d for d in evaluate(catalogue, server) if d.rule == rule.id)
    return CaseResult(rule, case, decision, tuple(_failures(case, decision)))


def server_of(catalogue: Catalogue, rule: Rule, case: Case) -> Server:
    """The server that a case describes. Its product is the rule's first where it names none."""
    problems: list[Problem] = []
    record = inventory_record(catalogue, rule, case)
    server = server_from_record(record, case.at, problems)
    if server is None or problems:
        raise CatalogueError(problems)
    return server


def inventory_record(catalogue: Catalogue, rule: Rule, case: Case) -> dict[str, object]:
    """The facts of a case as a record of an inventory."""
    given = dict(case.given)
    record: dict[str, object] = {"server": case.name}
    stated = {key: given.pop(key) for key in _PRODUCT_FIELDS if key in given}
    name = given.pop("product", None) or catalogue.products[rule.products[0]].name
    if "products" not in given:
        record["products"] = [{"name": name, **stated}]
    files = given.pop("files", None)
    if files is not None:
        record["files"] = _files(files)
    return {**record, **given}


def _files(files: object) -> object:
    if not isinstance(files, Mapping):
        return files
    return [
        {"name": name, **entry} if isinstance(entry, Mapping) else {"name": name, "version": entry}
        for name, entry in files.items()
    ]


def _failures(case: Case, decision: Decision) -> list[str]:
    failures = []
    if decision.decision != case.expect:
        failures.append(f"expected {case.expect}, was {decision.decision}")
    if case.action is not None and decision.action != case.action:
        failures.append(f"expected the action {case.action}, was {decision.action}")
    codes = {reason.code for reason in decision.reasons}
    missing = [code for code in case.reasons if code not in codes]
    if missing:
        failures.append(f"expected the reasons {', '.join(missing)}, were {', '.join(sorted(codes))}")
    return failures

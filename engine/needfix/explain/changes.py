"""Single changes of a server's facts that may matter to a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import starmap

from needfix.compare.tracked import FileCheck
from needfix.decide.checklist import RuleChecklist
from needfix.decide.evaluation import Evaluation
from needfix.explain.fact_change import FactChange, chain
from needfix.explain.file_changes import all_files, build_changes, file_changes, has_one_minimum, with_minimum
from needfix.explain.product_changes import product_changes
from needfix.explain.registry_changes import value_changes
from needfix.model.explanation import Line
from needfix.model.rule import Rule


def changes(here: Evaluation, checklist: RuleChecklist) -> list[FactChange]:
    """The changes to try for a rule."""
    parts = (checklist,) if checklist.instance is None else (checklist, *checklist.also)
    checks = tuple(dict.fromkeys(check for part in parts for check in part.all_checks))
    found = [change for check in checks for change in _of_check(here, checklist.rule, check, checks)]
    found += all_files(here, checks)
    found += _values_of_entries(here, checklist.rule)
    found += (
        change
        for product in dict.fromkeys(entry.product for entry in checklist.rule.every_entry)
        for change in product_changes(here, checklist.rule, product)
    )
    found += _symptom_changes(checklist.rule)
    found += _other_rules(here, checklist)
    if here.server.restart_pending:
        found.append(
            FactChange(Line("restart", "done"), lambda server: replace(server, restart_pending=False))
        )
    return found


def _of_check(
    here: Evaluation, rule: Rule, check: FileCheck, checks: Sequence[FileCheck]
) -> Iterator[FactChange]:
    if check.minimum.is_build:
        yield from build_changes(here, check)
    elif check.minimum.registry is not None:
        yield from starmap(FactChange, value_changes(check.minimum, here.registry.measure(check)))
    else:
        yield from file_changes(here, rule, check, has_one_minimum(check, checks))


def _values_of_entries(here: Evaluation, rule: Rule) -> Iterator[FactChange]:
    """Values of the registry that entries of the rule ask for."""
    asked = dict.fromkeys(one for entry in rule.every_entry for one in entry.registry)
    for minimum in asked:
        yield from starmap(FactChange, value_changes(minimum, here.installed.value_of(minimum)))


def _symptom_changes(rule: Rule) -> Iterator[FactChange]:
    names = frozenset(f"{rule.id}/{symptom.id}".casefold() for symptom in rule.symptoms)
    bare = frozenset(symptom.id.casefold() for symptom in rule.symptoms)
    if not names:
        return
    listed = " or ".join(symptom.id for symptom in rule.symptoms)
    yield FactChange(
        Line("symptoms", f"{listed} observed"),
        lambda server: replace(server, observed=(server.observed or frozenset()) | bare),
    )
    yield FactChange(
        Line("symptoms", "all reported absent"),
        lambda server: replace(
            server,
            observed=(server.observed or frozenset()) - names - bare,
            absent=(server.absent or frozenset()) | names,
            events=None, services=None, counters=None,
        ),
    )  # fmt: skip


def _other_rules(here: Evaluation, checklist: RuleChecklist) -> Iterator[FactChange]:
    """The fixes of rules that this one depends on, brought to their minima."""
    for rule_id in dict.fromkeys((*checklist.superseded_by, *checklist.required_rules)):
        other = here.checklist.rules.get(rule_id)
        if other is None or here.is_present(rule_id):
            continue
        checks = other.all_checks
        makes = [with_minimum(here, check) for check in checks]
        yield FactChange(Line(rule_id, "present"), chain(makes))

"""What one case reaches of its rule, seen from outside in how it is decided."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.cases.coverage.targets import Key, level_key
from needfix.catalogue import Catalogue
from needfix.compare.installation import Installation
from needfix.compare.tracked import FileCheck
from needfix.decide.checklist import RuleChecklist
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.intake.vocabularies import is_separate, same_edition
from needfix.model.rule import Affects, Fix, Rule
from needfix.model.server import FileCopy, Server
from needfix.versions import Level, parse_clock_time, parse_file_version


def reached(catalogue: Catalogue, rule: Rule, server: Server) -> frozenset[Key]:
    """The keys of the targets that a server reaches."""
    here = Evaluation(engine_of(catalogue), server)
    checklist = here.checklist.rules[rule.id]
    keys: set[Key] = {("decision", here.outcomes[rule.id].decision)}
    if checklist.affected == "yes":
        keys.update(_levels(here, rule))
    if checklist.affected != "no":
        keys.update(_files(here, checklist, rule))
    keys.update(_symptoms(here, rule))
    return frozenset(keys)


def _levels(here: Evaluation, rule: Rule) -> Iterator[Key]:
    for entry in rule.affects:
        for installation in here.installed.of(entry.product):
            if not _concerns(entry, installation):
                continue
            if entry.levels is None:
                yield level_key(entry, None)
            elif (level := _level(installation)) in entry.levels and level is not None:
                yield level_key(entry, level)


def _level(here: Installation) -> Level | None:
    """The level, without those that are possible only by a newer key file, as every hotfix has."""
    own = [level for level in here.possible if level not in here.raised]
    return own[0] if here.is_known and len(own) == 1 else None


def _concerns(entry: Affects, here: Installation) -> bool:
    """Whether an entry concerns the edition that is installed."""
    if entry.edition is None:
        return not is_separate(here.product, here.edition)
    return here.edition is not None and same_edition(entry.edition, here.edition)


def _files(here: Evaluation, checklist: RuleChecklist, rule: Rule) -> Iterator[Key]:
    """The chosen branches with their files; a branch among several that are possible is not chosen."""
    numbers = {id(fix): number for number, fix in enumerate(rule.fixes)}
    for choice in checklist.choices:
        for branch in choice.branches if len(choice.branches) == 1 else ():
            for fix in branch.fixes:
                yield "branch", numbers[id(fix)]
                yield from _sides(here, numbers[id(fix)], fix)


def _sides(here: Evaluation, number: int, fix: Fix) -> Iterator[Key]:
    for check in here.engine.tracked.checks(fix):
        state = here.files.state(check)
        key = (number, check.minimum.name, check.minimum.path)
        if state in ("below", "reached", "missing"):
            yield "file", *key
        if state == "below":
            yield "boundary", *key, "below"
        elif state == "reached":
            copy = here.files.measure(check.tracked).copy
            yield "boundary", *key, "at" if copy is not None and _is_at(check, copy) else "above"


def _is_at(check: FileCheck, copy: FileCopy) -> bool:
    """Whether a copy is exactly at the minimum."""
    if check.minimum.version is not None:
        return parse_file_version(copy.version or "") == check.minimum.version
    moment = parse_clock_time(copy.modified or "")
    minimum = check.minimum.modified
    return moment is not None and minimum is not None and moment.first == minimum.first


def _symptoms(here: Evaluation, rule: Rule) -> Iterator[Key]:
    for symptom in here.symptoms.observed(rule):
        yield "symptom", symptom.id
        if here.symptoms.is_shown(rule, symptom):
            yield "symptom", symptom.id, "shown"

"""What one case reaches of its rule, seen from outside in how it is decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packaging.version import Version

from needfix.cases.coverage.targets import Key, level_key
from needfix.catalogue import Catalogue
from needfix.catalogue.minimum_sides import line_of
from needfix.compare.build_minima import as_version
from needfix.compare.entry_conditions import conditions
from needfix.compare.installation import Installation
from needfix.compare.tracked import FileCheck
from needfix.decide.checklist import RuleChecklist
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.intake.vocabularies import is_separate, same_edition
from needfix.model.rule import Affects, Rule
from needfix.model.server import Server
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
            if not _concerns(entry, installation) or any(
                one.answer != "yes" for one in conditions(entry, installation, here.installed)
            ):
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
                own = (check for check in checklist.all_checks if check.minimum in fix.minima)
                yield from _sides(here, numbers[id(fix)], own)


def _sides(here: Evaluation, number: int, checks: Iterable[FileCheck]) -> Iterator[Key]:
    for check in checks:
        state = here.files.state(check)
        key = (number, check.minimum.label, check.minimum.path)
        if state in ("below", "reached", "missing"):
            yield "file", *key
        if state in ("below", "reached"):
            line, is_at = _at(here, check, is_reached=state == "reached")
            side = "at" if is_at else "above" if state == "reached" else "below"
            yield "boundary", *key, line, side


def _at(here: Evaluation, check: FileCheck, *, is_reached: bool) -> tuple[int, bool]:
    """The line of a minimum that a file or a build is of, and whether it is exactly at that minimum."""
    minimum = check.minimum
    if minimum.registry is not None and minimum.version is None:
        return 0, is_reached
    if minimum.modified is not None:
        copy = here.files.of(check.instance).measure(check.tracked).copy
        moment = parse_clock_time((copy.modified if copy else None) or "")
        return 0, moment is not None and moment.first == minimum.modified.first
    version = _version(here, check, is_reached=is_reached)
    if version is None or not minimum.lines:
        return 0, version is not None and version in (minimum.version, minimum.above)
    line = line_of(minimum.lines, version)
    return minimum.lines.index(line), version == line.version


def _version(here: Evaluation, check: FileCheck, *, is_reached: bool) -> Version | None:
    """The version that decides."""
    if check.minimum.registry is not None:
        entries = here.registry.measure(check).entries
        return parse_file_version(entries[0].value or "") if entries else None
    if check.minimum.is_build:
        measure = here.builds.measure(check)
        fact = measure.reaching(check.needed) if is_reached else measure.missing(check.needed)
        return as_version(fact.builds[0]) if fact is not None else None
    copy = here.files.of(check.instance).measure(check.tracked).copy
    return parse_file_version((copy.version if copy else None) or "")


def _symptoms(here: Evaluation, rule: Rule) -> Iterator[Key]:
    for symptom in here.symptoms.observed(rule):
        yield "symptom", symptom.id
        if here.symptoms.is_shown(rule, symptom):
            yield "symptom", symptom.id, "shown"

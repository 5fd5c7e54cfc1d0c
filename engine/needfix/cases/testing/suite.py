"""All cases that paths hold: those inside rules and those of stand-alone case files."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from needfix.cases.testing.case_file import CaseFile, read_case_files
from needfix.cases.testing.item import Item, item_of
from needfix.cases.testing.standalone import standalone_items
from needfix.catalogue import Catalogue, load_catalogue, shipped_rules
from needfix.catalogue.files import rule_files
from needfix.catalogue.hints import in_order
from needfix.catalogue.part import part
from needfix.errors import CatalogueError, Position, Problem
from needfix.intake.paths import CASES, RULES_AND_CASES, named_files
from needfix.model.rule import Rule


@dataclass(frozen=True, slots=True, eq=False)
class TestedRule:
    """A rule under test, the catalogue that it was loaded with, and all cases that expect something of it.

    `is_named`: its own file was named, not only that of cases which expect something of it.
    """

    __test__ = False  # pytest takes a class of this name for tests

    rule: Rule
    catalogue: Catalogue
    items: tuple[Item, ...]
    is_named: bool


@dataclass(frozen=True, slots=True, eq=False)
class Suite:
    """Every case of a run, and the rules that are tested by them."""

    items: tuple[Item, ...]
    rules: tuple[TestedRule, ...]

    def only(self, is_selected: Callable[[Item], bool]) -> Suite:
        """The selected cases, and the rules that any of them expects something of."""
        rules = (replace(one, items=tuple(filter(is_selected, one.items))) for one in self.rules)
        return Suite(tuple(filter(is_selected, self.items)), tuple(rule for rule in rules if rule.items))


def collect(paths: Sequence[str], rules: Sequence[str] = (), *, with_shipped: bool = True) -> Suite:
    """The cases at `paths`: rule files, case files, folders or patterns of both; none: what ships.

    `rules` are more rules to decide with, whose own cases are not run; `with_shipped`: the shipped product
    definitions are known. Raises CatalogueError with every problem of every file.
    """
    problems: list[Problem] = []
    own, case_files = _rules_and_case_files(paths, problems)
    files = [read for file in case_files for read in read_case_files(file, problems)]
    load = partial(_catalogue, problems=problems, with_shipped=with_shipped)
    catalogue = load([*own, *rules])
    catalogues = [_catalogue_of(file, catalogue, problems, load) for file in files]
    if problems or catalogue is None:
        raise CatalogueError(in_order(problems))
    tested = tuple(_tested(catalogue, own, paths))
    items = [item for rule in tested for item in rule_items(catalogue, rule)]
    for file, its in zip(files, catalogues, strict=True):
        items.extend(standalone_items(file, its or catalogue))
    return Suite(tuple(items), _grouped(catalogue, tested, items))


def _grouped(catalogue: Catalogue, tested: Iterable[Rule], items: Iterable[Item]) -> tuple[TestedRule, ...]:
    """The rules named, and those that only case files name, each with its cases.

    A case file that names its rules loads them again: a rule is the same where its place is the same.
    """
    rules = {_place(rule): (rule, catalogue) for rule in tested}
    named = len(rules)
    own: defaultdict[_Place, list[Item]] = defaultdict(list)
    for item in items:
        rule = item.catalogue.rules.get(item.rule)
        if rule is not None:
            rules.setdefault(_place(rule), (rule, item.catalogue))
            own[_place(rule)].append(item)
    return tuple(
        TestedRule(rule, its, tuple(own[place]), is_named=number < named)
        for number, (place, (rule, its)) in enumerate(rules.items())
    )


_Place = tuple[str, str, int]


def _place(rule: Rule) -> _Place:
    return (
        (rule.id, os.path.realpath(rule.at.file), rule.at.line) if rule.at is not None else (rule.id, "", 0)
    )


def rule_items(catalogue: Catalogue, rule: Rule) -> tuple[Item, ...]:
    """A rule's own cases."""
    own = part(catalogue, [rule.id])
    return tuple(item_of(own, rule, case) for case in rule.cases)


def _rules_and_case_files(paths: Sequence[str], problems: list[Problem]) -> tuple[list[str], list[Path]]:
    """The files of rules and those of cases, each once."""
    files, wrong = named_files(paths, RULES_AND_CASES)
    problems += wrong
    return [file for file in files if not CASES.takes(file)], [*map(Path, filter(CASES.takes, files))]


def _catalogue(paths: Sequence[str], problems: list[Problem], *, with_shipped: bool) -> Catalogue | None:
    # Cases of what ships are read in full, so that a mistake in them is reported like any other.
    sources = paths or ([str(shipped_rules())] if with_shipped else None)
    try:
        return load_catalogue(sources, with_shipped=with_shipped)
    except CatalogueError as error:
        problems.extend(error.problems)
        return None


def _catalogue_of(
    file: CaseFile,
    default: Catalogue | None,
    problems: list[Problem],
    load: Callable[[list[str]], Catalogue | None],
) -> Catalogue | None:
    if file.rules is None:
        return default
    paths = [(str(file.file.parent / path.value), path.at) for path in file.rules]
    missing = [problem for path, at in paths for problem in _missing(path, at)]
    problems.extend(missing)
    return None if missing else load([path for path, _ in paths])


def _missing(path: str, at: Position) -> Iterator[Problem]:
    problems: list[Problem] = []
    rule_files([path], problems)
    return (problem._replace(at=at, what=f"{path}: {problem.what}") for problem in problems)


def _tested(catalogue: Catalogue, own: Sequence[str], paths: Sequence[str]) -> Iterator[Rule]:
    """The rules whose cases run: those in the files named, or all that ship where nothing is named."""
    files = set(map(Path, map(os.path.realpath, own)))
    for rule in catalogue:
        place = Path(os.path.realpath(rule.at.file)) if rule.at is not None else None
        if not paths or (place is not None and not files.isdisjoint((place, *place.parents))):
            yield rule

"""All cases that paths hold: those inside rules and those of stand-alone case files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from needfix.authoring.testing.case_file import CaseFile, read_case_files
from needfix.authoring.testing.item import Item, item_of
from needfix.authoring.testing.standalone import standalone_items
from needfix.catalogue import Catalogue, load_catalogue, shipped_rules
from needfix.catalogue.files import files_at, is_case_file, rule_files
from needfix.catalogue.mends import in_order
from needfix.catalogue.part import part
from needfix.errors import CatalogueError, Position, Problem
from needfix.model.rule import Rule


@dataclass(frozen=True, slots=True, eq=False)
class Suite:
    """The rules under test with their catalogue, and every case that asks something of them.

    A case file that names rules of its own has another catalogue; its items know it.
    """

    catalogue: Catalogue
    rules: tuple[Rule, ...]
    items: tuple[Item, ...]


def collect(paths: Sequence[str], rules: Sequence[str] = ()) -> Suite:
    """The cases at `paths`: rule files, case files, folders or patterns of both; none: what ships.

    `rules` are more rules to decide with, whose own cases are not run. Raises CatalogueError with
    every problem of every file.
    """
    problems: list[Problem] = []
    own, case_files = _told_apart(paths, problems)
    files = [read for file in case_files for read in read_case_files(file, problems)]
    catalogue = _catalogue([*own, *rules], problems)
    catalogues = [_catalogue_of(file, catalogue, problems) for file in files]
    if problems or catalogue is None:
        raise CatalogueError(in_order(problems))
    tested = tuple(_tested(catalogue, own, paths))
    items = [item for rule in tested for item in rule_items(catalogue, rule)]
    for file, its in zip(files, catalogues, strict=True):
        items.extend(standalone_items(file, its or catalogue))
    return Suite(catalogue, tested, tuple(items))


def rule_items(catalogue: Catalogue, rule: Rule) -> tuple[Item, ...]:
    """A rule's own cases."""
    own = part(catalogue, [rule.id])
    return tuple(item_of(own, rule, case) for case in rule.cases)


def _told_apart(paths: Sequence[str], problems: list[Problem]) -> tuple[list[str], list[Path]]:
    """The files of rules and those of cases, each once."""
    found: dict[str, Path] = {}
    for path in paths:
        here = files_at(path, lambda _: True)
        found.update((os.path.realpath(file), file) for file in here)
        if not here:
            problems.append(_nothing_at(path))
    files = found.values()
    return [str(file) for file in files if not is_case_file(file)], [*filter(is_case_file, files)]


def _nothing_at(path: str) -> Problem:
    what = "no file of rules or cases lies here" if Path(path).is_dir() else "there is no such file"
    mend = "name files *.yaml of rules, files *.cases.yaml, or folders or patterns of both"
    return Problem(Position(path or "''", 1), what, "a file of rules or cases", mend)


def _catalogue(paths: Sequence[str], problems: list[Problem]) -> Catalogue | None:
    try:
        # Cases of what ships are read in full, so that a mistake in them is told like any other.
        return load_catalogue(paths or [str(shipped_rules())])
    except CatalogueError as error:
        problems.extend(error.problems)
        return None


def _catalogue_of(file: CaseFile, default: Catalogue | None, problems: list[Problem]) -> Catalogue | None:
    if file.rules is None:
        return default
    paths = [(str(file.file.parent / path.value), path.at) for path in file.rules]
    missing = [problem for path, at in paths for problem in _missing(path, at)]
    problems.extend(missing)
    return None if missing else _catalogue([path for path, _ in paths], problems)


def _missing(path: str, at: Position) -> Iterator[Problem]:
    problems: list[Problem] = []
    rule_files([path], problems)
    return (problem._replace(at=at, what=f"{path}: {problem.what}") for problem in problems)


def _tested(catalogue: Catalogue, own: Sequence[str], paths: Sequence[str]) -> Iterator[Rule]:
    """The rules whose cases run: those of the files named, or all that ship where nothing is named."""
    files = {os.path.realpath(file) for file in own}
    for rule in catalogue:
        if not paths or (rule.at is not None and os.path.realpath(rule.at.file) in files):
            yield rule

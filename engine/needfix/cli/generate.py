"""Missing cases of rules, written into their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from needfix.cases.generating import NewCase, write_cases
from needfix.cases.lacking import lacking_cases
from needfix.cases.probes import unreachable
from needfix.cases.testing import Suite
from needfix.cli.output import output, stating_written
from needfix.errors import CatalogueError, Position, Problem
from needfix.model.case_report import WrittenCases
from needfix.model.rule import Rule

_Missing = tuple[Rule, Sequence[NewCase]]


def generate(suite: Suite) -> tuple[WrittenCases, ...]:
    """Write the cases that the named rules lack. Nothing is written where any file cannot take its cases."""
    missing = [(tested.rule, lacking_cases(tested)) for tested in suite.rules if tested.is_named]
    files: dict[str, list[_Missing]] = {}
    for rule, cases in missing:
        if cases:
            files.setdefault(_at(rule).file, []).append((rule, cases))
    written: list[str] = []
    with stating_written(written):
        for file, text in _texts(files).items():
            with output(file, hold_back=False) as out:
                out.write(text)
            written.append(file)
    refused = [unreachable(tested.rule, tested.catalogue) for tested in suite.rules if tested.is_named]
    return tuple(
        WrittenCases(_at(rule), rule.id, len(cases), tuple(none))
        for (rule, cases), none in zip(missing, refused, strict=True)
        if cases or none
    )


def _texts(files: dict[str, list[_Missing]]) -> dict[str, str]:
    """The new text of each file. Raises CatalogueError with every problem of every file."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file, missing in files.items():
        text = Path(file).read_bytes().decode("utf-8")
        # From the last rule of a file to its first, so that those in front stay where they are.
        for rule, cases in sorted(missing, key=lambda one: _at(one[0]), reverse=True):
            try:
                text = write_cases(text, rule, cases)
            except CatalogueError as error:
                problems.extend(error.problems)
        texts[file] = text
    if problems:
        raise CatalogueError(problems)
    return texts


def _at(rule: Rule) -> Position:
    return rule.at or Position(rule.id, 1)

"""Findings as people and as programs read them, made from one prepared list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from needfix.errors import Problem
from needfix.model.finding import Finding, Findings
from needfix.printable import json_text, printable
from needfix.report.github import Level, annotation, problem_annotation
from needfix.report.style import Style, View, plural


def write_text(out: TextIO, report: Findings, view: View) -> None:
    """Write what was repaired, three lines for each finding, then their number."""
    changed = [f"{_head(finding, 'repaired')}" for finding in report.repaired]
    changed += [
        f"{_head(finding, 'not repaired')}: there is no certain repair here" for finding in report.left
    ]
    lines = [line for finding in report.reported for line in _lines(finding, view.style)]
    out.write("\n".join([*changed, *lines, _total(report), ""]))


def write_json(out: TextIO, report: Findings, view: View) -> None:
    """Write one object: the findings and a summary."""
    del view
    document = {
        "findings": [finding.as_dict() for finding in report.findings],
        "mended": [finding.as_dict() for finding in report.repaired],
        "not_mended": [finding.as_dict() for finding in report.left],
        "problems": [_problem(problem) for problem in report.problems],
        "summary": {
            "rules": report.rules,
            "product_definitions": report.definitions,
            **report.counts(),
            "suppressed": report.silenced,
        },
    }
    out.write(json_text(document, indent=1) + "\n")


def _problem(problem: Problem) -> dict[str, object]:
    """A mistake that keeps a file from being read."""
    at = problem.at
    place = {"file": at.file, "line": at.line, "column": at.column}
    words = {"what": problem.what, "expected": problem.expected, "hint": problem.hint}
    return {"code": problem.code, **place, **words}


_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "note": "notice"}


def write_annotations(out: TextIO, report: Findings, view: View) -> None:
    """Write an annotation for each finding, then their number."""
    del view
    unread = map(problem_annotation, report.problems)
    out.write("\n".join([*unread, *map(_annotation, report.reported), _total(report), ""]))


def _annotation(finding: Finding) -> str:
    text = f"{finding.what}\nwhy: {finding.why}\nhint: {finding.hint}"
    return annotation(_LEVELS[finding.severity], finding.at, f"{finding.code} {finding.rule}", text)


def _lines(finding: Finding, style: Style) -> Iterator[str]:
    yield _head(finding, style.paint(finding.severity, finding.severity))
    yield f"    why: {printable(finding.why)}"
    yield f"    hint: {printable(finding.hint)}"


def _head(finding: Finding, severity: str) -> str:
    head = f"{finding.code} {finding.rule}: {finding.what}"
    return f"{printable(str(finding.at))}: {severity} {printable(head)}"


def _total(report: Findings) -> str:
    looked_at = [plural(report.rules, "rule")]
    if not report.rules:
        looked_at.append(plural(report.definitions, "product definition"))
    counts = [plural(number, severity) for severity, number in report.counts().items()]
    extra = {"silenced": report.silenced, "repaired": len(report.repaired)}
    counts += [f"{number} {word}" for word, number in extra.items() if number]
    if report.problems:
        files = len({problem.at.file for problem in report.problems})
        counts.append(f"{plural(files, 'file')} with mistakes that keep rules from being checked")
    return f"{', '.join(looked_at)}: {', '.join(counts)}"

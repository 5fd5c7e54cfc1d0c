"""Findings as people and as programs read them, made from one prepared list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from needfix.model.finding import SEVERITIES, Finding
from needfix.report.style import Style, printable


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings over a number of rules, in the order in which they are told."""

    rules: int
    findings: tuple[Finding, ...]

    def counts(self) -> dict[str, int]:
        """How many there are of each severity."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}


def as_text(report: Findings, style: Style) -> str:
    """Three lines for each finding, then their number."""
    lines = [line for finding in report.findings for line in _lines(finding, style)]
    return "\n".join([*lines, _total(report), ""])


def as_json(report: Findings, style: Style) -> str:
    """One object: the findings and a summary."""
    del style
    document = {
        "findings": [finding.as_dict() for finding in report.findings],
        "summary": {"rules": report.rules, **report.counts()},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, Callable[[Findings, Style], str]] = {"text": as_text, "json": as_json}


def _lines(finding: Finding, style: Style) -> Iterator[str]:
    severity = style.paint(finding.severity, finding.severity)
    head = f"{finding.code} {finding.rule}: {finding.what}"
    yield f"{printable(str(finding.at))}: {severity} {printable(head)}"
    yield f"    why: {printable(finding.why)}"
    yield f"    mend: {printable(finding.mend)}"


def _total(report: Findings) -> str:
    counts = ", ".join(_plural(number, severity) for severity, number in report.counts().items())
    return f"{_plural(report.rules, 'rule')}: {counts}"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

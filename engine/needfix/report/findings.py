"""Findings as people and as programs read them, made from one prepared list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from needfix.model.finding import SEVERITIES, CheckText, Finding
from needfix.printable import json_text
from needfix.report.findings_sarif import sarif_log
from needfix.report.github import Level, annotation
from needfix.report.style import Style, printable
from needfix.report.words import plural


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings over a number of rules and product definitions, in the order in which they are told.

    `checks` are those that ran. `mended` is what is no longer there, `left` what was to be mended
    and still is.
    """

    rules: int
    findings: tuple[Finding, ...]
    definitions: int = 0
    checks: tuple[CheckText, ...] = ()
    mended: tuple[Finding, ...] = ()
    left: tuple[Finding, ...] = ()

    @property
    def told(self) -> tuple[Finding, ...]:
        """Those that no rule silences."""
        return tuple(finding for finding in self.findings if not finding.is_silenced)

    def counts(self) -> dict[str, int]:
        """How many there are of each severity, without those that are silenced."""
        counted = Counter(finding.severity for finding in self.told)
        return {severity: counted[severity] for severity in SEVERITIES}

    @property
    def silenced(self) -> int:
        """How many the rules silence."""
        return len(self.findings) - len(self.told)


def as_text(report: Findings, style: Style) -> str:
    """What was mended, three lines for each finding, then their number."""
    changed = [f"{_head(finding, 'mended')}" for finding in report.mended]
    changed += [f"{_head(finding, 'not mended')}: it is not certain here" for finding in report.left]
    lines = [line for finding in report.told for line in _lines(finding, style)]
    return "\n".join([*changed, *lines, _total(report), ""])


def as_json(report: Findings, style: Style) -> str:
    """One object: the findings and a summary."""
    del style
    document = {
        "findings": [finding.as_dict() for finding in report.findings],
        "mended": [finding.as_dict() for finding in report.mended],
        "not_mended": [finding.as_dict() for finding in report.left],
        "summary": {
            "rules": report.rules,
            "product_definitions": report.definitions,
            **report.counts(),
            "suppressed": report.silenced,
        },
    }
    return json_text(document, indent=1) + "\n"


def as_sarif(report: Findings, style: Style) -> str:
    """A log of SARIF 2.1.0."""
    del style
    return json_text(sarif_log(report.checks, report.findings), indent=1) + "\n"


_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "note": "notice"}


def as_github(report: Findings, style: Style) -> str:
    """An annotation for each finding, then their number."""
    del style
    return "\n".join([*map(_annotation, report.told), _total(report), ""])


FORMATS: dict[str, Callable[[Findings, Style], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}


def _annotation(finding: Finding) -> str:
    text = f"{finding.what}\nwhy: {finding.why}\nmend: {finding.mend}"
    return annotation(_LEVELS[finding.severity], finding.at, f"{finding.code} {finding.rule}", text)


def _lines(finding: Finding, style: Style) -> Iterator[str]:
    yield _head(finding, style.paint(finding.severity, finding.severity))
    yield f"    why: {printable(finding.why)}"
    yield f"    mend: {printable(finding.mend)}"


def _head(finding: Finding, severity: str) -> str:
    head = f"{finding.code} {finding.rule}: {finding.what}"
    return f"{printable(str(finding.at))}: {severity} {printable(head)}"


def _total(report: Findings) -> str:
    looked_at = [plural(report.rules, "rule")]
    if not report.rules:
        looked_at.append(plural(report.definitions, "product definition"))
    counts = [plural(number, severity) for severity, number in report.counts().items()]
    extra = {"silenced": report.silenced, "mended": len(report.mended)}
    counts += [f"{number} {word}" for word, number in extra.items() if number]
    return f"{', '.join(looked_at)}: {', '.join(counts)}"

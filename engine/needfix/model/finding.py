"""Findings: what checks of rules report to the author."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from needfix.errors import Position, Problem

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Worst first. A note needs no action."""


class CheckText(NamedTuple):
    """The code and severity of a check, what it looks for, and why that matters."""

    code: str
    severity: Severity
    summary: str
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: where, what it is, why it matters and a hint at what to do.

    `rule` is the id of the rule, or of the product for a definition. If the rule silences the
    finding, `silenced` is the reason.
    """

    code: str
    severity: Severity
    rule: str
    at: Position
    what: str
    why: str
    hint: str
    silenced: str | None = None

    @property
    def is_silenced(self) -> bool:
        """Whether the rule silences the finding."""
        return self.silenced is not None

    def as_dict(self) -> dict[str, Any]:
        """The finding as in JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "rule": self.rule,
            "file": self.at.file,
            "line": self.at.line,
            "column": self.at.column,
            "what": self.what,
            "why": self.why,
            "hint": self.hint,
            "mend": self.hint,  # the name of `hint` before 0.2
            "suppressed": self.is_silenced,
            **({"reason": self.silenced} if self.is_silenced else {}),
        }


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings in a number of rules and product definitions, in the order of reports.

    `checks` are those that ran. `repaired` are the findings that were repaired, `left` those that could
    not be. `problems` are what keeps other files from being read.
    """

    rules: int
    findings: tuple[Finding, ...]
    definitions: int = 0
    checks: tuple[CheckText, ...] = ()
    repaired: tuple[Finding, ...] = ()
    left: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def reported(self) -> tuple[Finding, ...]:
        """The findings that no rule silences."""
        return tuple(finding for finding in self.findings if not finding.is_silenced)

    def counts(self) -> dict[str, int]:
        """The number of findings of each severity, without silenced ones."""
        counted = Counter(finding.severity for finding in self.reported)
        return {severity: counted[severity] for severity in SEVERITIES}

    @property
    def silenced(self) -> int:
        """The number of silenced findings."""
        return len(self.findings) - len(self.reported)

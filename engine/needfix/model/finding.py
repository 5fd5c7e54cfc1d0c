"""Findings: what a check of rules sees, told to their author."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from needfix.errors import Position

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Worst first. A note asks for nothing."""


class CheckText(NamedTuple):
    """What a check is called, how severe it is, what it looks for and why that matters."""

    code: str
    severity: Severity
    summary: str
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: where, what it is, why it matters and a hint at what to do.

    `rule` is the id of the rule, or of the product where it is about a definition. A finding that
    the rule silences has the reason in `silenced`.
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
        """Whether the rule says, with a reason, that this is not to be told."""
        return self.silenced is not None

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it."""
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
            "mend": self.hint,  # what it was called before 0.2, for programs that read it
            "suppressed": self.is_silenced,
            **({"reason": self.silenced} if self.is_silenced else {}),
        }


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings over a number of rules and product definitions, in the order in which they are told.

    `checks` are those that ran. `repaired` is what is no longer there, `left` what was to be repaired
    and still is.
    """

    rules: int
    findings: tuple[Finding, ...]
    definitions: int = 0
    checks: tuple[CheckText, ...] = ()
    repaired: tuple[Finding, ...] = ()
    left: tuple[Finding, ...] = ()

    @property
    def active(self) -> tuple[Finding, ...]:
        """Those that no rule silences."""
        return tuple(finding for finding in self.findings if not finding.is_silenced)

    def counts(self) -> dict[str, int]:
        """How many there are of each severity, without those that are silenced."""
        counted = Counter(finding.severity for finding in self.active)
        return {severity: counted[severity] for severity in SEVERITIES}

    @property
    def silenced(self) -> int:
        """How many the rules silence."""
        return len(self.findings) - len(self.active)

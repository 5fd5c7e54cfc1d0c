"""Findings: what a check of rules sees, told to their author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from needfix.errors import Position

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Worst first. A note asks for nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: where, what it is, why it matters and how to mend it."""

    code: str
    severity: Severity
    rule: str
    at: Position
    what: str
    why: str
    mend: str

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
            "mend": self.mend,
        }

"""GitHub workflow annotations: one line each, which GitHub shows beside the line of the file.

Source: GitHub Actions, "Workflow commands", and the escapes of its toolkit.
"""

from __future__ import annotations

from typing import Literal

from needfix.errors import Position, Problem
from needfix.intake.paths import from_here

Level = Literal["error", "warning", "notice"]

_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def annotation(level: Level, at: Position, title: str, text: str) -> str:
    """One annotation. Its file is told from the current folder, where GitHub looks for it."""
    column = {"col": str(at.column)} if at.column else {}
    properties = {"file": from_here(at.file), "line": str(at.line), **column, "title": title}
    told = ",".join(f"{name}={value.translate(_IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{level} {told}::{text.translate(_IN_TEXT)}"


def problem_annotation(problem: Problem) -> str:
    """A mistake that keeps a file from being read."""
    expected = f"; expected {problem.expected}" if problem.expected else ""
    mend = f"\nmend: {problem.mend}" if problem.mend else ""
    return annotation("error", problem.at, "needfix cannot read this", f"{problem.what}{expected}{mend}")

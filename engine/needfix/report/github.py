"""GitHub workflow annotations: one line each, which GitHub shows beside the line of the file.

Source: GitHub Actions, "Workflow commands", and the escapes of its toolkit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from needfix.errors import Position, Problem
from needfix.intake.paths import from_here
from needfix.printable import printable

Level = Literal["error", "warning", "notice"]

_BREAK = re.compile(r"([\r\n]+)")
_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def annotation(level: Level, at: Position, title: str, text: str) -> str:
    """One annotation. Its file is relative to the current folder, as GitHub expects."""
    column = {"col": str(at.column)} if at.column else {}
    properties = {"file": from_here(at.file), "line": str(at.line), **column, "title": title}
    pairs = ",".join(f"{name}={_escaped(value, _IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{level} {pairs}::{_escaped(text, _IN_TEXT)}"


def _escaped(text: str, escapes: Mapping[int, str]) -> str:
    """Text in which line breaks stay, as GitHub writes them, and other control characters are shown."""
    parts = _BREAK.split(text)
    return "".join(part if _BREAK.fullmatch(part) else printable(part) for part in parts).translate(escapes)


def problem_annotation(problem: Problem) -> str:
    """A mistake that keeps a file from being read."""
    expected = f"; expected {problem.expected}" if problem.expected else ""
    hint = f"\nhint: {problem.hint}" if problem.hint else ""
    return annotation("error", problem.at, "needfix cannot read this", f"{problem.what}{expected}{hint}")

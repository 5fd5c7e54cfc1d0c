"""How a report of needfix looks: it is not an inventory, and only a file like it is replaced in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from needfix.errors import Position, Problem

BETWEEN_CELLS = r"[,;|\t\"]+"
"""What is between the names of a header, as `re` reads patterns."""

_COLUMNS = frozenset(("server", "rule", "decision", "action"))
_IN_EVERY_REPORT = b"decision"
_ONE_DECISION = 4096
_KEY = r'"(server|rule|decision|action)"\s*:|^[ \t]*(?:-[ \t]+)?(server|rule|decision|action):'
_TEXT = r'"(?:[^"\\]|\\.)*"'
_AFTER_FIRST_KEY = {
    ("{", "format"): r':\s*\d+,\s*"needfix"\s*:',
    ("{", "servers"): r':\s*\d+,\s*"decisions"\s*:',
    ("{", "findings"): r':\s*\[\s*(?:\{\s*"code"\s*:\s*"NF|\])',
    ("{", "results"): rf':\s*\[\s*\{{\s*"rule"\s*:\s*{_TEXT},\s*"case"\s*:',
    ("{", "old"): rf':\s*{_TEXT},\s*"new"\s*:',
    ("[{", "id"): rf':\s*{_TEXT},\s*"title"\s*:\s*{_TEXT},\s*"products"\s*:',
}
"""How the other reports in JSON begin, of runs, summaries, findings, cases, differences and rules."""
_IN_LINES = (
    r"[\d,]+ servers?, [\d,]+ rules?, [\d,]+ decisions?\b",
    r"\S[^\n]*\n  [a-z-]+ +(?:fix-required|fix-present|not-affected|undetermined) ",
)
"""How those in lines begin: a summary, and a table or an explanation."""


def are_of_decisions(columns: Iterable[str]) -> bool:
    """Whether columns or keys are those of decisions."""
    return _COLUMNS.issubset(column.strip().casefold() for column in columns)


def has_decisions(text: str) -> bool:
    """Whether a text begins with decisions: in a header or in keys."""
    start = text[:_ONE_DECISION]
    folded = start.casefold()
    if not all(column in folded for column in _COLUMNS):
        return False
    header, *_ = start.splitlines()
    if ":" not in header and are_of_decisions(re.split(BETWEEN_CELLS, header)):
        return True
    return are_of_decisions(quoted or plain for quoted, plain in re.findall(_KEY, start, re.MULTILINE))


def is_report(text: str) -> bool:
    """Whether a text, without leading white space, begins like a report of needfix of any kind."""
    return has_decisions(text) or _is_other_report(text)


def _is_other_report(text: str) -> bool:
    # Patterns are only compiled for texts that may match: most inventories are read without.
    if text.startswith(("{", "[")):
        brackets, _, rest = text.partition('"')
        key, _, rest = rest.partition('"')
        pattern = _AFTER_FIRST_KEY.get(("".join(brackets.split()), key))
        return bool(pattern and re.match(pattern, rest.lstrip()))
    first, _, rest = text.partition("\n")
    if rest.startswith("  ") or " decision" in first:
        return any(re.match(pattern, text) for pattern in _IN_LINES)
    return False


def may_be_report(head: bytes, tail: bytes) -> bool:
    """Whether a file with this beginning and end may be a report of any format, or is blank."""
    return not head.strip() or _IN_EVERY_REPORT in (head + tail).lower()


def report_problem(name: str, text: str) -> Problem | None:
    """The problem of a file that is a report of needfix by its text; None where it is none."""
    if has_decisions(text):
        return decisions_problem(name)
    if not _is_other_report(text):
        return None
    hint = "give the inventory from which the report was made"
    return Problem(Position(name, 1), "the file is a report of needfix", "an inventory", hint)


def decisions_problem(name: str) -> Problem:
    """The problem of a file of decisions."""
    hint = "give the inventory that the decisions are about"
    return Problem(Position(name, 1), "the file contains decisions of needfix", "an inventory", hint)

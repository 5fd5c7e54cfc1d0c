"""How a report of needfix looks: it is not an inventory, and only a file like it is replaced in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from needfix.errors import Position, Problem

_COLUMNS = frozenset(("server", "rule", "decision", "action"))
_IN_EVERY_REPORT = b"decision"
_ONE_DECISION = 4096
_BETWEEN_CELLS = r"[,;|\t\"]+"
_KEY = r'"(server|rule|decision|action)"\s*:|^[ \t]*(?:-[ \t]+)?(server|rule|decision|action):'


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
    if ":" not in header and are_of_decisions(re.split(_BETWEEN_CELLS, header)):
        return True
    return are_of_decisions(quoted or plain for quoted, plain in re.findall(_KEY, start, re.MULTILINE))


def may_be_report(head: bytes, tail: bytes) -> bool:
    """Whether a file with this beginning and end may be a report of any format, or is blank."""
    return not head.strip() or _IN_EVERY_REPORT in (head + tail).lower()


def decisions_problem(name: str) -> Problem:
    """The problem of a file that is a report of needfix."""
    hint = "give the inventory that the decisions are about"
    return Problem(Position(name, 1), "the file contains decisions of needfix", "an inventory", hint)

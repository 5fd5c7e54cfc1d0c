"""Where things stand in a rule's file."""

from __future__ import annotations

from needfix.errors import Position
from needfix.model.rule import Place, Rule


def place(rule: Rule, at: Place | None = None) -> Position:
    """Where a key or something behind it stands, else where the rule does."""
    known = rule.places.get(at) if at is not None else None
    return known or rule.at or Position("<rules>", 1)

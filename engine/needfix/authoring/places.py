"""Where things stand in a rule's file."""

from __future__ import annotations

from needfix.errors import Position
from needfix.model.rule import Place, Rule

_NOWHERE = Position("<rules>", 1)


def place(rule: Rule, *where: Place) -> Position:
    """Where the first of these stands that the rule has, or else what it would stand in."""
    for wanted in where:
        for length in range(len(wanted), 0, -1):
            if (known := rule.places.get(wanted[:length])) is not None:
                return known
    return rule.at or _NOWHERE

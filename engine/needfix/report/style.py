"""How a report looks: colour for terminals, text that is safe to show on one, numbers with their nouns."""

from __future__ import annotations

from typing import NamedTuple

_CODES = {
    "apply": "1;31",
    "upgrade-first": "1;31",
    "confirm-symptoms": "1;33",
    "restart": "1;33",
    "investigate": "1;35",
    "wait": "33",
    "none": "2",
    "fix-required": "31",
    "undetermined": "35",
    "fix-present": "32",
    "not-affected": "2",
    "error": "31",
    "warning": "33",
    "note": "2",
    "heading": "1",
    "dim": "2",
}


class Style(NamedTuple):
    """Paints text where `colour` is on; `width` is where lines are wrapped, 0 for nowhere."""

    colour: bool = False
    width: int = 0

    def paint(self, text: str, name: str) -> str:
        """The text in the colour of an action, a decision, a severity, `heading` or `dim`."""
        code = _CODES.get(name)
        return f"\033[{code}m{text}\033[0m" if self.colour and code else text


class View(NamedTuple):
    """How a report is to look; formats for programs ignore it. With `whole` everything is shown in full."""

    style: Style = Style()
    whole: bool = False


def plural(number: int, noun: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

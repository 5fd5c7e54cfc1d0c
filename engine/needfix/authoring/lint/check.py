"""What a check is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.model.finding import Severity
from needfix.model.rule import Place, Rule


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a check sees in a rule."""

    rule: Rule
    at: Position
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its code, what it looks for (`summary`), why that matters, and how it is found."""

    code: str
    severity: Severity
    summary: str
    why: str
    find: Callable[[Catalogue], Iterable[Found]]


def in_each_rule(find: Callable[[Rule], Iterable[Found]]) -> Callable[[Catalogue], Iterator[Found]]:
    """A check that looks at single rules, as one over a catalogue."""
    return lambda catalogue: (found for rule in catalogue for found in find(rule))


def place(rule: Rule, at: Place | None = None) -> Position:
    """Where a key or an item of a rule stands, else where the rule does."""
    known = rule.places.get(at) if at is not None else None
    return known or rule.at or Position("<rules>", 1)

"""Changes of a rule's text that repair what was found: items of lists are removed, or put in order."""

from __future__ import annotations

from dataclasses import dataclass

from needfix.errors import Position


@dataclass(frozen=True, slots=True)
class Remove:
    """The item of this number leaves the list that begins there."""

    list_at: Position
    number: int


@dataclass(frozen=True, slots=True)
class Reorder:
    """The items of the list that begins there stand in this order, told by their old numbers."""

    list_at: Position
    order: tuple[int, ...]


Edit = Remove | Reorder

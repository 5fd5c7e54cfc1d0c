"""Edits of a rule's text that repair findings: list items are removed or sorted."""

from __future__ import annotations

from dataclasses import dataclass

from needfix.errors import Position


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove the item with this number from the list that begins there."""

    list_at: Position
    number: int


@dataclass(frozen=True, slots=True)
class Reorder:
    """Put the items of the list that begins there in this order; `order` has their old numbers."""

    list_at: Position
    order: tuple[int, ...]


Edit = Remove | Reorder

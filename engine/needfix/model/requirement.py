"""What a rule requires: levels of products, other rules, and any of several of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from needfix.model.value import Value
from needfix.versions import Level


@dataclass(frozen=True, slots=True)
class ProductLevel(Value):
    """A level of a product, as a rule names it."""

    product: str
    level: Level

    def as_dict(self) -> dict[str, Any]:
        """The level as a rule writes it."""
        return {"product": self.product, "level": str(self.level)}


SingleRequirement = tuple[ProductLevel, ...] | str
"""Levels of which one must be reached, or the id of a rule whose fix must be present."""


@dataclass(frozen=True, slots=True)
class AnyOf(Value):
    """Required levels and rules of which one is enough."""

    entries: tuple[SingleRequirement, ...]

    def as_dict(self) -> dict[str, Any]:
        """The entry as a rule writes it."""
        return {"any": list(map(as_required, self.entries))}


Requirement = SingleRequirement | AnyOf


def alternatives(entry: Requirement) -> tuple[SingleRequirement, ...]:
    """The levels and rules of an entry, of which one is enough."""
    return entry.entries if isinstance(entry, AnyOf) else (entry,)


def requirement(entry: Requirement, name_of: Callable[[str], str] = str) -> str:
    """A required level or rule; `name_of` turns the id of a product into the name to show."""
    if isinstance(entry, AnyOf):
        return " or ".join(requirement(one, name_of) for one in entry.entries)
    if isinstance(entry, str):
        return entry
    return " or ".join(f"{name_of(required.product)} {required.level}" for required in entry)


def as_required(entry: Requirement) -> str | dict[str, Any]:
    """A required rule or level; a level of any of the rule's products is written without product."""
    if isinstance(entry, AnyOf):
        return entry.as_dict()
    if isinstance(entry, str):
        return entry
    return entry[0].as_dict() if len(entry) == 1 else str(entry[0].level)

"""What a mutant is."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from needfix.errors import Position
from needfix.model.rule import Rule

T = TypeVar("T")


class Mutant(NamedTuple):
    """A rule with one small change: the place of the changed thing, and the change in words.

    `shows_elsewhere`: it alters what other rules decide, which probes of this one cannot show.
    """

    rule: Rule
    at: Position
    change: str
    shows_elsewhere: bool = False


def without(items: tuple[T, ...], number: int) -> tuple[T, ...]:
    """The items but one."""
    return items[:number] + items[number + 1 :]


def instead(items: tuple[T, ...], number: int, item: T) -> tuple[T, ...]:
    """The items with another one in a place."""
    return (*items[:number], item, *items[number + 1 :])

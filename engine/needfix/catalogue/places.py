"""The positions of values in a file and in a rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from needfix.catalogue.records import Fields
from needfix.catalogue.shapes import Located
from needfix.errors import Position
from needfix.model.rule import KeyPath, Rule

_NOWHERE = Position("<rules>", 1)


def places_of(fields: Fields, outside: Collection[str] = ()) -> Iterator[tuple[KeyPath, Position]]:
    """The positions of all keys, and of the values in them except in the keys `outside`."""
    for key, read in fields.items():
        yield from _places_in((key,), read) if key not in outside else (((key,), read.at),)


def _places_in(here: KeyPath, read: object) -> Iterator[tuple[KeyPath, Position]]:
    if not isinstance(read, Located | Fields):
        return
    yield here, read.at
    match read if isinstance(read, Fields) else read.value:
        case dict() as inside:
            for key, value in inside.items():
                yield from _places_in((*here, key), value)
        case tuple() as items:
            for number, item in enumerate(items):
                yield from _places_in((*here, number), item)


def position_of(rule: Rule, *where: KeyPath) -> Position:
    """The position of the first of these paths that the rule has, or of the nearest parent."""
    for path in where:
        for length in range(len(path), 0, -1):
            if (position := rule.places.get(path[:length])) is not None:
                return position
    return rule.at or _NOWHERE

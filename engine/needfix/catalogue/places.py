"""The positions of values in a file and in a rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from needfix.catalogue.nodes import Mapping, Node, Sequence
from needfix.catalogue.records import Fields
from needfix.catalogue.shapes import Located
from needfix.errors import Position, Problem
from needfix.intake.record import pointer_to
from needfix.model.minimum import Minimum
from needfix.model.rule import KeyPath, Rule

_NOWHERE = Position("<rules>", 1)


def places_of(fields: Fields, outside: Collection[str] = ()) -> dict[KeyPath, Position]:
    """The positions of all keys, and of the values in them except in the keys `outside`."""
    found: dict[KeyPath, Position] = {}
    for key, read in fields.items():
        if key in outside:
            found[key,] = read.at
        else:
            _add_places(found, (key,), read)
    return found


def _add_places(found: dict[KeyPath, Position], here: KeyPath, read: object) -> None:
    if not isinstance(read, Located | Fields):
        return
    found[here] = read.at
    inside = read if isinstance(read, Fields) else read.value
    while isinstance(inside, Located):  # behind a name of the author's choice
        inside = inside.value
    if isinstance(inside, dict):
        for key, value in inside.items():
            _add_places(found, (*here, key), value)
    elif isinstance(inside, tuple):
        for number, item in enumerate(inside):
            _add_places(found, (*here, number), item)


def with_pointers(problems: Iterable[Problem], documents: Iterable[Node]) -> Iterator[Problem]:
    """The problems with the JSON pointers, within their documents, to the values or keys that they concern.

    The pointer of a problem about a key that is missing is completed by that of the object.
    """
    values: dict[Position, str] = {}
    keys: dict[Position, str] = {}
    for document in documents:
        _note_pointers(document, "", values, keys)
    for problem in problems:
        found = (keys, values) if problem.code in _OF_KEYS else (values, keys)
        pointer = next((by[problem.at] for by in found if problem.at in by), None)
        yield problem if pointer is None else problem._replace(pointer=pointer + (problem.pointer or ""))


_OF_KEYS = frozenset({"unknown-key", "duplicate-key"})


def _note_pointers(node: Node, here: str, values: dict[Position, str], keys: dict[Position, str]) -> None:
    values.setdefault(node.at, here)
    match node:
        case Mapping():
            for key, value in node.entries:
                inner = here + pointer_to("", key.text)
                keys.setdefault(key.at, inner)
                _note_pointers(value, inner, values, keys)
        case Sequence():
            for number, item in enumerate(node.items):
                _note_pointers(item, f"{here}/{number}", values, keys)


def minimum_place(fix: int, minimum: Minimum) -> KeyPath:
    """Where a rule states what is compared, by the number of the fix."""
    if minimum.registry is not None:
        return ("fixes", fix, "registry", minimum.name)
    return ("fixes", fix, "build") if minimum.is_build else ("fixes", fix, "files", minimum.name)


def position_of(rule: Rule, *where: KeyPath) -> Position:
    """The position of the first of these paths that the rule has, or of the nearest parent."""
    for path in where:
        for length in range(len(path), 0, -1):
            if (position := rule.places.get(path[:length])) is not None:
                return position
    return rule.at or _NOWHERE

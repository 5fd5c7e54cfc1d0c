"""Where in a text the keys and elements of a record begin; looked for only where something is wrong."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from needfix.errors import Position, Problem
from needfix.intake.kinds import quoted
from needfix.intake.record import pointer_to

Places = Mapping[str, Position]
"""Positions by JSON pointer, without case."""

Finder = Callable[[Collection[str]], Places]
"""Finds those of some pointers, without case, that are there."""


class RecordFlaw(NamedTuple):
    """What is wrong with a record though its syntax is valid, and where, if that is known."""

    what: str
    at: Position | None = None


def placed(problems: Sequence[Problem], find: Finder) -> list[Problem]:
    """The problems of a record, each at the place of what it points to, or of what holds that.

    Those of the record as a whole stay where they are.
    """
    wanted = {pointer for one in problems for pointer in _within(one.pointer or "")}
    places = find(wanted) if wanted else {}
    return [_placed(one, places) for one in problems]


def _within(pointer: str) -> Iterator[str]:
    """A pointer, and those to what holds its value, without case; not that to the record."""
    own = pointer.casefold()
    while own:
        yield own
        own = own.rpartition("/")[0]


def _placed(problem: Problem, places: Places) -> Problem:
    at = next((places[own] for own in _within(problem.pointer or "") if own in places), None)
    return problem if at is None else problem._replace(at=at)


class JsonText:
    """A JSON text that was parsed, and the position at which it begins."""

    def __init__(self, text: str, at: Position) -> None:
        self._text = text
        self._at = at

    def places(self, wanted: Collection[str]) -> Places:
        """The places of keys and of elements of lists."""
        found = (place for place in _places(self._text) if place[0].casefold() in wanted)
        return {pointer.casefold(): self._position(offset) for pointer, offset, _ in found}

    def flaws(self) -> list[RecordFlaw]:
        """What is wrong with it though it could be parsed."""
        found = (place for place in _places(self._text) if place[2])
        return [RecordFlaw(flaw, self._position(offset)) for _, offset, flaw in found]

    @cached_property
    def _ends(self) -> list[int]:
        return [match.end() for match in re.finditer("\n", self._text)]

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._ends, offset)
        column = offset - self._ends[line - 1] + 1 if line else offset + max(self._at.column, 1)
        return Position(self._at.file, self._at.line + line, column)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")


class _Open:
    """An object or a list that is open: its pointer, and the key or number of the next value in it."""

    __slots__ = ("expects_key", "is_object", "keys", "pointer", "step")

    def __init__(self, pointer: str, *, is_object: bool) -> None:
        self.pointer = pointer
        self.is_object = is_object
        self.expects_key = is_object
        self.step = "" if is_object else "0"
        self.keys: dict[str, int] = {}

    def next(self) -> None:
        """Go on behind a comma."""
        self.expects_key = self.is_object
        self.step = "" if self.is_object else str(int(self.step) + 1)

    def key(self, key: str) -> str:
        """Take in a key; returns what is wrong with it."""
        self.expects_key, self.step = False, key
        self.keys[key] = self.keys.get(key, 0) + 1
        is_second = self.keys[key] == 2  # noqa: PLR2004 - of more than two the others are no further flaw
        return f"the key {quoted(key)} is written twice in one object" if is_second else ""

    @property
    def inner(self) -> str:
        """The pointer of the next value."""
        return self.pointer + pointer_to("", self.step)


def _places(text: str) -> Iterator[tuple[str, int, str]]:
    """The pointer of each key and value of a valid text, the offset where it begins, and what is wrong."""
    levels: list[_Open] = []
    for match in _TOKEN.finditer(text):
        sign, top = match[0], levels[-1] if levels else None
        if sign in ("]", "}"):
            levels.pop()
        elif top is not None and sign == ",":
            top.next()
        elif top is not None and top.expects_key:
            flaw = top.key(json.loads(sign))
            yield top.inner, match.start(), flaw
        elif sign != ":":
            inner = top.inner if top is not None else ""
            flaw = f"{sign} is not a JSON number" if sign in _NO_NUMBERS else ""
            if flaw or not (top is not None and top.is_object):
                yield inner, match.start(), flaw
            if sign in ("{", "["):
                levels.append(_Open(inner, is_object=sign == "{"))

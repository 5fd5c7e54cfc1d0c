"""Criteria of OVAL: tests joined by and, or and not, made simpler where a part is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from needfix.exporting.oval.objects import Object

Operator = Literal["AND", "OR"]


class State(NamedTuple):
    """What an entity of each item of an object must be like."""

    entity: str
    operation: str
    value: str
    datatype: str


class Test(NamedTuple):
    """Whether there are items of an object, all of them in the states."""

    object: Object
    states: tuple[State, ...] = ()
    operator: Operator = "AND"


class Known(NamedTuple):
    """Criteria that are always true, or never."""

    value: bool


class Unknown(NamedTuple):
    """Criteria whose answer OVAL cannot find."""

    words: str = "Not known"


class Single(NamedTuple):
    """A test."""

    test: Test
    negated: bool = False


class Reference(NamedTuple):
    """The answer of another definition, which says whether a rule's own files reach their minima."""

    rule: str
    negated: bool = False


class Joined(NamedTuple):
    """Several criteria."""

    operator: Operator
    parts: tuple[Criteria, ...]
    negated: bool = False


Criteria = Known | Unknown | Single | Reference | Joined
ALWAYS, NEVER, UNKNOWN = Known(value=True), Known(value=False), Unknown()


def all_of(parts: Iterable[Criteria]) -> Criteria:
    """Criteria that hold where all of these do."""
    return _joined("AND", parts, neutral=ALWAYS, deciding=NEVER)


def any_of(parts: Iterable[Criteria]) -> Criteria:
    """Criteria that hold where one of these does."""
    return _joined("OR", parts, neutral=NEVER, deciding=ALWAYS)


def opposite(one: Criteria) -> Criteria:
    """Criteria that hold where these do not."""
    match one:
        case Known():
            return Known(not one.value)
        case Unknown():
            return one
        case _:
            return one._replace(negated=not one.negated)


def tests_of(one: Criteria) -> Iterator[Test]:
    """The tests of criteria, in order."""
    match one:
        case Single():
            yield one.test
        case Joined():
            for part in one.parts:
                yield from tests_of(part)


def unknowns_of(one: Criteria) -> Iterator[str]:
    """The words of what is not known in criteria, in order."""
    match one:
        case Unknown():
            yield one.words
        case Joined():
            for part in one.parts:
                yield from unknowns_of(part)


def _joined(operator: Operator, parts: Iterable[Criteria], neutral: Known, deciding: Known) -> Criteria:
    own: dict[Criteria, None] = {}
    for part in parts:
        is_same = isinstance(part, Joined) and part.operator == operator and not part.negated
        own.update(dict.fromkeys(part.parts if isinstance(part, Joined) and is_same else (part,)))
    if deciding in own:
        return deciding
    own.pop(neutral, None)
    if not own:
        return neutral
    return next(iter(own)) if len(own) == 1 else Joined(operator, tuple(own))

"""The ids of definitions, tests, objects and states: the same for the same meaning, in every document."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

from needfix.exporting.oval.criteria import State, Test
from needfix.exporting.oval.objects import FileObject, Object

_SPACE = "dev.needfix"
_DIGITS = 12
Kind = Literal["def", "tst", "obj", "ste"]

PATCH, PRESENT, OWN = "is required", "is present", "has its own files"
"""The definitions of a rule."""

OLD_COPIES = "copies that Windows keeps"
UNKNOWN_TEST = "unknown"


def definition_id(rule_id: str, asked: str) -> str:
    """The id of a definition of a rule."""
    return _identifier("def", (rule_id, asked))


def test_id(test: Test) -> str:
    """The id of a test."""
    states = (part for state in test.states for part in state)
    return _identifier(
        "tst", (object_id(test.object), test.operator if len(test.states) > 1 else "", *states)
    )


def unknown_test_id(words: str) -> str:
    """The id of the test whose answer is never known."""
    return _identifier("tst", (UNKNOWN_TEST, words))


def object_id(own: Object) -> str:
    """The id of an object."""
    kind = "file" if isinstance(own, FileObject) else "registry"
    return _identifier("obj", (kind, *("" if part is None else part.casefold() for part in own)))


def state_id(own: Object, state: State) -> str:
    """The id of a state of a kind of objects."""
    return _identifier("ste", ("file" if isinstance(own, FileObject) else "registry", *state))


def old_copies_id() -> str:
    """The id of the state of copies that do not count."""
    return _identifier("ste", (OLD_COPIES,))


def _identifier(kind: Kind, parts: Iterable[str]) -> str:
    number = int(sha256("\0".join((kind, *parts)).encode()).hexdigest()[:_DIGITS], 16) + 1
    return f"oval:{_SPACE}:{kind}:{number}"

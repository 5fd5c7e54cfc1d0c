"""Messages about YAML that can be parsed and is not supported."""

from __future__ import annotations

import json
from typing import NamedTuple

from needfix.errors import Position

_SHOWN = 60


class Flaw(NamedTuple):
    """Something that is not supported or not valid. With `ends`, the rest of the text is not read.

    `code` is that of the problem.
    """

    what: str
    expected: str = ""
    hint: str = ""
    ends: bool = False
    code: str = "syntax"


class EndError(Exception):
    """The rest of a text is not read."""

    def __init__(self, at: Position, flaw: Flaw) -> None:
        super().__init__(flaw.what)
        self.at = at
        self.flaw = flaw


def _quoted(text: str) -> str:
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


def tag(name: str) -> Flaw:
    """A tag, which could turn a value into any type."""
    return Flaw(f"the tag {_quoted(name)} is not supported", "plain YAML without tags", "remove the tag")


def merge_key() -> Flaw:
    """A merge key."""
    return Flaw("merge keys (<<) are not supported", "the keys themselves", "copy the merged keys here")


def key_not_text() -> Flaw:
    """A list or an object for a key."""
    hint = "write the key as text, or in quotes if it begins with a bracket or an asterisk"
    return Flaw("this key is not text", "a name", hint)


def key_twice(key: str, first_line: int) -> Flaw:
    """A key that is written twice."""
    hint = f"remove this key or the one in line {first_line}"
    what = f"the key {_quoted(key)} is written twice in one object"
    return Flaw(what, "each key once", hint, code="duplicate-key")


def alias_of_nothing(name: str) -> Flaw:
    """An alias without an anchor before it, or inside the value that it refers to."""
    hint = f"put the text in quotes, or write &{name} before the value that it refers to"
    return Flaw(f"the alias *{name} refers to a value that is not defined before it", "", hint, ends=True)


def too_deep(subject: str, deepest: int) -> Flaw:
    """Values nested too deeply."""
    hint = "nest fewer lists and objects"
    return Flaw(f"the {subject} is nested more than {deepest} levels deep", "", hint, ends=True)


def too_many_values(subject: str, most: int) -> Flaw:
    """More values than any real input has."""
    hint = "write it without aliases, or in several files"
    return Flaw(f"the {subject} has more than {most} values (aliases expanded)", "", hint, ends=True)


def too_many_aliases(most: int) -> Flaw:
    """More aliases than a person writes."""
    return Flaw(f"the file has more than {most} aliases", "", "write the values in full", ends=True)


def too_many_anchors(most: int) -> Flaw:
    """Too many anchors, or too large ones."""
    what = f"the file has more than {most} anchors, or their values are too large"
    return Flaw(what, "", "write the values in full, without anchors", ends=True)

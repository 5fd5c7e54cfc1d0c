"""What is wrong with YAML that can be parsed, in the words that people read."""

from __future__ import annotations

import json
from typing import NamedTuple

from needfix.errors import Position

_SHOWN = 60


class Flaw(NamedTuple):
    """Something that is not read. `ends`: what stands behind it had better not be read either."""

    what: str
    expected: str = ""
    hint: str = ""
    ends: bool = False


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
    """A tag, which could make anything of a value."""
    return Flaw(f"the tag {_quoted(name)}, which is not read", "plain YAML without tags", "remove the tag")


def merge_key() -> Flaw:
    """A merge key."""
    return Flaw("a merge key (<<), which is not read", "keys written out", "copy the merged keys here")


def key_not_text() -> Flaw:
    """A list or an object for a key."""
    hint = "write the key as text, or in quotes where it begins with a bracket or a star"
    return Flaw("a key that is not text", "a name", hint)


def key_twice(key: str, first_line: int) -> Flaw:
    """A key that is there twice."""
    hint = f"remove it or the one in line {first_line}"
    return Flaw(f"the key {_quoted(key)} is there twice in one object", "every key once", hint)


def alias_of_nothing(name: str) -> Flaw:
    """An alias without an anchor before it, or inside the value that it stands for."""
    hint = f"put the text in quotes, or write &{name} before the value that it stands for"
    return Flaw(f"the alias *{name} stands for nothing that is complete before it", "", hint, ends=True)


def too_deep(subject: str, deepest: int) -> Flaw:
    """Nesting without end."""
    hint = "write fewer lists and objects inside one another"
    return Flaw(f"the {subject} is nested more than {deepest} deep", "", hint, ends=True)


def too_many_values(subject: str, most: int) -> Flaw:
    """More values than anything true has."""
    hint = "write it without aliases, or in several files"
    return Flaw(f"the {subject} has more than {most} values, aliases followed", "", hint, ends=True)


def too_many_aliases(most: int) -> Flaw:
    """More aliases than a person writes."""
    return Flaw(f"more than {most} aliases in one file", "", "write the values out", ends=True)


def too_many_anchors(most: int) -> Flaw:
    """Anchors that hold too much."""
    what = f"more than {most} anchors, or too much behind them"
    return Flaw(what, "", "write the values out, without anchors", ends=True)

"""Text to events. Only this room imports yaml, and only its parser: no tag constructs anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

import yaml

from needfix.errors import Position
from needfix.yamltext.flaws import Flaw

NOT_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that YAML does not allow."""

YamlSyntaxError = yaml.YAMLError
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CHECK = "check the quotes, the colons and the indentation here and in the line above"
SINGLE_QUOTES = (
    "write a path in single quotes, 'C:\\folder\\file.exe': in double quotes a backslash starts an escape"
)
_HINTS = {
    "unknown escape character": SINGLE_QUOTES,
    "hexdecimal number": SINGLE_QUOTES,
    "mapping values are not allowed": "put a text that holds a colon in quotes, or correct the indentation",
    "that cannot start any token": "put the text in quotes; if it is a tab, indent with spaces",
    "unexpected end of stream": "close the quotes or brackets opened before",
    "<block mapping start>": "indent all keys of one object equally",
}


class _Text(Protocol):
    def read(self, size: int = -1, /) -> str:
        """The next characters."""


class AnyMark(Protocol):
    """A place as the parser gives it, with either of PyYAML's parsers."""

    line: int
    column: int


def events_of(text: str | _Text) -> Iterator[yaml.Event]:
    """The events of a text or a stream; raises YamlSyntaxError where it is not YAML."""
    loader = _LOADER(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


_PATH_TO_ITS_END = re.compile(r'(?<!\\)"(?:[A-Za-z]:|\\\\)[^"\n]*(?<!\\)\\"')
"""A path in double quotes of which the last backslash keeps the quotes open."""


def has_open_path(text: str, mark: AnyMark | None) -> bool:
    """Whether a path leaves its quotes open in the lines up to a mark."""
    lines = text.splitlines()[: mark.line + 1] if mark else ()
    return any(_PATH_TO_ITS_END.search(line) for line in lines)


def position(file: str, mark: AnyMark | None) -> Position:
    """The position of a mark."""
    return Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1)


def syntax_flaw(error: yaml.YAMLError) -> tuple[Flaw, AnyMark | None]:
    """The flaw that a syntax error means, and where it is."""
    mark = getattr(error, "problem_mark", None)
    begun = getattr(error, "context_mark", None)
    context = getattr(error, "context", None)
    if context and begun and mark and begun.line != mark.line:
        context += f" that begins in line {begun.line + 1}"
    parts = [context, getattr(error, "problem", None) or "it cannot be parsed"]
    what = ", ".join(part for part in parts if part)
    hint = next((hint for words, hint in _HINTS.items() if words in what), _CHECK)
    return Flaw(f"this is not valid YAML: {what}", hint=hint), mark or begun

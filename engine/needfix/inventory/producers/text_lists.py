"""Objects as lists of properties: Format-List of PowerShell (`Name : value`) and wmic (`Name=value`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from needfix.intake.other_names import folded
from needfix.inventory.producers.text_lines import Line, TextLines
from needfix.inventory.producers.text_object import TextObject
from needfix.inventory.producers.written import Value

_LONGEST_NAME = 100
_Property = tuple[str, str]


def read_properties(lines: TextLines) -> Iterator[TextObject]:
    """The objects of a block of Format-List."""
    while (below := lines.next()) is not None and _is_of_properties(below):
        yield from _next(lines, _is_of_properties, _property)


def read_values(lines: TextLines) -> Iterator[TextObject]:
    """The objects of a block of wmic."""
    while (below := lines.next()) is not None and not below.is_blank:
        yield from _next(lines, lambda line: not line.is_blank, _value)


def _is_of_properties(line: Line) -> bool:
    """Whether a line states a property or goes on with one; a text ends with a line of blanks."""
    return line.is_indented or _property(line.text) is not None


def _property(text: str) -> _Property | None:
    """The name and the value; a line that is indented goes on with the value above."""
    name, colon, value = text.partition(":")
    is_name = colon and name[-1:] == " " and not name[0].isspace() and len(name) <= _LONGEST_NAME
    return (name.strip(), value.removeprefix(" ")) if is_name else None


def _value(text: str) -> _Property | None:
    name, equals, value = text.partition("=")
    return (name, value) if equals and name.isidentifier() and len(name) <= _LONGEST_NAME else None


def _next(
    lines: TextLines, belongs: Callable[[Line], bool], read: Callable[[str], _Property | None]
) -> Iterator[TextObject]:
    """The next object of the lines of a block; it ends where one of its properties comes again."""
    values: dict[str, list[str]] = {}
    known: set[str] = set()
    first = 0

    def is_of_object(line: Line) -> bool:
        found = read(line.text)
        return belongs(line) and (found is None or folded(found[0]) not in known)

    for line in lines.of_one(lines.take_while(is_of_object)):
        found = read(line.text)
        if found is not None:
            first = first or line.number
            known.add(folded(found[0]))
            values[found[0]] = [found[1]]
        elif values:
            values[next(reversed(values))].append(line.text.lstrip() if line.is_indented else line.text)
    if values:
        yield _object(first, values)


def _object(line: int, values: dict[str, list[str]]) -> TextObject:
    own = {name: _listed("".join(_joined(parts)).strip()) for name, parts in values.items()}
    return TextObject(line, own, ", ".join(list(own)[:_MOST_NAMES]))


_MOST_NAMES = 4


def _joined(parts: list[str]) -> Iterator[str]:
    """The lines of a value, which was cut at the width of the window, or has lines of its own."""
    yield parts[0]
    for part in parts[1:]:
        yield f"\n{part}" if _OWN_LINE.match(part) else part


_OWN_LINE = re.compile(r"\w{1,40}:[ \t]")


def _listed(value: str) -> Value:
    """A value that PowerShell writes in braces as a list: `{KB1, KB2...}`, of which there are more."""
    if not (value.startswith("{") and value.endswith("}")):
        return value
    texts = (part.strip().rstrip("….") for part in value[1:-1].split(","))
    return [text for text in texts if text]

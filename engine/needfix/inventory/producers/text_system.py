"""systeminfo as text: lines of a name and a value, some with a list below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from needfix.inventory.producers.systeminfo import Row, object_of
from needfix.inventory.producers.text_lines import Line, TextLines
from needfix.inventory.producers.text_object import TextObject

_NAME = re.compile(r"(?P<name>[^\s:][^:]{0,60}):(?:[ \t]{1,200}(?P<value>.*))?")
_ENTRY = re.compile(r"[ \t]{1,200}\[\d{1,5}\][^:\w]{0,3}:(?P<text>.*)", re.ASCII)


def read(lines: TextLines) -> Iterator[TextObject]:
    """The object of the next server; the one below it begins with the same name."""
    first = lines.next()
    if first is None:
        return
    rows: list[Row] = []
    for line in lines.of_one(lines.take_while(lambda line: _is_of_system(line) and not _is_next(line, rows))):
        entry = _ENTRY.match(line.text)
        if entry is not None and rows:
            rows[-1].entries.append(entry["text"].strip())
        elif (found := _NAME.match(line.text)) is not None:
            rows.append(Row(found["name"].strip(), (found["value"] or "").strip(), []))
    yield TextObject(first.number, object_of(rows) or {}, "systeminfo")


def _is_of_system(line: Line) -> bool:
    """Whether a line may be one of systeminfo, below which other commands may begin without a blank line."""
    return not line.is_blank and (line.is_indented or ":" in line.text)


def _is_next(line: Line, rows: Sequence[Row]) -> bool:
    """Whether a line is the first one of another server."""
    found = _NAME.match(line.text) if rows else None
    return found is not None and found["name"].strip() == rows[0].name

"""systeminfo as text: lines of a name and a value, some with a list below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from needfix.inventory.producers.systeminfo import Row, object_of
from needfix.inventory.producers.text_lines import TextLines
from needfix.inventory.producers.text_object import TextObject

_NAME = re.compile(r"(?P<name>[^\s:][^:]{0,60}):(?:[ \t]{1,200}(?P<value>.*))?")
_ENTRY = re.compile(r"[ \t]{1,200}\[\d{1,5}\][^:\w]{0,3}:(?P<text>.*)", re.ASCII)


def read(lines: TextLines) -> Iterator[TextObject]:
    """The object of the next server; the one below it begins with the same name."""
    first = lines.next()
    if first is None:
        return
    rows: list[Row] = []
    is_whole = True
    for line in lines.take_while(lambda line: is_whole and not line.is_blank):
        entry = _ENTRY.match(line.text)
        if entry is not None and rows:
            rows[-1].entries.append(entry["text"].strip())
        elif (found := _NAME.match(line.text)) is not None:
            rows.append(Row(found["name"].strip(), (found["value"] or "").strip(), []))
        below = lines.next()
        again = _NAME.match(below.text) if below else None
        is_whole = again is None or again["name"].strip() != rows[0].name if rows else True
    yield TextObject(first.number, object_of(rows) or {}, "systeminfo")

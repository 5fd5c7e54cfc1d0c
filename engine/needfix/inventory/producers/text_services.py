"""sc query and sc queryex as text, in any language: the name of a service, and its state below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from needfix.inventory.producers.text_lines import TextLines
from needfix.inventory.producers.text_object import TextObject

_STATE = re.compile(
    r"[ \t]{1,200}[^:]{1,60}:[ \t]{0,20}[1-7][ \t]{1,20}"
    r"(?P<state>STOPPED|RUNNING|PAUSED|(?:START|STOP|CONTINUE|PAUSE)_PENDING)\b"
)
"""The words of states are the same in all languages; what starts with Windows is none."""


def read(lines: TextLines) -> Iterator[TextObject]:
    """The services of a block."""
    name, state, first, is_below = "", None, 0, False
    for line in lines.block():
        if line.is_indented:
            is_below = True
            found = _STATE.match(line.text)
            state = found["state"] if found and state is None else state
            continue
        if is_below:
            yield _service(first, name, state)
            name, state, is_below = "", None, False
        if not name:
            name, first = line.text.partition(":")[2].strip(), line.number
    if name:
        yield _service(first, name, state)


def _service(line: int, name: str, state: str | None) -> TextObject:
    values = {"ServiceName": name, "Status": state} if state is not None else {}
    return TextObject(line, values, "service without a state")

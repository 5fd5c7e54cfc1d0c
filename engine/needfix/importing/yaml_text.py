"""Values written as YAML on one line, as people write them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

Value = str | int | date | Sequence["Value"] | Mapping[str, "Value"]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ._()/+-]*|[0-9]+(?:\.[0-9]+)* [A-Za-z][A-Za-z0-9 ._()/+-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def flow(value: Value) -> str:
    """A value on one line; text in quotes where YAML would read something else."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{plain(key)}: {flow(own)}' for key, own in value.items())}}}"
    return f"[{', '.join(map(flow, value))}]"


def plain(text: str) -> str:
    """A text, in quotes where it needs them."""
    is_plain = _PLAIN.fullmatch(text) and text.casefold() not in _WORDS and text == text.strip()
    return text if is_plain else json.dumps(text, ensure_ascii=False)

"""reg query as text: keys with their values, as facts of the registry and as the objects that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from needfix.intake.other_names import folded
from needfix.inventory.producers import registry_keys, updates
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.names import SERVER_PROPERTIES
from needfix.inventory.producers.text_lines import Line, TextLines
from needfix.inventory.producers.written import Written

_KEY = re.compile(r"(?:\\\\(?P<server>[^\\]+)\\)?(?P<path>HKEY_[A-Z_]+(?:\\.*)?)")
_VALUE = re.compile(
    r" {2,8}(?P<name>\S.{0,16383}?)[ \t]{1,40}(?P<type>REG_[A-Z_]{2,30})(?:[ \t]{1,40}(?P<value>.*))?"
)
_OF_NUMBERS = ("REG_DWORD", "REG_QWORD")
_OF_TEXTS = ("REG_SZ", "REG_EXPAND_SZ", "REG_MULTI_SZ")
_DEFAULT = ("(default)", "<no name>")
_NUMBER = re.compile(r"0x[0-9a-f]{1,16}", re.ASCII | re.IGNORECASE)
_OF_SERVER = ("control\\computername\\computername", "control\\computername\\activecomputername")
"""Keys whose value ComputerName is the name of the server itself."""


def read(lines: TextLines) -> Iterator[Facts]:
    """The values of a key, and the object that it is."""
    first = lines.take()
    key = _KEY.match(first.text) if first else None
    if first is None or key is None:
        return
    path = key["path"].rstrip()
    server = key["server"]
    entries: list[dict[str, Any]] = []
    values: dict[object, object] = {}
    for line in lines.of_one(lines.take_while(_is_of_key)):
        found = _VALUE.match(line.text)
        if found is None or found["name"].casefold() in _DEFAULT:
            continue
        value = _value(found["type"], (found["value"] or "").strip())
        entries.append({"path": path, "name": found["name"], "value": value})
        if folded(found["name"]) not in SERVER_PROPERTIES:
            values[found["name"]] = _decimal(value)
        elif path.casefold().endswith(_OF_SERVER) and folded(found["name"]) == "computername":
            server = server or value
    at = lines.place(first.number)
    yield Facts.of(server, at, registry=entries)
    kind = next((own for below, own in _KINDS if below in f"{path.casefold()}\\"), None)
    written = Written.of(values, at)
    if kind is not None and kind.fits(frozenset(written.values)):
        yield from (facts._replace(server=server) for facts in kind.read(written))


_KINDS = (
    ("\\microsoft\\windows nt\\currentversion\\", registry_keys.WINDOWS),
    ("\\currentversion\\uninstall\\", updates.PROGRAMS),
)
"""What the values of a key below another one are."""


def _is_of_key(line: Line) -> bool:
    return not line.is_blank and line.is_indented


def _value(kind: str, text: str) -> str | None:
    """The value as it is compared; of bytes it is not stated, since their digits are no number."""
    if kind in _OF_NUMBERS:
        return text if _NUMBER.match(text) else None
    return text if kind in _OF_TEXTS else None


def _decimal(value: str | None) -> str | None:
    return str(int(value, 16)) if value and _NUMBER.fullmatch(value) else value

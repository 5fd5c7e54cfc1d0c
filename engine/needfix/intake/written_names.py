"""Names of the files that needfix writes, valid on every system."""

from __future__ import annotations

import re
from collections.abc import Container
from hashlib import sha256

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)
"""Names of devices on Windows, whatever ending follows."""

_MOST_CHARACTERS = 120


def yaml_name(stem: str) -> str:
    """The name of a YAML file for an id: `CON` becomes `CON_.yaml`, and a very long one is cut.

    A checksum replaces what is cut, so that two ids have two names.
    """
    return f"{_valid(stem)}.yaml"


def written_name(text: str, ending: str, taken: Container[str] = ()) -> str:
    """The name of a file for any text, such as a server's name, with this ending.

    Signs that a name cannot have become `_`. A checksum is added where the name would be one of those taken,
    which are casefolded.
    """
    plain = _NOT_IN_NAMES.sub("_", text).strip(" .") or "_"
    name = f"{_valid(plain)}.{ending}"
    if name.casefold() not in taken:
        return name
    return f"{_valid(plain[:_MOST_CHARACTERS])}-{sha256(text.encode()).hexdigest()[:8]}.{ending}"


_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')


def _valid(stem: str) -> str:
    base, point, rest = stem.partition(".")
    if base.casefold() in _DEVICES:
        stem = f"{base}_{point}{rest}"
    if len(stem) > _MOST_CHARACTERS:
        stem = f"{stem[:_MOST_CHARACTERS]}-{sha256(stem.encode()).hexdigest()[:8]}"
    return stem

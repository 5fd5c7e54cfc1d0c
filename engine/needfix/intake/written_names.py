"""Names of the files that needfix writes, valid on every system."""

from __future__ import annotations

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
    base, point, rest = stem.partition(".")
    if base.casefold() in _DEVICES:
        stem = f"{base}_{point}{rest}"
    if len(stem) > _MOST_CHARACTERS:
        stem = f"{stem[:_MOST_CHARACTERS]}-{sha256(stem.encode()).hexdigest()[:8]}"
    return f"{stem}.yaml"

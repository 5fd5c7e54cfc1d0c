"""Of several copies of a file the lowest counts."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.version import Version

from needfix.model.server import FileCopy
from needfix.versions import parse_version


def readable(copies: Iterable[FileCopy]) -> list[tuple[Version, FileCopy]]:
    """The copies whose version can be read."""
    pairs = ((parse_version(copy.version), copy) for copy in copies if copy.version)
    return [(version, copy) for version, copy in pairs if version is not None]


def lowest_copy(copies: list[FileCopy]) -> FileCopy | None:
    """The copy with the lowest version that can be read, else the first one there is."""
    versions = readable(copies)
    if versions:
        return min(versions, key=lambda pair: pair[0])[1]
    return copies[0] if copies else None

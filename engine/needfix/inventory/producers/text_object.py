"""An object that a command prints as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from needfix.inventory.producers.written import Value


class TextObject(NamedTuple):
    """An object with its line; `title` names it where it is of no known kind.

    Where it `is_cut`, a cell of it could not be read.
    """

    line: int
    values: Mapping[str, Value]
    title: str
    is_cut: bool = False


def whole(cell: str) -> str | None:
    """A cell of a table; None where it is cut off. A version that is whole before the cut is kept."""
    if not cell.endswith(_CUT):
        return cell
    before, blank, _ = cell.rstrip("….").rpartition(" ")
    return before.strip() if blank and _is_version(before.strip()) else None


_CUT = ("...", "…")
_VERSION_PARTS = 4


def _is_version(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == _VERSION_PARTS and all(part.isascii() and part.isdecimal() for part in parts)

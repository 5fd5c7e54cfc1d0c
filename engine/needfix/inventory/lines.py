"""Lines of a text, numbered, none of them longer than a record may be."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.text import MAX_RECORD
from needfix.inventory.items import GiveUpError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.inventory.source import Source


def numbered_lines(source: Source) -> Iterator[tuple[int, str]]:
    """Each line with its number, counted from 1."""
    lines = iter(partial(source.text.readline, MAX_RECORD), "")
    for number, line in enumerate(lines, start=1):
        if len(line) >= MAX_RECORD:
            raise GiveUpError(too_large(Position(source.file, number)))
        yield number, line


def too_large(at: Position) -> Problem:
    """Say that the record here is larger than any that a server can have."""
    what = "the record is larger than 16 MiB; the rest of the file is not read"
    return Problem(at, what, "a record for one server", "check that the record ends where it should")

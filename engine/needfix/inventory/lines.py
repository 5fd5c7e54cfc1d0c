"""Numbered lines of a text, and the problems of records that are too large."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.fields import RECORD
from needfix.intake.limits import ENTRIES, RECORD_BYTES, is_too_large, may_be_too_large
from needfix.inventory.items import GiveUpError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.intake.fields import Field
    from needfix.inventory.source import Source


_LINE_END = 3
"""Characters read beyond the longest line: two for its end, one to detect a longer line."""


def numbered_lines(source: Source) -> Iterator[tuple[int, str]]:
    """Each line with its number, counted from 1."""
    lines = iter(partial(source.text.readline, RECORD_BYTES + _LINE_END), "")
    for number, line in enumerate(lines, start=1):
        if may_be_too_large(len(line)) and is_too_large(line.rstrip("\r\n")):
            raise GiveUpError(too_large(Position(source.file, number)))
        yield number, line


def too_large(at: Position) -> Problem:
    """The problem of a record that is too large."""
    what = f"the record is larger than {RECORD_BYTES >> 20} MiB; the rest of the file is not read"
    return Problem(at, what, "a record for one server", "check that the record ends where it should")


def long_lists(record: object) -> Iterator[str]:
    """Messages about the lists of a record that have too many entries."""
    if not isinstance(record, dict):
        return
    for key, field in RECORD.fields.items():
        value = record.get(key)
        named = {key: value}
        if isinstance(value, dict) and not field.many:
            named = {f"{key}.{inner}": own for inner, own in value.items()}
        yield from (
            long_list(name)
            for name, own in named.items()
            if isinstance(own, list) and _count(own, field) > ENTRIES
        )


def _count(entries: list[object], field: Field) -> int:
    """The entries of a list; a counter with samples is one entry for each, and one for its own value."""
    holds = field.holds
    groups = (
        [
            (key, [other for keys in holds.needs if key in keys for other in keys if other != key])
            for key, own in holds.fields.items()
            if own.holds
        ]
        if holds
        else []
    )
    count = len(entries)
    for key, others in groups:
        for entry in entries:
            inner = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(inner, list) and isinstance(entry, dict):
                states_itself = any(entry.get(other) is not None for other in others)
                count += len(inner) - (not states_itself)
    return count


def long_list(name: str) -> str:
    """What is wrong with a list of too many entries."""
    return f"the record has more than {ENTRIES} {name}"

"""Numbered lines of a text, and the problems of records that are too large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.fields import RECORD
from needfix.intake.limits import ENTRIES, RECORD_BYTES, is_too_large, may_be_too_large
from needfix.intake.other_keys import own_keys
from needfix.intake.other_values import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.intake.fields import Field
    from needfix.inventory.source import Source


_MOST_CHARACTERS = RECORD_BYTES + 3
"""Characters read of a line at once: two for the end of the longest one, one to detect a longer one."""


def numbered_lines(source: Source) -> Iterator[tuple[int, str | None]]:
    """Each line with its number, counted from 1; None for a line that is too large, which is skipped."""
    number, is_cut_in_end = 0, False
    while line := source.text.readline(_MOST_CHARACTERS):
        if is_cut_in_end and line == "\n":
            is_cut_in_end = False
            continue
        number += 1
        if not (may_be_too_large(len(line)) and is_too_large(line.rstrip("\r\n"))):
            yield number, line
            continue
        while line and line[-1] not in "\r\n":
            line = source.text.readline(_MOST_CHARACTERS)
        is_cut_in_end = len(line) == _MOST_CHARACTERS and line.endswith("\r")
        yield number, None


def too_large(at: Position, *, is_last: bool = True) -> Problem:
    """The problem of a record that is too large, after which nothing can be read if it `is_last`."""
    rest = "; the rest of the file is not read" if is_last else ""
    what = f"the record is larger than {RECORD_BYTES >> 20} MiB{rest}"
    return Problem(
        at, what, "a record for one server", "check that the record ends where it should", "too-large"
    )


_GROUPED = {
    key: (inner, frozenset(own.holds.fields))
    for key, field in RECORD.fields.items()
    if field.holds and field.many
    for inner, own in field.holds.fields.items()
    if own.holds
}
"""Lists whose objects hold a list themselves: its key, and the keys that an object has in common with it."""


def long_lists(record: object) -> Iterator[str]:
    """Messages about the lists of a record that have too many entries."""
    if not isinstance(record, dict):
        return
    own = own_keys(RECORD, record)
    for key, field in RECORD.fields.items():
        value = own.get(key)
        if value is None:
            continue
        if field.many and type(value) is not list:
            value = listed(value)
        if isinstance(value, list):
            if _count(value, field, key) > ENTRIES:
                yield long_list(key)
        elif isinstance(value, dict) and field.holds and not field.many:
            within = own_keys(field.holds, value)
            for inner in field.holds.fields:
                entries = listed(within.get(inner))
                if isinstance(entries, list) and len(entries) > ENTRIES:
                    yield long_list(f"{key}.{inner}")


def _count(entries: list[object], field: Field, key: str) -> int:
    """The entries of a list; a counter with samples is one entry for each, and one for its own value."""
    count = len(entries)
    if key not in _GROUPED or field.holds is None:
        return count
    inner, shared = _GROUPED[key]
    for entry in entries:
        stated = own_keys(field.holds, entry) if isinstance(entry, dict) else {}
        if isinstance(group := listed(stated.get(inner)), list):
            states_itself = any(stated.get(own) is not None for own in shared)
            count += len(group) - (bool(group) and not states_itself)
    return count


def long_list(name: str) -> str:
    """What is wrong with a list of too many entries."""
    return f"the record has more than {ENTRIES} {name}"

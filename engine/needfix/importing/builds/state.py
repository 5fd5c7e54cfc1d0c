"""What earlier imports have read, kept beside the rules: by it the next import knows what is new."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from needfix.importing.builds.row import COLUMNS, BuildRow

NAME = "imported-builds.csv"
"""The file in the folder of rules."""


def state_text(rows: Iterable[BuildRow]) -> str:
    """The rows as a table in CSV, one for each level or update."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row, column) for column in COLUMNS])
    return out.getvalue()


def _cell(row: BuildRow, column: str) -> str:
    value = row.build_text if column == "build" else getattr(row, column)
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)


def merged(base: Sequence[BuildRow], new: Sequence[BuildRow]) -> list[BuildRow]:
    """The rows of earlier imports as they are now, with new ones behind those that precede them.

    A cell that is empty now, or of a column that the table does not have, leaves what was known.
    """
    now = {row.key: row for row in new}
    found = [_filled(now[row.key], row) if row.key in now else row for row in base]
    known = {row.key for row in base}
    keys = [row.key for row in found]
    shared = next((keys.index(row.key) for row in new if row.key in known), len(found))
    last = shared - 1
    for row in new:
        if row.key in known:
            last = keys.index(row.key)
        else:
            last += 1
            found.insert(last, row)
            keys.insert(last, row.key)
    return found


def _filled(row: BuildRow, before: BuildRow) -> BuildRow:
    """A row with what an earlier import knew where its own cells are empty."""
    known = {column: getattr(before, column) for column in COLUMNS if not getattr(row, column)}
    if row.build is None:
        known["build_text"] = before.build_text
    return replace(row, **known)


def state_file(folder: Path) -> Path:
    """Where the state of a folder of rules is."""
    return folder / NAME

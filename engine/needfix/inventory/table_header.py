"""The header of a table: the lines above it, its delimiter, and the names in it."""

from __future__ import annotations

import csv
import re

from needfix.intake.other_columns import is_known

_DELIMITERS = (",", ";", "\t", "|")
_PREAMBLE = re.compile(r"(?i)\s*$|#TYPE\b|\"?sep=.\"?\s*$")


def is_preamble(line: str) -> bool:
    """Whether a line above a header is what PowerShell and Excel write there, or blank."""
    return _PREAMBLE.match(line) is not None


def split_header(header: str) -> tuple[str, list[str]]:
    """The delimiter that gives the most known columns, and the names of the columns."""
    splits = [(delimiter, _names(header, delimiter)) for delimiter in _DELIMITERS]
    return max(splits, key=lambda split: (sum(map(is_known, split[1])), len(split[1])))


def _names(header: str, delimiter: str) -> list[str]:
    cells = next(csv.reader([header], delimiter=delimiter), [])
    return [cell.strip() for cell in cells]


def names_of_header(text: str) -> list[str]:
    """The names of the columns of a table that begins so."""
    header = next((line for line in text.splitlines() if not is_preamble(line)), "")
    try:
        return split_header(header)[1]
    except csv.Error:
        return []

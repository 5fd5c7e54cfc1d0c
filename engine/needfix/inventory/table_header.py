"""The header of a table: the lines above it, its delimiter, and the names in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from needfix.intake.columns import ALIASES
from needfix.intake.other_columns import NAMES_OF_SERVERS, OTHER_COLUMNS, folded, is_known
from needfix.intake.text import bare

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


NAMES_IN_HEADERS = frozenset((*map(folded, ALIASES), *OTHER_COLUMNS, *NAMES_OF_SERVERS))
"""The folded names of known columns."""

_TYPE = "#type"
_LEAST = 2


def may_be_header(cell: str) -> bool:
    """Whether a row that has this cell may begin another table."""
    return folded(cell) in NAMES_IN_HEADERS or cell[: len(_TYPE)].casefold() == _TYPE


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row is the header of another table: names of columns, of which one is that of the server."""
    names = [name for cell in cells if (name := bare(cell))]
    known = sum(map(is_known, names))
    return known >= _LEAST and known * 2 >= len(names) and any(folded(name) in _OF_SERVERS for name in names)


def is_type(cells: Sequence[str]) -> bool:
    """Whether a row is the line that PowerShell writes above a table."""
    return bool(cells) and cells[0][: len(_TYPE)].casefold() == _TYPE


_OF_SERVERS = frozenset(NAMES_OF_SERVERS)

"""The header of a table: the lines above it, its delimiter, and the names in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from itertools import dropwhile, islice

from needfix.intake.columns import ALIASES
from needfix.intake.limits import CELL_CHARACTERS
from needfix.intake.other_columns import OTHER_COLUMNS, column_meant, is_known
from needfix.intake.other_names import NAMES_OF_SERVERS, folded
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


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line by itself; none where it is no whole row."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


LINES_TO_HEADER = 30
"""Lines among which the header is: reports have titles above it."""


def header_place(lines: Sequence[str], stated: Mapping[str, str] | None = None) -> int:
    """Which of the first lines of a table is its header: the first that is not blank, unless it is a title.

    A title has no known column, and a line below it has a server and another one. `stated` are the columns
    that the user states for names, folded.
    """
    filled = [place for place, line in enumerate(lines) if not is_preamble(line)]
    if not filled:
        return len(lines)
    first, *below = filled
    if any(_columns_in(lines[first], stated or {})):
        return first
    for place in below:
        columns = _columns_in(lines[place], stated or {})
        if "server" in columns and len(set(columns) - {""}) > 1:
            return place
    return first


def _columns_in(line: str, stated: Mapping[str, str]) -> list[str]:
    """The column that each name of a line means; empty for those that mean none."""
    try:
        names = split_header(line[:CELL_CHARACTERS])[1]
    except csv.Error:
        return []
    return [stated.get(folded(name)) or column_meant(name) for name in names]


def names_of_header(text: str) -> list[str]:
    """The names of the columns of a table that begins so."""
    lines = list(islice(dropwhile(is_preamble, text.splitlines()), LINES_TO_HEADER))
    place = header_place(lines)
    try:
        return split_header(lines[place])[1] if place < len(lines) else []
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

"""Objects as rows of a table of fixed columns: Format-Table, systeminfo /fo table and wmic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from needfix.inventory.producers.systeminfo import names_by_position
from needfix.inventory.producers.text_lines import TextLines
from needfix.inventory.producers.text_object import TextObject, whole

_RULE = re.compile(r"-+|=+")
_NAME = re.compile(r"\S+")
_FILLER = "\0"


def read_ruled(lines: TextLines) -> Iterator[TextObject]:
    """The objects of a table with rules below its names."""
    header, rules = lines.take(), lines.take()
    if header is None or rules is None:
        return
    starts = [found.start() for found in _RULE.finditer(rules.text)]
    names = _pieces(header.text, [0, *starts[1:]])
    yield from _rows(lines, names, starts)


def read_columns(lines: TextLines) -> Iterator[TextObject]:
    """The objects of a table of wmic."""
    header = lines.take()
    if header is None:
        return
    found = list(_NAME.finditer(header.text))
    yield from _rows(lines, [own[0] for own in found], [own.start() for own in found])


def _rows(lines: TextLines, names: Sequence[str], starts: Sequence[int]) -> Iterator[TextObject]:
    title = ", ".join(names[:_MOST_NAMES])
    for line in lines.block():
        cells = _cells(line.text, starts)
        if cells is None:
            yield TextObject(line.number, {}, title, is_cut=True)
            continue
        english = names_by_position(names, cells) or names
        values = {name: whole(cell) for name, cell in zip(english, cells, strict=True)}
        yield TextObject(line.number, values, title, is_cut=None in values.values())


_MOST_NAMES = 4


def _cells(row: str, starts: Sequence[int]) -> list[str] | None:
    """The cells of a row; None where it is not cut surely.

    Signs of East Asia take two columns on the screen, and programs count them as one or as two.
    """
    if row.isascii():
        return _cut(row, starts)
    wide = "".join(sign + _FILLER * (east_asian_width(sign) in "WF") for sign in row)
    ways = {tuple(_pieces(text, starts)) for text in (row, wide) if _is_clean(text, starts)}
    found = {tuple(cell.replace(_FILLER, "") for cell in way) for way in ways}
    if len(found) == 1:
        return list(found.pop())
    return None if found or wide != row else _cut(row, starts)


def _is_clean(row: str, starts: Sequence[int]) -> bool:
    """Whether there is a blank before each column."""
    return all(row[start - 1 : start] in ("", " ") for start in starts[1:])


def _cut(row: str, starts: Sequence[int]) -> list[str] | None:
    """The cells of a row, of which those of numbers may begin before their column."""
    edges = [0]
    for start in starts[1:]:
        if row[start - 1 : start] in ("", " "):
            edges.append(start)
            continue
        blank = row.rfind(" ", edges[-1], start)
        if blank < 0:
            return None
        edges.append(blank + 1)
    return _pieces(row, edges)


def _pieces(text: str, edges: Sequence[int]) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise([*edges, max(len(text), edges[-1])])]

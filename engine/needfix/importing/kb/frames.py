"""Tables drawn with bars: `| Store.exe | 5.5.2654.29 |`, their rules, their wrapped cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from needfix.importing.kb import columns
from needfix.importing.kb import table_cells as cells
from needfix.importing.kb.columns import Columns
from needfix.importing.kb.lines import ArticleLine
from needfix.importing.kb.table_cells import FileRow

_RULE = re.compile(r"\s*[-=+_|\u2500-\u257f][-=+_|\s\u2500-\u257f]{2,}")
_FRAMED = re.compile(r"\s*(?:\|.*|\+[-=+]*\+?\s*)")
_FILE = re.compile(cells.NAME)
_WHOLE = re.compile(rf"{cells.VERSION}|{cells.DATE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row whose cells are not in the order of the columns, and its line."""

    row: FileRow
    line: ArticleLine


Part = FileRow | OddRow | Columns | str | ArticleLine
"""A row, the columns of a header, a label with a row of its own, or a line that is not a row."""


def is_rule(text: str) -> bool:
    """Whether a line is drawn, not written."""
    return _RULE.fullmatch(text) is not None and "|" not in text.strip(" -=+|")


def is_framed(text: str) -> bool:
    """Whether a line belongs to a table with bars."""
    return _FRAMED.fullmatch(text) is not None


def framed_rows(lines: Sequence[ArticleLine], known: Columns | None) -> Iterator[Part]:
    """The rows of a table, header first where it has one; none where it is not a table of files."""
    has_rules_between = _rules_between(lines)
    found = known
    for group in _groups(lines):
        header, rest = _header_of(group)
        if header:
            found = header
            yield header
        found = found or columns.guess(_texts(group[0]))
        if found is None and (heading := _only_text(group)):
            yield heading
        if rest and found and "name" in found:
            yield from _rows(rest, found, wrapped=has_rules_between)


def _only_text(group: Sequence[ArticleLine]) -> str | None:
    """The only text between two rules, such as a heading above the columns."""
    filled = [text for line in group for text in _texts(line) if text]
    return filled[0] if len(filled) == 1 else None


def _header_of(group: Sequence[ArticleLine]) -> tuple[Columns | None, Sequence[ArticleLine]]:
    """The header that lines are, or begin with where all rows are on one line, and what is left of them.

    `| File name | Version | | Store.exe | 5.5.2654.29 |` is such a line.
    """
    whole = columns.header(" ".join(_joined(group, glue="")))
    if whole:
        return whole, ()
    first, *others = group
    texts = _texts(first)
    header = columns.header(" ".join(texts[: texts.index("")])) if "" in texts else None
    if header is None:
        return None, group
    rest = ArticleLine(first.number, " | ".join(["", *texts[len(header) + 1 :], ""]))
    return header, [rest, *others]


def _rules_between(lines: Sequence[ArticleLine]) -> bool:
    """Whether a rule follows each row, so that lines without one between belong together."""
    rules = sum(is_rule(line.text) for line in lines)
    return rules > 3  # noqa: PLR2004  # above, below and under the header


def _groups(lines: Sequence[ArticleLine]) -> Iterator[list[ArticleLine]]:
    """The lines between two rules."""
    group: list[ArticleLine] = []
    for line in lines:
        if not is_rule(line.text):
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _texts(line: ArticleLine) -> list[str]:
    return [part.strip() for part in line.text.strip().removeprefix("|").removesuffix("|").split("|")]


def _joined(group: Sequence[ArticleLine], glue: str) -> list[str]:
    """The cells of one row that runs over several lines."""
    rows = [_texts(line) for line in group]
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    return [(glue or " ").join(filter(None, column)) for column in zip(*padded, strict=True)]


def _rows(group: Sequence[ArticleLine], known: Columns, *, wrapped: bool) -> Iterator[Part]:
    for part in _runs(group, known, wrapped=wrapped):
        texts = _cells_of(part, known)
        for start in range(0, len(texts), len(known) + 1):
            chunk = texts[start : start + len(known)]
            found = _label(chunk, known) or columns.read_cells(chunk, known, part[0].number)
            if found is not None:
                yield found
            elif any(map(cells.value, chunk)):
                guessed = columns.guess(chunk)
                row = columns.read_cells(chunk, guessed, part[0].number) if guessed else None
                yield OddRow(row, part[0]) if row else part[0]


def _runs(group: Sequence[ArticleLine], known: Columns, *, wrapped: bool) -> Iterator[list[ArticleLine]]:
    """Lines that make one row. One that names a file of its own starts another.

    Where no rules are between rows, every line that has something in the column of names does.
    """
    place = known.index("name")
    run: list[ArticleLine] = []
    for line in group:
        name = _cell(line, place)
        is_file = _FILE.fullmatch(name) is not None
        unfinished = wrapped and run and not _FILE.fullmatch(_cell(run[-1], place))
        if run and ((is_file and not unfinished) or (not wrapped and (name or _is_whole(line)))):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _is_whole(line: ArticleLine) -> bool:
    """Whether a line has a whole version or date, which no cell above it goes on with."""
    return any(_WHOLE.fullmatch(text) for text in _texts(line))


def _cell(line: ArticleLine, place: int) -> str:
    texts = _texts(line)
    return texts[place] if place < len(texts) else ""


def _cells_of(run: Sequence[ArticleLine], known: Columns) -> list[str]:
    if len(run) == 1:
        return _texts(run[0])
    glued, spaced = _joined(run, glue="\0"), _joined(run, glue=" ")
    whole = {"name", "version", "size"}
    return [
        glued[i].replace("\0", "") if i < len(known) and known[i] in whole else spaced[i]
        for i in range(len(spaced))
    ]


def _label(texts: Sequence[str], known: Columns) -> str | None:
    filled = [text for text in map(cells.value, texts) if text]
    is_only = len(filled) == 1 and len(known) > 1
    return (
        filled[0] if is_only and not _FILE.fullmatch(filled[0]) and not _WHOLE.fullmatch(filled[0]) else None
    )

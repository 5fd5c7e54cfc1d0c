"""What a table is, whatever file it comes from: the names of its columns, and rows of cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from needfix.errors import Position, Problem
from needfix.intake.limits import TABLE_COLUMNS

CellKind = Literal["text", "number", "date", "error"]
"""What a cell of a workbook holds: a number or a date has lost the form in which somebody typed it."""


class Cell(NamedTuple):
    """The text of a cell, and where it stands."""

    text: str
    at: Position
    kind: CellKind = "text"


class TableRow(NamedTuple):
    """A row: where it begins, and its cells by the names of their columns, as written."""

    at: Position
    cells: dict[str, Cell]


class Table(NamedTuple):
    """The names of a table's columns with their places, and its rows."""

    columns: dict[str, Position]
    rows: list[TableRow]


def add_columns(header: Iterable[Cell], at: Position, problems: list[Problem]) -> dict[str, Position] | None:
    """The columns that a header names; None and a problem where they are too many."""
    columns: dict[str, Position] = {}
    for cell in header:
        if cell.text.casefold() in map(str.casefold, columns):
            what = f"the column {cell.text!r} is there twice"
            problems.append(Problem(cell.at, what, "each column once", "remove one", "duplicate-key"))
        elif cell.text:
            columns[cell.text] = cell.at
    return columns if are_few(columns, at, problems) else None


def are_few(columns: Iterable[str], at: Position, problems: list[Problem]) -> bool:
    """Whether a table has no more columns than one may have; else there is a problem."""
    count = len(list(columns))
    if count > TABLE_COLUMNS:
        what = f"the table has {count} columns"
        problems.append(Problem(at, what, f"at most {TABLE_COLUMNS}", "remove columns", "too-large"))
    return count <= TABLE_COLUMNS

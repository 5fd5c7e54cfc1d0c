"""Cells in columns, as wide as the widest cell of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_GAP = "  "


def padded(rows: Sequence[Sequence[str]], numbers: int = 0) -> Iterator[list[str]]:
    """The rows with blanks in their cells; the first so many cells hold numbers and stand to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield [
            cell.rjust(width) if place < numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]


def aligned(rows: Sequence[Sequence[str]], numbers: int = 0) -> Iterator[str]:
    """The rows as lines."""
    return (joined(cells) for cells in padded(rows, numbers))


def joined(cells: Sequence[str]) -> str:
    """Cells of a row as a line."""
    return _GAP.join(cells).rstrip()

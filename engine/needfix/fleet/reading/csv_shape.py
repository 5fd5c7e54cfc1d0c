"""What lines of CSV look like from afar: whether Arrow reads them as the plain reader does."""

from __future__ import annotations

import numpy as np

from needfix.fleet.arrays import Ints

_LF, _CR, _QUOTE = ord("\n"), ord("\r"), ord('"')
_LONGEST = 100_000
"""No line of so many bytes is left to Arrow: the plain reader takes longer cells for flaws."""


class Shape:
    """Where the quotes and the ends of lines stand."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._bytes = np.frombuffer(data, np.uint8)
        self._ends = np.flatnonzero(self._bytes == _LF)
        self._quotes = np.flatnonzero(self._bytes == _QUOTE) if b'"' in data else np.zeros(0, np.int64)

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._ends) + (not self._data.endswith(b"\n"))

    def crosses_lines(self) -> bool:
        """Whether a quote that is opened in a line is not closed in it."""
        before_line = np.searchsorted(self._quotes, self._ends) if len(self._quotes) else self._quotes
        return bool((before_line & 1).any()) or len(self._quotes) % 2 == 1

    def is_plain(self, delimiter: str) -> bool:
        """Whether no line is too long, none before the last is empty, and quotes stand around cells alone."""
        data = self._data
        if b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
            return False
        lengths = np.diff(self._ends, prepend=-1, append=len(data)) - 1
        if lengths.max() > _LONGEST or (lengths[:-1] == 0).any():
            return False
        is_short = np.flatnonzero(lengths[:-1] == 1)
        if (self._bytes[self._ends[is_short] - 1] == _CR).any():
            return False
        return not len(self._quotes) or self._are_around_cells(ord(delimiter))

    def _are_around_cells(self, delimiter: int) -> bool:
        """Whether each first quote begins a cell, and each second one ends it; a doubled one does both."""
        if len(self._quotes) % 2:
            return False
        padded = np.append(self._bytes, np.array([_LF, _LF], np.uint8))
        before, behind = padded[self._quotes[0::2] - 1], padded[self._quotes[1::2] + 1]
        return _are_all(before, (delimiter, _LF, _QUOTE)) and _are_all(behind, (delimiter, _LF, _CR, _QUOTE))


def _are_all(found: Ints, allowed: tuple[int, ...]) -> bool:
    is_allowed = np.zeros(256, np.bool_)
    is_allowed[list(allowed)] = True
    return bool(is_allowed[found].all())

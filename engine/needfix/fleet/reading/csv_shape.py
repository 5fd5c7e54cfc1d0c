"""What lines of CSV look like from afar: whether Arrow can be trusted to read them as the plain reader does."""

from __future__ import annotations

import numpy as np

from needfix.fleet.arrays import Ints

_LF, _CR, _QUOTE = ord("\n"), ord("\r"), ord('"')
_LONGEST = 100_000
"""No line of so many bytes is left to Arrow: the plain reader takes longer cells for flaws."""


def crosses_lines(data: bytes) -> bool:
    """Whether a quote that is opened in a line is not closed in it."""
    if b'"' not in data:
        return False
    bytes_ = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(bytes_ == _QUOTE)
    before_line = np.searchsorted(quotes, np.flatnonzero(bytes_ == _LF))
    return bool((before_line & 1).any()) or len(quotes) % 2 == 1


def is_plain(data: bytes, delimiter: str) -> bool:
    """Whether lines are neither empty nor too long, and quotes stand around cells alone."""
    if not data or b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return False
    bytes_ = np.frombuffer(data, np.uint8)
    ends = np.append(np.flatnonzero(bytes_ == _LF), len(data))
    lengths = np.diff(ends, prepend=-1) - 1
    is_empty = (lengths == 0) | ((lengths == 1) & (bytes_[ends - 1] == _CR))
    if is_empty.any() or lengths.max() > _LONGEST:
        return False
    return b'"' not in data or _are_around_cells(data, ord(delimiter))


def _are_around_cells(data: bytes, delimiter: int) -> bool:
    """Whether each first quote begins a cell, and each second one ends it; a doubled one does both."""
    padded = np.frombuffer(b"\n" + data + b"\n", np.uint8)
    quotes = np.flatnonzero(padded == _QUOTE)
    if len(quotes) % 2:
        return False
    before, behind = padded[quotes[0::2] - 1], padded[quotes[1::2] + 1]
    return _are_all(before, (delimiter, _LF, _QUOTE)) and _are_all(behind, (delimiter, _LF, _CR, _QUOTE))


def _are_all(found: Ints, allowed: tuple[int, ...]) -> bool:
    return bool(np.isin(found, np.array(allowed, np.uint8)).all())

"""What lines of JSON look like from afar: whether each may be one object that Arrow can be trusted with."""

from __future__ import annotations

import re

import numpy as np

from needfix.fleet.arrays import Ints
from needfix.inventory.text import MAX_RECORD

_LF, _OPEN, _CLOSE, _QUOTE = b"\n", ord("{"), ord("}"), ord('"')
_BLANKS = b" \t\r"
_NULL_ALONE = re.compile(rb"\}\s*null")
"""Arrow breaks down at a record that is null."""

_MOST_DEEP = 100
_STRIDE = 20
_LONG_NUMBER = re.compile(rb"[-+.eE0-9]{400}")
_STEPS = np.zeros(256, np.int8)
_STEPS[[ord("["), ord("{")]] = 1
_STEPS[[ord("]"), ord("}")]] = -1
_NO_NUMBER = re.compile(rb"[:,\[]\s*-?(NaN|Inf)")
"""What Arrow takes for a number."""

_IN_NUMBERS = np.zeros(256, np.bool_)
_IN_NUMBERS[list(b"-+.eE0123456789")] = True


def line_numbers(data: bytes) -> Ints | None:
    """The numbers, from 0, of lines that may hold one object each; None where a line surely does not."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    if _has_long_number(data) or (b"null" in data and _NULL_ALONE.search(data)):
        return None
    bytes_ = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(bytes_ == ord(_LF))
    if len(ends) and ends[-1] == len(data) - 1 and bytes_[0] == _OPEN and _are_objects(bytes_, ends):
        return np.arange(len(ends))
    return _told_lines(data)


def _are_objects(data: Ints, ends: Ints) -> bool:
    longest = int(np.diff(ends, prepend=-1).max())
    are_closed = (data[ends - 1] == _CLOSE).all() and (data[ends[:-1] + 1] == _OPEN).all()
    return bool(are_closed) and longest < MAX_RECORD


def _told_lines(data: bytes) -> Ints | None:
    """As `line_numbers`, where some lines are blank or have blanks around them."""
    lines = [line.strip(_BLANKS) for line in data.split(_LF)]
    told = [(number, line) for number, line in enumerate(lines) if line]
    if not told or max(map(len, lines)) >= MAX_RECORD:
        return None
    if not all(line.startswith(b"{") and line.endswith(b"}") for _, line in told):
        return None
    return np.array([number for number, _ in told], np.int64)


def _has_long_number(data: bytes) -> bool:
    """Whether a number has too many digits; looked for where the samples of one would lie."""
    sampled = _IN_NUMBERS[np.frombuffer(data, np.uint8)[::_STRIDE]]
    count = 400 // _STRIDE - 1
    if len(sampled) <= count:
        return bool(_LONG_NUMBER.search(data))
    ends = np.flatnonzero(np.diff(np.flatnonzero(~sampled), prepend=-1, append=len(sampled)) > count)
    return len(ends) > 0 and bool(_LONG_NUMBER.search(data))


def has_strange_number(data: bytes) -> bool:
    """Whether there may be a number that is none of JSON."""
    return (b"NaN" in data or b"Inf" in data) and bool(_NO_NUMBER.search(data))


def is_shallow(data: bytes) -> bool:
    """Whether no list or object is nested deeper than Arrow can bear. Strings do not count."""
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    bytes_ = np.frombuffer(bare, np.uint8)
    is_outside = (np.cumsum(bytes_ == _QUOTE, dtype=np.uint8) & 1) == 0
    depth = np.cumsum(_STEPS[bytes_] * is_outside, dtype=np.int32)
    return int(depth.max(initial=0)) <= _MOST_DEEP

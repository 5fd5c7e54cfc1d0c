"""Versions of the common form as numbers that order as the versions do, a whole column at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from packaging.version import Version

from needfix.fleet.arrays import Flags, Ints, Words

_PARTS = 4
_BITS = 16
_MOST = (1 << _BITS) - 1
_LONGEST = _PARTS * 5 + 3
_DOT, _ZERO = ord("."), ord("0")


def numbers(distinct: pa.Array) -> tuple[Words, Flags]:
    """A number for each text, and whether it is one of the common form: 1 to 4 numbers up to 65535.

    Two of that form order as their numbers do, which is how `packaging` orders them.
    """
    offsets, data = _bytes(distinct)
    starts, lengths = offsets[:-1], np.diff(offsets)
    reader = _Reader(len(lengths))
    longest = min(int(lengths.max(initial=0)), _LONGEST)
    for place in range(longest):
        inside = place < lengths
        reader.read(
            data[starts + place] if inside.all() else np.where(inside, data[starts + place], 0), inside
        )
    found, is_plain = reader.end()
    return found, is_plain & (lengths > 0) & (lengths <= _LONGEST)


def least_number(version: Version) -> int:
    """The least number of a version of the common form that reaches this one; 2**64 where none does."""
    release = version.release
    found = 0
    for part in range(_PARTS):
        value = release[part] if part < len(release) else 0
        if value > _MOST:
            return (found + 1) << (_BITS * (_PARTS - part))
        found = (found << _BITS) | value
    return found + any(release[_PARTS:])


def _bytes(distinct: pa.Array) -> tuple[Ints, Ints]:
    """The places where texts begin and end, and their bytes with some behind them."""
    _, places, data = distinct.buffers()
    count = len(distinct)
    if places is None or data is None or not count:
        return np.zeros(count + 1, np.int64), np.zeros(_LONGEST, np.uint8)
    offsets = np.frombuffer(places, np.int32)[distinct.offset : distinct.offset + count + 1].astype(np.int64)
    whole = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    return offsets - offsets[0], np.concatenate([whole, np.zeros(_LONGEST, np.uint8)])


class _Reader:
    """Reads many texts at the same time, a character of each in a step."""

    def __init__(self, count: int) -> None:
        self._found = np.zeros(count, np.uint64)
        self._value = np.zeros(count, np.uint32)
        self._digits = np.zeros(count, np.uint8)
        self._parts = np.ones(count, np.uint8)
        self._is_plain = np.ones(count, np.bool_)

    def read(self, char: Ints, inside: Flags) -> None:
        """Take in the next character of each text that has one."""
        digit = char - np.uint8(_ZERO)
        is_digit = digit <= 9  # noqa: PLR2004 - what lies before "0" wraps round to more
        is_dot = char == _DOT
        self._is_plain &= is_digit | (is_dot & (self._digits > 0)) | ~inside
        np.copyto(self._value, self._value * np.uint32(10) + digit, where=is_digit)
        self._digits += is_digit
        if is_dot.any():
            self._close_part(is_dot)

    def end(self) -> tuple[Words, Flags]:
        """The numbers, and which texts are of the common form."""
        self._is_plain &= self._digits > 0
        self._close_part(np.ones(len(self._found), np.bool_))
        missing = (_PARTS + 1 - np.minimum(self._parts, _PARTS + 1)).astype(np.uint64)
        return self._found << missing * np.uint64(_BITS), self._is_plain & (self._parts <= _PARTS + 1)

    def _close_part(self, at: Flags) -> None:
        self._is_plain &= ~at | ((self._value <= _MOST) & (self._digits <= 5))  # noqa: PLR2004 - of 65535
        np.copyto(self._found, (self._found << np.uint64(_BITS)) | self._value, where=at)
        self._parts += at
        self._value[at] = 0
        self._digits[at] = 0

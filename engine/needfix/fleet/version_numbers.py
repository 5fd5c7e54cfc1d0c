"""Versions of the common form as numbers that order as the versions do, a whole column at a time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
from packaging.version import Version

from needfix.fleet.arrays import Flags, Ints, Words

_PARTS = 4
_BITS = 16
_MOST = (1 << _BITS) - 1
_DIGITS = 5
_LONGEST = _PARTS * (_DIGITS + 1) - 1
_DOT, _ZERO = ord("."), ord("0")
_MOST_SHAPES = 1 << 10
"""Shapes that are read together; what has none of the first so many is read one by one elsewhere."""


def numbers(distinct: pa.Array) -> tuple[Words, Flags]:
    """A number for each text, and whether it is one of the common form: 1 to 4 numbers up to 65535.

    Two of that form order as their numbers do, which is how `packaging` orders them. Texts with dots
    at the same places are read together.
    """
    chars, lengths = _characters(distinct)
    inside = np.arange(chars.shape[1]) < lengths[:, None]
    is_dot = (chars == _DOT) & inside
    digits = chars - np.uint8(_ZERO)  # what lies before "0" wraps round to more than 9
    is_plain = ((digits <= 9) | is_dot | ~inside).all(axis=1)  # noqa: PLR2004
    is_plain &= (lengths > 0) & (lengths <= _LONGEST)
    shapes = _shapes(is_dot, lengths)
    found = np.zeros(len(lengths), np.uint64)
    order = np.argsort(shapes, kind="stable")
    begins = np.flatnonzero(np.diff(shapes[order], prepend=-1)).tolist()
    for number, (begin, end) in enumerate(pairwise([*begins, len(order)])):
        rows = order[begin:end]
        parts = _parts(is_dot[rows[0]], int(lengths[rows[0]])) if number < _MOST_SHAPES else []
        found[rows], fits = _read(digits[rows], parts)
        is_plain[rows] &= fits
    return found, is_plain


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


def _characters(distinct: pa.Array) -> tuple[Ints, Ints]:
    """The first bytes of each text, a row each, and how long the texts are."""
    _, places, data = distinct.buffers()
    count = len(distinct)
    if places is None or data is None or not count:
        return np.zeros((count, 1), np.uint8), np.zeros(count, np.int64)
    offsets = np.frombuffer(places, np.int32)[distinct.offset : distinct.offset + count + 1].astype(np.int64)
    lengths = np.diff(offsets)
    longest = min(int(lengths.max()), _LONGEST)
    whole = np.concatenate([np.frombuffer(data, np.uint8)[: offsets[-1]], np.zeros(_LONGEST + 1, np.uint8)])
    return whole.take(offsets[:-1, None] + np.arange(max(longest, 1))), lengths


def _shapes(is_dot: Flags, lengths: Ints) -> Ints:
    """A number for each text by where its dots stand and how long it is."""
    places = np.packbits(is_dot, axis=1, bitorder="little").astype(np.int64)
    shapes = np.minimum(lengths, _LONGEST + 1)
    for place in range(places.shape[1]):
        shapes = (shapes << 8) | places[:, place]
    return shapes


def _parts(is_dot: Flags, length: int) -> list[tuple[int, int]]:
    """Where the numbers of a text begin and end; none where it is not of the common form."""
    dots = np.flatnonzero(is_dot[:length]).tolist()
    parts = [(before + 1, after) for before, after in pairwise([-1, *dots, length])]
    is_common = len(parts) <= _PARTS and all(0 < end - begin <= _DIGITS for begin, end in parts)
    return parts if is_common else []


def _read(digits: Ints, parts: list[tuple[int, int]]) -> tuple[Words, Flags]:
    """The numbers of texts with dots at the same places, and whether every part of each fits."""
    found = np.zeros(len(digits), np.uint64)
    fits = np.full(len(digits), bool(parts))
    for begin, end in parts:
        value: Ints = np.zeros(len(digits), np.uint32)
        for place in range(begin, end):
            value = value * np.uint32(10) + digits[:, place]
        fits &= value <= _MOST
        found = (found << np.uint64(_BITS)) | value.astype(np.uint64)
    return found << np.uint64(_BITS * min(_PARTS - len(parts), _PARTS - 1)), fits

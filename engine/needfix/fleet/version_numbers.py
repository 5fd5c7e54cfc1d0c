"""Versions of the common form as numbers that order as the versions do, a whole column at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from packaging.version import Version

from needfix.fleet.arrays import Flags, Words
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.texts import bytes_of

_PARTS = 4
_BITS = 16
_MOST = (1 << _BITS) - 1


def numbers(distinct: pa.Array) -> tuple[Words, Flags]:
    """A number for each text, and whether it is one of the common form: 1 to 4 numbers up to 65535.

    Two of that form order as their numbers do, which is how `packaging` orders them.
    """
    found, is_plain = np.zeros(len(distinct), np.uint64), np.zeros(len(distinct), np.bool_)
    kernels.read_versions(*bytes_of(distinct), found, is_plain.view(np.uint8))
    if distinct.null_count:
        is_plain &= distinct.is_valid().to_numpy(zero_copy_only=False)
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

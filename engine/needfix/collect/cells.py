"""The cells of a file of the registry, which is damaged where they do not fill it as Windows leaves it.

A file is a header and bins; a bin is filled with cells, each with its size, of which those in use hold keys,
values and their lists. A sector that is lost leaves a place where no cell begins, so that it is noticed even
if what names the keys in it is lost as well.
"""

from __future__ import annotations

import os
from pathlib import Path
from struct import Struct
from struct import error as struct_error

HEADER_BYTES = 4096

_MOST_BYTES = 1 << 29
_BEGINS = b"regf"
_HEADER = Struct("<4sII8xIIIIII")
_CHECKED_BYTES = 508
_FIRST_VERSION, _OLDEST = 1, 2
"""The only first part of a format's version, and the oldest second part, of Windows NT 4.0."""
_BIN = Struct("<4sII20x")
_BIN_BEGINS = b"hbin"
_PAGE = 4096
_SIZE = Struct("<i")
_LEAST_CELL = 8


class HiveError(Exception):
    """A hive that cannot be read, or whose content may be out of date; the text says why."""


class DamageError(HiveError):
    """A hive of which a part is not as it was written, so that the disk may be damaged elsewhere, too."""


class Cells:
    """The content of a hive, in which every cell that is asked for is in use.

    `root`: where its first key is;
    `count`: how many cells are in use.
    """

    def __init__(self, path: str) -> None:
        self.content, end, self.root = _checked(path)
        self._in_use = _in_use(self.content, end)
        self.count = self._in_use.count(1)

    def at(self, offset: int, least: int) -> int:
        """Where the data of a cell begins, which has at least so many bytes."""
        place = offset >> 3
        is_cell = not offset % _LEAST_CELL and place < len(self._in_use) and self._in_use[place]
        if not is_cell or least > self.size(offset):
            raise damage_at(offset)
        return HEADER_BYTES + offset + _SIZE.size

    def size(self, offset: int) -> int:
        """How many bytes the data of a cell has."""
        return -int(_SIZE.unpack_from(self.content, HEADER_BYTES + offset)[0]) - _SIZE.size


def damage_at(offset: int) -> DamageError:
    """That a hive is damaged, by the place."""
    return DamageError(f"it is damaged at offset {HEADER_BYTES + offset:#x}")


def _checked(path: str) -> tuple[bytes, int, int]:
    """The content, where its bins end, and its root. Raises HiveError where it was not written to its end."""
    try:
        with Path(path).open("rb") as file:
            if os.fstat(file.fileno()).st_size > _MOST_BYTES:
                raise HiveError("it is too large")
            content = file.read(_MOST_BYTES)
    except OSError as error:
        raise HiveError(error.strerror or str(error)) from error
    if len(content) < HEADER_BYTES or content[:4] != _BEGINS:
        raise HiveError("it is no file of the registry")
    _, first, second, major, minor, kind, layout, root, bins = _HEADER.unpack_from(content)
    checksum = 0
    for place in range(0, _CHECKED_BYTES, 4):
        checksum ^= int.from_bytes(content[place : place + 4], "little")
    stated = int.from_bytes(content[_CHECKED_BYTES : _CHECKED_BYTES + 4], "little")
    if stated != {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(checksum, checksum):
        raise DamageError("its header is damaged")
    if major != _FIRST_VERSION or minor < _OLDEST or kind != 0 or layout != 1:
        raise HiveError("it is of a kind that is not read")
    if len(content) < HEADER_BYTES + bins:
        raise DamageError("its end is missing")
    if first != second:
        raise HiveError(_NOT_CLOSED)
    return content, HEADER_BYTES + bins, root


_NOT_CLOSED = "it was not closed, and may be out of date; shut the server down before copying its disk"


def _in_use(content: bytes, end: int) -> bytearray:
    """For every eight bytes behind the header, whether a cell that is in use begins there."""
    found = bytearray((end - HEADER_BYTES) >> 3)
    size_at = _SIZE.unpack_from
    place = begin = HEADER_BYTES
    try:
        while begin < end:
            sign, offset, size = _BIN.unpack_from(content, begin)
            stop = begin + size
            if (
                sign != _BIN_BEGINS
                or offset != begin - HEADER_BYTES
                or size % _PAGE
                or not begin < stop <= end
            ):
                raise damage_at(begin - HEADER_BYTES)
            place = begin + _BIN.size
            while place < stop:
                (length,) = size_at(content, place)
                if length < 0:
                    found[(place - HEADER_BYTES) >> 3] = 1
                    length = -length
                if length < _LEAST_CELL or length % _LEAST_CELL:
                    raise damage_at(place - HEADER_BYTES)
                place += length
            if place != stop:
                raise damage_at(begin - HEADER_BYTES)
            begin = stop
    except struct_error as error:
        raise damage_at(begin - HEADER_BYTES) from error
    return found

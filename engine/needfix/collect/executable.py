"""Reads the version, platform and language of a Windows executable, without reading it as a whole.

Only headers, tables of resources and the version resource are read, with a limit for each, so that no content
of a file makes it cost more. What is damaged is left out, and never raises.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from needfix.intake.vocabularies import language

ReadAt = Callable[[int, int], bytes]
"""Reads so many bytes from an offset on: fewer at the end of the file, none behind it."""

HEAD_BYTES = 4096
"""Bytes that are read first: the headers of nearly all executables."""

_SECTIONS = 96
"""Sections of an executable: Windows loads none with more."""
_WINDOW_BYTES = 4096
"""Bytes of resources that are read first: all of their tables in most executables."""
_TABLE_BYTES = 1 << 20
"""Bytes of all tables of resources."""
_VERSION_BYTES = 1 << 16
_LANGUAGES = 64
"""Languages of a version resource."""
_TRANSLATION_BYTES = 4 * _LANGUAGES
_BLOCKS = 64
"""Blocks beside each other in a version resource."""

_MACHINES = {
    0x14C: "x86", 0x8664: "x64", 0x200: "ia64", 0x1C0: "arm", 0x1C2: "arm", 0x1C4: "arm", 0xAA64: "arm64",
    0x184: "alpha", 0x284: "alpha", 0x162: "mips", 0x166: "mips", 0x168: "mips", 0x169: "mips",
    0x1F0: "powerpc", 0x1F1: "powerpc",
}  # fmt: skip
"""Platforms by the machine in the header; any other says nothing."""

_DIRECTORIES = {0x10B: 96, 0x20B: 112}
"""Where directories begin in an optional header, by its magic number; their number stands before them."""
_RESOURCES, _DOTNET = 2, 14
_ONLY_IL, _NEEDS_32_BITS, _PREFERS_32_BITS = 0x1, 0x2, 0x20000

_VERSION_TYPE, _VERSION_NAME = 16, 1
"""The type and the name of the resource in which Windows looks for the version."""
_FOLDER = 1 << 31
_SECTOR = 512

_START_AT = 0x3C
"""Where it says at which offset the headers begin."""
_COFF = struct.Struct("<4xHH12xHxxH")
_OPTIONAL = 24
"""Where the optional header begins, behind the signature."""
_SECTION = struct.Struct("<8xIIII16x")
_COUNTS = struct.Struct("<12xHH")
_PAIR = struct.Struct("<II")
_NUMBER = struct.Struct("<I")
_BLOCK = struct.Struct("<HH")
_KEY_AT = 6
_FIXED = struct.Struct("<I4xHHHH")

_KEY = "VS_VERSION_INFO\0".encode("utf-16-le")
_FIXED_AT = 40
_FIXED_BYTES = 52
_FIXED_SIGNATURE = 0xFEEF04BD
_LANGUAGE_BLOCK = "VarFileInfo\0".encode("utf-16-le")
_LANGUAGE_VALUE = "Translation\0".encode("utf-16-le")
_VALUE_AT = 32
"""Where in both of these blocks what belongs to them begins."""


class Executable(NamedTuple):
    """What an executable states of itself; None where it states nothing, or not one thing.

    `is_damaged`: a part that it names is not there or cannot be read, or it states several versions.
    """

    version: str | None = None
    platform: str | None = None
    language: str | None = None
    is_damaged: bool = False


class _DamagedError(Exception):
    """A part is not there, or is not what it should be."""


def read_executable(read_at: ReadAt, head: bytes) -> Executable | None:
    """What a file states of itself, where it is an executable of 32 or 64 bits; None where it is none.

    `head` are its first HEAD_BYTES. An OSError of `read_at` is not caught.
    """
    if head[:2] != b"MZ":
        return None
    platform = None
    try:
        image = _image(read_at, head)
        if image is None:
            return None
        platform = _platform(image)
        stated = [_stated(block) for block in _version_resources(image)]
    except (_DamagedError, struct.error):
        return Executable(None, platform, None, is_damaged=True)
    if len(stated) == 1:
        version, languages = stated[0]
    else:
        versions = {own for own, _ in stated if own is not None}
        if len(versions) > 1:
            return Executable(None, platform, None, is_damaged=True)
        version = next(iter(versions), None)
        languages = tuple({code for _, codes in stated for code in codes})
    if version == "0.0.0.0":  # noqa: S104 - no address
        version = None
    return Executable(version, platform, languages[0] if len(languages) == 1 else None)


class _Image(NamedTuple):
    """An executable by its headers; sections with their size and place in memory and in the file."""

    read_at: ReadAt
    machine: int
    headers: bytes
    directories: int
    end: int
    sections: list[tuple[int, int, int, int]]

    def directory(self, number: int) -> int:
        """The address in memory of what a directory names; 0 where there is nothing."""
        place = self.directories + number * _PAIR.size
        known = _NUMBER.unpack_from(self.headers, self.directories - _NUMBER.size)[0]
        if number >= known or place + _PAIR.size > self.end:
            return 0
        return int(_NUMBER.unpack_from(self.headers, place)[0])

    def place(self, address: int) -> tuple[int, int]:
        """Where in the file an address in memory is, and how many bytes follow in its section."""
        for virtual, begin, size, place in self.sections:
            inside = address - begin
            if 0 <= inside < size:
                return place - place % _SECTOR + inside, size - inside
            if 0 <= inside < virtual:
                break
        raise _DamagedError

    def read(self, address: int, size: int) -> bytes:
        """So many bytes from an address in memory on."""
        place, most = self.place(address)
        found = self.read_at(place, size)
        if most < size or len(found) < size:
            raise _DamagedError
        return found


def _image(read_at: ReadAt, head: bytes) -> _Image | None:
    """The executable that the headers describe; None where there are none, as in programs for DOS."""
    start = _NUMBER.unpack_from(head, _START_AT)[0]
    headers = head[start:]
    if len(headers) < _COFF.size:
        headers = read_at(start, HEAD_BYTES)
    if headers[:4] != b"PE\0\0":
        return None
    machine, count, size, magic = _COFF.unpack_from(headers)
    begin = _OPTIONAL + size
    end = begin + count * _SECTION.size
    if count > _SECTIONS or magic not in _DIRECTORIES:
        raise _DamagedError
    if end > len(headers):
        headers = read_at(start, end)
    sections = [_SECTION.unpack_from(headers, place) for place in range(begin, end, _SECTION.size)]
    return _Image(read_at, machine, headers, _OPTIONAL + _DIRECTORIES[magic], begin, sections)


def _platform(image: _Image) -> str | None:
    """The platform that it is for; None where it is for any, as most of what .NET makes."""
    own = _MACHINES.get(image.machine)
    if own != "x86" or not (address := image.directory(_DOTNET)):
        return own
    flags = _NUMBER.unpack_from(image.read(address, 20), 16)[0]
    is_for_any = flags & _ONLY_IL and (not flags & _NEEDS_32_BITS or flags & _PREFERS_32_BITS)
    return None if is_for_any else own


def _version_resources(image: _Image) -> list[bytes]:
    """The version resources, one for each language."""
    address = image.directory(_RESOURCES)
    if not address:
        return []
    place, size = image.place(address)
    tables = image.read_at(place, min(size, _WINDOW_BYTES))
    try:
        found = _version_entries(tables)
    except struct.error:
        if size <= _WINDOW_BYTES:
            raise
        found = _version_entries(image.read_at(place, min(size, _TABLE_BYTES)))
    blocks: list[bytes] = []
    for own, length in found:
        begin, size = own - address, min(length, _VERSION_BYTES)
        if 0 <= begin <= len(tables) - size:
            blocks.append(tables[begin : begin + size])
        else:
            blocks.append(image.read(own, size))
    return blocks


def _version_entries(tables: bytes) -> list[tuple[int, int]]:
    """The addresses and sizes of version resources. Raises struct.error where the tables go on behind."""
    of_type = _below(tables, 0, _VERSION_TYPE)
    of_name = _below(tables, of_type, _VERSION_NAME) if of_type else 0
    if not of_name:
        return []
    named, numbered = _COUNTS.unpack_from(tables, of_name)
    if numbered > _LANGUAGES:
        raise _DamagedError
    first = of_name + _COUNTS.size + named * _PAIR.size
    places = range(first, first + numbered * _PAIR.size, _PAIR.size)
    return [_PAIR.unpack_from(tables, _PAIR.unpack_from(tables, place)[1]) for place in places]


def _below(tables: bytes, offset: int, number: int) -> int:
    """Where the table is that an entry of another leads to; 0 where there is no such entry.

    Entries with names stand before those with numbers.
    """
    named, numbered = _COUNTS.unpack_from(tables, offset)
    first = offset + _COUNTS.size + named * _PAIR.size
    for place in range(first, first + numbered * _PAIR.size, _PAIR.size):
        own, target = _PAIR.unpack_from(tables, place)
        if own == number:
            if target < _FOLDER:
                raise _DamagedError
            return int(target - _FOLDER)
    return 0


def _stated(block: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The version in a resource as its numbers state it, not its text, and the languages."""
    _, size = _BLOCK.unpack_from(block)
    if not block.startswith(_KEY, _KEY_AT):
        raise _DamagedError
    version = None
    if size:
        signature, second, first, fourth, third = _FIXED.unpack_from(block, _FIXED_AT)
        if size < _FIXED_BYTES or signature != _FIXED_SIGNATURE:
            raise _DamagedError
        version = f"{first}.{second}.{third}.{fourth}"
    inner = _block_in(block, _FIXED_AT + size, len(block), _LANGUAGE_BLOCK)
    if inner is None:
        return version, ()
    found = _block_in(block, *inner, _LANGUAGE_VALUE)
    return version, () if found is None else _languages(block[slice(*found)][:_TRANSLATION_BYTES])


def _block_in(block: bytes, begin: int, end: int, key: bytes) -> tuple[int, int] | None:
    """Where what belongs to a block of this key begins and ends, of the blocks beside each other."""
    place = begin
    for _ in range(_BLOCKS):
        place = (place + 3) & ~3
        if place + _BLOCK.size > end:
            return None
        size, _ = _BLOCK.unpack_from(block, place)
        if size < _KEY_AT:
            return None
        if block.startswith(key, place + _KEY_AT):
            return place + _VALUE_AT, min(place + size, end)
        place += size
    return None


@lru_cache(maxsize=1 << 10)
def _languages(translations: bytes) -> tuple[str, ...]:
    """The languages of pairs of a number and a code page; those that are for any language are none."""
    numbers = {translations[place : place + 2] for place in range(0, len(translations) - 3, 4)}
    codes = {language(f"0x{int.from_bytes(number, 'little'):04x}") for number in numbers}
    return tuple(code for code in codes if code is not None)

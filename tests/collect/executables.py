"""Writes executables byte by byte: headers, one section, and a version resource for each language."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

I386, AMD64, ARM64 = 0x14C, 0x8664, 0xAA64
GERMAN, ENGLISH, NEUTRAL = 0x407, 0x409, 0x0

_HEADERS = 0x400
_BASE = 0x1000
_START = 0x80

Version = tuple[int, int, int, int]
SP4 = (5, 5, 2653, 23)


def executable(
    machine: int = I386,
    versions: Mapping[int, bytes] | None = None,
    *,
    is_64: bool = False,
    dotnet: int | None = None,
    before: bytes = b"",
) -> bytes:
    """An executable with these version resources by language, `dotnet` flags, and bytes before resources."""
    section = bytearray(before.ljust(-(-len(before) // 16) * 16, b"\0"))
    clr = 0
    if dotnet is not None:
        clr = _BASE + len(section)
        section += struct.pack("<IHHIIII", 72, 2, 5, 0, 0, dotnet, 0).ljust(80, b"\0")
    resources = _BASE + len(section) if versions is not None else 0
    section += _resources(versions or {}, resources)
    raw = -(-len(section) // 512) * 512
    directories = [(0, 0)] * 16
    directories[2], directories[14] = (resources, len(section)), (clr, 72 if clr else 0)
    fields = struct.pack("<H", 0x20B if is_64 else 0x10B).ljust(108 if is_64 else 92, b"\0")
    optional = fields + struct.pack("<I", 16) + b"".join(struct.pack("<II", *own) for own in directories)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", machine, 1, 0, 0, 0, len(optional), 0x2102)
    entry = struct.pack("<8sIIII16x", b".rsrc", len(section), _BASE, raw, _HEADERS)
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", _START)
    headers = dos.ljust(_START, b"\0") + coff + optional + entry
    return headers.ljust(_HEADERS, b"\0") + bytes(section).ljust(raw, b"\0")


def version_resource(
    version: Version = SP4, languages: Sequence[int] = (ENGLISH,), text: str = "9.9.9.9 (a text)"
) -> bytes:
    """A version resource with the version as numbers, another as text, and translations."""
    first, second, third, fourth = version
    fixed = struct.pack("<IIHHHH", 0xFEEF04BD, 0x10000, second, first, fourth, third).ljust(52, b"\0")
    value = _block("FileVersion", (text + "\0").encode("utf-16-le"), [], is_text=True)
    strings = _block("StringFileInfo", b"", [_block("040904B0", b"", [value], is_text=True)], is_text=True)
    pairs = b"".join(struct.pack("<HH", language, 1200) for language in languages)
    translation = _block("Translation", pairs, [])
    children = [strings, _block("VarFileInfo", b"", [translation], is_text=True)]
    return _block("VS_VERSION_INFO", fixed, children)


def _block(key: str, value: bytes, children: Sequence[bytes], *, is_text: bool = False) -> bytes:
    content = b"\0" * 6 + (key + "\0").encode("utf-16-le")
    content = _padded(content) + value
    for child in children:
        content = _padded(content) + child
    size = len(value) // 2 if is_text else len(value)
    return struct.pack("<HHH", len(content), size, int(is_text)) + content[6:]


def _padded(content: bytes) -> bytes:
    return content.ljust(-(-len(content) // 4) * 4, b"\0")


def _resources(versions: Mapping[int, bytes], address: int) -> bytes:
    """The tables of resources, with a table of a type and a name, and the resources behind them."""
    if not versions:
        return b"\0" * 16
    folder = 1 << 31
    tables = [_table([(16, folder + 24)]), _table([(1, folder + 48)])]
    entries = 48 + 16 + 8 * len(versions)
    tables.append(_table([(own, entries + 16 * n) for n, own in enumerate(sorted(versions))]))
    place = entries + 16 * len(versions)
    data, blocks = b"", b""
    for own in sorted(versions):
        block = versions[own].ljust(-(-len(versions[own]) // 8) * 8, b"\0")
        data += struct.pack("<IIII", address + place + len(blocks), len(versions[own]), 0, 0)
        blocks += block
    return b"".join(tables) + data + blocks


def _table(entries: Sequence[tuple[int, int]]) -> bytes:
    head = struct.pack("<IIHHHH", 0, 0, 0, 0, 0, len(entries))
    return head + b"".join(struct.pack("<II", *own) for own in entries)

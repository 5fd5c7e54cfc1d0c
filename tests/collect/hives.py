"""Writes files of the registry as Windows lays them out: keys and values from nested mappings."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias


class Raw(NamedTuple):
    """A value of any type, with data of any size."""

    kind: int
    data: bytes


Value: TypeAlias = str | int | bytes | Raw | Sequence[str]
Key: TypeAlias = "Mapping[str, Value | Key]"

_BEFORE_CELLS = 32
_TEXT, _BINARY, _NUMBER, _TEXTS = 1, 3, 4, 7
_NOTHING = 0xFFFFFFFF


def hive(keys: Key, *, is_closed: bool = True) -> bytes:
    """A hive whose root holds these keys and values; names with backslashes are keys below each other."""
    cells = _Cells()
    root = cells.key("ROOT", _nested(keys))
    content = cells.content
    bins = struct.pack("<4sIIQQI", b"hbin", 0, len(content), 0, 0, 0) + content[_BEFORE_CELLS:]
    header = struct.pack(
        "<4sIIQIIIIIII", b"regf", 7, 7 if is_closed else 8, 0, 1, 3, 0, 1, root, len(bins), 1
    )
    header = header.ljust(508, b"\0")
    checksum = 0
    for (number,) in struct.iter_unpack("<I", header):
        checksum ^= number
    return (header + struct.pack("<I", checksum)).ljust(4096, b"\0") + bins


def write_hives(root: Path, software: Key | None = None, system: Key | None = None) -> Path:
    """Writes the hives of a system below a folder, in which Windows is installed."""
    config = root / "Windows" / "System32" / "config"
    config.mkdir(parents=True, exist_ok=True)
    for name, keys in (("SOFTWARE", software), ("SYSTEM", system)):
        if keys is not None:
            (config / name).write_bytes(hive(keys))
    return config


def _nested(keys: Key) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in keys.items():
        own: object = _nested(value) if isinstance(value, Mapping) else value
        place = found
        *above, last = name.split("\\") if isinstance(value, Mapping) else [name]
        for part in above:
            place = place.setdefault(part, {})  # type: ignore[assignment]
        if isinstance(own, dict) and isinstance(known := place.get(last), dict):
            known.update(own)
        else:
            place[last] = own
    return found


class _Cells:
    """The cells of a hive, one after another."""

    def __init__(self) -> None:
        self._content = bytearray(_BEFORE_CELLS)

    @property
    def content(self) -> bytes:
        """All cells; what is left of the last page is a free one."""
        left = -len(self._content) % 4096
        free = struct.pack("<i", left).ljust(left, b"\0") if left else b""
        return bytes(self._content) + free

    def add(self, data: bytes) -> int:
        size = -(-(len(data) + 4) // 8) * 8
        place = len(self._content)
        self._content += (struct.pack("<i", -size) + data).ljust(size, b"\0")
        return place

    def key(self, name: str, content: Mapping[str, object], above: int = _NOTHING) -> int:
        below = {own: value for own, value in content.items() if isinstance(value, dict)}
        values = {own: value for own, value in content.items() if not isinstance(value, dict)}
        # The first cell of a hive must be the root; lists are placed behind their key, and written into it.
        place = self.add(b"\0" * (76 + len(name)))
        keys = [(own, self.key(own, below[own], place)) for own in sorted(below, key=str.upper)]
        entries = b"".join(struct.pack("<I4s", at, own[:4].encode("latin-1")) for own, at in keys)
        keys_at = self.add(struct.pack("<2sH", b"lf", len(keys)) + entries) if keys else _NOTHING
        offsets = [self.value(own, value) for own, value in values.items()]
        values_at = self.add(struct.pack(f"<{len(offsets)}I", *offsets)) if offsets else _NOTHING
        record = struct.pack(
            "<2sHQIIIIIIIIIIIIIIIHH",
            b"nk", 0x2C if above == _NOTHING else 0x20, 0, 0, above, len(keys), 0, keys_at, _NOTHING,
            len(offsets), values_at, _NOTHING, _NOTHING, 0, 0, 0, 0, 0, len(name), 0,
        ) + name.encode("latin-1")  # fmt: skip
        self._content[place + 4 : place + 4 + len(record)] = record
        return place

    def value(self, name: str, value: object) -> int:
        kind, data = _typed(value)
        if len(data) <= 4:
            size, offset = len(data) | 0x80000000, int.from_bytes(data.ljust(4, b"\0"), "little")
        else:
            size, offset = len(data), self.add(data)
        record = struct.pack("<2sHIIIHH", b"vk", len(name), size, offset, kind, 1, 0)
        return self.add(record + name.encode("latin-1"))


def _typed(value: object) -> tuple[int, bytes]:
    if isinstance(value, Raw):
        return value.kind, value.data
    if isinstance(value, int):
        return _NUMBER, struct.pack("<I", value)
    if isinstance(value, bytes):
        return _BINARY, value
    if isinstance(value, str):
        return _TEXT, (value + "\0").encode("utf-16-le")
    assert isinstance(value, list | tuple)
    return _TEXTS, ("".join(f"{own}\0" for own in value) + "\0").encode("utf-16-le")

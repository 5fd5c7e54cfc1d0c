"""Reads the registry of a server that does not run, from the files that hold it."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from needfix.collect.cells import Cells, DamageError, HiveError, damage_at


class NoNumber(bytes):
    """The data of a number that has not the size of one."""


HiveValue = str | int | bytes | NoNumber | tuple[str, ...]
"""A text ends at its first zero. Data of any other kind is as it stands, as is a text that is none."""

_KEY = Struct("<2sH12xII4xI4xII28xH2x")
_VALUE = Struct("<2sHIIIH2x")
_LIST = Struct("<2sH")
_ENTRY = Struct("<I4s")
_OFFSET = Struct("<I")
_PARTS = Struct("<2sHI")
_DATA_AT = 8
"""Where in a value its data is, if it is short."""
_IS_LINK, _IN_LATIN_1, _HAS_NO_VALUES = 0x10, 0x20, 0x40
_NAME_IN_LATIN_1 = 0x1
_INLINE, _INLINE_BYTES = 1 << 31, 4
_MOST_IN_CELL = 16_344
"""Bytes of data above which it may lie in several cells."""
_LIST_OF_TEXTS = 7
_OF_TEXT = (1, 2, _LIST_OF_TEXTS)
_NUMBERS = {4: 4, 11: 8}
"""Sizes of numbers by their types."""
_SECTOR = bytes(512)
"""What a lost sector leaves: no program writes a text with so many zeros in it."""
_NOT_SHOWN = bytes(4)


class _Key(NamedTuple):
    """A key: its name, and where its lists are."""

    name: str
    offset: int
    above: int
    keys: int
    keys_at: int
    values: int
    values_at: int
    is_link: bool


class Hive:
    """A file of the registry, which was checked as a whole: HiveError where any part of it is damaged."""

    def __init__(self, path: str) -> None:
        self._cells = Cells(path)
        self._content = self._cells.content
        root = self._key_at(self._cells.root)
        self._keys: dict[str, _Key | None] = {"": root}
        self._check(root)

    def has(self, key: str) -> bool:
        """Whether a key is there."""
        return self._key(key) is not None

    def value(self, key: str, name: str) -> HiveValue | None:
        """A value; None where it is not there."""
        return self.values(key).get(name.casefold())

    def text(self, key: str, name: str) -> str | None:
        """A value that is a text, without blanks around it; None where it is not there, or something else."""
        found = self.value(key, name)
        text = found.strip() if isinstance(found, str) else ""
        return text or None

    def values(self, key: str) -> dict[str, HiveValue]:
        """The values of a key by their names without case; none where the key is not there."""
        own = self._key(key)
        if own is None:
            return {}
        try:
            return {name.casefold(): self._read(kind, *data) for name, kind, data in self._values(own)}
        except HiveError as error:
            raise type(error)(f"{key}: {error}") from error

    def below(self, key: str) -> list[str]:
        """The names of the keys below a key; none where it is not there."""
        own = self._key(key)
        return [] if own is None else [one.name for one in self._below(own)]

    def _key(self, key: str) -> _Key | None:
        folded = key.casefold()
        if folded not in self._keys:
            above, _, name = folded.rpartition("\\")
            own = self._key(above)
            below = () if own is None else self._below(own)
            found = next((one for one in below if one.name.casefold() == name), None)
            if found is not None and found.is_link:
                raise HiveError(f"{key} is a link, which is not followed")
            self._keys[folded] = found
        return self._keys[folded]

    def _check(self, root: _Key) -> None:
        """Look at every key and value once."""
        pending, left = [root], self._cells.count
        while pending:
            own = pending.pop()
            left -= 1 + own.values
            if left < len(pending):
                raise damage_at(own.offset)
            for _ in self._values(own):
                pass
            pending += self._below(own)

    def _key_at(self, offset: int) -> _Key:
        place = self._cells.at(offset, _KEY.size)
        sign, flags, above, keys, keys_at, values, values_at, length = _KEY.unpack_from(self._content, place)
        if sign != b"nk":
            raise damage_at(offset)
        name = self._named(offset, place + _KEY.size, length, in_latin_1=flags & _IN_LATIN_1)
        values = 0 if flags & _HAS_NO_VALUES else values
        return _Key(name, offset, above, keys, keys_at, values, values_at, bool(flags & _IS_LINK))

    def _below(self, key: _Key) -> Iterator[_Key]:
        """The keys below a key, each with the name that the list states a part of."""
        if not key.keys:
            return
        count = 0
        for offset, kind, shown in self._listed(key.keys_at, is_outer=True):
            own = self._key_at(offset)
            if own.above != key.offset or not _may_be(own.name, kind, shown):
                raise damage_at(offset)
            count += 1
            if count > key.keys:
                break
            yield own
        if count != key.keys:
            raise damage_at(key.offset)

    def _listed(self, offset: int, *, is_outer: bool) -> Iterator[tuple[int, bytes, bytes]]:
        """The offsets of the keys in a list, with its kind and what it shows of each."""
        place = self._cells.at(offset, _LIST.size)
        kind, count = _LIST.unpack_from(self._content, place)
        size = _ENTRY.size if kind in (b"lf", b"lh") else _OFFSET.size
        if kind not in (b"lf", b"lh", b"li", b"ri") or (kind == b"ri" and not is_outer):
            raise damage_at(offset)
        self._cells.at(offset, _LIST.size + count * size)
        begin = place + _LIST.size
        entries = self._content[begin : begin + count * size]
        if kind == b"ri":
            for (inner,) in _OFFSET.iter_unpack(entries):
                yield from self._listed(inner, is_outer=False)
        elif kind == b"li":
            yield from ((own, kind, b"") for (own,) in _OFFSET.iter_unpack(entries))
        else:
            yield from ((own, kind, shown) for own, shown in _ENTRY.iter_unpack(entries))

    def _values(self, key: _Key) -> Iterator[tuple[str, int, tuple[int, int]]]:
        """The names and types of the values of a key, with the place and size of their data."""
        if not key.values:
            return
        size = key.values * _OFFSET.size
        place = self._cells.at(key.values_at, size)
        for (offset,) in _OFFSET.iter_unpack(self._content[place : place + size]):
            own = self._cells.at(offset, _VALUE.size)
            sign, length, bytes_, data_at, kind, flags = _VALUE.unpack_from(self._content, own)
            if sign != b"vk":
                raise damage_at(offset)
            name = self._named(offset, own + _VALUE.size, length, in_latin_1=flags & _NAME_IN_LATIN_1)
            if bytes_ & _INLINE:
                if bytes_ - _INLINE > _INLINE_BYTES:
                    raise damage_at(offset)
                yield name, kind, (own + _DATA_AT, bytes_ - _INLINE)
            else:
                yield name, kind, self._place(data_at, bytes_)

    def _named(self, offset: int, begin: int, length: int, *, in_latin_1: int) -> str:
        """The name at the end of a cell."""
        self._cells.at(offset, begin - self._cells.at(offset, 0) + length)
        data = self._content[begin : begin + length]
        return data.decode("latin-1") if in_latin_1 else data.decode("utf-16-le", "replace")

    def _place(self, offset: int, size: int) -> tuple[int, int]:
        """Where data begins, and its size; below 0 where it is that of a list of parts."""
        if not size:
            return 0, 0
        self._cells.at(offset, 0)
        if size <= _MOST_IN_CELL or self._cells.size(offset) >= size:
            return self._cells.at(offset, size), size
        place = self._cells.at(offset, _PARTS.size)
        sign, count, parts_at = _PARTS.unpack_from(self._content, place)
        if sign != b"db" or count != -(-size // _MOST_IN_CELL):
            raise damage_at(offset)
        return self._cells.at(parts_at, count * _OFFSET.size), -size

    def _read(self, kind: int, place: int, size: int) -> HiveValue:
        """A value by its type."""
        data = self._content[place : place + size] if size >= 0 else self._united(place, -size)
        if kind in _NUMBERS:
            return int.from_bytes(data, "little") if len(data) == _NUMBERS[kind] else NoNumber(data)
        if kind not in _OF_TEXT:
            return data
        if _SECTOR in data:
            raise DamageError("a text in it is damaged")
        try:
            text = data[: len(data) & ~1].decode("utf-16-le")
        except UnicodeDecodeError:
            return data
        return tuple(filter(None, text.split("\0"))) if kind == _LIST_OF_TEXTS else text.partition("\0")[0]

    def _united(self, place: int, size: int) -> bytes:
        """Data that lies in several cells."""
        count = -(-size // _MOST_IN_CELL)
        found = bytearray()
        for (offset,) in _OFFSET.iter_unpack(self._content[place : place + count * _OFFSET.size]):
            part = min(size - len(found), _MOST_IN_CELL)
            begin = self._cells.at(offset, part)
            found += self._content[begin : begin + part]
        return bytes(found)


def _may_be(name: str, kind: bytes, shown: bytes) -> bool:
    """Whether a key may have a name of which a list shows the first letters or the hash, if anything."""
    if not name.isascii() or shown == _NOT_SHOWN:
        return True
    if kind == b"lf":
        return shown.rstrip(b"\0").lower() == name[: _ENTRY.size - _OFFSET.size].encode().lower()
    number = 0
    for letter in name.upper().encode():
        number = (number * 37 + letter) & 0xFFFFFFFF
    return number == int.from_bytes(shown, "little")

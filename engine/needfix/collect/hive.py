"""Reads the registry of a server that does not run, from the files that hold it (with `needfix[collect]`)."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regipy.registry import NKRecord, RegistryHive

HiveValue = str | int | bytes | tuple[str, ...]

_MOST_BYTES = 1 << 29
_MOST_KEYS = 1 << 16
"""Keys below one key, and values of one key."""
_BEGINS = b"regf"
_HEADER_BYTES = 4096
_CHECKED_BYTES = 508


class HiveError(Exception):
    """A hive that cannot be read, or whose content may be out of date; the text says why."""


class Hive:
    """A file of the registry. Every key and value that is asked for is there, not there, or a HiveError."""

    def __init__(self, path: str) -> None:
        _check(path)
        self._hive = _opened(path)
        self._keys: dict[str, NKRecord | None] = {"": self._hive.root}

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
        record = self._key(key)
        if record is None:
            return {}
        try:
            values = list(islice(record.iter_values(trim_values=False), _MOST_KEYS))
            found = {own.name.casefold(): _plain(own.value) for own in values}
        except Exception as error:
            raise HiveError(f"the values of {key} are damaged") from error
        if len(values) != record.values_count:
            raise HiveError(f"the values of {key} are damaged")
        return found

    def below(self, key: str) -> list[str]:
        """The names of the keys below a key; none where it is not there."""
        record = self._key(key)
        return [] if record is None else [own.name for own in self._below(record, key)]

    def _key(self, key: str) -> NKRecord | None:
        folded = key.casefold()
        if folded not in self._keys:
            above, _, name = folded.rpartition("\\")
            record = self._key(above)
            own = None if record is None else self._below(record, above)
            self._keys[folded] = next((one for one in own or () if one.name.casefold() == name), None)
        return self._keys[folded]

    @staticmethod
    def _below(record: NKRecord, key: str) -> Iterator[NKRecord]:
        count = 0
        try:
            for own in islice(record.iter_subkeys(), _MOST_KEYS):
                count += 1
                yield own
        except Exception as error:
            raise HiveError(f"{key or 'the root'} is damaged") from error
        if count != record.subkey_count:
            raise HiveError(f"the keys below {key or 'the root'} are damaged")


def _check(path: str) -> None:
    """Raise HiveError where a file is no hive, is damaged, or was not written to its end."""
    try:
        with Path(path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            header = file.read(_HEADER_BYTES)
    except OSError as error:
        raise HiveError(error.strerror or str(error)) from error
    if header[:4] != _BEGINS or len(header) < _HEADER_BYTES:
        raise HiveError("it is no file of the registry")
    if size > _MOST_BYTES:
        raise HiveError("it is too large")
    numbers = [int.from_bytes(header[place : place + 4], "little") for place in range(0, 512, 4)]
    first, second, bins = numbers[1], numbers[2], numbers[10]
    checksum = 0
    for number in numbers[: _CHECKED_BYTES // 4]:
        checksum ^= number
    if numbers[_CHECKED_BYTES // 4] != {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(checksum, checksum):
        raise HiveError("its header is damaged")
    if size < _HEADER_BYTES + bins:
        raise HiveError("its end is missing")
    if first != second:
        raise HiveError(_NOT_CLOSED)


_NOT_CLOSED = "it was not closed, and may be out of date; shut the server down before copying its disk"


def _opened(path: str) -> RegistryHive:
    try:
        from regipy.registry import RegistryHive  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise HiveError('reading it needs pip install "needfix[collect]"') from error
    logger = logging.getLogger("regipy")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    try:
        return RegistryHive(path)
    except Exception as error:
        raise HiveError("it is damaged") from error


def _plain(value: Any) -> HiveValue:  # noqa: ANN401 - as the library has it
    """A value of any type; a text ends at its first zero."""
    if isinstance(value, str):
        return value.partition("\0")[0]
    if isinstance(value, list):
        return tuple(str(own) for own in value)
    return value if isinstance(value, int | bytes) else str(value)

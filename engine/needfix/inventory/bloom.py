"""A Bloom filter over names: its size is fixed, and it may report a new name as known."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BYTES = 16 * 1024 * 1024
_BITS = _BYTES * 8
_PROBES = 8


class BloomFilter:
    """Names that were added; eight bits each in 16 MiB."""

    def __init__(self) -> None:
        self._bits = bytearray(_BYTES)

    def add(self, name: str) -> None:
        """Add a name."""
        for bit in _probes(name):
            self._bits[bit >> 3] |= 1 << (bit & 7)

    def __contains__(self, name: str) -> bool:
        return all(self._bits[bit >> 3] >> (bit & 7) & 1 for bit in _probes(name))


def _probes(name: str) -> Iterator[int]:
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    first = int.from_bytes(digest[:8], "big")
    step = int.from_bytes(digest[8:], "big") | 1
    return ((first + probe * step) % _BITS for probe in range(_PROBES))

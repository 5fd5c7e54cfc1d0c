"""Names that may have been met before, in memory of fixed size: 16 MiB, whatever the number of names."""

from __future__ import annotations

_BYTES = 16 * 1024 * 1024
_BITS_OF_HALF = 32
_PROBES = 8


class NameFilter:
    """A Bloom filter with eight bits for each name.

    A name that was added is always in it; one that was not seldom is, and more often the fuller it is.
    """

    def __init__(self) -> None:
        self._bits = bytearray(_BYTES)

    def add(self, name: str) -> None:
        """Add a name."""
        bits, place = self._bits, hash(name)
        step = place >> _BITS_OF_HALF | 1
        for _ in range(_PROBES):
            bits[place >> 3 & _BYTES - 1] |= 1 << (place & 7)
            place += step

    def __contains__(self, name: str) -> bool:
        bits, place = self._bits, hash(name)
        step = place >> _BITS_OF_HALF | 1
        for _ in range(_PROBES):
            if not bits[place >> 3 & _BYTES - 1] >> (place & 7) & 1:
                return False  # as most new names do at the first bit
            place += step
        return True

"""A memory of fixed size for any number of names, asked for many at a time. It may take a new one for known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needfix.fleet.arrays import Flags, Words
from needfix.fleet.reading.tall_cells import own_bytes

_BYTES = 64 << 20
_PROBES = 6
_HASHED = 256
_PRIME = np.uint64(0x100000001B3)
_SCATTER = np.uint64(0x9E3779B97F4A7C15)


class NameFilter:
    """Names that were seen, by their hashes."""

    def __init__(self) -> None:
        self._bits = np.zeros(_BYTES, np.uint8)

    def seen(self, hashes: Words) -> Flags:
        """Which of these were seen before, be it among these; then all of them are."""
        found = np.ones(len(hashes), np.bool_)
        places = [_place(hashes, probe) for probe in range(_PROBES)]
        for place in places:
            found &= (
                self._bits[place >> np.uint64(3)] >> (place & np.uint64(7)).astype(np.uint8) & 1
            ).astype(np.bool_)
        for place in places:
            np.bitwise_or.at(self._bits, place >> np.uint64(3), _bit(place))
        _, firsts = np.unique(hashes, return_index=True)
        is_later = np.ones(len(hashes), np.bool_)
        is_later[firsts] = False
        return found | is_later


def _place(hashes: Words, probe: int) -> Words:
    step = (hashes >> np.uint64(32)) | np.uint64(1)
    return (hashes + np.uint64(probe) * step) % np.uint64(_BYTES * 8)


def _bit(places: Words) -> np.typing.NDArray[np.uint8]:
    return np.left_shift(np.uint8(1), (places & np.uint64(7)).astype(np.uint8))


def hashes(names: pa.Array) -> Words:
    """A number for each text; texts alike have the same."""
    data = np.append(own_bytes(names), np.uint8(0))
    _, offsets, _ = names.buffers()
    count = len(names)
    places = np.frombuffer(offsets, np.int32)[names.offset : names.offset + count + 1].astype(np.int64)
    begins, lengths = places[:-1] - places[0], np.diff(places)
    found = lengths.astype(np.uint64)
    for place in range(min(int(lengths.max(initial=0)), _HASHED)):
        inside = place < lengths
        char = data[np.where(inside, begins + place, len(data) - 1)]
        found = np.where(inside, (found ^ char) * _PRIME, found)
    found ^= found >> np.uint64(29)
    found *= _SCATTER
    return found ^ (found >> np.uint64(32))

"""A memory of fixed size for any number of names. It may take a new one for known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needfix.fleet.arrays import Flags
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.texts import bytes_of

_LINES = 1 << 20
_LINE = 64


class NameFilter:
    """Names that were entered, by their hashes."""

    def __init__(self) -> None:
        self._lines = np.zeros((_LINES, _LINE), np.uint8)

    def enter(self, names: pa.Array) -> Flags:
        """Which of these were entered before, be it just before among these; then all of them are."""
        hashes, found = np.zeros(len(names), np.uint64), np.zeros(len(names), np.bool_)
        kernels.hash_texts(*bytes_of(names), hashes)
        kernels.enter_names(hashes, self._lines, found.view(np.uint8))
        return found

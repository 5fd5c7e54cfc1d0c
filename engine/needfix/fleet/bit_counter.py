"""Counts how many rows have each bit set, as rows come."""

from __future__ import annotations

import numpy as np

from needfix.fleet.arrays import Ints, Words
from needfix.fleet.bits import flags
from needfix.fleet.kernels import bits as kernels

_DIGITS = 48


class BitCounter:
    """How often each bit of rows of so many words was set: all counts side by side, digit by binary digit."""

    def __init__(self, size: int) -> None:
        self.digits = np.zeros((_DIGITS, size), np.uint64)

    def add(self, rows: Words) -> None:
        """Count some rows."""
        kernels.count_bits(rows, self.digits)

    def total(self) -> Ints:
        """The counts of all rows so far."""
        found: Ints = (1 << np.arange(_DIGITS)) @ flags(self.digits)
        return found

"""A tally: how many servers have each outcome of each rule, and which have most to do."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from typing import NamedTuple

import numpy as np

from needfix.fleet import bits
from needfix.fleet.arrays import Ints, Words
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES
from needfix.fleet.plans import FleetPlan, Part

_MOST_WAITING = 1 << 15


class _Waiting(NamedTuple):
    """Bits that are counted together: few large counts cost less than many small ones."""

    part: list[Words]
    codes: Ints
    else_codes: Ints


class Tally:
    """Counts decisions as they come; `counts` has a row for each rule and a column for each outcome."""

    def __init__(self, rules: int) -> None:
        self.servers = 0
        self._counts = np.zeros((rules, len(OUTCOMES)), np.int64)
        self._waiting: dict[tuple[FleetPlan, int, int], _Waiting] = {}

    def add(self, servers: int, plan: FleetPlan, parts: Sequence[Part]) -> None:
        """Count servers of a plan. All rules count for the last part, less those of the others."""
        self.servers += servers
        self._counts[plan.closed, NOT_AFFECTED] += servers
        if not parts:
            return
        last = parts[-1].codes
        self._counts[plan.numbers, last] += servers
        for part in parts[:-1]:
            key = plan, id(part.codes), id(last)
            waiting = self._waiting.setdefault(key, _Waiting([], part.codes, last))
            waiting.part.append(part.bits)
            if sum(map(len, waiting.part)) >= _MOST_WAITING:
                self._count(plan, self._waiting.pop(key))

    def add_single(self, codes: Ints) -> None:
        """Count a server that was decided by itself."""
        self.servers += 1
        self._counts[np.arange(len(codes)), codes] += 1

    def counts(self) -> Ints:
        """The counts so far."""
        for (plan, _, _), waiting in self._waiting.items():
            self._count(plan, waiting)
        self._waiting.clear()
        return self._counts

    def _count(self, plan: FleetPlan, waiting: _Waiting) -> None:
        found = bits.counts(np.concatenate(waiting.part))[: len(plan.numbers)]
        self._counts[plan.numbers, waiting.codes] += found
        self._counts[plan.numbers, waiting.else_codes] -= found

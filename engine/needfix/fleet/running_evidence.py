"""Whether an older module than the one on disk is still loaded, as rule bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from needfix.compare.files import FixChecks
from needfix.compare.tracked import Check
from needfix.decide.rule_plan import RulePlan
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.bits import width, words
from needfix.fleet.cells import Cells
from needfix.fleet.layers import Layer
from needfix.fleet.slots import Slots


class Loaded(NamedTuple):
    """Modules that run: the server, the slot and the cell that its version would have; and due restarts."""

    servers: Ints
    slots: Ints
    cells: Ints
    is_pending: Flags

    def is_heard(self, count: int) -> Flags:
        """The servers that say anything about what runs."""
        found = self.is_pending.copy()
        found[self.servers] = True
        return found[:count]


class RunningEvidence:
    """Works out for which rules something older runs, for servers of one plan."""

    def __init__(self, rules: Sequence[RulePlan], slots: Slots) -> None:
        self._all = words(range(len(rules)), width(len(rules)))
        self._layers = [
            Layer(own, slots, width(len(rules)))
            for own in _once(
                (place, check)
                for place, rule in enumerate(rules)
                for check in rule.all_checks
                if check.minimum.version is not None
            )
        ]

    def old(self, loaded: Loaded, places: Ints, cells: Cells) -> Words:
        """The rules whose fix does not run yet: an older module is loaded, or a restart is due."""
        found = self.older_modules(loaded, places, cells)
        pending = places[np.flatnonzero(loaded.is_pending)]
        found[pending[pending >= 0]] = self._all
        return found

    def older_modules(self, loaded: Loaded, places: Ints, cells: Cells) -> Words:
        """The rules with a file that reaches its minimum on disk while an older one is loaded."""
        found = np.zeros((cells.count, len(self._all)), np.uint64)
        rows = places[loaded.servers]
        for of_slot in (rows_of for layer in self._layers for rows_of in layer.rows):
            own = np.flatnonzero((rows >= 0) & (loaded.slots == of_slot.slot))
            if len(own):
                on_disk = of_slot.reached(cells.of_slot(of_slot.slot)[rows[own]])
                of_slot.add(found, rows[own], on_disk & of_slot.below(loaded.cells[own]))
        return found


def _once(checks: Iterable[tuple[int, Check]]) -> list[list[tuple[int, FixChecks]]]:
    """Checks of rules in groups in which no rule asks twice for the same slot."""
    groups: list[dict[tuple[int, int], tuple[int, FixChecks]]] = []
    for place, check in checks:
        key = place, check.tracked
        group = next((group for group in groups if key not in group), None)
        if group is None:
            group = {}
            groups.append(group)
        group[key] = place, (check,)
    return [list(group.values()) for group in groups]

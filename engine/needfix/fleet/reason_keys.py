"""All that the codes of reasons depend on, as small numbers; servers of a kind that agree share codes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

import numpy as np

from needfix.decide.rule_plan import RulePlan
from needfix.fleet.arrays import WORD, Flags, Ints, Words, bit
from needfix.fleet.blocks import Block
from needfix.fleet.claims import claimed
from needfix.fleet.slots import Scale, Slots
from needfix.fleet.symptom_evidence import Said


class ReasonKeys:
    """The numbers for the servers of a block; servers claim the hotfixes that they list."""

    def __init__(self, block: Block, slots: Slots, listed: Said, has_list: Flags, count: int) -> None:
        self._block = block
        self._slots = slots
        self._listed = listed
        self._has_list = has_list[block.servers]
        self._places = np.full(count, -1)
        self._places[block.servers] = np.arange(len(block.servers))

    def of(self, place: int) -> Iterator[tuple[Ints, int]]:
        """Numbers for the rule in a place of the plan, each with how many there can be."""
        rule, shown = self._block.plan.rules[place], self._block.shown
        for check in rule.all_checks:
            scale, cells = self._slots.slots[check.tracked].scale, self._block.cells.of_slot(check.tracked)
            yield _states(scale, check.needed).take(cells, mode="clip"), 5
        if self._has_list.any():
            yield self._has_list.astype(np.int64) + _bit(self._claimed, place), 3
        if shown.contained is not None and rule.superseded_by:
            yield _bit(shown.contained, place), 2
            yield self._lacks(rule).astype(np.int64), 2
        if shown.required is not None and rule.required_rules:
            yield _bit(shown.required["unmet"], place) + 2 * _bit(shown.required["unknown"], place), 3
        yield from self._heard(place)

    def _heard(self, place: int) -> Iterator[tuple[Ints, int]]:
        heard, shown = self._block.heard, self._block.shown
        if heard is None or shown.symptoms is None:
            return
        yield _bit(shown.symptoms["observed"], place) + 2 * _bit(shown.symptoms["absent"], place), 3
        yield from (
            (_bit(bits, place), 2) for bits in (self._contradicted, self._older_modules) if bits is not None
        )
        yield heard.loaded.is_pending[self._block.servers].astype(np.int64), 2

    def _lacks(self, rule: RulePlan) -> Flags:
        """Whether a fix that contains the rule's is not present."""
        plan, present = self._block.plan, self._block.shown.present
        places = plan.places
        if present is None or any(newer not in places for newer in rule.superseded_by):
            return np.ones(len(self._block.servers), np.bool_)
        found: Flags = np.any([_bit(present, places[newer]) == 0 for newer in rule.superseded_by], axis=0)
        return found

    @cached_property
    def _claimed(self) -> Words:
        return claimed(self._block.plan.rules, self._listed, self._places, len(self._block.servers))

    @cached_property
    def _contradicted(self) -> Words | None:
        heard = self._block.heard
        if heard is None:
            return None
        return self._block.plan.symptoms.contradicted(heard.speech, heard.places, len(self._block.servers))

    @cached_property
    def _older_modules(self) -> Words | None:
        heard = self._block.heard
        if heard is None:
            return None
        return self._block.plan.running.older_modules(heard.loaded, heard.places, self._block.cells)


def _bit(rows: Words, place: int) -> Ints:
    found: Ints = ((rows[:, place // WORD] & bit(place)) != 0).astype(np.int64)
    return found


@lru_cache(maxsize=1 << 14)
def _states(scale: Scale, needed: int) -> Ints:
    """For each cell: reaches a rank (0), does not (1), unreadable (2), not inventoried (3), missing (4)."""
    ranks = np.arange(scale.ranks)
    sure = np.where(ranks >= needed, 0, 1)
    doubts = [np.where(ranks >= needed, doubt, 1) for doubt in (2, 3)]
    return np.concatenate([sure, *doubts, [2, 3, 4]])

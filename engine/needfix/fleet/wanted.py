"""Which decisions a run hands on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.bits import words
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided
from needfix.fleet.outcomes import CODES, NOT_AFFECTED, OUTCOMES, codes_of
from needfix.model.decision import Decision, DecisionKind


class Wanted(NamedTuple):
    """A flag for each outcome, and one for each rule."""

    outcomes: Flags
    rules: Flags

    def is_of(self, decision: Decision) -> bool:
        """Whether a decision has a wanted outcome."""
        return bool(self.outcomes[CODES[decision.decision, decision.action]])

    def servers(self, blocks: Sequence[Block], decided: Decided) -> list[int]:
        """The servers of a batch that have any wanted decision, in order."""
        found = [self._of_block(block) for block in blocks]
        alone = [s.place for s in decided.singles if (self.outcomes[s.codes] & self.rules).any()]
        return sorted({*np.concatenate([np.zeros(0, np.int64), *found]).tolist(), *alone})

    def _of_block(self, block: Block) -> Ints:
        is_wanted = np.zeros(len(block.servers), np.bool_)
        if self.outcomes[NOT_AFFECTED] and self.rules[block.plan.closed].any():
            is_wanted[:] = True
        for part in (*block.parts.told, block.parts.rest_of(len(block.servers))):
            rules = np.flatnonzero(self.outcomes[part.codes] & self.rules[block.plan.numbers])
            is_wanted |= (part.bits & words(rules, part.bits.shape[1])).any(axis=1)
        return block.servers[is_wanted]


def wanted(
    ids: Sequence[str], decisions: Collection[DecisionKind], rules: Collection[str] | None = None
) -> Wanted:
    """Decisions of some kinds and of some rules, all rules where none is named."""
    outcomes = np.zeros(len(OUTCOMES), np.bool_)
    outcomes[codes_of(decisions)] = True
    return Wanted(outcomes, np.array([not rules or rule in rules for rule in ids], np.bool_))

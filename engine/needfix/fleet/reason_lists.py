"""The reasons of decisions that a filter selects: the number of a list of codes for each server and rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.bits import flags
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided
from needfix.fleet.outcomes import NOT_AFFECTED
from needfix.fleet.reason_codes import OfBatch, ReasonCodes
from needfix.fleet.rows import DecisionFilter


def reason_lists(
    known: ReasonCodes, decided: Decided, blocks: Sequence[Block], selected: DecisionFilter
) -> Ints:
    """A row for each server of a batch and a column for each rule; anything where nothing is selected."""
    reasons = known.of_batch(decided)
    found = np.empty((len(decided.batch), len(selected.rules)), np.int32)
    for block in blocks:
        _put_open(block, selected, reasons, found)
        _put_closed(block, selected, reasons, found)
    for single in decided.singles:
        rules = np.flatnonzero(selected.outcomes[single.codes] & selected.rules)
        found[single.place, rules] = reasons.of_single(single.place, rules.tolist())
    return found


def _put_open(block: Block, selected: DecisionFilter, reasons: OfBatch, found: Ints) -> None:
    numbers = block.checklist.numbers
    is_selected = _are_selected(block, selected)
    own = np.flatnonzero(is_selected.any(axis=0))
    if len(own):
        of_block = reasons.of_block(block, is_selected)
        found[block.servers[:, None], numbers[own]] = (
            of_block if len(own) == len(numbers) else of_block[:, own]
        )


def _are_selected(block: Block, selected: DecisionFilter) -> Flags:
    """Which outcomes of a block's open rules are selected, a row for each server."""
    numbers = block.checklist.numbers
    own = selected.rules[numbers]
    found: Flags = np.tile(selected.outcomes[block.parts.rest] & own, (len(block.servers), 1))
    for part in block.parts.explicit:
        np.copyto(found, selected.outcomes[part.codes] & own, where=flags(part.bits)[:, : len(numbers)])
    return found


def _put_closed(block: Block, selected: DecisionFilter, reasons: OfBatch, found: Ints) -> None:
    closed = block.checklist.closed
    closed = closed[selected.rules[closed]]
    if selected.outcomes[NOT_AFFECTED] and len(closed):
        found[block.servers[:, None], closed] = reasons.of_closed(block, closed)
    if (objections := block.objections) is not None:
        own = selected.rules[objections.rules] & selected.outcomes[objections.codes]
        if own.any():
            of_own = reasons.of_objections(block, objections)[own]
            found[block.servers[objections.rows[own]], objections.rules[own]] = of_own

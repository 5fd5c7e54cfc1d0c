"""A tally: how many servers have each outcome of each rule, and which servers have most to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from needfix.fleet import bits
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.bits import BitCounter
from needfix.fleet.blocks import Block
from needfix.fleet.checklists import FleetChecklist
from needfix.fleet.engine import Decided
from needfix.fleet.facts import Batch
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES, codes_of
from needfix.model.decision import Action, DecisionKind
from needfix.model.document import BUSIEST, ServerLoad, Summary


class _Counted(NamedTuple):
    """Rules of a checklist that have an outcome where their bit is set, and another where it is not."""

    counter: BitCounter
    codes: Ints
    else_codes: Ints


@dataclass(slots=True)
class _Rest:
    """Outcomes that rules of a checklist have unless they are in a part, and how many servers have them."""

    codes: Ints
    servers: int = 0


class _Required(NamedTuple):
    """The selected rules that are fix-required with some codes, and whether those are all."""

    codes: Ints
    rules: Words
    is_all: bool


class Tally:
    """Counts decisions as they come, only those of the rules where `is_selected` is true."""

    def __init__(self, ids: Sequence[str], is_selected: Flags) -> None:
        self._ids = ids
        self._is_selected = is_selected
        self._servers = 0
        self._disagreements: Counter[str] = Counter()
        self._counts = np.zeros((len(ids), len(OUTCOMES)), np.int64)
        self._counted: dict[tuple[FleetChecklist, int, int], _Counted] = {}
        self._busiest: list[ServerLoad] = []
        self._rests: dict[tuple[FleetChecklist, int], _Rest] = {}
        self._required_rules: dict[tuple[FleetChecklist, int], _Required] = {}
        self._is_required = np.zeros(len(OUTCOMES), np.bool_)
        self._is_required[codes_of(["fix-required"])] = True

    def counting(self, decided: Decided) -> Iterator[Block]:
        """The blocks of a batch, each counted as it goes by."""
        self._servers += decided.servers
        self._disagreements.update(decided.disagreements)
        for single in decided.singles:
            self._disagreements.update(single.evaluation.disagreements)
        required = np.zeros(len(decided.batch), np.int32)
        for single in decided.singles:
            self._counts[np.arange(len(single.codes)), single.codes] += 1
            required[single.place] = np.count_nonzero(self._is_required[single.codes] & self._is_selected)
        for block in decided.blocks:
            self._add(block, required)
            yield block
        self._weigh(required, decided.batch)

    def _add(self, block: Block, required: Ints) -> None:
        """Count servers of a checklist. All rules count for the rest, less those of the parts."""
        checklist, rest = (
            block.checklist,
            block.checklist.not_outdated if block.is_simple else block.parts.rest,
        )
        self._rests.setdefault((checklist, id(rest)), _Rest(rest)).servers += len(block.servers)
        if block.objections is not None:
            rules, codes = block.objections.rules, block.objections.codes
            size = self._counts.shape[1]
            found = np.bincount(rules * size + codes, minlength=self._counts.size)
            self._counts[:, NOT_AFFECTED] -= np.bincount(rules, minlength=len(self._counts))
            self._counts += found.reshape(self._counts.shape)
        if block.is_simple and not self._rules_required(checklist, rest).rules.any():
            rules = self._rules_required(checklist, checklist.outdated).rules
            checklist.count_outdated(
                block.cells, self._counter(checklist, checklist.outdated, rest), rules, required
            )
        elif checklist.rules:
            for part in block.parts.explicit:
                self._counter(checklist, part.codes, rest).add(part.bits)
            required[block.servers] += self._required(block)

    def _counter(self, checklist: FleetChecklist, codes: Ints, else_codes: Ints) -> BitCounter:
        key = checklist, id(codes), id(else_codes)
        if key not in self._counted:
            self._counted[key] = _Counted(BitCounter(bits.width(len(codes))), codes, else_codes)
        return self._counted[key].counter

    def summary(self, bad_records: int = 0) -> Summary:
        """What was counted."""
        self._put_together()
        rules: dict[str, dict[tuple[DecisionKind, Action], int]] = {
            rule: {}
            for rule, is_selected in zip(self._ids, self._is_selected.tolist(), strict=True)
            if is_selected
        }
        places, codes = np.nonzero(self._counts * self._is_selected[:, None])
        counts = self._counts[places, codes].tolist()
        for place, code, count in zip(places.tolist(), codes.tolist(), counts, strict=True):
            rules[self._ids[place]][OUTCOMES[code]] = count
        return Summary(self._servers, rules, tuple(self._busiest), bad_records, self._disagreements)

    def _put_together(self) -> None:
        """Turn what was counted for checklists into counts of rules."""
        for (checklist, _), rest in self._rests.items():
            self._counts[checklist.closed, NOT_AFFECTED] += rest.servers
            self._counts[checklist.numbers, rest.codes] += rest.servers
        for (checklist, _, _), counted in self._counted.items():
            found = counted.counter.total()[: len(checklist.numbers)]
            self._counts[checklist.numbers, counted.codes] += found
            self._counts[checklist.numbers, counted.else_codes] -= found
        self._rests.clear()
        self._counted.clear()

    def _required(self, block: Block) -> Ints:
        """How many of the selected rules are fix-required on each server of a block."""
        found = np.zeros(len(block.servers), np.int32)
        for part in block.parts.explicit:
            required = self._rules_required(block.checklist, part.codes)
            if required.rules.any():
                found += bits.ones_in(part.bits if required.is_all else part.bits & required.rules)
        required = self._rules_required(block.checklist, block.parts.rest)
        if required.rules.any():
            found += bits.ones_in(block.parts.rest_of(len(block.servers)).bits & required.rules)
        return found

    def _rules_required(self, checklist: FleetChecklist, codes: Ints) -> _Required:
        key = checklist, id(codes)
        if key not in self._required_rules:
            is_own = self._is_required[codes] & self._is_selected[checklist.numbers]
            rules = bits.words(np.flatnonzero(is_own), bits.width(len(codes)))
            self._required_rules[key] = _Required(codes, rules, bool(is_own.all()))
        return self._required_rules[key]

    def _weigh(self, required: Ints, batch: Batch) -> None:
        """Remember the servers with most to do; of those with the same the first by name."""
        least = self._busiest[-1].required if len(self._busiest) == BUSIEST else 1
        if required.max(initial=0) < least:
            return
        least = max(least, _least_of_most(required))
        for candidates in (np.flatnonzero(required > least), np.flatnonzero(required == least)):
            if not len(candidates):
                continue
            own = batch.names_of(candidates)
            first = pc.bottom_k_unstable(own, min(BUSIEST, len(own)))
            loads = map(
                ServerLoad, own.take(first).to_pylist(), required[candidates[first.to_numpy()]].tolist()
            )
            self._busiest = _busiest_of([*self._busiest, *loads])


def _least_of_most(required: Ints) -> int:
    """What each of the servers with most to do has at least."""
    servers = np.bincount(required)
    with_more = np.cumsum(servers[::-1])[::-1]
    return int(np.count_nonzero(with_more >= BUSIEST)) - 1


def _busiest_of(loads: Iterable[ServerLoad]) -> list[ServerLoad]:
    return sorted(loads, key=lambda load: (-load.required, load.server))[:BUSIEST]

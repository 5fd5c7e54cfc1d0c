"""A tally: how many servers have each outcome of each rule, and which servers have most to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet import bits
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.engine import Block, Decided
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES, codes_of
from needfix.fleet.plans import FleetPlan
from needfix.model.fleet_summary import MOST_LADEN, FleetSummary, ServerLoad

_MOST_WAITING = 1 << 15


class _Waiting(NamedTuple):
    """Bits that are counted together: few large counts cost less than many small ones."""

    bits: list[Words]
    codes: Ints
    else_codes: Ints


class Tally:
    """Counts decisions as they come, those of some rules alone where `is_asked` says so."""

    def __init__(self, ids: Sequence[str], is_asked: Flags) -> None:
        self._ids = ids
        self._is_asked = is_asked
        self._servers = 0
        self._counts = np.zeros((len(ids), len(OUTCOMES)), np.int64)
        self._waiting: dict[tuple[FleetPlan, int, int], _Waiting] = {}
        self._laden: list[ServerLoad] = []
        self._required_rules: dict[tuple[FleetPlan, int], tuple[Ints, Words]] = {}
        self._is_required = np.zeros(len(OUTCOMES), np.bool_)
        self._is_required[codes_of(["fix-required"])] = True

    def counting(self, decided: Decided) -> Iterator[Block]:
        """The blocks of a batch, each counted as it goes by; servers without a block are counted first."""
        for single in decided.singles:
            self._servers += 1
            self._counts[np.arange(len(single.codes)), single.codes] += 1
            required = np.count_nonzero(self._is_required[single.codes] & self._is_asked)
            self._weigh(np.array([required]), decided.batch.names, np.array([single.place]))
        for block in decided.blocks:
            self._add(block, decided.batch.names)
            yield block

    def _add(self, block: Block, names: pa.Array) -> None:
        """Count servers of a plan. All rules count for the last part, less those of the others."""
        plan, count = block.plan, len(block.servers)
        self._servers += count
        self._counts[plan.closed, NOT_AFFECTED] += count
        if not block.parts:
            return
        last = block.parts[-1].codes
        self._counts[plan.numbers, last] += count
        for part in block.parts[:-1]:
            self._wait(plan, _Waiting([part.bits], part.codes, last))
        self._weigh(self._required(block), names, block.servers)

    def summary(self, bad_records: int = 0) -> FleetSummary:
        """What was counted."""
        for (plan, _, _), waiting in self._waiting.items():
            self._count(plan, waiting)
        self._waiting.clear()
        rules = {
            rule: {OUTCOMES[code]: int(own[code]) for code in np.flatnonzero(own)}
            for rule, own, is_asked in zip(self._ids, self._counts, self._is_asked, strict=True)
            if is_asked
        }
        return FleetSummary(self._servers, rules, tuple(self._laden), bad_records)

    def _wait(self, plan: FleetPlan, own: _Waiting) -> None:
        key = plan, id(own.codes), id(own.else_codes)
        waiting = self._waiting.setdefault(key, _Waiting([], own.codes, own.else_codes))
        waiting.bits.extend(own.bits)
        if sum(map(len, waiting.bits)) >= _MOST_WAITING:
            self._count(plan, self._waiting.pop(key))

    def _count(self, plan: FleetPlan, waiting: _Waiting) -> None:
        found = bits.counts(np.concatenate(waiting.bits))[: len(plan.numbers)]
        self._counts[plan.numbers, waiting.codes] += found
        self._counts[plan.numbers, waiting.else_codes] -= found

    def _required(self, block: Block) -> Ints:
        """How many of the rules asked for are fix-required on each server of a block."""
        found = np.zeros(len(block.servers), np.int64)
        for part in block.parts:
            key = block.plan, id(part.codes)
            if key not in self._required_rules:
                places = np.flatnonzero(self._is_required[part.codes] & self._is_asked[block.plan.numbers])
                self._required_rules[key] = part.codes, bits.words(places, part.bits.shape[1])
            rules = self._required_rules[key][1]
            if rules.any():
                found += bits.ones_in(part.bits & rules)
        return found

    def _weigh(self, required: Ints, names: pa.Array, servers: Ints) -> None:
        """Remember the servers with most to do; of those with the same the first by name."""
        least = self._laden[-1].required if len(self._laden) == MOST_LADEN else 1
        if required.max() < least:
            return
        if len(required) > MOST_LADEN:
            least = max(least, int(np.partition(required, -MOST_LADEN)[-MOST_LADEN]))
        for candidates in (np.flatnonzero(required > least), np.flatnonzero(required == least)):
            if not len(candidates):
                continue
            own = names.take(pa.array(servers[candidates]))
            first = pc.bottom_k_unstable(own, min(MOST_LADEN, len(own)))
            loads = map(
                ServerLoad, own.take(first).to_pylist(), required[candidates[first.to_numpy()]].tolist()
            )
            self._laden = _most_laden([*self._laden, *loads])


def _most_laden(loads: Iterable[ServerLoad]) -> list[ServerLoad]:
    return sorted(loads, key=lambda load: (-load.required, load.server))[:MOST_LADEN]

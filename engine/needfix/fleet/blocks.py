"""Blocks: servers of a batch that share a plan and tell things of the same sort, decided together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import AllCells, Cells
from needfix.fleet.dense import grouped
from needfix.fleet.plans import FleetPlan, Heard, Parts, Shown
from needfix.fleet.running_evidence import Loaded
from needfix.fleet.symptom_evidence import Speech


class AllHeard(NamedTuple):
    """What a batch says beside products and files, and which servers do."""

    speech: Speech
    loaded: Loaded
    is_heard: Flags

    def of(self, servers: Ints) -> Heard:
        """What these servers say."""
        places = np.full(len(self.is_heard), -1)
        places[servers] = np.arange(len(servers))
        return Heard(self.speech, self.loaded, places)


class Known(NamedTuple):
    """What is known of a batch: the kind of each server, what it tells, and who is decided by itself.

    `views` has a row for each kind and a column for each group of rules.
    """

    kinds: Ints
    views: Ints
    is_alone: Flags
    cells: AllCells
    heard: AllHeard | None


@dataclass(frozen=True, eq=False)
class Block:
    """Servers of one plan, by their places in the batch, and the parts that its rules are in."""

    servers: Ints
    plan: FleetPlan
    cells: Cells
    heard: Heard | None
    parts: Parts
    shown: Shown
    kinds: Ints
    """The kind of each server of the batch."""
    views_of_kinds: Ints

    @property
    def views(self) -> Ints:
        """The number of each server's view."""
        return self.views_of_kinds.take(self.kinds.take(self.servers))


_NO_PARTS = Parts((), np.zeros(0, np.uint8))


def blocks(known: Known, plan_of_view: Sequence[FleetPlan]) -> Iterator[Block]:
    """Those of every group of rules; each is decided when it is asked for."""
    for views in known.views.T if not known.is_alone.all() else ():
        plans = list(dict.fromkeys(plan_of_view[view] for view in views.tolist()))
        places = {plan: place for place, plan in enumerate(plans)}
        of_kinds = [places[plan_of_view[view]] for view in views.tolist()]
        of_servers = np.array(of_kinds, np.int32).take(known.kinds)
        of_servers[known.is_alone] = len(plans)
        for plan, servers in zip(plans, grouped(of_servers, len(plans) + 1), strict=False):
            if len(servers):
                yield from _of_plan(plan, servers, known, views)


def _of_plan(plan: FleetPlan, servers: Ints, known: Known, views: Ints) -> Iterator[Block]:
    """Servers of a plan: those that are heard apart, and those with gaps apart from those without."""
    if not plan.rules:
        yield Block(servers, plan, known.cells.of(servers), None, _NO_PARTS, Shown(), known.kinds, views)
        return
    sure, unsure = known.cells.parted(plan.gap_slots, servers)
    for gaps, some in ((False, sure), (True, unsure)):
        for heard, own in _by_hearing(known.heard, some):
            for begin in range(0, len(own), plan.block):
                block = own[begin : begin + plan.block]
                cells, told = known.cells.of(block), heard.of(block) if heard is not None else None
                decided = plan.decide(cells, told, has_gaps=gaps)
                yield Block(block, plan, cells, told, *decided, known.kinds, views)


def _by_hearing(heard: AllHeard | None, servers: Ints) -> Iterator[tuple[AllHeard | None, Ints]]:
    """Those of the servers of which nothing is heard, and those of which something is."""
    if heard is None:
        yield None, servers
        return
    is_heard = heard.is_heard[servers]
    yield None, servers[~is_heard]
    yield heard, servers[is_heard]

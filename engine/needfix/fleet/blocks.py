"""Blocks: servers of a batch that share a plan and tell things of the same sort, decided together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints, grouped
from needfix.fleet.file_evidence import Loaded
from needfix.fleet.plans import FleetPlan, Heard, Parts, Shown
from needfix.fleet.reported import Speech
from needfix.fleet.slots import AllCells, Cells


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
    """Servers of one plan, by their places in the batch; they are decided when it is first asked for."""

    plan: FleetPlan
    cells: Cells
    heard: Heard | None
    has_gaps: bool
    kinds: Ints
    """The kind of each server of the batch."""
    views_of_kinds: Ints

    @property
    def servers(self) -> Ints:
        """The servers by their places in the batch."""
        return self.cells.servers

    @property
    def is_simple(self) -> bool:
        """Whether only the ranks of files matter, and all are there."""
        return self.plan.is_simple and self.heard is None and not self.has_gaps

    @property
    def parts(self) -> Parts:
        """The parts that the rules are in."""
        return self._decided[0]

    @property
    def shown(self) -> Shown:
        """What led to the parts."""
        return self._decided[1]

    @cached_property
    def _decided(self) -> tuple[Parts, Shown]:
        return self.plan.decide(self.cells, self.heard, has_gaps=self.has_gaps)

    @property
    def views(self) -> Ints:
        """The number of each server's view."""
        return self.views_of_kinds.take(self.kinds.take(self.servers))


def blocks(known: Known, plan_of_view: Sequence[FleetPlan]) -> Iterator[Block]:
    """Those of every group of rules."""
    of_kinds = _of_kinds(known)
    for views in known.views.T:
        of_plans: dict[FleetPlan, list[Ints]] = {}
        for view, servers in zip(views.tolist(), of_kinds, strict=True):
            if len(servers):
                of_plans.setdefault(plan_of_view[view], []).append(servers)
        for plan, some in of_plans.items():
            servers = some[0] if len(some) == 1 else np.concatenate(some)
            yield from _of_plan(plan, servers, known, views)


def _of_kinds(known: Known) -> list[Ints]:
    """The servers of each kind, but those that are decided by themselves."""
    count = len(known.views)
    codes = np.where(known.is_alone, count, known.kinds) if known.is_alone.any() else known.kinds
    return grouped(codes, count + 1)[:count]


def _of_plan(plan: FleetPlan, servers: Ints, known: Known, views: Ints) -> Iterator[Block]:
    """Servers of a plan: those that are heard apart, and those with gaps apart from those without."""
    if not plan.rules:
        yield Block(
            plan, known.cells.of(servers), None, has_gaps=False, kinds=known.kinds, views_of_kinds=views
        )
        return
    sure, unsure = known.cells.parted(plan.gap_slots, servers)
    for has_gaps, some in ((False, sure), (True, unsure)):
        for heard, own in _by_hearing(known.heard, some):
            for begin in range(0, len(own), plan.block):
                cells = known.cells.of(own[begin : begin + plan.block])
                told = heard.of(cells.servers) if heard is not None else None
                yield Block(plan, cells, told, has_gaps, known.kinds, views)


def _by_hearing(heard: AllHeard | None, servers: Ints) -> Iterator[tuple[AllHeard | None, Ints]]:
    """Those of the servers of which nothing is heard, and those of which something is."""
    if heard is None:
        yield None, servers
        return
    is_heard = heard.is_heard[servers]
    yield None, servers[~is_heard]
    yield heard, servers[is_heard]

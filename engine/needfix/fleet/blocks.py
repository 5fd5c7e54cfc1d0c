"""Blocks: servers of a batch that share a plan and tell things of the same sort, decided together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import AllCells, Cells
from needfix.fleet.plans import FleetPlan, Heard, Part, Shown
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
    parts: Sequence[Part]
    shown: Shown
    kinds: Ints
    """The kind of each server of the batch."""
    views_of_kinds: Ints

    @property
    def views(self) -> Ints:
        """The number of each server's view."""
        return self.views_of_kinds.take(self.kinds.take(self.servers))


def blocks(known: Known, plan_of_view: Sequence[FleetPlan]) -> Iterator[Block]:
    """Those of every group of rules; each is decided when it is asked for."""
    for views in known.views.T if not known.is_alone.all() else ():
        plans = list(dict.fromkeys(plan_of_view[view] for view in views.tolist()))
        places = {plan: place for place, plan in enumerate(plans)}
        of_kinds = [places[plan_of_view[view]] for view in views.tolist()]
        of_servers = np.array(of_kinds, np.min_scalar_type(len(plans))).take(known.kinds)
        of_servers[known.is_alone] = len(plans)
        for plan, servers in _by_plan(plans, of_servers):
            yield from _of_plan(plan, servers, known, views)


def _by_plan(plans: Sequence[FleetPlan], of_servers: Ints) -> Iterator[tuple[FleetPlan, Ints]]:
    """Each plan with its servers; most have a plan without rules where there are many groups."""
    is_open = np.array([*(bool(plan.rules) for plan in plans), False])
    wanted = is_open.take(of_servers)
    rows = np.flatnonzero(wanted) if not wanted.all() else None
    order = np.argsort(of_servers if rows is None else of_servers[rows], kind="stable")
    order = order if rows is None else rows[order]
    ends = np.searchsorted(of_servers[order], np.arange(len(plans)), side="right").tolist()
    for place, plan in enumerate(plans):
        begin = ends[place - 1] if place else 0
        servers = order[begin : ends[place]] if is_open[place] else np.flatnonzero(of_servers == place)
        if len(servers):
            yield plan, servers


def _of_plan(plan: FleetPlan, servers: Ints, known: Known, views: Ints) -> Iterator[Block]:
    """Servers of a plan: those that are heard apart, and those with gaps apart from those without."""
    if not plan.rules:
        yield Block(servers, plan, Cells({}, len(servers)), None, (), Shown(), known.kinds, views)
        return
    heard = known.heard
    has_gaps = known.cells.has_gaps(plan.gap_slots, servers)
    is_heard = heard.is_heard[servers] if heard is not None else np.zeros(len(servers), np.bool_)
    for gaps, hearing, chosen in _alike(servers, has_gaps, is_heard):
        for begin in range(0, len(chosen), plan.block):
            own = chosen[begin : begin + plan.block]
            told = heard.of(own) if heard is not None and hearing else None
            cells = known.cells.of(plan.slots, own)
            yield Block(own, plan, cells, told, *plan.decide(cells, told, has_gaps=gaps), known.kinds, views)


def _alike(servers: Ints, has_gaps: Flags, is_heard: Flags) -> Iterator[tuple[bool, bool, Ints]]:
    """The servers by both flags, where there are any."""
    for gaps in (False, True):
        for hearing in (False, True):
            is_own = (has_gaps == gaps) & (is_heard == hearing)
            own = servers if is_own.all() else servers[is_own]
            if len(own):
                yield gaps, hearing, own

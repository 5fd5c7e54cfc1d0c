"""Blocks: servers of a batch that share a checklist and tell things of the same sort, decided together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints, grouped
from needfix.fleet.checklists import ExtraEvidence, ExtraFacts, FleetChecklist, Parts
from needfix.fleet.file_evidence import Loaded
from needfix.fleet.reported import SymptomFacts
from needfix.fleet.slots import AllCells, Cells


class BatchExtras(NamedTuple):
    """What a batch says beside products and files, and which servers do."""

    speech: SymptomFacts
    loaded: Loaded
    is_heard: Flags

    def of(self, servers: Ints) -> ExtraFacts:
        """What these servers say."""
        places = np.full(len(self.is_heard), -1)
        places[servers] = np.arange(len(servers))
        return ExtraFacts(self.speech, self.loaded, places)


class PreparedBatch(NamedTuple):
    """What is known of a batch: the kind of each server, what it tells, and who is decided by itself.

    `views` has a row for each kind and a column for each group of rules.
    """

    kinds: Ints
    views: Ints
    is_alone: Flags
    cells: AllCells
    heard: BatchExtras | None


@dataclass(frozen=True, eq=False)
class Block:
    """Servers of one checklist, by their places in the batch; they are decided when it is first asked for."""

    checklist: FleetChecklist
    cells: Cells
    heard: ExtraFacts | None
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
        return self.checklist.is_simple and self.heard is None and not self.has_gaps

    @property
    def parts(self) -> Parts:
        """The parts that the rules are in."""
        return self._decided[0]

    @property
    def shown(self) -> ExtraEvidence:
        """What led to the parts."""
        return self._decided[1]

    @cached_property
    def _decided(self) -> tuple[Parts, ExtraEvidence]:
        return self.checklist.decide(self.cells, self.heard, has_gaps=self.has_gaps)

    @property
    def views(self) -> Ints:
        """The number of each server's view."""
        return self.views_of_kinds.take(self.kinds.take(self.servers))


def blocks(known: PreparedBatch, checklist_of_view: Sequence[FleetChecklist]) -> Iterator[Block]:
    """Those of every group of rules."""
    of_kinds = _of_kinds(known)
    for views in known.views.T:
        of_checklists: dict[FleetChecklist, list[Ints]] = {}
        for view, servers in zip(views.tolist(), of_kinds, strict=True):
            if len(servers):
                of_checklists.setdefault(checklist_of_view[view], []).append(servers)
        for checklist, some in of_checklists.items():
            servers = some[0] if len(some) == 1 else np.concatenate(some)
            yield from _of_checklist(checklist, servers, known, views)


def _of_kinds(known: PreparedBatch) -> list[Ints]:
    """The servers of each kind, but those that are decided by themselves."""
    count = len(known.views)
    codes = np.where(known.is_alone, count, known.kinds) if known.is_alone.any() else known.kinds
    return grouped(codes, count + 1)[:count]


def _of_checklist(
    checklist: FleetChecklist, servers: Ints, known: PreparedBatch, views: Ints
) -> Iterator[Block]:
    """Servers of a checklist: those that are heard apart, and those with gaps apart from those without."""
    if not checklist.rules:
        yield Block(
            checklist, known.cells.of(servers), None, has_gaps=False, kinds=known.kinds, views_of_kinds=views
        )
        return
    sure, unsure = known.cells.parted(checklist.gap_slots, servers)
    for has_gaps, some in ((False, sure), (True, unsure)):
        for heard, own in _by_hearing(known.heard, some):
            for begin in range(0, len(own), checklist.block):
                cells = known.cells.of(own[begin : begin + checklist.block])
                told = heard.of(cells.servers) if heard is not None else None
                yield Block(checklist, cells, told, has_gaps, known.kinds, views)


def _by_hearing(heard: BatchExtras | None, servers: Ints) -> Iterator[tuple[BatchExtras | None, Ints]]:
    """Those of the servers of which nothing is heard, and those of which something is."""
    if heard is None:
        yield None, servers
        return
    is_heard = heard.is_heard[servers]
    yield None, servers[~is_heard]
    yield heard, servers[is_heard]

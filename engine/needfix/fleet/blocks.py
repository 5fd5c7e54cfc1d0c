"""Blocks: servers of a batch that share a checklist and state the same sorts of facts, decided together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints, grouped
from needfix.fleet.checklists import ExtraEvidence, ExtraFacts, FleetChecklist, Parts
from needfix.fleet.file_evidence import Loaded
from needfix.fleet.objections import Objections, ObjectionsOfBlock
from needfix.fleet.reported import Hotfixes, SymptomFacts
from needfix.fleet.slots import AllCells, Cells


class BatchExtras(NamedTuple):
    """What a batch states beside products and files, and which servers do."""

    symptoms: SymptomFacts
    loaded: Loaded
    hotfixes: Hotfixes
    has_facts: Flags
    has_symptoms: Flags
    has_loaded: Flags
    begins: Ints
    """Where the hotfixes of each server begin."""

    def of(self, servers: Ints) -> ExtraFacts:
        """What these servers state."""
        places = np.full(len(self.has_facts), -1)
        places[servers] = np.arange(len(servers))
        has_any = bool(self.has_symptoms[servers].any()), bool(self.has_loaded[servers].any())
        return ExtraFacts(self.symptoms, self.loaded, self.hotfixes, places, servers, self.begins, *has_any)


class PreparedBatch(NamedTuple):
    """What is known of a batch: the kind of each server, its facts, and the servers decided one at a time.

    `views` has a row for each kind and a column for each group of rules.
    """

    kinds: Ints
    views: Ints
    is_single: Flags
    cells: AllCells
    extras: BatchExtras | None
    objections: Objections | None


@dataclass(frozen=True, eq=False)
class Block:
    """Servers of one checklist, by their places in the batch; they are decided on first use."""

    checklist: FleetChecklist
    cells: Cells
    extras: ExtraFacts | None
    has_gaps: bool
    kinds: Ints
    """The kind of each server of the batch."""
    views_of_kinds: Ints
    of_batch: Objections | None

    @cached_property
    def objections(self) -> ObjectionsOfBlock | None:
        """What speaks for closed rules; None where nothing does."""
        if self.of_batch is None:
            return None
        found = self.of_batch.of(self.servers, self.checklist.is_closed)
        return found if len(found.rows) else None

    @property
    def servers(self) -> Ints:
        """The servers by their places in the batch."""
        return self.cells.servers

    @property
    def is_simple(self) -> bool:
        """Whether only the ranks of files matter, and all are there."""
        return self.checklist.is_simple and self.extras is None and not self.has_gaps

    @property
    def parts(self) -> Parts:
        """The parts that the rules are in."""
        return self._decided[0]

    @property
    def extra_evidence(self) -> ExtraEvidence:
        """What led to the parts."""
        return self._decided[1]

    @cached_property
    def _decided(self) -> tuple[Parts, ExtraEvidence]:
        return self.checklist.decide(self.cells, self.extras, has_gaps=self.has_gaps)

    @property
    def views(self) -> Ints:
        """The number of each server's view."""
        return self.views_of_kinds.take(self.kinds.take(self.servers))


def blocks(known: PreparedBatch, checklist_of_view: Sequence[FleetChecklist]) -> Iterator[Block]:
    """The blocks of every group of rules."""
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
    """The servers of each kind, except those that are decided one at a time."""
    count = len(known.views)
    codes = np.where(known.is_single, count, known.kinds) if known.is_single.any() else known.kinds
    return grouped(codes, count + 1)[:count]


def _of_checklist(
    checklist: FleetChecklist, servers: Ints, known: PreparedBatch, views: Ints
) -> Iterator[Block]:
    """Servers of a checklist: divided by whether they have gaps, and extra facts."""
    if not checklist.rules:
        cells = known.cells.of(servers)
        yield Block(
            checklist,
            cells,
            None,
            has_gaps=False,
            kinds=known.kinds,
            views_of_kinds=views,
            of_batch=known.objections,
        )
        return
    sure, unsure = known.cells.parted(checklist.gap_slots, servers)
    for has_gaps, some in ((False, sure), (True, unsure)):
        for extras, own in _by_extras(known.extras, some):
            for begin in range(0, len(own), checklist.block):
                cells = known.cells.of(own[begin : begin + checklist.block])
                own_extras = extras.of(cells.servers) if extras is not None else None
                yield Block(checklist, cells, own_extras, has_gaps, known.kinds, views, known.objections)


def _by_extras(extras: BatchExtras | None, servers: Ints) -> Iterator[tuple[BatchExtras | None, Ints]]:
    """The servers without extra facts, then those with them."""
    if extras is None:
        yield None, servers
        return
    has_facts = extras.has_facts[servers]
    yield None, servers[~has_facts]
    yield extras, servers[has_facts]

"""The door for programs: decisions and summaries of whole fleets, in Arrow."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

import pyarrow as pa

from needfix.catalogue import Catalogue
from needfix.errors import Problem
from needfix.fleet.engine import fleet_engine_of
from needfix.fleet.reading import arrow
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece, smaller
from needfix.fleet.run import FleetRun, decide_all
from needfix.inventory.bad_records import BadRecords
from needfix.model.decision import DECISIONS, DecisionKind
from needfix.model.document import Summary
from needfix.model.run_request import Selection

Source: TypeAlias = (
    str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | pa.Table | pa.RecordBatchReader
)
"""Paths of inventories, or an inventory in Arrow."""

OnProblem = Callable[[Problem], None]


def summary(catalogue: Catalogue, source: Source, *, on_problem: OnProblem | None = None) -> Summary:
    """How many servers have each decision and action for each rule, and which servers need most fixes.

    The problems of bad records are passed to `on_problem`, and these records are left out. Without it,
    InventoryError lists the problems, up to a hundred, when everything has been read. Paths that name
    no inventory, and columns that do not fit, raise InventoryError.
    """
    run = FleetRun(fleet_engine_of(catalogue))
    bad = BadRecords(on_problem)
    for _ in decide_all(run.count, run.cut(_pieces(source)), bad):
        pass
    bad.conclude()
    return run.summary(bad.count)


def decisions(
    catalogue: Catalogue,
    source: Source,
    *,
    only: Collection[DecisionKind] = DECISIONS,
    on_problem: OnProblem | None = None,
) -> Iterator[pa.RecordBatch]:
    """The decisions of the kinds in `only`, in batches with the columns of `DECISIONS_SCHEMA`.

    There is a row for each server and rule, by server in the order of the inventory; `reasons` are codes.
    The problems of bad records are passed to `on_problem`, and these records are left out. Without it,
    nothing is yielded after the first, and InventoryError lists the problems, up to a hundred, when
    everything has been read.
    """
    run = FleetRun(fleet_engine_of(catalogue), Selection(decisions=tuple(only)))
    bad = BadRecords(on_problem)
    for piece in decide_all(run.rows, run.cut(smaller(_pieces(source))), bad):
        yield piece.made
    bad.conclude()


def _pieces(source: Source) -> Iterator[Piece]:
    if isinstance(source, pa.Table | pa.RecordBatchReader):
        return arrow.pieces(source)
    return pieces_of([source] if isinstance(source, str | os.PathLike) else source)

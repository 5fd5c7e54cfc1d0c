"""The door for programs: decisions and summaries of whole fleets, in Arrow."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

import pyarrow as pa

from needfix.catalogue import Catalogue
from needfix.errors import InventoryError, Problem
from needfix.fleet.engine import fleet_engine_of
from needfix.fleet.ordered import in_order
from needfix.fleet.reading import arrow
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece, smaller
from needfix.fleet.rows import wanted
from needfix.fleet.run import DecidedPiece, R, Run
from needfix.model.decision import DECISIONS, DecisionKind
from needfix.model.fleet_summary import FleetSummary

Source: TypeAlias = (
    str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | pa.Table | pa.RecordBatchReader
)
"""Paths of inventories, or an inventory in Arrow."""

OnProblem = Callable[[Problem], None]


def summary(catalogue: Catalogue, source: Source, *, on_problem: OnProblem | None = None) -> FleetSummary:
    """How many servers need which fixes, and which servers need most.

    Bad records are passed to `on_problem`; without it InventoryError tells them all.
    """
    run = _run(catalogue, DECISIONS)
    problems = _Problems(on_problem)
    for outcome in in_order(run.count, run.cut(_pieces(source))):
        problems.take(outcome)
    problems.conclude()
    return run.summary(problems.count)


def decisions(
    catalogue: Catalogue,
    source: Source,
    *,
    only: Collection[DecisionKind] = DECISIONS,
    on_problem: OnProblem | None = None,
) -> Iterator[pa.RecordBatch]:
    """Decisions of some kinds as tables with the columns server, rule, decision, action and reasons.

    Bad records are passed to `on_problem`. Without it nothing is yielded after the first, and
    InventoryError tells them all when everything was read.
    """
    run = _run(catalogue, only)
    problems = _Problems(on_problem)
    for outcome in in_order(run.rows, run.cut(smaller(_pieces(source)))):
        problems.take(outcome)
        if not problems.are_fatal:
            yield outcome.made
    problems.conclude()


def _run(catalogue: Catalogue, only: Collection[DecisionKind]) -> Run:
    engine = fleet_engine_of(catalogue)
    return Run(engine, wanted(engine.ids, only))


def _pieces(source: Source) -> Iterator[Piece]:
    if isinstance(source, pa.Table | pa.RecordBatchReader):
        return arrow.pieces(source)
    return pieces_of([source] if isinstance(source, str | os.PathLike) else source)


class _Problems:
    """The problems of a run: passed on, or kept to be raised."""

    def __init__(self, on_problem: OnProblem | None) -> None:
        self._on_problem = on_problem
        self._kept: list[Problem] = []
        self.count = 0

    @property
    def are_fatal(self) -> bool:
        """Whether the run will end with an error."""
        return bool(self._kept)

    def take(self, outcome: DecidedPiece[R]) -> None:
        """Take in the problems of a piece."""
        self.count += len(outcome.problems)
        for problem in outcome.problems:
            if self._on_problem is None:
                self._kept.append(problem)
            else:
                self._on_problem(problem)

    def conclude(self) -> None:
        """Raise InventoryError where problems were kept."""
        if self._kept:
            raise InventoryError(self._kept)

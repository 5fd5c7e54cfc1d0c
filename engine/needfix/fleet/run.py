"""Fleets from end to end: pieces of inventories decided on all cores, in the order in which they come."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import reduce
from operator import add
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from needfix.decide.evaluate import decisions_of
from needfix.decide.evaluation import decided as decided_singly
from needfix.errors import Position, Problem
from needfix.fleet.engine import Decided, FleetEngine, sound_server
from needfix.fleet.facts import Batch
from needfix.fleet.ordered import in_order
from needfix.fleet.reading.piece import Piece, limited
from needfix.fleet.reason_codes import ReasonCodes
from needfix.fleet.row_reader import needs_row_reader
from needfix.fleet.rows import decision_filter, rows, rows_without_reasons
from needfix.fleet.tally import Tally
from needfix.garbage import without_collecting
from needfix.inventory.bad_records import BadRecords
from needfix.model.document import ServerDecisions, Summary
from needfix.model.run_request import Selection

R = TypeVar("R")
_ALL = Selection()


class DecidedPiece(NamedTuple, Generic[R]):
    """What was made of a piece, the problems of its bad records, and how many servers were decided singly."""

    made: R
    problems: tuple[Problem, ...]
    singles: int


class FleetRun:
    """One run over a fleet: counts all that it decides, and hands on what is selected of it."""

    def __init__(self, engine: FleetEngine, selection: Selection = _ALL) -> None:
        self._engine = engine
        self._selection = selection
        self._selected = decision_filter(engine.ids, selection)
        self._known = ReasonCodes(engine)
        self._own = threading.local()
        self._tallies: list[Tally] = []

    def cut(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The same records in pieces that the engine has memory for."""
        return (part for piece in pieces for part in limited(piece, self._engine.most_servers))

    def count(self, piece: Piece) -> DecidedPiece[None]:
        """Count a piece."""
        decided, tally = self._counted(self._chosen(piece))
        deque(tally.counting(decided), maxlen=0)
        return DecidedPiece(None, decided.problems, len(decided.singles))

    def rows(self, piece: Piece) -> DecidedPiece[pa.RecordBatch]:
        """Count a piece; the selected decisions as a table with the codes of reasons."""
        decided, tally = self._counted(self._chosen(piece))
        made = rows(self._engine, self._known, decided, tally.counting(decided), self._selected)
        return DecidedPiece(made, decided.problems, len(decided.singles))

    def rows_without_reasons(self, piece: Piece) -> DecidedPiece[pa.RecordBatch]:
        """Count a piece; the selected decisions as a table whose reasons are null."""
        decided, tally = self._counted(self._chosen(piece))
        made = rows_without_reasons(self._engine, decided, tally.counting(decided), self._selected)
        return DecidedPiece(made, decided.problems, len(decided.singles))

    def decisions(self, piece: Piece) -> DecidedPiece[list[ServerDecisions]]:
        """Count a piece; the selected decisions of each server that has any, with reasons in full."""
        chosen = self._chosen(piece)
        decided, tally = self._counted(chosen)
        places = self._selected.servers(list(tally.counting(decided)), decided)
        made = [self._of_server(decided, place, chosen.at(place)) for place in places]
        return DecidedPiece(made, decided.problems, len(decided.singles))

    @without_collecting()
    def summary(self, bad_records: int = 0) -> Summary:
        """What was counted so far."""
        nothing = Tally(self._engine.ids, self._selected.rules).summary(bad_records)
        return reduce(add, (tally.summary() for tally in self._tallies), nothing)

    def _chosen(self, piece: Piece) -> Piece:
        """The records of a piece whose servers are selected, and those of any server that may be bad."""
        if self._selection.servers is None:
            return piece
        batch = Batch(piece.records, piece.servers)
        names = batch.names.to_pylist()
        keep = np.array([self._selection.has_server(name or "") for name in names], np.bool_)
        return piece.only(keep | needs_row_reader(batch))

    def _counted(self, chosen: Piece) -> tuple[Decided, Tally]:
        decided = self._engine.decide(Batch(chosen.records, chosen.servers), chosen.at)
        problems = (*chosen.problems, *decided.problems)
        return self._without_others(decided).with_problems(problems), self._tally()

    def _without_others(self, decided: Decided) -> Decided:
        """What was decided, without servers that were only read because their records could be bad."""
        singles = tuple(
            one for one in decided.singles if self._selection.has_server(one.evaluation.server.server)
        )
        left_out = len(decided.singles) - len(singles)
        return replace(decided, singles=singles, servers=decided.servers - left_out) if left_out else decided

    def _tally(self) -> Tally:
        """The tally of the thread that runs."""
        tally: Tally | None = getattr(self._own, "tally", None)
        if tally is None:
            tally = self._own.tally = Tally(self._engine.ids, self._selected.rules)
            self._tallies.append(tally)
        return tally

    def _of_server(self, decided: Decided, place: int, at: Position) -> ServerDecisions:
        single = next((single.evaluation for single in decided.singles if single.place == place), None)
        here = single or decided_singly(self._engine.engine, sound_server(decided.batch, place, at))
        pairs = zip(decisions_of(here), self._selected.rules.tolist(), strict=True)
        shown = [one for one, is_selected in pairs if is_selected and self._selection.shows(one)]
        return ServerDecisions(here.server.server, here.server.collected, here.server.at, shown)


def decide_all(
    work: Callable[[Piece], DecidedPiece[R]], pieces: Iterable[Piece], bad: BadRecords
) -> Iterator[DecidedPiece[R]]:
    """What work makes of pieces, in order; all are read, but none is handed on once bad records are fatal."""
    for one in in_order(work, pieces):
        for problem in one.problems:
            bad.add(problem)
        if not bad.are_fatal:
            yield one

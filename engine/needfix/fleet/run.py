"""Fleets from end to end: pieces of inventories decided on all cores, in the order in which they come."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import add
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from needfix.decide.evaluate import decisions_of
from needfix.decide.evaluation import decided as decided_singly
from needfix.errors import Position, Problem
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided, FleetEngine, RowwiseServer, sound_server
from needfix.fleet.facts import Batch
from needfix.fleet.ordered import in_order
from needfix.fleet.outcome_table import RowWriter, most_servers, outcome_table
from needfix.fleet.reading.piece import Piece, limited
from needfix.fleet.reason_codes import ReasonCodes
from needfix.fleet.reason_lists import reason_lists
from needfix.fleet.row_reader import needs_row_reader
from needfix.fleet.rows import decision_filter
from needfix.fleet.tally import Tally
from needfix.garbage import without_collecting
from needfix.intake.notes import Notes
from needfix.inventory.bad_records import BadRecords
from needfix.inventory.items import further
from needfix.model.document import ServerDecisions, Summary
from needfix.model.note import Note
from needfix.model.run_request import Selection
from needfix.model.server import Server

R = TypeVar("R")
_ALL = Selection()


class DecidedPiece(NamedTuple, Generic[R]):
    """What was made of a piece, and what was found while it was decided."""

    made: R
    found: PieceFindings


class PieceFindings(NamedTuple):
    """The problems of bad records, notes on the others, and how many servers were decided singly."""

    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    singles: int


class _Counted(NamedTuple):
    """A piece without records that are not selected or not accepted, decided, and its tally."""

    piece: Piece
    decided: Decided
    tally: Tally
    notes: tuple[Note, ...]

    def counting(self) -> Iterator[Block]:
        """The blocks, each counted."""
        return self.tally.counting(self.decided)

    def with_made(self, made: R) -> DecidedPiece[R]:
        """What was made of the piece, with what was found."""
        found = PieceFindings(self.decided.problems, self.notes, len(self.decided.singles))
        return DecidedPiece(made, found)


class FleetRun:
    """One run over a fleet: counts all that it decides, and hands on what is selected of it.

    `today` counts for notes on levels out of support, where a server does not state when its facts were
    collected; without it there are none.
    """

    def __init__(
        self,
        engine: FleetEngine,
        selection: Selection = _ALL,
        *,
        is_strict: bool = False,
        today: date | None = None,
    ) -> None:
        self._engine = engine
        self._today = today
        self._is_strict = is_strict
        self._selection = selection
        self._selected = decision_filter(engine.ids, selection)
        self._known = ReasonCodes(engine)
        self._writer = RowWriter(engine.ids, self._selected, engine.rule_columns)
        self._own = threading.local()
        self._tallies: list[Tally] = []

    def cut(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The same records in pieces that the engine has memory for."""
        return (part for piece in pieces for part in limited(piece, self._engine.most_servers))

    def cut_for_tables(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The same records in pieces whose outcomes there is memory for."""
        most = min(self._engine.most_servers, most_servers(len(self._engine.ids)))
        return (part for piece in pieces for part in limited(piece, most))

    def count(self, piece: Piece) -> DecidedPiece[None]:
        """Count a piece."""
        counted = self._counted(piece)
        deque(counted.counting(), maxlen=0)
        return counted.with_made(None)

    def rows(self, piece: Piece) -> DecidedPiece[pa.RecordBatch]:
        """Count a piece; the selected decisions as a table with the codes of reasons."""
        counted = self._counted(piece)
        blocks = list(counted.counting())
        table = outcome_table(counted.decided, blocks, self._selected)
        lists = reason_lists(self._known, counted.decided, blocks, self._selected)
        writer = RowWriter(self._engine.ids, self._selected, self._engine.rule_columns)
        return counted.with_made(writer.with_reasons(table, lists, self._known))

    def rows_without_reasons(self, piece: Piece) -> DecidedPiece[Iterator[pa.RecordBatch]]:
        """The selected decisions of a piece as tables whose reasons are null, each made in its turn."""
        counted = self._counted(piece)
        table = outcome_table(counted.decided, counted.decided.blocks, self._selected)
        return counted.with_made(self._writer.batches(table))

    def decisions(self, piece: Piece) -> DecidedPiece[list[ServerDecisions]]:
        """Count a piece; the selected decisions of each server that has any, with reasons in full."""
        counted = self._counted(piece)
        decided = counted.decided
        places = self._selected.servers(list(counted.counting()), decided)
        made = [self._of_server(decided, place, counted.piece.at(place)) for place in places]
        return counted.with_made(made)

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

    def _counted(self, piece: Piece) -> _Counted:
        chosen = self._chosen(piece)
        if self._is_strict:
            chosen = self._without_noted(chosen)
        decided = self._engine.decide(Batch(chosen.records, chosen.servers), chosen.at, self._today)
        problems = (*self._with_further(chosen.problems), *decided.problems)
        notes = Notes(is_strict=self._is_strict)
        decided = self._noting(self._without_others(decided).with_problems(problems), notes)
        alone = {single.place for single in decided.singles}
        for place, server in chosen.servers.items():
            if server.united_from and place not in alone:
                self._noted(server, notes)
        notes.merge(chosen.notes)
        for one in decided.noted:
            notes.add(one.code, chosen.at(one.first), one.words, one.total)
        return _Counted(chosen, decided, self._tally(), tuple(notes))

    def _noting(self, decided: Decided, notes: Notes) -> Decided:
        """What was decided, with notes on servers that were decided by themselves.

        Where notes are strict, it is without those of which there is anything to note.
        """
        problems: list[Problem] = []
        singles: list[RowwiseServer] = []
        for single in decided.singles:
            server = single.evaluation.server
            found = notes.take(single.occurrences, server.at, server.server)
            found += self._noted(server, notes)
            problems += found
            singles += [] if found else [single]
        return self._only(decided, singles).with_problems((*decided.problems, *problems))

    def _without_noted(self, piece: Piece) -> Piece:
        """A piece without the records of which there is anything to note, which are problems."""
        batch = Batch(piece.records, piece.servers)
        is_noted = self._engine.servers_noted(batch)
        problems = list(piece.problems)
        for place in np.flatnonzero(is_noted).tolist():
            server = sound_server(batch, place, piece.at(place))
            problems += self._noted(server, Notes(is_strict=True))
        return piece.only(~is_noted)._replace(problems=tuple(problems)) if is_noted.any() else piece

    def _noted(self, server: Server, notes: Notes) -> list[Problem]:
        return notes.take_placed(self._engine.engine.placed(server, self._today), server.server)

    def _with_further(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems, with what else is to be noted of records that are bad for notes only."""

        def find(server: Server, at: Position) -> list[Problem]:
            if not self._selection.has_server(server.server):
                return []
            return Notes(is_strict=True).take(self._engine.engine.noted.of(server), at, server.server)

        return further(problems, find)

    def _without_others(self, decided: Decided) -> Decided:
        """What was decided, without servers that were only read because their records could be bad."""
        has = self._selection.has_server
        return self._only(decided, [one for one in decided.singles if has(one.evaluation.server.server)])

    @staticmethod
    def _only(decided: Decided, singles: Sequence[RowwiseServer]) -> Decided:
        """What was decided, with only these of the servers that were decided by themselves."""
        left_out = len(decided.singles) - len(singles)
        if not left_out:
            return decided
        return replace(decided, singles=tuple(singles), servers=decided.servers - left_out)

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
        bad.add_all(one.found.problems)
        bad.notes.merge(one.found.notes)
        if not bad.are_fatal:
            yield one

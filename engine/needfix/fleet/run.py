"""Fleets from end to end: pieces of inventories decided on all cores, in the order in which they come."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import reduce
from operator import add
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from needfix.decide.evaluate import decisions_of
from needfix.decide.evaluation import decided as decided_alone
from needfix.errors import Problem
from needfix.fleet.engine import Decided, FleetEngine, sound_server
from needfix.fleet.facts import Batch
from needfix.fleet.reading.piece import Piece, limited
from needfix.fleet.reason_codes import ReasonCodes
from needfix.fleet.rows import DecisionFilter, rows
from needfix.fleet.tally import Tally
from needfix.garbage import without_collecting
from needfix.model.decision import Decision
from needfix.model.fleet_summary import FleetSummary

R = TypeVar("R")


class DecidedPiece(NamedTuple, Generic[R]):
    """What was made of a piece, the problems of its bad records, and the servers that took the slow road."""

    made: R
    problems: tuple[Problem, ...]
    alone: int


class Run:
    """One run over a fleet: counts all that it decides, and hands on what is wanted of it."""

    def __init__(
        self, engine: FleetEngine, wanted: DecisionFilter, patterns: Sequence[str] | None = None
    ) -> None:
        self._engine = engine
        self._wanted = wanted
        self._patterns = [pattern.casefold() for pattern in patterns] if patterns else None
        self._known = ReasonCodes(engine)
        self._own = threading.local()
        self._tallies: list[Tally] = []

    def cut(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The same records in pieces that the engine has memory for."""
        return (part for piece in pieces for part in limited(piece, self._engine.most_servers))

    def count(self, piece: Piece) -> DecidedPiece[None]:
        """Count a piece."""
        decided, tally = self._decided(piece)
        deque(tally.counting(decided), maxlen=0)
        return DecidedPiece(None, decided.problems, len(decided.singles))

    def rows(self, piece: Piece) -> DecidedPiece[pa.RecordBatch]:
        """Count a piece; the wanted decisions as a table with the codes of reasons."""
        decided, tally = self._decided(piece)
        made = rows(self._engine, self._known, decided, tally.counting(decided), self._wanted)
        return DecidedPiece(made, decided.problems, len(decided.singles))

    def decisions(self, piece: Piece) -> DecidedPiece[list[list[Decision]]]:
        """Count a piece; the wanted decisions of each server that has any, with reasons in full."""
        decided, tally = self._decided(piece)
        places = self._wanted.servers(list(tally.counting(decided)), decided)
        made = [self._of_server(decided, place) for place in places]
        return DecidedPiece(made, decided.problems, len(decided.singles))

    @without_collecting()
    def summary(self, bad_records: int = 0) -> FleetSummary:
        """What was counted so far."""
        nothing = Tally(self._engine.ids, self._wanted.rules).summary(bad_records)
        return reduce(add, (tally.summary() for tally in self._tallies), nothing)

    def _decided(self, piece: Piece) -> tuple[Decided, Tally]:
        chosen = piece if self._patterns is None else _named(piece, self._patterns)
        decided = self._engine.decide(Batch(chosen.records, chosen.servers), chosen.at)
        problems = (*chosen.problems, *decided.problems)
        return decided.with_problems(problems), self._tally()

    def _tally(self) -> Tally:
        """The tally of the thread that runs."""
        tally: Tally | None = getattr(self._own, "tally", None)
        if tally is None:
            tally = self._own.tally = Tally(self._engine.ids, self._wanted.rules)
            self._tallies.append(tally)
        return tally

    def _of_server(self, decided: Decided, place: int) -> list[Decision]:
        alone = next((single.evaluation for single in decided.singles if single.place == place), None)
        here = alone or decided_alone(self._engine.engine, sound_server(decided.batch, place))
        asked = zip(decisions_of(here), self._wanted.rules.tolist(), strict=True)
        return [one for one, is_asked in asked if is_asked and self._wanted.is_of(one)]


def _named(piece: Piece, patterns: Sequence[str]) -> Piece:
    """The records of a piece whose server has one of these names, or matches a pattern."""
    names = Batch(piece.records).names.to_pylist()
    folded = (name.casefold() if name else "" for name in names)
    keep = np.array([any(fnmatchcase(name, own) for own in patterns) for name in folded], np.bool_)
    return piece.only(keep)

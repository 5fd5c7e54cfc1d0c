"""needfix itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import ClassVar

import needfix
from benchmarks.fleet.engine import DECISIONS, Counts, Engine, Matrix, Most, counted
from benchmarks.sample import Rule, write_rules
from needfix.fleet.engine import FleetEngine
from needfix.fleet.ordered import in_order
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece, smaller
from needfix.fleet.run import FleetRun
from needfix.fleet.several_records import each_once
from needfix.model.server import Server

PLACES = {decision: place for place, decision in enumerate(DECISIONS)}


class NeedfixFleet(Engine[list[Piece]]):
    """needfix.fleet on records in Parquet: the whole meaning, in columns."""

    title: ClassVar[str] = "needfix"
    reads: ClassVar[str] = "native"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._catalogue = _catalogue(rules)

    def load(self, fleet: Path) -> list[Piece]:
        """Read and checked, in the pieces that are decided."""
        return list(pieces_of([fleet]))

    def run(self, fleet: Path) -> Counts:
        """Pieces are decided while the next ones are read; no server may be there twice."""
        return self._counts(each_once(pieces_of([fleet])))

    def counts(self, data: list[Piece]) -> Counts:
        """On all cores, from a catalogue that was not used before: plans are part of deciding."""
        return self._counts(data)

    def _counts(self, data: Iterable[Piece]) -> Counts:
        engine = FleetEngine(self._catalogue)
        run = FleetRun(engine)
        for _ in in_order(run.count, run.cut(data)):
            pass
        summary = run.summary()
        return tuple(
            (
                summary.decided("not-affected", rule),
                summary.decided("fix-present", rule),
                summary.decided("fix-required", rule),
            )
            for rule in engine.ids
        )

    def matrix(self, data: list[Piece]) -> Matrix:
        """From the rows that are written to Parquet."""
        engine = FleetEngine(self._catalogue)
        run = FleetRun(engine)
        tables = [outcome.made for outcome in in_order(run.rows, run.cut(smaller(data)))]
        decisions = (
            PLACES[decision] for table in tables for decision in table.column("decision").to_pylist()
        )
        servers = sum(piece.records.num_rows for piece in data)
        return [bytes(islice(decisions, len(engine.ids))) for _ in range(servers)]


class NeedfixFleetPaths(NeedfixFleet):
    """needfix.fleet on records with paths, and copies in folders that keep old files."""

    title: ClassVar[str] = "needfix"
    reads: ClassVar[str] = "paths"


class NeedfixFleetTall(NeedfixFleet):
    """needfix.fleet on a row for each file."""

    title: ClassVar[str] = "needfix"
    reads: ClassVar[str] = "tall"


class NeedfixFleetLines(NeedfixFleet):
    """needfix.fleet on JSON lines."""

    title: ClassVar[str] = "needfix"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=200_000)


class NeedfixFleetCsv(NeedfixFleet):
    """needfix.fleet on a row for each file, in CSV."""

    title: ClassVar[str] = "needfix"
    reads: ClassVar[str] = "csv"
    most: ClassVar[Most] = Most(servers=200_000)


class NeedfixServers(Engine[list[Server]]):
    """needfix.evaluate, one server after the other: with actions, reasons, and everything else it reports."""

    title: ClassVar[str] = "needfix.evaluate, server by server"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=1_000)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = len(rules)
        self._catalogue = _catalogue(rules)

    def load(self, fleet: Path) -> list[Server]:
        """Servers as needfix has them."""
        return list(needfix.read_inventory(fleet))

    def counts(self, data: list[Server]) -> Counts:
        """Counted after all are decided."""
        return counted(self.matrix(data), self._rules)

    def matrix(self, data: list[Server]) -> Matrix:
        """In the order of rules, which is that of their ids."""
        decisions = (PLACES[decision.decision] for decision in needfix.evaluate(self._catalogue, data))
        return list(self._rows(decisions, len(data)))

    def _rows(self, decisions: Iterator[int], servers: int) -> Iterator[bytes]:
        return (bytes(islice(decisions, self._rules)) for _ in range(servers))


def _catalogue(rules: Sequence[Rule]) -> needfix.Catalogue:
    with tempfile.TemporaryDirectory() as folder:
        write_rules(Path(folder), list(rules))
        return needfix.load_catalogue(folder)

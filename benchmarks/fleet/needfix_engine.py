"""needfix itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import ClassVar

import needfix
from benchmarks.fleet.engine import DECISIONS, Counts, Engine, Matrix, Most, counted
from benchmarks.sample import Rule, write_rules
from needfix.model.server import Server

PLACES = {decision: place for place, decision in enumerate(DECISIONS)}


class NeedfixServers(Engine[list[Server]]):
    """needfix.evaluate, one server after the other: with actions, reasons, and all else it tells."""

    title: ClassVar[str] = "needfix.evaluate, server by server"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=1_000)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = len(rules)
        with tempfile.TemporaryDirectory() as folder:
            write_rules(Path(folder), list(rules))
            self._catalogue = needfix.load_catalogue(folder)

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

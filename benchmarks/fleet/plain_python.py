"""The plain reference as an engine: loops over tuples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from benchmarks.fleet.engine import Counts, Engine, Matrix, Most, counted
from benchmarks.fleet.records import Record, read_records
from benchmarks.fleet.reference import decide
from benchmarks.sample import Rule


class PlainPython(Engine[list[Record]]):
    """Plain Python, one server after the other."""

    title: ClassVar[str] = "plain Python, loops over tuples"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=10_000)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    def load(self, fleet: Path) -> list[Record]:
        """Servers as tuples."""
        return read_records(fleet)

    def counts(self, data: list[Record]) -> Counts:
        """Counted after all are decided."""
        return counted(self.matrix(data), len(self._rules))

    def matrix(self, data: list[Record]) -> Matrix:
        """As the reference does."""
        return [decide(self._rules, record.product, record.level, record.versions) for record in data]

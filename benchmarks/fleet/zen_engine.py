"""GoRules' zen: one compiled expression that chooses by product and level a list with an entry a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import zen

from benchmarks.fleet.engine import (
    FIX_PRESENT,
    FIX_REQUIRED,
    NOT_AFFECTED,
    Counts,
    Engine,
    Matrix,
    Most,
    counted,
    key,
)
from benchmarks.fleet.records import read_records
from benchmarks.sample import FILES, LEVELS, PRODUCTS, Rule, Version

Context = dict[str, int]
NAMES = {name: f"f{place}" for place, name in enumerate(FILES)}
LACKING = dict.fromkeys(NAMES.values(), -1)


class Zen(Engine[list[Context]]):
    """zen, with versions as numbers; a file that is missing is -1."""

    title: ClassVar[str] = "GoRules zen, compiled expression"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=10_000)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = len(rules)
        lists = (
            _list(rules, product, level) for product in range(len(PRODUCTS)) for level in range(len(LEVELS))
        )
        self._expression = zen.compile_expression(f"{' '.join(lists)} []")

    def load(self, fleet: Path) -> list[Context]:
        """Servers as the contexts that zen takes."""
        return [
            {"product": record.product, "level": record.level}
            | LACKING
            | {NAMES[name]: key(version) for name, version in record.versions.items()}
            for record in read_records(fleet)
        ]

    def counts(self, data: list[Context]) -> Counts:
        """Counted after all are decided."""
        return counted(self.matrix(data), self._rules)

    def matrix(self, data: list[Context]) -> Matrix:
        """Zen gives numbers with a fraction."""
        return [bytes(map(int, self._expression.evaluate(context))) for context in data]


def _list(rules: Sequence[Rule], product: int, level: int) -> str:
    """Up to the colon of a condition: what holds on servers with this product and level."""
    entries = (
        _reached(minima) if of_product == product and level in levels else str(NOT_AFFECTED)
        for _, of_product, levels, minima in rules
    )
    return f"product == {product} and level == {level} ? [{', '.join(entries)}] :"


def _reached(minima: Mapping[str, Version]) -> str:
    reached = " and ".join(f"{NAMES[name]} >= {key(minimum)}" for name, minimum in minima.items())
    return f"({reached} ? {FIX_PRESENT} : {FIX_REQUIRED})"

"""OPA's Rego in rego-cpp, by regopy: a policy compiled to a bundle, queried once for each server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from regopy import Input, Interpreter

from benchmarks.fleet.engine import FIX_PRESENT, FIX_REQUIRED, Counts, Engine, Matrix, Most, counted, key
from benchmarks.fleet.records import Record, read_records
from benchmarks.sample import LEVELS, PRODUCTS, Rule

POLICY = """\
package fleet
rules := data.rules[input.product][input.level]
affected := [rule.place | rule := rules[_]]
present := [rule.place | rule := rules[_]; every low in rule.minima { input.files[low.file] >= low.key }]
"""


class Regopy(Engine[list[Input]]):
    """Rego with versions as numbers, and the rules as data by product and level."""

    title: ClassVar[str] = "OPA's Rego, by regopy"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=200)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = len(rules)
        self._interpreter = Interpreter()
        self._interpreter.add_module("fleet", POLICY)
        self._interpreter.add_data({"rules": _by_group(rules)})
        self._bundle = self._interpreter.build("affected = data.fleet.affected; present = data.fleet.present")

    def load(self, fleet: Path) -> list[Input]:
        """Servers as the inputs that Rego takes."""
        return [_input(record) for record in read_records(fleet)]

    def counts(self, data: list[Input]) -> Counts:
        """Counted after all are decided."""
        return counted(self.matrix(data), self._rules)

    def matrix(self, data: list[Input]) -> Matrix:
        """From the lists of affected rules and of those whose fix is present."""
        return [self._decided(server) for server in data]

    def _decided(self, server: Input) -> bytes:
        self._interpreter.set_input(server)
        found = self._interpreter.query_bundle(self._bundle)[0]
        decisions = bytearray(self._rules)
        for decision, rules in ((FIX_REQUIRED, found["affected"]), (FIX_PRESENT, found["present"])):
            for rule in rules:
                decisions[rule] = decision
        return bytes(decisions)


def _input(record: Record) -> Input:
    files = {name: key(version) for name, version in record.versions.items()}
    return Input({"product": record.product, "level": record.level, "files": files})


def _by_group(rules: Sequence[Rule]) -> list[list[list[dict[str, object]]]]:
    return [
        [
            [
                _rule(place, rule)
                for place, rule in enumerate(rules)
                if rule[1] == product and level in rule[2]
            ]
            for level in range(len(LEVELS))
        ]
        for product in range(len(PRODUCTS))
    ]


def _rule(place: int, rule: Rule) -> dict[str, object]:
    return {
        "place": place,
        "minima": [{"file": name, "key": key(minimum)} for name, minimum in rule[3].items()],
    }

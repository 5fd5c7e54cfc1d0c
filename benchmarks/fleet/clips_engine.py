"""CLIPS, by clipspy: a server is a fact; each rule counts whom it affects, and who has its fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import ClassVar

import clips

from benchmarks.fleet.engine import Counts, Engine, Matrix, Most, key
from benchmarks.fleet.records import Record, read_records
from benchmarks.sample import FILES, Rule

Slots = dict[str, int]

SLOTS = {name: f"f{place}" for place, name in enumerate(FILES)}
TEMPLATE = f"""(deftemplate server (slot number) (slot product) (slot level)
{" ".join(f"(slot {slot} (default -1))" for slot in SLOTS.values())})"""
FORGET = "(do-for-all-facts ((?server server)) TRUE (retract ?server))"
TOGETHER = 100
"""Servers that are facts at a time: CLIPS is slower with only one, and with very many."""


class Clips(Engine[list[Slots]]):
    """CLIPS with versions as numbers; a file that is missing is -1."""

    title: ClassVar[str] = "CLIPS, by clipspy"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=10_000)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = len(rules)
        self._environment = clips.Environment()
        self._environment.build(TEMPLATE)
        for place, rule in enumerate(rules):
            for construct in _constructs(place, rule):
                self._environment.build(construct)

    def load(self, fleet: Path) -> list[Slots]:
        """Servers as the slots of facts; the number keeps equal servers apart."""
        return [_slots(number, record) for number, record in enumerate(read_records(fleet))]

    def counts(self, data: list[Slots]) -> Counts:
        """CLIPS itself counts, in a global variable of each rule."""
        self._environment.reset()
        servers = iter(data)
        while some := list(islice(servers, TOGETHER)):
            self._decide(some)
        return tuple(self._found(place, len(data)) for place in range(self._rules))

    def matrix(self, data: list[Slots]) -> Matrix:
        """The counts of a fleet of one server are its decisions."""
        return [bytes(decisions.index(1) for decisions in self.counts([server])) for server in data]

    def _decide(self, servers: Iterable[Slots]) -> None:
        template = self._environment.find_template("server")
        for server in servers:
            template.assert_fact(**server)
        self._environment.run()
        self._environment.eval(FORGET)

    def _found(self, place: int, servers: int) -> tuple[int, int, int]:
        affected, present = (
            int(self._environment.eval(f"?*{name}{place}*")) for name in ("affected", "present")
        )
        return servers - affected, present, affected - present


def _slots(number: int, record: Record) -> Slots:
    files = {SLOTS[name]: key(version) for name, version in record.versions.items()}
    return {"number": number, "product": record.product, "level": record.level, **files}


def _constructs(place: int, rule: Rule) -> Iterable[str]:
    _, product, levels, minima = rule
    affected = f"(product {product}) (level {'|'.join(map(str, levels))})"
    reached = " ".join(
        f"({SLOTS[name]} ?{SLOTS[name]}&:(>= ?{SLOTS[name]} {key(minimum)}))"
        for name, minimum in minima.items()
    )
    for name, pattern in (("affected", affected), ("present", f"{affected} {reached}")):
        variable = f"?*{name}{place}*"
        yield f"(defglobal {variable} = 0)"
        yield f"(defrule {name}{place} (server {pattern}) => (bind {variable} (+ {variable} 1)))"

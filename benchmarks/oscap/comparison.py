"""Decisions of needfix beside those of oscap, and what explains the differences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import NamedTuple

from benchmarks.oscap.analyse import Oscap, Verdict
from benchmarks.oscap.catalogue import Shipped
from benchmarks.oscap.readings import READINGS, Reading
from benchmarks.oscap.servers import Server

Decisions = Mapping[str, str]
"""The decision of each rule."""


class Unexplained(NamedTuple):
    """A decision that is not the one to which DESIGN's readings lead oscap."""

    server: Server
    rule: str
    plain: str
    read: str
    needfix: str

    def facts(self, shipped: Shipped) -> str:
        """The facts of the server that concern the rule, as a line of an inventory."""
        (rule,) = (one for one in shipped.rules if one.id == self.rule)
        names = {shipped.key_file, *rule.minima}
        own = replace(self.server, copies=tuple(copy for copy in self.server.copies if copy.name in names))
        return json.dumps(own.record(shipped.names))


@dataclass(slots=True)
class Comparison:
    """How many decisions were compared; the differences by reading and kind, and those unexplained."""

    decisions: int = 0
    agreed: int = 0
    explained: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unexplained: list[Unexplained] = field(default_factory=list)

    def add(self, other: Comparison) -> None:
        """Count what another one counted, too."""
        self.decisions += other.decisions
        self.agreed += other.agreed
        self.explained += other.explained
        self.unexplained += other.unexplained


class Comparer:
    """Compares servers one by one."""

    def __init__(self, shipped: Shipped, oscap: Oscap) -> None:
        self._shipped = shipped
        self._oscap = oscap

    def compare(self, server: Server, of_needfix: Decisions) -> Comparison:
        """Compare all decisions on a server: as its facts stand, and as DESIGN reads them."""
        known: dict[Server, dict[str, Verdict]] = {}
        plain = self._read(server, (), known)
        read = self._read(server, READINGS, known)
        found = Comparison(decisions=len(plain))
        for rule, decision in of_needfix.items():
            if decision != read[rule].decision:
                found.unexplained.append(
                    Unexplained(server, rule, plain[rule].decision, read[rule].decision, decision)
                )
            elif decision == plain[rule].decision:
                found.agreed += 1
            else:
                why = self._reading(server, rule, decision, known)
                found.explained[why, plain[rule].decision, decision] += 1
        return found

    def _reading(
        self, server: Server, rule: str, decision: str, known: dict[Server, dict[str, Verdict]]
    ) -> str:
        """The first reading that explains a decision by itself, else two or more that do so together."""
        own = [reading for reading in READINGS if reading.servers(self._shipped, server)]
        for count in range(1, len(own)):
            for some in combinations(own, count):
                if self._read(server, some, known)[rule].decision == decision:
                    return " + ".join(reading.name for reading in some)
        return " + ".join(reading.name for reading in own)

    def _read(
        self, server: Server, readings: Sequence[Reading], known: dict[Server, dict[str, Verdict]]
    ) -> dict[str, Verdict]:
        """What oscap says of a server under some readings, one after the other."""
        if not readings:
            if server not in known:
                known[server] = self._oscap.verdicts(server)
            return known[server]
        first, *rest = readings
        stands_for = first.servers(self._shipped, server)
        if not stands_for:
            return self._read(server, rest, known)
        found = [self._read(one, rest, known) for one in stands_for]
        return {
            rule.id: first.merge(self._shipped, rule, [verdicts[rule.id] for verdicts in found])
            for rule in self._shipped.rules
        }


def lines(compared: Comparison) -> Iterator[str]:
    """A table in Markdown, and the first decisions that nothing explains."""
    yield f"{compared.decisions} decisions: {compared.agreed} agree as the facts stand"
    differing = sum(compared.explained.values())
    yield f"{differing} agree as DESIGN section 4 reads the facts, {len(compared.unexplained)} do not\n"
    yield "| reading | oscap, as the facts stand | needfix | decisions |"
    yield "|---|---|---|---:|"
    for (why, plain, own), count in sorted(compared.explained.items()):
        yield f"| {why} | {plain} | {own} | {count} |"
    yield ""
    yield from (f"- {reading.name}: {reading.sentence}." for reading in _used(compared.explained))


def _used(explained: Iterable[tuple[str, str, str]]) -> list[Reading]:
    names = {name for why, _, _ in explained for name in why.split(" + ")}
    return [reading for reading in READINGS if reading.name in names]

"""Servers that a rule and a mutant of it decide differently."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from needfix.cases.generating import item_lines
from needfix.cases.mutation.mutant import Mutant
from needfix.cases.probes import Probe, probes
from needfix.cases.testing import Item
from needfix.cases.testing.short_form import product_of, server_of
from needfix.catalogue import Catalogue
from needfix.catalogue.part import part, with_rule
from needfix.decide.engine import Engine
from needfix.decide.evaluate import decide
from needfix.model.decision import Decision
from needfix.model.mutation import Witness
from needfix.model.rule import Rule
from needfix.model.server import Server, altered


class _Probed(NamedTuple):
    probe: Probe
    server: Server
    decision: Decision


class Witnesses:
    """The probes of one rule, decided once by the rule itself.

    Probes that are `known` as cases, with their action, are left out: those have been tried.
    """

    def __init__(self, rule: Rule, catalogue: Catalogue, known: Iterable[Item]) -> None:
        self._rule = rule
        self._catalogue = part(catalogue, [rule.id])
        self._engine = Engine(self._catalogue)
        self._known = frozenset(filter(None, map(_server_of, known)))

    def of(self, mutant: Mutant) -> Witness | None:
        """The first probe that a mutant decides differently."""
        engine = Engine(with_rule(self._catalogue, mutant.rule), self._engine)
        for probed in self._probed:
            other = decide(engine, probed.server, self._rule.id)
            if other != probed.decision:
                return _witness(probed, other)
        return None

    @cached_property
    def _probed(self) -> tuple[_Probed, ...]:
        product = product_of(self._catalogue, self._rule)
        found = []
        for probe in probes(self._rule, self._catalogue):
            server = server_of(probe.name, probe.given, product, probe.at)
            if isinstance(server, Server) and _unnamed(server) not in self._known:
                found.append(_Probed(probe, server, decide(self._engine, server, self._rule.id)))
        return tuple(found)


def _server_of(item: Item) -> Server | None:
    """The facts of a case that names an action."""
    return _unnamed(item.facts) if isinstance(item.facts, Server) and item.expected.action else None


def _unnamed(server: Server) -> Server:
    return altered(server, server="")


def _witness(probed: _Probed, other: Decision) -> Witness:
    probe, decision, action = probed.probe, probed.decision.decision, probed.decision.action
    case = {"name": probe.name, "given": probe.given, "expect": decision, "action": action}
    lines = tuple(item_lines(case, 0))
    return Witness(probe.name, probe.given, decision, action, other.decision, other.action, lines)

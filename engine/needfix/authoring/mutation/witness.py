"""Servers that a rule and a mutant of it decide differently."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from needfix.authoring.generating import item_lines
from needfix.authoring.mutation.mutant import Mutant
from needfix.authoring.probes import Probe, probes
from needfix.authoring.testing.short_form import product_of, server_of
from needfix.catalogue import Catalogue
from needfix.catalogue.part import part, with_rule
from needfix.decide.evaluate import evaluate
from needfix.model.decision import Decision
from needfix.model.mutation import Witness
from needfix.model.rule import Rule
from needfix.model.server import Server


class _Probed(NamedTuple):
    probe: Probe
    server: Server
    decision: Decision


class Witnesses:
    """The probes of one rule, decided once by the rule itself."""

    def __init__(self, rule: Rule, catalogue: Catalogue) -> None:
        self._rule = rule
        self._catalogue = part(catalogue, [rule.id])

    def of(self, mutant: Mutant) -> Witness | None:
        """The first probe that a mutant decides otherwise."""
        changed = with_rule(self._catalogue, mutant.rule)
        for probed in self._probed:
            other = _decision(changed, self._rule, probed.server)
            if other != probed.decision:
                return _witness(probed, other)
        return None

    @cached_property
    def _probed(self) -> tuple[_Probed, ...]:
        product = product_of(self._catalogue, self._rule)
        found = []
        for probe in probes(self._rule, self._catalogue):
            server = server_of(probe.name, probe.given, product, probe.at)
            if isinstance(server, Server):
                found.append(_Probed(probe, server, _decision(self._catalogue, self._rule, server)))
        return tuple(found)


def _witness(probed: _Probed, other: Decision) -> Witness:
    probe, (_, _, decision, action, _) = probed.probe, probed.decision
    case = {"name": probe.name, "given": probe.given, "expect": decision, "action": action}
    lines = tuple(item_lines(case, 0))
    return Witness(probe.name, probe.given, decision, action, other.decision, other.action, lines)


def _decision(catalogue: Catalogue, rule: Rule, server: Server) -> Decision:
    return next(d for d in evaluate(catalogue, server) if d.rule == rule.id)

"""What speaks against not-affected: claims and symptoms of rules that do not affect a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from needfix.compare.reported import claim_names, symptom_names
from needfix.decide.evaluation import not_affected
from needfix.fleet.arrays import WORD, Flags, Ints, runs
from needfix.fleet.facts import Statements
from needfix.fleet.outcomes import CODES
from needfix.fleet.reported import Hotfixes, SymptomEvidence, SymptomFacts
from needfix.model.evidence import Symptoms
from needfix.model.rule import Rule

_CLAIMED, _OBSERVED, _OBSERVED_FOR_RULE, _CONTRADICTED = 1, 2, 4, 8
_BITS = 4
KINDS = 1 << _BITS
"""How many kinds of objections there are: each of these facts may be there or not."""


def _code(kind: int) -> int:
    symptoms: Symptoms = "observed" if kind & _OBSERVED else "unreported"
    if kind & _OBSERVED_FOR_RULE:
        symptoms = "observed-for-rule"
    outcome = not_affected(symptoms, "installed" if kind & _CLAIMED else "no-list")
    return CODES[outcome.decision, outcome.action]


class Objections(NamedTuple):
    """For each server of a batch, from `begins` on, the numbers of rules, and what speaks for them."""

    begins: Ints
    rules: Ints
    kinds: Ints

    @property
    def contradicted(self) -> Ints:
        """The servers that show a symptom and deny it, some more than once."""
        servers = np.repeat(np.arange(len(self.begins) - 1), np.diff(self.begins))
        found: Ints = servers[(self.kinds & _CONTRADICTED) != 0]
        return found

    def of(self, servers: Ints, is_closed: Flags) -> ObjectionsOfBlock:
        """Those of some servers about closed rules."""
        counts = self.begins[servers + 1] - self.begins[servers]
        rows = np.repeat(np.arange(len(servers)), counts)
        ends = np.cumsum(counts)
        places = (
            np.arange(len(rows)) - np.repeat(ends - counts, counts) + np.repeat(self.begins[servers], counts)
        )
        own = is_closed[self.rules[places]]
        return ObjectionsOfBlock(rows[own], self.rules[places[own]], self.kinds[places[own]])


class ObjectionsOfBlock(NamedTuple):
    """Rows of servers, numbers of closed rules, and what speaks for them."""

    rows: Ints
    rules: Ints
    kinds: Ints

    @property
    def codes(self) -> Ints:
        """The codes of their outcomes."""
        return np.array([_code(kind) for kind in range(KINDS)], np.uint8)[self.kinds]


class RuleNumbers:
    """The numbers of rules by what hotfix lists and symptoms can name."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._count = len(rules)
        self._claims: dict[str, list[int]] = {}
        self._names: dict[object, list[int]] = {}
        self._own_names: dict[object, list[int]] = {}
        self._keys: dict[object, list[int]] = {}
        for number, rule in enumerate(rules):
            for claimed in claim_names(rule):
                self._claims.setdefault(claimed, []).append(number)
            for symptom in rule.symptoms:
                bare, *own = symptom_names(rule, symptom)
                self._names.setdefault(bare, []).append(number)
                for name in own:
                    self._own_names.setdefault(name, []).append(number)
                self._keys.setdefault((rule.id, symptom.id), []).append(number)
        self._symptoms = SymptomEvidence(rules)

    def objections(self, hotfixes: Hotfixes, symptoms: SymptomFacts, count: int) -> Objections | None:
        """What the servers of a batch state for rules that may not affect them; None where none does."""
        found = [
            _pairs(hotfixes.listed, self._claims, _CLAIMED),
            _pairs(symptoms.observed, self._names, _OBSERVED),
            _pairs(symptoms.observed, self._own_names, _OBSERVED | _OBSERVED_FOR_RULE),
            _pairs(symptoms.telemetry.seen, self._keys, _OBSERVED),
        ]
        pairs = np.concatenate(
            [(servers * self._count + rules) * KINDS + kind for servers, rules, kind in found]
        )
        pairs.sort(kind="stable")  # nearly sorted, as the servers of each kind ascend
        if not len(pairs):
            return None
        keys = pairs >> _BITS
        firsts = np.flatnonzero(np.diff(keys, prepend=-1))
        kinds = np.bitwise_or.reduceat(pairs & (KINDS - 1), firsts)
        servers = keys[firsts] // self._count
        rules = keys[firsts] - servers * self._count
        kinds |= self._contradicted(symptoms, servers, rules, kinds)
        begins = runs(np.bincount(servers, minlength=count))
        return Objections(begins, rules, kinds)

    def _contradicted(self, symptoms: SymptomFacts, servers: Ints, rules: Ints, kinds: Ints) -> Ints:
        """Whether the symptoms that speak for a rule are also denied."""
        own = np.flatnonzero(kinds & _OBSERVED)
        found = np.zeros(len(kinds), np.int64)
        if len(own) and (len(symptoms.absent.servers) or symptoms.scopes.any()):
            some, rows = np.unique(servers[own], return_inverse=True)
            places = np.full(len(symptoms.scopes), -1)
            places[some] = np.arange(len(some))
            bits = self._symptoms.contradicted(symptoms, places, len(some))
            of_rule = bits[rows, rules[own] // WORD] >> (rules[own] % WORD).astype(np.uint64)
            found[own] = np.where(of_rule & np.uint64(1), _CONTRADICTED, 0)
        return found


def _pairs(statements: Statements, numbers: Mapping[Any, list[int]], kind: int) -> tuple[Ints, Ints, int]:
    """The servers that state something about rules, the rules, and the kind of statement."""
    servers, rules = statements.meaning(numbers.get)
    return servers, rules, kind

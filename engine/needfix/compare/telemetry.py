"""What telemetry shows: events, service states and counters turned into observed symptoms.

The rules' `observe` blocks are compiled into durable-rules networks over tokens. Each distinct
observation is one network rule, however many rules share it, and each network holds so few of
them that the limits of durable-rules are never near. What a fact shows is inferred once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from needfix.compare.tokens import TokenFact, Tokens
from needfix.infer.network import MOST_RULES, Fact, Network, NetworkRule
from needfix.model.rule import CounterSeen, Observation, Rule, scope_of
from needfix.model.server import Server

SymptomKey = tuple[str, str]
"""The id of a rule and the id of one of its symptoms."""


class Telemetry:
    """The observations of a catalogue, compiled."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._shows = _symptoms_by_observation(rules)
        self._tokens = Tokens(self._shows)
        self._known: dict[TokenFact, frozenset[SymptomKey]] = {}
        observations = list(self._shows)
        self._counters = {seen.counter.casefold() for seen in observations if isinstance(seen, CounterSeen)}
        self._parts = [
            _Part(observations[start : start + MOST_RULES], self._tokens)
            for start in range(0, len(observations), MOST_RULES)
        ]

    def observed(self, server: Server) -> frozenset[SymptomKey]:
        """The symptoms that a server's events, services and counters show."""
        if not self._parts or not (server.events or server.services or server.counters):
            return frozenset()
        facts = self._tokens.facts(server)
        new = [fact for fact in facts if fact not in self._known]
        self._known.update({fact: frozenset(self._shown(fact)) for fact in new})
        return frozenset().union(*(self._known[fact] for fact in facts))

    def listens_to(self, scope: str) -> bool:
        """Whether any observation is of events, services or counters."""
        return any(scope_of(observation) == scope for observation in self._shows)

    def knows_counter(self, name: str) -> bool:
        """Whether any observation is of a counter of that name."""
        return name.casefold() in self._counters

    def _shown(self, fact: TokenFact) -> Iterator[SymptomKey]:
        """The symptoms that a fact shows: each observation is of a single one."""
        for part in self._parts:
            for observation in part.seen(dict(fact)):
                yield from self._shows[observation]


class _Part:
    """One network, with the observations that it tells."""

    def __init__(self, observations: Sequence[Observation], tokens: Tokens) -> None:
        self._names = {f"o{number}": seen for number, seen in enumerate(observations)}
        self._patterns = {name: tokens.pattern(seen) for name, seen in self._names.items()}
        self._kinds = frozenset(pattern["kind"] for pattern in self._patterns.values())
        self._network: Network | None = None

    def seen(self, fact: Fact) -> Iterator[Observation]:
        """The observations that a fact shows."""
        if fact["kind"] in self._kinds:
            yield from (self._names[name] for name in self._own_network().run([fact]))

    def _own_network(self) -> Network:
        if self._network is None:
            self._network = Network([NetworkRule(name, when) for name, when in self._patterns.items()])
        return self._network


def _symptoms_by_observation(rules: Iterable[Rule]) -> dict[Observation, list[SymptomKey]]:
    shows: dict[Observation, list[SymptomKey]] = {}
    for rule in rules:
        for symptom in rule.symptoms:
            for observation in symptom.observe:
                shows.setdefault(observation, []).append((rule.id, symptom.id))
    return shows

"""What telemetry shows: events, service states and counters turned into observed symptoms.

The rules' `observe` blocks are compiled into durable-rules networks over tokens. Each distinct
observation is one network rule, however many rules share it, and each network holds so few of
them that the limits of durable-rules are never near.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from needfix.decide.network import MOST_RULES, Fact, Network, NetworkRule
from needfix.decide.tokens import Tokens
from needfix.model.rule import Observation, Rule
from needfix.model.server import Server

SymptomKey = tuple[str, str]
"""The id of a rule and the id of one of its symptoms."""

_MOST_FACTS = 64
"""Facts in one run of a network; each costs durable-rules 8 KB until the run ends."""


class Telemetry:
    """The observations of a catalogue, compiled."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._shows = _symptoms_by_observation(rules)
        self._tokens = Tokens(self._shows)
        observations = list(self._shows)
        self._parts = [
            _Part(observations[start : start + MOST_RULES], self._tokens)
            for start in range(0, len(observations), MOST_RULES)
        ]

    def observed(self, server: Server) -> frozenset[SymptomKey]:
        """The symptoms that a server's events, services and counters show."""
        if not self._parts or not (server.events or server.services or server.counters):
            return frozenset()
        facts = self._tokens.facts(server)
        seen = {observation for part in self._parts for observation in part.seen(facts)}
        return frozenset(key for observation in seen for key in self._shows[observation])


class _Part:
    """One network, with the observations that it tells."""

    def __init__(self, observations: Sequence[Observation], tokens: Tokens) -> None:
        self._names = {f"o{number}": seen for number, seen in enumerate(observations)}
        self._patterns = {name: tokens.pattern(seen) for name, seen in self._names.items()}
        self._network: Network | None = None

    def seen(self, facts: Sequence[Fact]) -> Iterator[Observation]:
        """The observations that some fact shows."""
        kinds = {pattern["kind"] for pattern in self._patterns.values()}
        own = [fact for fact in facts if fact["kind"] in kinds]
        for start in range(0, len(own), _MOST_FACTS):
            fired = self._own_network().run(own[start : start + _MOST_FACTS])
            yield from {self._names[name] for name in fired}

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

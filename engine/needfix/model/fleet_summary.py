"""What a run over many servers came to, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from needfix.model.decision import ACTIONS, DECISIONS, Action, DecisionKind

MOST_LADEN = 10
"""The servers that a summary names."""

Counts = Mapping[tuple[DecisionKind, Action], int]


class ServerLoad(NamedTuple):
    """A server and how many rules are fix-required on it."""

    server: str
    required: int


@dataclass(frozen=True, slots=True)
class FleetSummary:
    """Counts by rule, decision and action, and the servers with most to do, the most laden first.

    `bad_records` were not decided.
    """

    servers: int
    rules: Mapping[str, Counts]
    most_laden: tuple[ServerLoad, ...] = ()
    bad_records: int = 0
    total: Counts = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", _added(*self.rules.values()))

    def __add__(self, other: FleetSummary) -> FleetSummary:
        """Both together, where they are of the same rules and no server is in both."""
        rules = {rule: _added(self.rules.get(rule, {}), own) for rule, own in other.rules.items()}
        laden = sorted([*self.most_laden, *other.most_laden], key=lambda load: (-load.required, load.server))
        return FleetSummary(
            self.servers + other.servers,
            {**self.rules, **rules},
            tuple(laden[:MOST_LADEN]),
            self.bad_records + other.bad_records,
        )

    def decided(self, decision: DecisionKind, rule: str | None = None) -> int:
        """How many decisions are of a kind, of all rules or of one."""
        counts = self.total if rule is None else self.rules[rule]
        return sum(count for (kind, _), count in counts.items() if kind == decision)

    def to_do(self, action: Action, rule: str | None = None) -> int:
        """How many decisions ask for an action, of all rules or of one."""
        counts = self.total if rule is None else self.rules[rule]
        return sum(count for (_, own), count in counts.items() if own == action)

    def rules_by_need(self) -> list[str]:
        """The rules that some server needs, those that most servers need first."""
        needed = {rule: self.decided("fix-required", rule) for rule in self.rules}
        return sorted((rule for rule in needed if needed[rule]), key=lambda rule: (-needed[rule], rule))

    def as_dict(self) -> dict[str, object]:
        """The summary as JSON has it."""
        return {
            "servers": self.servers,
            "decisions": {kind: self.decided(kind) for kind in DECISIONS},
            "actions": {action: self.to_do(action) for action in ACTIONS},
            "bad_records": self.bad_records,
            "rules": [
                {"rule": rule, "decision": decision, "action": action, "servers": count}
                for rule, counts in self.rules.items()
                for (decision, action), count in counts.items()
                if count
            ],
            "most_laden": [load._asdict() for load in self.most_laden],
        }


def _added(*counts: Counts) -> Counts:
    found: dict[tuple[DecisionKind, Action], int] = {}
    for own in counts:
        for outcome, count in own.items():
            found[outcome] = found.get(outcome, 0) + count
    return found

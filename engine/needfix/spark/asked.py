"""What a user asks of a run: which decisions, of which rules and which servers."""

from __future__ import annotations

from dataclasses import dataclass

from needfix.fleet.engine import FleetEngine
from needfix.fleet.rows import wanted
from needfix.fleet.run import Run
from needfix.model.decision import DECISIONS, DecisionKind


@dataclass(frozen=True, slots=True)
class SparkRequest:
    """Decisions of these kinds, of these rules and of servers that match a pattern; None means all.

    With `keep_going` bad records do not keep the good ones from being decided.
    """

    only: tuple[DecisionKind, ...] = DECISIONS
    rules: tuple[str, ...] | None = None
    servers: tuple[str, ...] | None = None
    keep_going: bool = False

    def run(self, engine: FleetEngine) -> Run:
        """A run that hands on just these."""
        return Run(engine, wanted(engine.ids, self.only, self.rules), self.servers)

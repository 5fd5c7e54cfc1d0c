"""What every report format renders: the decisions of one server after the other, then a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from needfix.model.decision import ACTIONS, DECISIONS, Decision
from needfix.report.style import Style


@dataclass(slots=True)
class Summary:
    """Counts over all servers, whether or not the report shows them."""

    servers: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    bad_records: int = 0

    def add(self, decisions: Sequence[Decision]) -> None:
        """Count the decisions of one more server."""
        self.servers += 1
        self.decisions.update(decision.decision for decision in decisions)
        self.actions.update(decision.action for decision in decisions)

    def as_dict(self) -> dict[str, object]:
        """The summary as JSON has it."""
        return {
            "servers": self.servers,
            "decisions": {kind: self.decisions[kind] for kind in DECISIONS},
            "actions": {action: self.actions[action] for action in ACTIONS},
            "bad_records": self.bad_records,
        }


class Report(Protocol):
    """A report in some format, written as the decisions come."""

    def begin(self) -> None:
        """Write what stands before the first decision."""

    def server(self, decisions: Sequence[Decision]) -> None:
        """Write the chosen decisions of one server, of which there is at least one."""

    def end(self, summary: Summary) -> None:
        """Write what stands behind the last decision."""


@dataclass(frozen=True, slots=True)
class View:
    """How a report is to look; formats for programs pay no heed to it.

    `titles` has the titles of rules by their ids. With `whole` every decision is shown in full.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    style: Style = field(default_factory=Style)
    whole: bool = False

"""What is asked of a run: which inventories, which decisions of them, and what to do with bad records."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

from needfix.model.decision import ACTIONS, DECISIONS, Action, Decision, DecisionKind
from needfix.model.server import is_called


class Selection(NamedTuple):
    """Which decisions are wanted. `rules` and `servers` None mean all of them.

    Servers and rules that are not wanted are not counted either; decisions and actions only choose what
    is shown. `servers` are names or patterns with `*` and `?`, whose case does not matter.
    """

    rules: tuple[str, ...] | None = None
    servers: tuple[str, ...] | None = None
    decisions: tuple[DecisionKind, ...] = DECISIONS
    actions: tuple[Action, ...] = ACTIONS

    def has_rule(self, rule_id: str) -> bool:
        """Whether a rule, by its id as the catalogue has it, is wanted."""
        return self.rules is None or rule_id in self.rules

    def has_server(self, name: str) -> bool:
        """Whether a server is wanted."""
        return self.servers is None or any(is_called(name, pattern) for pattern in self.servers)

    @property
    def shows_all(self) -> bool:
        """Whether every decision of a wanted rule is to be shown."""
        return self.decisions == DECISIONS and self.actions == ACTIONS

    def shows(self, decision: Decision) -> bool:
        """Whether a decision of a wanted rule is to be shown."""
        return decision.decision in self.decisions and decision.action in self.actions


class RunRequest(NamedTuple):
    """A run: `inventories` are files, folders or patterns, `-` is standard input, read from `stdin` if given.

    Bad records end a run with nothing handed on; with `keep_going` the good records are decided.
    """

    inventories: tuple[str, ...]
    selection: Selection = Selection()
    keep_going: bool = False
    stdin: BinaryIO | None = None

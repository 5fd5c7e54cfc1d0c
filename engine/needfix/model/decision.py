"""Decisions: the answer for one server and one rule, with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

DecisionKind = Literal["fix-required", "fix-present", "not-affected", "undetermined"]
Action = Literal[
    "apply", "confirm-symptoms", "wait", "upgrade-first", "restart", "investigate", "none"
]
DECISIONS: tuple[DecisionKind, ...] = get_args(DecisionKind)
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code for programs, a sentence for people, and the values that were compared."""

    code: str
    text: str
    file: str | None = None
    path: str | None = None
    observed: str | None = None
    expected: str | None = None

    def as_dict(self) -> dict[str, str]:
        """The reason as JSON has it: without the fields that say nothing."""
        pairs = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in pairs if value is not None}


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one server and one rule.

    Its reasons are written when they are first asked for: most decisions of a large run are
    only counted.
    """

    server: str
    rule: str
    decision: DecisionKind
    action: Action
    _explain: Callable[[str], tuple[Reason, ...]] = field(repr=False, compare=False)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The facts that led to the decision, the deciding ones first."""
        return self._explain(self.rule)

    def as_dict(self) -> dict[str, object]:
        """The decision as `--format jsonl` writes it."""
        return {
            "server": self.server,
            "rule": self.rule,
            "decision": self.decision,
            "action": self.action,
            "reasons": [reason.as_dict() for reason in self.reasons],
        }

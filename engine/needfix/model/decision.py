"""Decisions: the answer for one server and one rule, with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

DecisionKind = Literal["fix-required", "fix-present", "not-affected", "undetermined"]
Action = Literal["apply", "confirm-symptoms", "wait", "upgrade-first", "restart", "investigate", "none"]
DECISIONS: tuple[DecisionKind, ...] = get_args(DecisionKind)
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a decision was made: a code for programs, a sentence for people, and the values that were compared.

    `code` is a key of `REASON_CODES`. `file` and `path` name the copy of a file that the reason is about.
    `observed` is the server's value and `expected` the rule's, as texts; None where nothing was compared.
    """

    code: str
    text: str
    file: str | None = None
    path: str | None = None
    observed: str | None = None
    expected: str | None = None

    def as_dict(self) -> dict[str, str]:
        """The reason as in JSON, without the fields that are None."""
        pairs = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in pairs if value is not None}


class Decision(NamedTuple):
    """The answer for one server and one rule. Equal if server, rule, decision and action are equal.

    `rule` is the rule's id. `collected` is when the facts were collected, as the inventory writes it.
    `why` returns the reasons for a rule id, and is called only when `reasons` is accessed: most
    decisions of a large run are only counted.
    """

    server: str
    rule: str
    decision: DecisionKind
    action: Action
    why: Callable[[str], tuple[Reason, ...]]
    collected: str | None = None

    def __eq__(self, other: object) -> bool:
        return self[:4] == other[:4] if isinstance(other, Decision) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:4])

    def __reduce__(self) -> tuple[object, ...]:
        # Pickles the reasons, not the catalogue and the server from which they come.
        return _restored, (self[:4], self.reasons, self.collected)

    def __repr__(self) -> str:
        return f"Decision({self.server!r}, {self.rule!r}, {self.decision!r}, {self.action!r})"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The facts that led to the decision, the deciding ones first."""
        return self.why(self.rule)

    def as_dict(self) -> dict[str, object]:
        """The decision as `--format jsonl` writes it, with its reasons as dictionaries."""
        return {
            "server": self.server,
            "collected": self.collected,
            "rule": self.rule,
            "decision": self.decision,
            "action": self.action,
            "reasons": [reason.as_dict() for reason in self.reasons],
        }


def _restored(
    answer: tuple[str, str, DecisionKind, Action], reasons: tuple[Reason, ...], collected: str | None
) -> Decision:
    return Decision(*answer, lambda _: reasons, collected)

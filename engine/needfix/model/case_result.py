"""The results of the cases of rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from needfix.errors import Position
from needfix.model.decision import Action, DecisionKind, Reason

Status = Literal["pass", "fail", "error", "skipped"]
"""`error`: the case could not be decided; `skipped`: the case has the key `skip`."""

STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a case expects of a rule; action and reason codes only if it states them."""

    decision: DecisionKind
    action: Action | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """What the engine decided for a case."""

    decision: DecisionKind
    action: Action
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The result of one case and one rule: what was expected and decided, and `why` it failed, in sentences.

    `why` is empty for a case that passes. `review` is what a person must check in the case.
    """

    rule: str
    case: str
    at: Position
    status: Status
    expected: Expectation
    answer: CaseDecision | None = None
    why: tuple[str, ...] = ()
    review: str | None = None
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """Rule and case, as `--run` matches them."""
        return f"{self.rule}: {self.case}"

"""What came of the cases of rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from needfix.errors import Position
from needfix.model.decision import Action, DecisionKind, Reason

Status = Literal["pass", "fail", "error", "skipped"]
"""`error`: the case could not be decided; `skipped`: it says itself that it does not run for now."""

STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a case expects of a rule: action and reason codes only where it names them."""

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
    """One case and one rule: what was expected, what was decided, and `why` in sentences.

    `why` is empty for a case that passes. `review` is what a person has to look at in the case.
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
        """Rule and case, as `--run` looks at them."""
        return f"{self.rule}: {self.case}"

"""What the cases of a rule notice when the rule is changed in a small way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from needfix.errors import Position
from needfix.model.decision import Action, DecisionKind

Fate = Literal["noticed", "survived", "alike"]
"""`alike`: no server that needfix can think of is decided otherwise, so that no case can notice it."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A server that the rule and a mutant of it decide differently: the case that is missing.

    `lines` are that case in YAML, as it can stand in the rule.
    """

    name: str
    given: Mapping[str, object]
    decision: DecisionKind
    action: Action
    otherwise: DecisionKind
    other_action: Action
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MutantResult:
    """One changed rule: what was changed and where, and the case that notices it, if any does."""

    rule: str
    at: Position
    change: str
    fate: Fate
    case: str | None = None
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Mutation:
    """The mutants of all rules under test."""

    mutants: tuple[MutantResult, ...]

    @property
    def score(self) -> float:
        """How many of the mutants that can be noticed are, from 0 to 100."""
        noticed, survived = self.count("noticed"), self.count("survived")
        return 100 * noticed / (noticed + survived) if noticed + survived else 100.0

    def count(self, fate: Fate) -> int:
        """How many mutants came to that."""
        return sum(mutant.fate == fate for mutant in self.mutants)

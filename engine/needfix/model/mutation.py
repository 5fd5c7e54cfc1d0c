"""What the cases of a rule notice when the rule is changed in a small way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from needfix.errors import Position
from needfix.model.decision import Action, DecisionKind

Fate = Literal["noticed", "survived", "not-distinguished", "accepted"]
"""`survived`: a server is known that shows the difference, and no case has it. `not-distinguished`: no
generated server shows a difference, which proves nothing. `accepted`: not distinguished either, and the
rule names the change with a reason."""


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
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IdleAcceptance:
    """A change that a rule accepts for nothing: there is no such mutant, or a server distinguishes it."""

    rule: str
    at: Position
    change: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """The mutants of all rules under test."""

    mutants: tuple[MutantResult, ...]
    idle: tuple[IdleAcceptance, ...] = ()

    @property
    def score(self) -> float:
        """How many of the mutants that count are detected, from 0 to 100."""
        return 100 * self.count("noticed") / self.counted if self.counted else 100.0

    @property
    def counted(self) -> int:
        """How many mutants count: all but those that rules accept with a reason."""
        return len(self.mutants) - self.count("accepted")

    def count(self, fate: Fate) -> int:
        """How many mutants came to that."""
        return sum(mutant.fate == fate for mutant in self.mutants)

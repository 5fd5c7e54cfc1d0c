"""Mutation testing: the small changes of a rule that its cases detect."""

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
    """A server that the rule and its mutant decide differently: the missing case.

    `lines` are that case in YAML, ready to add to the rule.
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
    """One changed rule: what was changed and where, and the case that detects it, if any."""

    rule: str
    at: Position
    change: str
    fate: Fate
    case: str | None = None
    witness: Witness | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IdleAcceptance:
    """An accepted change without effect: there is no such mutant, or a server distinguishes it."""

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
        """The percentage of counted mutants that are detected, from 0 to 100."""
        return 100 * self.count("noticed") / self.counted if self.counted else 100.0

    @property
    def counted(self) -> int:
        """The number of mutants that count: all except those that rules accept with a reason."""
        return len(self.mutants) - self.count("accepted")

    def count(self, fate: Fate) -> int:
        """The number of mutants with this fate."""
        return sum(mutant.fate == fate for mutant in self.mutants)

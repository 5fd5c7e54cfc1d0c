"""The parts of a rule that its cases reach, and those that they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from needfix.errors import Position

TargetKind = Literal["decision", "level", "branch", "file", "boundary", "symptom"]
TARGET_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)


@dataclass(frozen=True, slots=True)
class Target:
    """One part of a rule that a case can reach, and its place `at` in the rule."""

    kind: TargetKind
    what: str
    at: Position
    reached: bool


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """All targets of one rule; `is_bare` where it has no case that runs."""

    rule: str
    at: Position
    targets: tuple[Target, ...]
    is_bare: bool = False

    @property
    def missing(self) -> tuple[Target, ...]:
        """The targets that no case reaches."""
        return tuple(target for target in self.targets if not target.reached)

    def of(self, kind: TargetKind) -> tuple[int, int]:
        """The number of targets of a kind that are reached, and of all of that kind."""
        own = [target.reached for target in self.targets if target.kind == kind]
        return sum(own), len(own)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of all rules under test."""

    rules: tuple[RuleCoverage, ...]

    @property
    def percent(self) -> float:
        """The percentage of all targets that are reached, from 0 to 100."""
        reached = [target.reached for rule in self.rules for target in rule.targets]
        return 100 * sum(reached) / len(reached) if reached else 100.0

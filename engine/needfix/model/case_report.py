"""The report of a run of `needfix test`: results, coverage, mutation and written cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from needfix.errors import Position
from needfix.model.case_result import STATUSES, CaseResult, Status
from needfix.model.coverage import Coverage
from needfix.model.mutation import Mutation


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A boundary of a rule, in words, that no server can reach, and the reason."""

    at: Position
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class WrittenCases:
    """The number of cases that were written to a rule, and the boundaries for which there is none."""

    at: Position
    rule: str
    cases: int
    unreachable: tuple[Unreachable, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseReport:
    """The results of a run in the order of files and lines, and what else was requested."""

    rules: int
    results: tuple[CaseResult, ...]
    coverage: Coverage | None = None
    mutation: Mutation | None = None
    written: tuple[WrittenCases, ...] = ()

    def counts(self) -> dict[Status, int]:
        """The number of cases of each status."""
        counted = Counter(result.status for result in self.results)
        return {status: counted[status] for status in STATUSES}

    @property
    def percentages(self) -> tuple[float, ...]:
        """The percentages that `--fail-under` checks."""
        coverage = () if self.coverage is None else (self.coverage.percent,)
        return coverage if self.mutation is None else (*coverage, self.mutation.score)

    @property
    def awaiting_review(self) -> int:
        """The number of cases that a person must check."""
        return sum(result.review is not None for result in self.results)

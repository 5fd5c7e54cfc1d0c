"""Bad records of inventories: told as they are met, and counted."""

from __future__ import annotations

from needfix.cli.messages import complain, state_problems
from needfix.errors import Problem
from needfix.report.words import plural

_MOST_TOLD = 100


class BadRecords:
    """Takes the problems of a run; `count` says how many there were."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, problem: Problem) -> None:
        """Tell a problem, unless very many have been told already."""
        self.count += 1
        if self.count <= _MOST_TOLD:
            state_problems([problem])

    def conclude(self, *, kept_going: bool) -> None:
        """Say how many there were, and what became of the other records."""
        concluded(self.count, min(self.count, _MOST_TOLD), kept_going=kept_going)


def concluded(count: int, told: int, *, kept_going: bool) -> None:
    """Say how many problems there were beside those told, and what became of the other records."""
    if count > told:
        complain(f"… and {count - told} more")
    rest = (
        "the other records were decided"
        if kept_going
        else "nothing was written; --keep-going decides the other records"
    )
    complain(f"{plural(count, 'problem')} in the inventories; {rest}")

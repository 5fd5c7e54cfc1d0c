"""Bad records of inventories: told as they are met, and counted."""

from __future__ import annotations

import sys

from needfix.errors import Problem
from needfix.intake.limits import PROBLEMS
from needfix.report.words import plural


class BadRecords:
    """Takes the problems of a run; `count` says how many there were."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, problem: Problem) -> None:
        """Tell a problem, unless very many have been told already."""
        self.count += 1
        if self.count <= PROBLEMS:
            sys.stderr.write(f"{problem}\n")

    def conclude(self, *, kept_going: bool) -> None:
        """Say how many there were, and what became of the other records."""
        concluded(self.count, min(self.count, PROBLEMS), kept_going=kept_going)


def concluded(count: int, told: int, *, kept_going: bool) -> None:
    """Say how many problems there were beside those told, and what became of the other records."""
    if count > told:
        sys.stderr.write(f"needfix: … and {count - told} more\n")
    rest = (
        "the other records were decided"
        if kept_going
        else "nothing was written; --keep-going decides the other records"
    )
    sys.stderr.write(f"needfix: {plural(count, 'problem')} in the inventories; {rest}\n")

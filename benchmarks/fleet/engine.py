"""What every engine of the comparison offers, and the form of its answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from benchmarks.sample import Rule, Version

DECISIONS = ("not-affected", "fix-present", "fix-required")
NOT_AFFECTED, FIX_PRESENT, FIX_REQUIRED = range(len(DECISIONS))

Counts = tuple[tuple[int, int, int], ...]
"""For every rule how many servers got each of DECISIONS."""
Matrix = list[bytes]
"""For every server, in order, the place in DECISIONS of each rule's decision."""
Data = TypeVar("Data")


class Unavailable(Exception):  # noqa: N818 - not an error: the engine is left out, and the table says why
    """An engine cannot run here."""


@dataclass(frozen=True, slots=True)
class Most:
    """How much of a task an engine is given, so that a slow one ends in time."""

    servers: int = 10_000_000
    rules: int = 10_000


class Engine(ABC, Generic[Data]):
    """One way to decide a fleet: made of rules, it reads servers and counts decisions."""

    title: ClassVar[str]
    reads: ClassVar[str]
    most: ClassVar[Most] = Most()

    @abstractmethod
    def __init__(self, rules: Sequence[Rule]) -> None:
        """Prepare the rules."""

    @abstractmethod
    def load(self, fleet: Path) -> Data:
        """Read a fleet into memory, as this engine likes it best, and decide nothing."""

    @abstractmethod
    def counts(self, data: Data) -> Counts:
        """Decide every server and rule, and count."""

    @abstractmethod
    def matrix(self, data: Data) -> Matrix:
        """Decide every server and rule, and keep each decision."""

    def run(self, fleet: Path) -> Counts:
        """Read, decide and count."""
        return self.counts(self.load(fleet))


def counted(rows: Iterable[bytes], rules: int) -> Counts:
    """The counts of decisions that come server by server."""
    joined = b"".join(rows)
    by_rule = (joined[rule::rules] for rule in range(rules))
    return tuple(
        (row.count(NOT_AFFECTED), row.count(FIX_PRESENT), row.count(FIX_REQUIRED)) for row in by_rule
    )


def key(version: Version) -> int:
    """A version as one number with the same order."""
    first, second, build, revision = version
    return ((first << 16 | second) << 16 | build) << 16 | revision

"""Whether one rule's fix contains another's, by the minima of their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from needfix.catalogue.minimum_sides import is_within, target_of
from needfix.containment.branches import Branch, BranchKey, Products, branches_of, implies
from needfix.model.minimum import Minimum
from needfix.model.rule import Rule


@dataclass(frozen=True, slots=True)
class Gap:
    """What the newer fix lacks: every branch for `branch`, or the file of `minimum`.

    Without a branch the older rule compares no file at all.
    """

    branch: BranchKey | None = None
    minimum: Minimum | None = None
    there: Minimum | None = None


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of both fixes with its minima, as the rules write them."""

    name: str
    older: str
    newer: str

    @property
    def is_raised(self) -> bool:
        """Whether the newer fix needs more."""
        return self.older != self.newer


def gap(newer: Rule, older: Rule, products: Products) -> Gap | None:
    """The first thing that the newer fix lacks; None where it contains the older one."""
    return gap_between(branches_of(newer, products), branches_of(older, products))


def gap_between(newer: Sequence[Branch], older: Sequence[Branch]) -> Gap | None:
    """The same for branches. Every one that a server of the older branch can be of must contain it."""
    if not older:
        return Gap()
    for branch in older:
        facing = [one for one in newer if one.key.meets(branch.key)]
        if not facing:
            return Gap(branch.key)
        for one in facing:
            if (lacking := _lacking(one, branch)) is not None:
                return lacking
    return None


def shared_files(newer: Sequence[Branch], older: Sequence[Branch]) -> tuple[SharedFile, ...]:
    """The files that show that the newer branches contain the older ones, each once."""
    return tuple(dict.fromkeys(_shared(newer, older)))


def _shared(newer: Sequence[Branch], older: Sequence[Branch]) -> Iterator[SharedFile]:
    for branch in older:
        for one in filter(lambda other: other.key.meets(branch.key), newer):
            for name, minima in branch.minima.items():
                for minimum in minima:
                    there = next(m for m in one.minima[name] if _reaches(m, minimum))
                    yield SharedFile(minimum.label, minimum.text, there.text)


def _lacking(newer: Branch, older: Branch) -> Gap | None:
    for name, minima in older.minima.items():
        there = newer.minima.get(name, ())
        for minimum in minima:
            if not any(_reaches(one, minimum) for one in there):
                return Gap(older.key, minimum, there[0] if there else None)
    return None


def _reaches(there: Minimum, minimum: Minimum) -> bool:
    if minimum.registry is not None:
        return implies(there, minimum)
    own, other = target_of(there), target_of(minimum)
    if own is not None and other is not None:
        return is_within(own, other)
    if there.modified is not None and minimum.modified is not None:
        return there.modified.reaches(minimum.modified) is True
    return False

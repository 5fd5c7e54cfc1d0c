"""Which fixes contain which others over a whole catalogue, without comparing pairs.

A set is a number with a bit for each member, so that one operation treats every rule at once. It
says what `contains.gap_between` says of a pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from itertools import compress
from operator import or_
from typing import TypeVar

from packaging.version import Version

from needfix.catalogue.minimum_sides import Target, is_within, target_of
from needfix.containment.branches import Branch, BranchKey, FileKey, implies
from needfix.model.minimum import Minimum
from needfix.versions import Level

T = TypeVar("T", Version, datetime)
_Numbered = Sequence[tuple[int, Branch]]


def containing(rules: Sequence[Sequence[Branch]]) -> list[int]:
    """For each rule, given as its branches, the set of the other rules whose fixes contain its own."""
    count = len(rules)
    # The nth branches of all rules lie in one row, so that rows put together are a set of rules.
    numbered = [
        (1 << (row * count + number), branch)
        for number, own in enumerate(rules)
        for row, branch in enumerate(own)
    ]
    facing, reaching = _Facing(numbered), _Reaching(numbered)

    def contain(own: Sequence[Branch]) -> int:
        found = (1 << count) - 1 if own else 0
        for branch in own:
            faced = facing.of(branch.key)
            found &= _rules(faced, count) & ~_rules(faced & ~reaching.of(branch), count)
        return found

    return [contain(own) & ~(1 << number) for number, own in enumerate(rules)]


def transposed(sets: Sequence[int]) -> list[int]:
    """For each number the set of those whose sets have it."""
    count = len(sets)
    rows = [f"{members:0{count}b}" for members in reversed(sets)]
    return [int("".join(column), 2) for column in zip(*rows, strict=True)][::-1]


def members(of: int) -> Iterator[int]:
    """The numbers in a set, in order."""
    return compress(range(of.bit_length()), map(int, reversed(f"{of:b}")))


def _rules(branches: int, count: int) -> int:
    rules = 0
    while branches:
        rules |= branches & ((1 << count) - 1)
        branches >>= count
    return rules


class _Facing:
    """Which branches a server can be of beside another one: BranchKey.meets, for all at once."""

    def __init__(self, numbered: _Numbered) -> None:
        self._all: defaultdict[tuple[str, bool], int] = defaultdict(int)
        self._levels: defaultdict[tuple[str, bool, Level | None], int] = defaultdict(int)
        self._stated: defaultdict[tuple[str, str | None], int] = defaultdict(int)
        self._keys: defaultdict[str, defaultdict[BranchKey, int]] = defaultdict(lambda: defaultdict(int))
        for bit, branch in numbered:
            self._add(branch.key, bit)
        self._conditioned = {
            product: {key: bits for key, bits in keys.items() if not key.conditions.is_empty}
            for product, keys in self._keys.items()
        }

    def _add(self, key: BranchKey, bit: int) -> None:
        self._all[key.product, key.is_separate] |= bit
        for level in (None,) if key.levels is None else key.levels:
            self._levels[key.product, key.is_separate, level] |= bit
        for name, value in _stated(key):
            self._stated[name, value] |= bit
        self._keys[key.product][key] |= bit

    def of(self, key: BranchKey) -> int:
        """The branches that meet one with this key."""
        found = self._of_levels(key)
        for name, value in _stated(key):
            if value is not None:
                found &= self._stated[name, None] | self._stated[name, value]
        others = (self._conditioned if key.conditions.is_empty else self._keys)[key.product]
        for other, bits in others.items():
            if found & bits and not key.can_be_beside(other):
                found &= ~bits
        return found

    def _of_levels(self, key: BranchKey) -> int:
        if key.levels is None:
            return self._all[key.product, key.is_separate]
        found = 0
        for level in (None, *key.levels):
            found |= self._levels[key.product, key.is_separate, level]
        return found


def _stated(key: BranchKey) -> tuple[tuple[str, str | None], ...]:
    return ("edition", key.edition), ("platform", key.platform), ("language", key.language)


class _Reaching:
    """Which branches have all files of another one at minima as high or higher."""

    def __init__(self, numbered: _Numbered) -> None:
        self._versions = _at_least(numbered, lambda minimum: minimum.version)
        self._times = _at_least(numbered, _time)
        self._targets = _by_target(numbered)
        self._known: dict[tuple[FileKey, Target], int] = {}
        self._values = _by_value(numbered)

    def of(self, branch: Branch) -> int:
        """The branches that have all that this one has."""
        found = -1
        for name, minima in branch.minima.items():
            for minimum in minima:
                found &= self._of_minimum(name, minimum)
        return found

    def _of_minimum(self, name: FileKey, minimum: Minimum) -> int:
        if minimum.registry is not None:
            having = (bits for other, bits in self._values[name].items() if implies(other, minimum))
            return reduce(or_, having, 0)
        target = target_of(minimum)
        if target is not None and (name in self._targets or not isinstance(target, Version)):
            return self._within(name, target)
        if minimum.version is not None:
            return self._versions[name, minimum.version]
        time = _time(minimum)
        return self._times[name, time] if time is not None else 0

    def _within(self, name: FileKey, target: Target) -> int:
        """The same where a higher version need not be better: each pair is looked at once."""
        if (name, target) not in self._known:
            having = (bits for other, bits in self._targets[name].items() if is_within(other, target))
            self._known[name, target] = reduce(or_, having, 0)
        return self._known[name, target]


def _by_value(numbered: _Numbered) -> dict[FileKey, dict[Minimum, int]]:
    """For each value of the registry the branches that ask the same of it."""
    found: defaultdict[FileKey, defaultdict[Minimum, int]] = defaultdict(lambda: defaultdict(int))
    for bit, branch in numbered:
        for name, minima in branch.minima.items():
            for minimum in (one for one in minima if one.registry is not None):
                found[name][minimum] |= bit
    return {name: dict(values) for name, values in found.items()}


def _by_target(numbered: _Numbered) -> dict[FileKey, dict[Target, int]]:
    """For each file with a minimum in lines, or above a version, the branches that have each minimum."""
    found: defaultdict[FileKey, defaultdict[Target, int]] = defaultdict(lambda: defaultdict(int))
    for bit, branch in numbered:
        for name, minima in branch.minima.items():
            for target in map(target_of, minima):
                if target is not None:
                    found[name][target] |= bit
    return {
        name: dict(targets)
        for name, targets in found.items()
        if any(not isinstance(one, Version) for one in targets)
    }


def _time(minimum: Minimum) -> datetime | None:
    return minimum.modified.first if minimum.modified is not None else None


def _at_least(numbered: _Numbered, value_of: Callable[[Minimum], T | None]) -> dict[tuple[FileKey, T], int]:
    """For each value that a file has anywhere, the branches that have it at that value or a higher one."""
    having: defaultdict[FileKey, defaultdict[T, int]] = defaultdict(lambda: defaultdict(int))
    for bit, branch in numbered:
        for name, minima in branch.minima.items():
            for value in filter(None, map(value_of, minima)):
                having[name][value] |= bit
    found = {}
    for name, values in having.items():
        reached = 0
        for value in sorted(values, reverse=True):
            reached |= values[value]
            found[name, value] = reached
    return found

"""Product definitions: what products are called, their levels and the builds of those."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from packaging.version import Version

from needfix.errors import Position
from needfix.model.names import same_edition
from needfix.versions import Level, LevelText, parse_version, read_level

Place = Literal["older", "within", "newer", "unreadable"]


class LevelDefinition(NamedTuple):
    """A level and the first build that it was released with, where that is known.

    `also` are other labels of it, as the product shows them: 5.0 for Windows 2000.
    """

    level: Level
    build: Version | None = None
    also: tuple[Level, ...] = ()

    @property
    def keys(self) -> frozenset[Version]:
        """What the level is found by."""
        return frozenset({self.level.key, *(label.key for label in self.also)})


@dataclass(frozen=True, slots=True)
class ProductDefinition:
    """A product. `levels` are in ascending order, and so are the builds that are known.

    `shorthand` is the version that a service pack written without one belongs to.
    `separate_editions` are editions with files of their own: what is said of the product without
    an edition does not concern them. `places` tells where in the file its keys' values stand.
    """

    product: str
    name: str
    levels: tuple[LevelDefinition, ...]
    aliases: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    separate_editions: tuple[str, ...] = ()
    key_files: tuple[str, ...] = ()
    shorthand: str | None = None
    at: Position | None = None
    places: Mapping[tuple[str | int, ...], Position] = field(default_factory=dict, compare=False, repr=False)

    def find(self, said: LevelText, version: str | None = None) -> tuple[Level, ...]:
        """Every level of the product that `said` can mean.

        A bare service pack belongs to `version` where that is given. Else it is looked for in the
        version of `shorthand`, then in all versions, so that more than one answer means that the
        text is ambiguous.
        """
        if said.version or version:
            return self._among([said.version or version or ""], said)
        if self.shorthand and (found := self._among([self.shorthand], said)):
            return found
        return self._among(self.versions, said)

    def candidates(self, said: LevelText) -> tuple[Level, ...]:
        """Every level that an inventory's text can mean, without the rule author's shorthand."""
        return self._among(self.versions if said.version is None else [said.version], said)

    @property
    def versions(self) -> list[str]:
        """The versions that the product's levels belong to, in order."""
        return list(dict.fromkeys(entry.level.version for entry in self.levels))

    def _among(self, versions: list[str], said: LevelText) -> tuple[Level, ...]:
        wanted = {said.of_version(version).key for version in versions}
        return tuple(entry.level for entry in self.levels if not wanted.isdisjoint(entry.keys))

    def is_separate(self, edition: str | None) -> bool:
        """Whether an edition has files of its own."""
        return edition is not None and any(same_edition(edition, own) for own in self.separate_editions)

    def read(self, text: str) -> Level | None:
        """The one level of the product that a text means; None where there is none or several."""
        said = read_level(text)
        found = self.find(said) if said else ()
        return found[0] if len(found) == 1 else None

    def between(self, first: Level, last: Level) -> tuple[Level, ...]:
        """The levels from `first` to `last`, both included."""
        return tuple(entry.level for entry in self.levels if first <= entry.level <= last)

    def place(self, build: str, level: Level) -> Place:
        """Where a build lies, seen from a level: before it, in it, behind it, or unreadable."""
        levels = self.levels_of_build(build)
        if level in levels:
            return "within"
        if levels:
            return "older" if levels[-1] < level else "newer"
        version = parse_version(build)
        first = next((entry.build for entry in self.levels if entry.build), None)
        if version is None or first is None:
            return "unreadable"
        return "older" if version < first else "newer"

    def levels_of_build(self, text: str) -> tuple[Level, ...]:
        """The levels that a build can belong to: one where the definition tells it exactly.

        A level's builds run up to the next known build, those of the last level up to the next
        major version. A build without its version (`2653.23`) is compared with the builds'
        tails, which tell nothing where they do not ascend. Nothing is returned where the text is
        unreadable or lies outside all levels.
        """
        version = parse_version(text)
        if version is None:
            return ()
        if truncated := self._starting_with(version.release):
            return truncated
        bare = len(version.release) <= _PARTS_OF_BARE_BUILD and version.release[0] >= _LEAST_BARE_BUILD
        builds = [(i, _tail(e.build) if bare else e.build) for i, e in enumerate(self.levels) if e.build]
        if any(after <= before for (_, before), (_, after) in pairwise(builds)):
            return tuple(entry.level for entry in self.levels)
        return self._run_of(version, builds, bounded=not bare)

    def _starting_with(self, numbers: tuple[int, ...]) -> tuple[Level, ...]:
        """The levels whose builds begin with a build that was written short, such as `5.5`."""
        return tuple(
            entry.level
            for entry in self.levels
            if entry.build
            and len(entry.build.release) > len(numbers)
            and entry.build.release[: len(numbers)] == numbers
        )

    def _run_of(
        self, version: Version, builds: list[tuple[int, Version]], *, bounded: bool
    ) -> tuple[Level, ...]:
        place = bisect_right([build for _, build in builds], version)
        if not builds:
            return tuple(entry.level for entry in self.levels)
        if place == 0:
            return tuple(entry.level for entry in self.levels[: builds[0][0]])
        first, build = builds[place - 1]
        if place == len(builds):
            beyond = bounded and version.release[0] != build.release[0]
            return () if beyond else tuple(entry.level for entry in self.levels[first:])
        return tuple(entry.level for entry in self.levels[first : builds[place][0]])


_PARTS_OF_BARE_BUILD = 2
_LEAST_BARE_BUILD = 100
"""A first number below this is a product's version, from it on a build without its version."""


def _tail(build: Version) -> Version:
    return Version(".".join(map(str, build.release[2:] or build.release)))

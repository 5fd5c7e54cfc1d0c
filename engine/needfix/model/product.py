"""Product definitions: names of products, their levels and builds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple, get_args

from packaging.version import Version

from needfix.errors import Position
from needfix.model.value import ReadOnlyDict, Value
from needfix.versions import Level, LevelName

BuildFactKind = Literal["build", "key_files"]
BUILD_FACT_KINDS: tuple[BuildFactKind, ...] = get_args(BuildFactKind)
"""The facts that can show which build of a product is there."""


class LevelDefinition(NamedTuple):
    """A level and its first build, if known; its builds end before `until`, where that is stated.

    `also` are its other labels, as the product shows them: 5.0 for Windows 2000. `until` is the
    first build that does not belong to it, where that comes before the next level's. `supported_until` is
    the last day on which the vendor supports it. `files` are the first versions of key files that have a
    numbering of their own, by name.
    """

    level: Level
    build: Version | None = None
    also: tuple[Level, ...] = ()
    until: Version | None = None
    released: date | None = None
    supported_until: date | None = None
    files: Mapping[str, Version] = ReadOnlyDict()


@dataclass(frozen=True, slots=True)
class ProductDefinition(Value):
    """A product. `product` is its id. `levels` are in ascending order, and so are the builds that are known.

    `shorthand` is the version that a service pack written without one belongs to.
    `separate_editions` are editions with files of their own: rules for the product without
    an edition do not apply to them. `cumulative`: a fix brings its level along. `stated_without` are
    words of levels that servers leave out; `other_names` are those of products that only look
    like this one. `shows_updates` are the facts that change with every update. `free_builds`: its
    builds are no versions of Windows. `levels_of_key_files` are the levels of those key files that not
    every level has, by their names casefolded; no decision depends on them. `places` are the
    positions of its values in the file.
    """

    product: str
    name: str
    levels: tuple[LevelDefinition, ...]
    aliases: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    separate_editions: tuple[str, ...] = ()
    key_files: tuple[str, ...] = ()
    levels_of_key_files: Mapping[str, frozenset[Level]] = ReadOnlyDict()
    shorthand: str | None = None
    cumulative: bool = False
    stated_without: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    shows_updates: tuple[BuildFactKind, ...] = BUILD_FACT_KINDS
    free_builds: bool = False
    at: Position | None = field(default=None, compare=False, repr=False)
    places: Mapping[tuple[str | int, ...], Position] = field(
        default_factory=ReadOnlyDict, compare=False, repr=False
    )

    numberings: Mapping[str, ProductDefinition] = field(
        default_factory=ReadOnlyDict, init=False, compare=False, repr=False
    )
    labels: Mapping[LevelName, tuple[Level, ...]] = field(
        default_factory=ReadOnlyDict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        """Place the levels in their order, and list their labels and the key files with an own numbering."""
        placed = tuple(
            entry if entry.level.place == place else entry._replace(level=replace(entry.level, place=place))
            for place, entry in enumerate(self.levels)
        )
        object.__setattr__(self, "levels", placed)
        labels: dict[LevelName, tuple[Level, ...]] = {}
        for entry in placed:
            for label in (entry.level, *entry.also):
                labels[label.name] = (*labels.get(label.name, ()), entry.level)
        object.__setattr__(self, "labels", ReadOnlyDict(labels))
        names = dict.fromkeys(name.casefold() for entry in placed for name in entry.files)
        own = {name: replace(self, levels=_numbered_as(name, placed)) for name in names}
        object.__setattr__(self, "numberings", ReadOnlyDict(own))

    def key_files_at(self, levels: Collection[Level]) -> tuple[str, ...]:
        """The key files that one of these levels has; all of them where no level is known."""
        having = self.levels_of_key_files
        return tuple(
            name
            for name in self.key_files
            if not levels or not having.get(name.casefold(), frozenset(levels)).isdisjoint(levels)
        )

    def numbered_as(self, file: str) -> ProductDefinition:
        """The definition with the versions of a key file in place of the builds, where it lists them."""
        return self.numberings.get(file.casefold(), self)

    @property
    def versions(self) -> list[str]:
        """The versions that the product's levels belong to, in order."""
        return list(dict.fromkeys(entry.level.version for entry in self.levels))


def _numbered_as(file: str, levels: tuple[LevelDefinition, ...]) -> tuple[LevelDefinition, ...]:
    return tuple(
        entry._replace(
            build=next((first for name, first in entry.files.items() if name.casefold() == file), None),
            until=None,
            files=ReadOnlyDict(),
        )
        for entry in levels
    )

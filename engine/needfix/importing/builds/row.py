"""A row of a build table, and the columns that it can have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from packaging.version import Version

from needfix.errors import NOWHERE, Position
from needfix.model.decision import Severity
from needfix.versions import Level

COLUMNS: Mapping[str, str] = {
    "product": "the id or the name of the product",
    "level": "the level, with its version: 2019 CU14",
    "build": "the first build of the level, or the build that the update brings it to",
    "update": "the id of the update, which becomes a rule; empty where the row describes the level itself",
    "kb": "the numbers of the update's articles",
    "released": "the day of its release",
    "supported_until": "the last day on which the vendor supports the level",
    "advisories": "the advisories that the update fixes",
    "severity": "critical, important, moderate or low",
    "kind": "security or hotfix",
    "title": "the title of the rule",
    "reference": "an address where the row can be looked up",
}
"""The columns of a table, by key, with what they hold."""

KINDS = ("security", "hotfix")


@dataclass(frozen=True, slots=True)
class BuildRow:
    """What a row states: a level with its first build, or the build to which an update brings a level.

    `build_text` is the build as written, `places` are the positions of the cells that are not empty.
    """

    product: str
    level: Level
    update: str = ""
    build: Version | None = None
    build_text: str = ""
    kb: tuple[str, ...] = ()
    released: date | None = None
    supported_until: date | None = None
    advisories: tuple[str, ...] = ()
    severity: Severity | None = None
    kind: str = ""
    title: str = ""
    reference: str = ""
    at: Position = field(default=NOWHERE, compare=False)
    places: Mapping[str, Position] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> tuple[str, Level, str]:
        """What no two rows may share, unless they state the same."""
        return self.product, self.level, self.update.casefold()

    def place(self, column: str) -> Position:
        """Where a cell stands; the row where the cell is empty."""
        return self.places.get(column, self.at)


def rows_of_levels(rows: Iterable[BuildRow]) -> list[BuildRow]:
    """The rows that describe levels."""
    return [row for row in rows if not row.update]


def rows_by_update(rows: Iterable[BuildRow]) -> dict[str, list[BuildRow]]:
    """The rows of each update, by its id in small letters, in the order of the table."""
    found: dict[str, list[BuildRow]] = {}
    for row in rows:
        if row.update:
            found.setdefault(row.update.casefold(), []).append(row)
    return found

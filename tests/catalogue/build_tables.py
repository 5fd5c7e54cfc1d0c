"""What the build tables of the shipped catalogue say of servers, worked out without the engine.

A server is a level with a build. For each update of its version the table shows by numbers alone whether
the build has it, lacks it, or lacks it at a level that has to be left first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tests.support import ROOT

Numbers = tuple[int, ...]
Verdict = tuple[str, str | None]
"""A decision, and the action where the table shows it."""

NEEDED: Verdict = ("fix-required", "apply")
TOO_OLD: Verdict = ("fix-required", "upgrade-first")
THERE: Verdict = ("fix-present", "none")
NOT_CONCERNED: Verdict = ("not-affected", "none")


class Row(NamedTuple):
    """A row of a table: a level with its first build, or with the build of an update."""

    level: str
    build: Numbers
    update: str
    kind: str
    kb: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return self.level.split(" ")[0]

    @property
    def pack(self) -> str:
        return re.sub(r" (RTM|CU[0-9]+)$", "", self.level)

    @property
    def line(self) -> tuple[str, bool]:
        return self.pack, re.search(r" CU[0-9]+$", self.level) is not None


class Machine(NamedTuple):
    """A level with a build."""

    level: str
    build: Numbers

    @property
    def written(self) -> str:
        return ".".join(map(str, self.build))


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and how its product is serviced: each level by itself, or in lines."""

    product: Literal["exchange-server", "sql-server"]
    rows: tuple[Row, ...]

    @property
    def levels(self) -> list[Row]:
        return [row for row in self.rows if not row.update]

    @property
    def updates(self) -> list[str]:
        return list(dict.fromkeys(row.update for row in self.rows if row.update))

    def of(self, update: str) -> list[Row]:
        return [row for row in self.rows if row.update == update]

    def machines(self) -> Iterator[Machine]:
        """Every build of the table, and for updates the one before; each with its level."""
        for row in self.rows:
            yield from self._around(row)

    def _around(self, row: Row) -> Iterator[Machine]:
        yield Machine(row.level, row.build)
        below = (*row.build[:-1], row.build[-1] - 1)
        owners = [one for one in self.levels if one.version == row.version and one.build <= below]
        if row.update and owners:
            yield Machine(owners[-1].level, below)

    def machines_near(self, update: str) -> Iterator[Machine]:
        """Levels of the versions that an update is for, its builds and those below, and other versions."""
        own = self.of(update)
        versions = {row.version for row in own}
        last = {row.version: row.level for row in self.levels}
        for row in self.levels:
            if row.version in versions or row.level in (f"{row.version} RTM", last[row.version]):
                yield Machine(row.level, row.build)
        for row in own:
            yield from self._around(row)
        yield _BEFORE[self.product]

    def place(self, level: str) -> int:
        return next(place for place, row in enumerate(self.levels) if row.level == level)

    def verdict(self, update: str, machine: Machine) -> Verdict:
        """What has to be decided."""
        own = [row for row in self.of(update) if row.version == machine.level.split(" ")[0]]
        if not own:
            return NOT_CONCERNED
        if self.product == "exchange-server":
            return self._by_level(own, machine)
        return self._by_line(own, machine)

    def _by_level(self, own: list[Row], machine: Machine) -> Verdict:
        """An update is for some cumulative updates; older ones lack it, newer ones carry it."""
        exact = [row for row in own if row.level == machine.level]
        if exact:
            return THERE if machine.build >= exact[0].build else NEEDED
        last = max(self.place(row.level) for row in own)
        return TOO_OLD if self.place(machine.level) < last else NOT_CONCERNED

    def _by_line(self, own: list[Row], machine: Machine) -> Verdict:
        """An update is for a line, up to the level that it is built on."""
        here = self.levels[self.place(machine.level)]
        line = [row for row in own if row.line == here.line]
        later = [row for row in line if self.place(row.level) >= self.place(here.level)]
        if later:
            return THERE if machine.build >= later[0].build else NEEDED
        first = min(self.place(row.level) for row in self.levels if row.pack in {one.pack for one in own})
        is_older = not line and self.place(here.level) < first
        return TOO_OLD if is_older and any(row.kind == "security" for row in own) else NOT_CONCERNED


def sqlservr(build: Numbers) -> Numbers:
    """The file version of sqlservr.exe in a build of SQL Server; from 2016 SP2 on that of 2016 is another."""
    is_later_2016 = (13, 0, 5026) <= build < (14,)
    return (*((2015, 131) if is_later_2016 else _FILE_VERSIONS[build[0]]), *build[2:])


_FILE_VERSIONS = {13: (2015, 130), 14: (2017, 140), 15: (2019, 150), 16: (2022, 160), 17: (2025, 170)}
_BEFORE = {
    "exchange-server": Machine("2010 SP3", (14, 3, 123, 4)),
    "sql-server": Machine("2000 SP4", (8, 0, 2039)),
}
"""The last level before those of the table."""


def table(folder: str, product: Literal["exchange-server", "sql-server"]) -> Table:
    """The table from which a shipped catalogue is made."""
    file = ROOT / "rules" / folder / "imported-builds.csv"
    with file.open(encoding="utf-8", newline="") as source:
        rows = [
            Row(
                level=one["level"],
                build=tuple(map(int, one["build"].split("."))),
                update=one["update"],
                kind=one["kind"],
                kb=tuple(filter(None, one["kb"].split("; "))),
            )
            for one in csv.DictReader(source)
        ]
    return Table(product, tuple(rows))


EXCHANGE = table("exchange", "exchange-server")
SQL_SERVER = table("sql-server", "sql-server")
TABLES = (EXCHANGE, SQL_SERVER)

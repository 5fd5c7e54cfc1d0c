"""Servers made up for the comparison: sound ones, and ones with facts that DESIGN reads in its own way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.oscap.catalogue import Level, Shipped, parsed

KEPT = "C:\\WINNT\\$NtUninstallQ{number}$"
FOLDER = "C:\\exchsrvr\\bin"
PATCHED, COMPLETE, ODD = 0.5, 0.7, 0.25
"""The shares of files around a minimum, of complete lists of files, and of servers with odd facts."""
OTHER_FOLDER = "D:\\exchsrvr\\bin"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a file; `version` None: none is stated."""

    name: str
    version: str | None
    folder: str = FOLDER


@dataclass(frozen=True, slots=True)
class Server:
    """What an inventory says of one server.

    `products` None: it has no list of products. `shows_level`: the key file is looked at for the level.
    """

    name: str
    products: tuple[str, ...] | None
    copies: tuple[Copy, ...]
    is_complete: bool
    level: str | None = None
    build: str | None = None
    platform: str | None = None
    language: str | None = None
    shows_level: bool = True

    def copies_of(self, name: str) -> tuple[Copy, ...]:
        """The copies of a file."""
        return tuple(copy for copy in self.copies if copy.name == name)

    def record(self, exchange: frozenset[str]) -> dict[str, Any]:
        """The server as a record of an inventory; its facts on the level belong to the entry of Exchange."""
        found: dict[str, Any] = {"server": self.name}
        about = {
            "level": self.level,
            "build": self.build,
            "platform": self.platform,
            "language": self.language,
        }
        stated = {key: value for key, value in about.items() if value is not None}
        if self.products is not None:
            found["products"] = [
                {"name": name, **(stated if name in exchange else {})} for name in self.products
            ]
        found["files"] = [
            {"name": copy.name, "path": f"{copy.folder}\\{copy.name}", "version": copy.version}
            for copy in self.copies
        ]
        return found | ({"complete": ["files"]} if self.is_complete else {})


def servers(shipped: Shipped, count: int, seed: int) -> Iterator[Server]:
    """So many servers; the first ones are the same whatever the count."""
    for number in range(count):
        yield _Maker(shipped, random.Random(seed * 1_000_003 + number)).server(f"MAIL{number:05}")  # noqa: S311 - made-up data


class _Maker:
    """Makes one server. Three of four are sound; the others have one or more odd facts."""

    def __init__(self, shipped: Shipped, chance: random.Random) -> None:
        self._shipped = shipped
        self._chance = chance
        self._minima: dict[str, list[str]] = {}
        for rule in shipped.rules:
            for name, minima in rule.minima.items():
                self._minima.setdefault(name, []).extend(minima)

    def server(self, name: str) -> Server:
        """The next server."""
        level = self._level()
        made = Server(
            name,
            products=("Microsoft Exchange Server", *self._others()),
            copies=tuple(self._copies(level)),
            is_complete=self._chance.random() < COMPLETE,
            level=level.name,
            language=self._chance.choice(("en", "de", None)),
            platform=self._chance.choice(("x86", None, None)),
        )
        made = self._with_other_facts_on_level(made, level)
        if self._chance.random() < ODD:
            for change in self._chance.sample(_CHANGES, self._chance.choice((1, 1, 2))):
                made = change(self, made)
        if made.products is None or self._shipped.names.isdisjoint(made.products):
            return replace(made, level=None, build=None, platform=None, language=None)
        return made

    def _level(self) -> Level:
        line = [level for level in self._shipped.levels if level.line == "5.5"]
        others = [level for level in self._shipped.levels if level.line != "5.5"]
        return self._chance.choice(line if self._chance.random() < 0.9 else others)  # noqa: PLR2004 - most

    def _others(self) -> tuple[str, ...]:
        return self._chance.choice(((), (), ("Microsoft SQL Server",), ("Microsoft Windows NT Server",)))

    def _with_other_facts_on_level(self, made: Server, level: Level) -> Server:
        build = ".".join(map(str, level.begin))
        match self._chance.randrange(6):
            case 0:
                return replace(made, level=None, build=f"{build}.{self._chance.randrange(60)}")
            case 1:
                return replace(made, build=build)
            case 2:
                return replace(made, level=None)
            case 3 if level.begin[0] == 5:  # noqa: PLR2004 - Exchange 5
                return replace(made, products=None)
        return made

    def _copies(self, level: Level) -> Iterator[Copy]:
        names = self._chance.sample(sorted(self._minima), self._chance.randrange(4, len(self._minima)))
        for name in dict.fromkeys([self._shipped.key_file, *names]):
            yield Copy(name, self._version(name, level))

    def _version(self, name: str, level: Level) -> str:
        """The version that the level came with, or one around a minimum; the key file's is of this level."""
        shipped = ".".join(map(str, level.begin)) + f".{self._chance.randrange(1, 30)}"
        numbers = parsed(self._chance.choice(self._minima[name]))
        around = (*numbers[:-1], max(numbers[-1] + self._chance.choice((-1, 0, 0, 1)), 1))
        fits = name != self._shipped.key_file or level.holds(around)
        return ".".join(map(str, around)) if fits and self._chance.random() < PATCHED else shipped

    # ---- odd facts

    def without_key_file(self, made: Server) -> Server:
        return replace(made, copies=tuple(c for c in made.copies if c.name != self._shipped.key_file))

    def _key_file(self, made: Server, version: str) -> Server:
        rest = self.without_key_file(made).copies
        return replace(made, copies=(Copy(self._shipped.key_file, version), *rest))

    def newer_key_file(self, made: Server) -> Server:
        return self._key_file(made, self._chance.choice(("5.5.2650.24", "5.5.2653.23", "5.5.2654.52")))

    def older_key_file(self, made: Server) -> Server:
        return self._key_file(made, self._chance.choice(("5.5.1960.4", "5.5.2448.8", "5.0.1460.9")))

    def key_file_of_no_level(self, made: Server) -> Server:
        return self._key_file(made, self._chance.choice(("5.5.1959.3", "6.0.4416.1")))

    def without_exchange(self, made: Server) -> Server:
        return replace(made, products=("Microsoft SQL Server",))

    def without_exchange_and_key_file(self, made: Server) -> Server:
        return self.without_key_file(self.without_exchange(made))

    def other_level(self, made: Server) -> Server:
        return replace(
            made, level=self._chance.choice(("5.5 SP1", "5.5 SP4", "5.5 SP9", "Unknown", "latest"))
        )

    def other_build(self, made: Server) -> Server:
        return replace(
            made, build=self._chance.choice(("5.5.2448", "5.5.2653.23", "6.0.4417", "5.5.1959", "n/a"))
        )

    def other_platform(self, made: Server) -> Server:
        return replace(made, platform=self._chance.choice(("alpha", "Alpha AXP", "mainframe", "32-bit")))

    def odd_versions(self, made: Server) -> Server:
        """Some versions that cannot be read, say nothing, or are the beginning of a minimum."""
        odd = ("5.5.2654", "5.5", "0.0.0.0", "5.5.70000.1", "see vendor", "2654", "N/A", None)  # noqa: S104 - no address
        return self._with_versions(made, odd)

    def written_otherwise(self, made: Server) -> Server:
        """Some versions with commas, blanks or a remark, which are read all the same."""
        return self._with_versions(made, ("5,5,2654,10", " 5.5.2653.23 ", "5.5.2655.1 (SP4)"))

    def _with_versions(self, made: Server, versions: tuple[str | None, ...]) -> Server:
        copies = [
            replace(copy, version=self._chance.choice(versions))
            if self._chance.random() < 0.3 and copy.name != self._shipped.key_file  # noqa: PLR2004 - some
            else copy
            for copy in made.copies
        ]
        return replace(made, copies=tuple(copies))

    def kept_copies(self, made: Server) -> Server:
        """Older copies in a folder that keeps old files; sometimes only these."""
        kept = [
            Copy(copy.name, "5.5.1960.4", KEPT.format(number=self._chance.randrange(100_000, 400_000)))
            for copy in made.copies
            if self._chance.random() < 0.4  # noqa: PLR2004 - some
        ]
        names = {copy.name for copy in kept if self._chance.random() < 0.2}  # noqa: PLR2004 - few
        return replace(made, copies=(*(copy for copy in made.copies if copy.name not in names), *kept))

    def second_copies(self, made: Server) -> Server:
        """Further copies on another drive, all of which have to reach."""
        more = [
            Copy(copy.name, f"5.5.2654.{self._chance.randrange(80)}", OTHER_FOLDER)
            for copy in made.copies
            if copy.name != self._shipped.key_file and self._chance.random() < 0.3  # noqa: PLR2004 - some
        ]
        return replace(made, copies=(*made.copies, *more))


_CHANGES = [
    _Maker.without_key_file,
    _Maker.newer_key_file,
    _Maker.older_key_file,
    _Maker.key_file_of_no_level,
    _Maker.without_exchange,
    _Maker.without_exchange_and_key_file,
    _Maker.other_level,
    _Maker.other_build,
    _Maker.other_platform,
    _Maker.odd_versions,
    _Maker.written_otherwise,
    _Maker.kept_copies,
    _Maker.second_copies,
]

"""Servers made up for rules of any catalogue: around their minima, with sound facts and odd ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from needfix import Catalogue, LevelDefinition, Minimum, ProductDefinition, Rule, Server
from needfix.exporting.oval import Export
from needfix.exporting.oval.objects import FileObject

Record = dict[str, Any]
FOLDER, OTHER_FOLDER, KEPT = "C:\\mail\\bin", "D:\\app\\bin", "C:\\WINNT\\$NtUninstallQ000001$"
SOUND, COMPLETE, PATCHED, STATED = 0.75, 0.75, 0.6, 0.8
"""The shares of sound servers, of complete lists of files, of files around a minimum, and of stated facts."""
_MOST_RULES = 8
ODD = "ODD-"
"""Begins the names of servers with odd facts."""


def servers(export: Export, count: int, seed: int) -> Iterator[Server]:
    """So many servers; the first ones are the same whatever the count."""
    maker = _Maker(export)
    for number in range(count):
        record = maker.record(f"SERVER{number:05}", random.Random(seed * 1_000_003 + number))  # noqa: S311 - made-up data
        yield Server.from_record(record)


class _Maker:
    """Makes servers with one product of the rules and files around their minima."""

    def __init__(self, export: Export) -> None:
        self._rules = [one.rule for one in export.rules]
        self._catalogue: Catalogue = export.catalogue
        self._with_files = {
            product: [one.object.name for one in sources if isinstance(one.object, FileObject)]
            for product, sources in export.sources.items()
        }
        self._shown_by_file = {
            product
            for product, sources in export.sources.items()
            if any(isinstance(one.object, FileObject) and one.shows_build for one in sources)
        }

    def record(self, name: str, chance: random.Random) -> Record:
        """One server; three of four are sound."""
        rule = chance.choice(self._rules)
        product = self._catalogue.products[chance.choice(rule.products)]
        level = self._level(rule, product, chance)
        build = self._build(product, level, chance)
        key_files = self._key_files(product, chance)
        files = [_copy(one, {"version": _shown(product, level, one, build)}) for one in key_files]
        others = chance.sample(self._rules, min(_MOST_RULES, len(self._rules)))
        known = {one.casefold() for one in product.key_files}
        files += [
            _copy(one, facts)
            for one, facts in _around([rule, *others], chance)
            if one.casefold() not in known
        ]
        is_sound = chance.random() < SOUND
        record: Record = {
            "server": name if is_sound else f"{ODD}{name}",
            "products": [self._entry(product, level, build, chance)],
            "files": files or [_copy("Notepad.exe", {"version": "1.2.3.4"})],
            "complete": ["files"],
        }
        if not is_sound:
            if chance.random() > COMPLETE:
                del record["complete"]
            for change in chance.sample(_CHANGES, chance.choice((1, 1, 2))):
                change(record, chance)
        return record

    def _entry(
        self, product: ProductDefinition, level: LevelDefinition, build: str, chance: random.Random
    ) -> Record:
        """The entry of the product: without its build only where a key file shows that."""
        entry: Record = {"name": product.name, "level": str(level.level), "build": build}
        has_key_file = product.product in self._shown_by_file
        stated = chance.choice(
            (("level",), ("build",), ()) if has_key_file else (("level", "build"), ("build",))
        )
        entry = {key: value for key, value in entry.items() if key in ("name", *stated)}
        if chance.random() < STATED:
            entry["platform"] = chance.choice(("x86", "x86", "x86", "alpha", "x64"))
        return entry

    def _level(self, rule: Rule, product: ProductDefinition, chance: random.Random) -> LevelDefinition:
        built = [one for one in product.levels if one.build is not None]
        listed = {
            level
            for entry in rule.affects
            if entry.product == product.product
            for level in entry.levels or ()
        }
        own = [one for one in built if one.level in listed]
        return chance.choice(own if own and chance.random() < STATED else built)

    def _build(self, product: ProductDefinition, level: LevelDefinition, chance: random.Random) -> str:
        """A build of a level: its first, or one around a minimum that rules have for it."""
        place = product.levels.index(level)
        later = [one.build for one in product.levels[place + 1 :] if one.build is not None]
        first = level.build
        if first is None:
            raise ValueError("only levels with builds are chosen")
        names = {one.casefold() for one in product.key_files}
        minima = [
            version
            for rule in self._rules
            for fix in rule.fixes
            for minimum in fix.minima
            if minimum.is_build or minimum.name.casefold() in names
            for version in minimum.versions
            if version >= first and (not later or version < later[0]) and version.major == first.major
        ]
        if minima and chance.random() < PATCHED:
            return _near(str(chance.choice(minima)), chance)
        release = (*first.release, 0, 0, 0)[:4]
        return ".".join(map(str, (*release[:3], release[3] + chance.randrange(1, 4))))

    def _key_files(self, product: ProductDefinition, chance: random.Random) -> Sequence[str]:
        names = [one for one in product.key_files if one.casefold() in self._with_files[product.product]]
        return names if len(names) <= 1 else [chance.choice(names)]


def _copy(name: str, facts: Record) -> Record:
    return {"name": name, "path": f"{FOLDER}\\{name}", **facts}


def _shown(product: ProductDefinition, level: LevelDefinition, name: str, build: str) -> str:
    """The version of a key file at a build; one with a numbering of its own has that of its level."""
    own = next((first for file, first in level.files.items() if file.casefold() == name.casefold()), None)
    return build if own is None or product.numbered_as(name) is product else f"{own}.1"


def _around(rules: Sequence[Rule], chance: random.Random) -> Iterator[tuple[str, Record]]:
    """Most of the files of rules, each around one of their minima."""
    minima: dict[str, list[Minimum]] = {}
    for minimum in (one for rule in rules for fix in rule.fixes for one in fix.files):
        minima.setdefault(minimum.name, []).append(minimum)
    for name, own in minima.items():
        if chance.random() < STATED:
            yield name, _facts_near(chance.choice(own), chance)


def _facts_near(minimum: Minimum, chance: random.Random) -> Record:
    if minimum.by_version:
        return {"version": _near(str(chance.choice(minimum.versions)), chance)}
    if minimum.modified is None:
        return {"version": "1.0.0.0"}
    hours = chance.choice((-30, -1, 0, 1, 30))
    return {"modified": f"{(minimum.modified.first + timedelta(hours=hours)).isoformat()}Z"}


def _near(version: str, chance: random.Random) -> str:
    """A version at a minimum, or one step beside it."""
    numbers = [*map(int, version.split(".")), 0, 0, 0][:4]
    place = max((place for place, one in enumerate(numbers) if one), default=0)
    numbers[place] = max(numbers[place] + chance.choice((-1, 0, 0, 1)), 1)
    return ".".join(map(str, numbers))


# ---- odd facts


def _without_products(record: Record, _chance: random.Random) -> None:
    del record["products"]


def _other_product(record: Record, _chance: random.Random) -> None:
    record["products"] = [{"name": "Microsoft Visual SourceSafe"}]


def _nameless_product(record: Record, _chance: random.Random) -> None:
    record["products"] = [{"name": "Unknown"}]


def _without_first_file(record: Record, _chance: random.Random) -> None:
    record["files"] = record["files"][1:] or record["files"]


def _other_first_file(record: Record, chance: random.Random) -> None:
    record["files"][0]["version"] = chance.choice(
        ("5.5.2650.24", "5.5.2653.23", "5.5.1959.3", "6.0.4416.1", "15.2.1118.7", "15.1.2507.39", "99.1.2.3")
    )


def _other_level(record: Record, chance: random.Random) -> None:
    for entry in record.get("products", ()):
        entry["level"] = chance.choice(("5.5 SP1", "5.5 SP4", "5.5 SP9", "Unknown", "latest", "2019 CU13"))


def _other_build(record: Record, chance: random.Random) -> None:
    for entry in record.get("products", ()):
        entry["build"] = chance.choice(("5.5.2448", "5.5.2653.23", "6.0.4417", "n/a", "15.2.1258", "16.0"))


def _odd_versions(record: Record, chance: random.Random) -> None:
    odd = ("5.5.2654", "5.5", "0.0.0.0", "5.5.70000.1", "see vendor", "2654", "N/A", None, "15.2")  # noqa: S104
    for copy in record["files"]:
        if chance.random() < 1 - STATED:
            copy["version"] = chance.choice(odd)


def _written_otherwise(record: Record, chance: random.Random) -> None:
    for copy in record["files"]:
        if copy.get("version") and chance.random() < 1 - STATED:
            copy["version"] = copy["version"].replace(".", ",") + " (SP4)"


def _kept_copies(record: Record, chance: random.Random) -> None:
    kept = [copy | {"path": f"{KEPT}\\{copy['name']}", "version": "5.5.1960.4"} for copy in record["files"]]
    record["files"] += chance.sample(kept, max(1, len(kept) // 3))


def _second_copies(record: Record, chance: random.Random) -> None:
    for copy in chance.sample(record["files"], max(1, len(record["files"]) // 3)):
        version = _near(copy["version"], chance) if (copy.get("version") or "").count(".") == 3 else None  # noqa: PLR2004
        if version is not None and version.replace(".", "").isdecimal():
            record["files"].append(copy | {"path": f"{OTHER_FOLDER}\\{copy['name']}", "version": version})


def _other_platform(record: Record, chance: random.Random) -> None:
    for entry in record.get("products", ()):
        entry["platform"] = chance.choice(("alpha", "Alpha AXP", "mainframe", "32-bit"))


_Change = Callable[[Record, random.Random], None]
_CHANGES: list[_Change] = [
    _without_products,
    _other_product,
    _nameless_product,
    _without_first_file,
    _other_first_file,
    _other_level,
    _other_build,
    _odd_versions,
    _written_otherwise,
    _kept_copies,
    _second_copies,
    _other_platform,
]

"""Minima of a product's build: what the builds that a server states, and its key files, show about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue.minimum_sides import Sides
from needfix.compare.build_facts import BuildFact
from needfix.compare.builds import Numbers, levels_of_file
from needfix.compare.installation import Installation, Installed
from needfix.compare.tracked import (
    UNKNOWN,
    Doubt,
    FileCheck,
    FileState,
    Interval,
    Measure,
    shown_by,
    state_of,
)
from needfix.model.minimum import Minimum
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.versions import Numbering, numbering

NO_INSTALLATION = -1
"""The number of an installation of which nothing is known."""


@lru_cache(maxsize=1 << 14)
def as_version(numbers: Numbers) -> Version:
    """The numbers of a build as a version."""
    return Version(".".join(map(str, numbers)))


class FactGroup(NamedTuple):
    """A stated build, or all copies of a key file, of which the worst counts."""

    shown: Interval
    facts: tuple[tuple[BuildFact, Interval], ...]

    @property
    def lowest(self) -> BuildFact:
        """The fact that reaches least."""
        return min(self.facts, key=lambda pair: pair[1])[0]


class BuildMeasure(NamedTuple):
    """What the facts about a build show.

    A minimum is reached up to the low end of `measure`, and missed above its high one. `changing` groups
    change with every update, `lagging` ones may stay behind it. Where one reaches a minimum that a changing
    one misses, it is not known.
    """

    measure: Measure
    changing: tuple[FactGroup, ...]
    lagging: tuple[FactGroup, ...]

    @property
    def miss_above(self) -> int:
        """The highest rank that every changing fact may reach; those that reach more speak against them."""
        return min((one.shown.high for one in self.changing), default=UNKNOWN)

    @property
    def lags_above(self) -> int:
        """The same of the facts that may stay behind."""
        return min((one.shown.high for one in self.lagging), default=UNKNOWN)

    @property
    def shown_by_files(self) -> int:
        """The highest rank that a key file reaches."""
        groups = (one for one in (*self.changing, *self.lagging) if one.facts[0][0].kind == "key_files")
        return max((one.shown.low for one in groups), default=0)

    def state(self, needed: int) -> FileState:
        """Whether the build reaches a minimum."""
        return state_of(self.measure, needed)

    def reaching(self, needed: int) -> BuildFact | None:
        """A fact that reaches a minimum."""
        groups = (one for one in (*self.changing, *self.lagging) if needed <= one.shown.low)
        return next((one.lowest for one in groups), None)

    def missing(self, needed: int) -> BuildFact | None:
        """A fact that changes with every update, and is below a minimum."""
        return next((one.lowest for one in self.changing if one.shown.high < needed), None)

    def staying_behind(self, needed: int) -> BuildFact | None:
        """A fact that may stay behind an update, and is below a minimum."""
        return next((one.lowest for one in self.lagging if one.shown.high < needed), None)

    @property
    def first(self) -> BuildFact | None:
        """Any fact."""
        return next((one.lowest for one in (*self.changing, *self.lagging)), None)


class TrackedBuild(NamedTuple):
    """The build of a product, and the minima that rules have for it: of one form and one numbering.

    `numbered` is that of `numbering`.
    """

    product: ProductDefinition
    numbered: Numbering
    sides: Sides | None
    thresholds: tuple[Version, ...]

    @property
    def top(self) -> int:
        """The highest rank."""
        return len(self.thresholds) if self.sides is None else 1

    def measure(self, here: Installation | None) -> BuildMeasure:
        """What the facts about an installation show."""
        groups = list(self._groups(here.builds if here is not None else ()))
        updates = self.product.shows_updates
        changing = tuple(one for one in groups if one.facts[0][0].kind in updates)
        lagging = tuple(one for one in groups if one.facts[0][0].kind not in updates)
        reached = max((one.shown.low for one in groups), default=0)
        missed = min((one.shown.high for one in changing), default=self.top)
        doubt: Doubt = "" if groups else "not-inventoried"
        # Between both, facts exclude each other: the update may be half installed.
        measure = Measure(min(reached, missed), max(reached, missed), doubt, None)
        return BuildMeasure(measure, changing, lagging)

    def shown(self, name: str, version: str) -> Interval | None:
        """What the version of a key file shows; none where the file has a numbering of its own."""
        found = levels_of_file(self.product, name, version)
        return self.interval(found.builds) if found is not None else None

    def interval(self, builds: Iterable[Numbers]) -> Interval | None:
        """What builds show, any of which it may be; None where they are numbered in another way."""
        versions = list(map(as_version, builds))
        is_free = self.product.free_builds
        if not versions or any(numbering(one, is_free=is_free) != self.numbered for one in versions):
            return None
        found = [shown_by(one, self.thresholds, self.sides) for one in versions]
        return Interval(min(one.low for one in found), max(one.high for one in found))

    def _groups(self, facts: Iterable[BuildFact]) -> Iterator[FactGroup]:
        grouped: dict[str, list[tuple[BuildFact, Interval | None]]] = {}
        for fact in facts:
            grouped.setdefault(fact.source, []).append((fact, self._shown(fact)))
        for own in grouped.values():
            shown = tuple((fact, one) for fact, one in own if one is not None)
            if shown:
                # A copy that shows nothing may be below any minimum.
                low = min(one.low for _, one in shown) if len(shown) == len(own) else 0
                yield FactGroup(Interval(low, min(one.high for _, one in shown)), shown)

    def _shown(self, fact: BuildFact) -> Interval | None:
        found = self.interval(fact.builds)
        return found if found is None or fact.proves else Interval(0, found.high)


class TrackedBuilds:
    """Every build that a catalogue compares; their places follow those of the tracked files.

    `rules` are those with a fix that has a minimum for a build, and not only a range in `affects`.
    """

    def __init__(self, rules: Iterable[Rule], products: dict[str, ProductDefinition], first: int) -> None:
        self.first = first
        every = tuple(rules)
        self.rules = frozenset(rule.id for rule in every if any(fix.build is not None for fix in rule.fixes))
        versions: dict[_Key, set[Version]] = {}
        for product, minimum in _compared(every):
            own = versions.setdefault(_key(product, minimum), set())
            own.update(minimum.versions)
        self.builds = tuple(
            TrackedBuild(products[key.product], key.numbered, key.sides, _thresholds(key, own))
            for key, own in versions.items()
        )
        self.products = frozenset(one.product.product for one in self.builds)
        self._places = {key: place for place, key in enumerate(versions)}

    def check(self, product: str, minimum: Minimum, installation: int) -> FileCheck:
        """The check of a minimum for an installation, by its number among those of the product."""
        place = self._places[_key(product, minimum)]
        build = self.builds[place]
        needed = 1 if minimum.version is None else build.thresholds.index(minimum.version) + 1
        return FileCheck(self.first + place, needed, minimum, installation)


class ServerBuilds:
    """What a server's facts show about the builds that are tracked."""

    def __init__(self, tracked: TrackedBuilds, here: Installed) -> None:
        self._tracked = tracked
        self._here = here
        self._measures: dict[tuple[int, int], BuildMeasure] = {}

    def product(self, check: FileCheck) -> ProductDefinition:
        """The product whose build a check is about."""
        return self._tracked.builds[check.tracked - self._tracked.first].product

    def measure(self, check: FileCheck) -> BuildMeasure:
        """What the facts about the installation of a check show."""
        number = NO_INSTALLATION if check.installation is None else check.installation
        key = check.tracked, number
        found = self._measures.get(key)
        if found is None:
            build = self._tracked.builds[check.tracked - self._tracked.first]
            there = self._here.of(build.product.product) if number != NO_INSTALLATION else ()
            found = self._measures[key] = build.measure(there[number] if there else None)
        return found


class _Key(NamedTuple):
    product: str
    numbered: Numbering
    sides: Sides | None


def _compared(rules: Iterable[Rule]) -> Iterator[tuple[str, Minimum]]:
    """The minima of builds, and the ends of ranges of builds, each with the products that it can be for."""
    for rule in rules:
        for fix in rule.fixes:
            if fix.build is not None:
                products = rule.products if fix.product is None else (fix.product,)
                yield from ((product, fix.build) for product in products)
        for entry in rule.every_entry:
            ends = entry.builds.minima if entry.builds is not None else ()
            yield from ((entry.product, minimum) for end in ends for minimum in _with_exact(end))


def _with_exact(minimum: Minimum) -> Iterator[Minimum]:
    """An end of a range; beside one to be above, the version itself, which may be cut short."""
    yield minimum
    if minimum.above is not None:
        yield Minimum("", version=minimum.above, is_free=minimum.is_free)


@lru_cache(maxsize=1 << 12)
def _key(product: str, minimum: Minimum) -> _Key:
    sides = Sides.of(minimum)
    return _Key(product, numbering(minimum.versions[0], is_free=minimum.is_free), sides)


def _thresholds(key: _Key, versions: Iterable[Version]) -> tuple[Version, ...]:
    return key.sides.thresholds if key.sides is not None else tuple(sorted(versions))

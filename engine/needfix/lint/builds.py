"""Compares minima with the builds of levels: what a level ships with, or cannot have shipped with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue import Catalogue
from needfix.catalogue.minimum_sides import is_within, target_of
from needfix.catalogue.places import minimum_place, position_of
from needfix.lint.affected_levels import Concerned, concerned
from needfix.lint.check import Check, Detection, all_rules, remembered
from needfix.model.minimum import Minimum
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.requirement import alternatives
from needfix.model.rule import Fix, Rule

_NUMBERS_OF_VERSION = 2
_NUMBERS_OF_BUILD = 3
"""How many numbers of a build are the product's version, and how many identify the build."""


class _Built(NamedTuple):
    """A minimum version numbered like the builds of a product, and the levels to which the fix applies.

    Of several lines each is a minimum by itself. `is_key_file` also of a minimum for the build.
    """

    rule: Rule
    fix: int
    minimum: Minimum
    text: str
    version: Version
    product: ProductDefinition
    levels: tuple[LevelDefinition, ...]
    is_key_file: bool

    @property
    def shown_by(self) -> str:
        """What has the minimum."""
        return "the build" if self.minimum.is_build else self.minimum.name

    @property
    def named(self) -> str:
        """The minimum in words."""
        return f"the minimum {self.text} of {self.shown_by}"

    def found(self, what: str, hint: str) -> Detection:
        """A finding at the file, or at the build."""
        at = position_of(self.rule, minimum_place(self.fix, self.minimum))
        return Detection(self.rule, at, what, hint)

    def is_reached_by(self, build: Version) -> bool:
        """Whether a build reaches the minimum."""
        target = target_of(self.minimum)
        return target is not None and is_within(build, target)


@remembered
def _built(catalogue: Catalogue) -> Iterator[_Built]:
    for rule in all_rules(catalogue):
        for here in concerned(rule, catalogue.products):
            for number, fix in enumerate(rule.fixes):
                if fix.product in (None, here.entry.product):
                    yield from _built_in(rule, number, fix, here)


def _built_in(rule: Rule, number: int, fix: Fix, here: Concerned) -> Iterator[_Built]:
    key_files = {name.casefold() for name in here.product.key_files}
    for minimum in (one for one in fix.minima if one.registry is None):
        product = here.product.numbered_as(minimum.name)
        levels = tuple(
            known
            for known in product.levels
            if known.level in here.levels and (fix.levels is None or known.level in fix.levels)
        )
        is_key_file = minimum.is_build or minimum.name.casefold() in key_files
        for text, version in _needed(minimum) if levels else ():
            if is_key_file or _follows(version, product):
                yield _Built(rule, number, minimum, text, version, product, levels, is_key_file)


def _needed(minimum: Minimum) -> Iterator[tuple[str, Version]]:
    """The versions that a minimum needs, with their texts; none where it only names one that is too low."""
    if minimum.version is not None:
        yield minimum.text, minimum.version
    yield from ((line.text or str(line.version), line.version) for line in minimum.lines)


def _follows(version: Version, product: ProductDefinition) -> bool:
    """Whether a file other than a key file can belong to one of the product's builds.

    Its first two numbers are those of a version of the product, and it is neither older nor much
    newer than the builds of that version.
    """
    builds = [
        known.build for known in product.levels if known.build and _is_same_version(version, known.build)
    ]
    return len(builds) > 1 and len(version.release) > _NUMBERS_OF_BUILD and version >= builds[0]


def _is_same_version(one: Version, other: Version) -> bool:
    enough = len(one.release) >= _NUMBERS_OF_BUILD and len(other.release) >= _NUMBERS_OF_BUILD
    return enough and one.release[:_NUMBERS_OF_VERSION] == other.release[:_NUMBERS_OF_VERSION]


def _shipped(catalogue: Catalogue) -> Iterator[Detection]:
    for built in _built(catalogue):
        reached = [
            known
            for known in built.levels
            if built.is_key_file and known.build is not None and built.is_reached_by(known.build)
        ]
        if reached and not _is_later_line(built):
            named = ", ".join(str(known.level) for known in reached)
            what = (
                f"{built.named} is not above the builds of "
                f"{built.product.product} {named}, which begin at {reached[0].build}"
            )
            hint = "correct the minimum, or remove those levels from the fix or from 'affects'"
            yield built.found(what, hint)


def _is_later_line(built: _Built) -> bool:
    """Whether it is a further line of a minimum, of which the first one is looked at already."""
    return bool(built.minimum.lines) and built.version != built.minimum.lines[0].version


def _before_lowest(catalogue: Catalogue) -> Iterator[Detection]:
    for built in _built(catalogue):
        lowest = built.levels[0]
        if built.is_key_file or lowest.build is None or not _is_same_version(built.version, lowest.build):
            continue
        if built.version < lowest.build and not built.minimum.lines:
            what = (
                f"{built.named} is below the builds of {built.product.product} {lowest.level}, "
                f"the lowest level of the fix, which begin at {lowest.build}"
            )
            yield built.found(what, "check the minimum and the affected levels")


def _not_carried(catalogue: Catalogue) -> Iterator[Detection]:
    for built in _built(catalogue):
        for known in _corrected(built):
            if (
                known.build is not None
                and _is_beyond(built.version, known.build)
                and not _has_line(built, known.build)
            ):
                what = (
                    f"{built.named} is above the build {known.build} of "
                    f"{built.product.product} {known.level}, which has the fix according to 'corrected_in'"
                )
                yield built.found(what, "correct the minimum, or write a later level in 'corrected_in'")


def _has_line(built: _Built, build: Version) -> bool:
    """Whether a build reaches a minimum in its own line."""
    return bool(built.minimum.lines) and built.is_reached_by(build)


def _corrected(built: _Built) -> Iterator[LevelDefinition]:
    marks = {mark.level for mark in built.rule.corrected_in if mark.product == built.product.product}
    return (known for known in built.product.levels if known.level in marks)


def _is_beyond(version: Version, build: Version) -> bool:
    """Whether a file belongs to a later build of the same version, whatever numbers follow the build."""
    return _is_same_version(version, build) and version.release[: len(build.release)] > build.release


def _outside(catalogue: Catalogue) -> Iterator[Detection]:
    for built in _built(catalogue):
        if built.is_key_file and not any(_is_shipped(known, built.version) for known in built.levels):
            home = _home(built.version, built.product)
            if home is None and any(known.build for known in built.product.levels):
                what = f"{built.named} is in no level's builds of {built.product.product}"
                add = "add the level with its build to the product definition"
                remove = f"or remove {built.shown_by} from its key files if its versions are no builds"
                is_build = built.minimum.is_build
                hint = (
                    f"correct the minimum, or {add}" if is_build else f"correct the minimum, {add}, {remove}"
                )
                yield built.found(what, hint)
            elif home is not None and not _is_expected(home, built):
                what = (
                    f"{built.named} is among the builds of {built.product.product} {home.level}, "
                    "which is not a level of the fix"
                )
                yield built.found(
                    what,
                    "correct the minimum or the levels; if that level is needed first, "
                    f"add 'requires: [{home.level}]'",
                )


def _is_shipped(known: LevelDefinition, version: Version) -> bool:
    return known.build is not None and known.build >= version


def _home(version: Version, product: ProductDefinition) -> LevelDefinition | None:
    """The level whose builds a version is among."""
    below = [known for known in product.levels if known.build is not None and known.build <= version]
    home = below[-1] if below else None
    if home is None or home.build is None or (home.until is not None and version >= home.until):
        return None
    is_same = version.release[:_NUMBERS_OF_VERSION] == home.build.release[:_NUMBERS_OF_VERSION]
    return home if is_same or product.free_builds else None


def _is_expected(home: LevelDefinition, built: _Built) -> bool:
    """Whether a fix may be built on a level: its own, one that it needs or brings, or one that has it."""
    levels = [known.level for known in built.levels]
    if any(home.build == known.build for known in built.levels) or home.level in levels:
        return True
    is_same_version = any(level.version_name == home.level.version_name for level in levels)
    fix = built.rule.fixes[built.fix]
    entries = (*built.rule.requires, *fix.requires)
    needed = (one for entry in entries for one in alternatives(entry) if not isinstance(one, str))
    says_so = any(needed) or built.rule.needs_nothing or fix.needs_nothing
    is_settled = says_so or built.product.cumulative
    return (is_same_version and is_settled) or home in _corrected(built)


def _beyond(catalogue: Catalogue) -> Iterator[Detection]:
    for built in _built(catalogue):
        home = _home(built.version, built.product)
        if home is None or home.build is None or not _is_for_single_levels(built):
            continue
        if home.level not in {known.level for known in built.levels}:
            continue  # of which another check reports
        before = [known for known in built.levels if known.build is not None and known.build < home.build]
        if before:
            named = ", ".join(str(known.level) for known in before)
            what = (
                f"{built.named} is among the builds of {built.product.product} {home.level}, "
                f"so no server of {named} reaches it"
            )
            hint = (
                f"write another fix for {named}, with the minimum of that level; "
                f"if {home.level} is needed first, add 'requires: [{home.level}]'"
            )
            yield built.found(what, hint)


def _is_for_single_levels(built: _Built) -> bool:
    """Whether a fix names its levels, and brings none of them along nor needs one first."""
    rule, is_named = built.rule, built.rule.fixes[built.fix].levels is not None
    is_settled = bool(rule.requires) or rule.needs_nothing or built.product.cumulative
    return is_named and built.is_key_file and not built.minimum.lines and not is_settled


SHIPPED = Check(
    "NF301",
    "warning",
    "an affected level ships with a key file that reaches the minimum",
    "this file never shows that a server of that level needs the fix",
    _shipped,
)
BEFORE_LOWEST = Check(
    "NF302",
    "warning",
    "a minimum is below the builds of the lowest level of its fix",
    "every affected server can have shipped with a newer file, so the fix would never be required",
    _before_lowest,
)
NOT_CARRIED = Check(
    "NF306",
    "warning",
    "a minimum is above the build of a level that carries the fix",
    "that level would count as corrected, although its files are older than the fix",
    _not_carried,
)
OUTSIDE = Check(
    "NF309",
    "warning",
    "the minimum of a key file belongs to none of the levels that the fix is for",
    "a server of those levels that has the fix appears to have another level, or none",
    _outside,
)
BEYOND = Check(
    "NF310",
    "warning",
    "a minimum lies in the builds of a later level of its fix",
    "no server of the earlier level ever has the fix, as long as it stays at that level",
    _beyond,
)

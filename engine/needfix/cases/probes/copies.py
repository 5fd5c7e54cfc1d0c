"""Copies of a fix's files, in the short form of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from packaging.version import Version

from needfix.cases.plain.levels import denies, denies_build, is_of
from needfix.cases.probes.products_beside import build_of
from needfix.cases.probes.registry_values import given_values
from needfix.cases.probes.sides import missing, reaching
from needfix.cases.probes.stage import Stage
from needfix.model.minimum import Minimum
from needfix.versions import Level, as_file_version, parse_free_build, parse_version

_ELSEWHERE = "D:\\elsewhere"


class Copy(NamedTuple):
    """A copy of a file, a build or a value of the registry: what it is held against, and its own value."""

    minimum: Minimum
    value: str
    loaded: str | None = None
    is_elsewhere: bool = False

    @property
    def facts(self) -> dict[str, object]:
        """What an inventory states about the copy, except its name."""
        facts = {
            "version" if self.minimum.by_version else "modified": self.value,
            "path": _path(self.minimum, is_elsewhere=self.is_elsewhere),
            "loaded": self.loaded,
        }
        return {key: value for key, value in facts.items() if value is not None}


def compared(stage: Stage) -> list[tuple[int, Minimum]]:
    """The minima of a stage, each with the place of its fix in the rule."""
    numbers = [
        number for number, fix in enumerate(stage.rule.fixes) if any(fix is own for own in stage.fixes)
    ]
    return [(n, one) for n in numbers for one in stage.rule.fixes[n].minima]


def at_minimum(stage: Stage) -> list[Copy]:
    """Every file exactly at its minimum."""
    return [Copy(minimum, reaching(minimum)) for _, minimum in compared(stage)]


def with_value(stage: Stage, minimum: Minimum, value: str) -> list[Copy]:
    """Every file at its minimum, but one."""
    return [Copy(one, value if one is minimum else reaching(one)) for _, one in compared(stage)]


def first_below(stage: Stage, level: Level) -> list[Copy]:
    """Every file at its minimum except the first, which is below; key files are of the level."""
    files = compared(stage)
    lower = missing(files[0][1]) if files else None
    copies = with_value(stage, files[0][1], lower) if files and lower else at_minimum(stage)
    return [copy._replace(value=_of_level(stage, level, copy)) for copy in copies]


def fits(stage: Stage, level: Level, copies: Iterable[Copy]) -> bool:
    """Whether no key file and no build contradicts a level."""
    for copy in shown(stage, copies):
        if copy.minimum.is_build and denies_build(stage.product, level, copy.value):
            return False
        is_key = is_key_file(stage, copy.minimum) and copy.minimum.by_version
        if is_key and denies(stage.product, level, copy.minimum.name, copy.value):
            return False
    return True


def is_key_file(stage: Stage, minimum: Minimum) -> bool:
    """Whether a file is one of the product's key files."""
    return minimum.name.casefold() in {name.casefold() for name in stage.product.key_files}


def shown(stage: Stage, copies: Iterable[Copy]) -> list[Copy]:
    """The copies, with a key file for a build where the stated one does not change with every update."""
    listed = list(copies)
    product = stage.product
    if "build" in product.shows_updates or not product.key_files:
        return listed
    names = product.key_files_at(stage.levels)
    name = next((one for one in names if product.numbered_as(one) is product), None)
    if name is None:
        return listed
    is_there = any(copy.minimum.name.casefold() == name.casefold() for copy in listed)
    as_file = [
        copy._replace(minimum=replace(copy.minimum, name=name)) for copy in listed if copy.minimum.is_build
    ]
    return [*(copy for copy in listed if not copy.minimum.is_build), *([] if is_there else as_file)]


def facts_of(stage: Stage, level: Level | None, copies: Iterable[Copy]) -> dict[str, object]:
    """The product at a level, with its build and the files, in the short form of cases."""
    own = shown(stage, in_asked_build(stage, level, copies))
    build = next((copy.value for copy in own if copy.minimum.is_build), None)
    files = given_files(own)
    # Of a rule that compares only builds or values of the registry, files say nothing.
    stated = {} if not files and any(not one.is_file for _, one in compared(stage)) else {"files": files}
    stated |= values_of(stage, own)
    if stage.others:
        return {"products": [stage.listed(level, build), *stage.others], **stated}
    return {**stage.product_facts(level, build), **stated}


def values_of(stage: Stage, copies: Iterable[Copy]) -> dict[str, object]:
    """The values of the registry that fixes ask for, then those that the entry does, as cases give them."""
    own = [(copy.minimum, copy.value) for copy in copies if copy.minimum.registry is not None]
    named = {minimum.name.casefold() for minimum, _ in own}
    others = (pair for pair in stage.values if pair[0].name.casefold() not in named)
    return given_values([*own, *others])


def listed_products(stage: Stage, copies: Iterable[Copy], *others: dict[str, object]) -> dict[str, object]:
    """The product at its highest level among others, as an inventory lists them, with the files."""
    own = shown(stage, in_asked_build(stage, stage.highest, copies))
    build = next((copy.value for copy in own if copy.minimum.is_build), None)
    listed = [stage.listed(stage.highest, build), *stage.others, *others]
    return {"products": listed, "files": given_files(own), **values_of(stage, own)}


def in_asked_build(stage: Stage, level: Level | None, copies: Iterable[Copy]) -> list[Copy]:
    """The copies with a build in the range that the entry asks for, where none shows a build."""
    listed = list(copies)
    shows = any(copy.minimum.is_build or is_key_file(stage, copy.minimum) for copy in listed)
    build = None if shows else build_of(stage.product, level, stage.entry.builds)
    if build is None:
        return listed
    return [*listed, of_build(stage, build)]


def of_build(stage: Stage, build: str) -> Copy:
    """A build as a copy of what shows it."""
    is_free = stage.product.free_builds
    version = (parse_free_build(build) if is_free else None) or parse_version(build)
    return Copy(Minimum("", version=version, text=build, is_free=is_free), build)


def with_key_file(stage: Stage, level: Level, copies: Iterable[Copy]) -> list[Copy]:
    """The copies with a key file of the product, without which no list of files is believed to be complete.

    It is none of the fix's files, since those are there or not as a probe says.
    """
    listed = list(copies)
    own = {copy.minimum.name.casefold() for copy in shown(stage, at_minimum(stage))}
    others = [name for name in stage.product.key_files_at({level}) if name.casefold() not in own]
    build = _build(stage, level, others[0]) if others else None
    there = shown(stage, listed)
    if not others or build is None or any(is_key_file(stage, copy.minimum) for copy in there):
        return listed
    is_own = stage.product.numbered_as(others[0]) is stage.product
    builds = (copy.value for copy in listed if copy.minimum.is_build and is_own)
    text = next(builds, str(build))
    return [*listed, Copy(Minimum(others[0], version=build, text=text), text)]


def without_build(copies: Iterable[Copy]) -> list[Copy]:
    """The copies without the build, which shows the level."""
    return [copy for copy in copies if not copy.minimum.is_build]


def without_key_files(stage: Stage, copies: Iterable[Copy]) -> list[Copy]:
    """The copies of other files than the product's key files."""
    return [copy for copy in copies if not is_key_file(stage, copy.minimum)]


def given_files(copies: Iterable[Copy]) -> object:
    """Files by name, or a list where a name comes twice."""
    all_copies = [copy for copy in copies if copy.minimum.is_file]
    if len({copy.minimum.name.casefold() for copy in all_copies}) < len(all_copies):
        return [{"name": copy.minimum.name, **copy.facts} for copy in all_copies]
    return {copy.minimum.name: _short(copy.facts) for copy in all_copies}


def _short(facts: dict[str, object]) -> object:
    return facts["version"] if set(facts) == {"version"} else facts


def _of_level(stage: Stage, level: Level, copy: Copy) -> str:
    """The value of a copy, or the build of the level where a key file would show another one."""
    is_key = copy.minimum.is_build or (is_key_file(stage, copy.minimum) and copy.minimum.by_version)
    build = _build(stage, level, copy.minimum.name)
    if not is_key or build is None or is_of(stage.product, level, copy.minimum.name, copy.value):
        return copy.value
    # A server's own build has all its numbers, also where the definition names only the first of them.
    missing_numbers = len(as_file_version(copy.value).split(".")) - len(build.release)
    return ".".join((str(build), *("1" for _ in range(missing_numbers))))


def _build(stage: Stage, level: Level, file: str) -> Version | None:
    """The first build of a level, in the numbering of a file."""
    levels = stage.product.numbered_as(file).levels
    return next((entry.build for entry in levels if entry.level == level), None)


def can_exist(minimum: Minimum) -> bool:
    """Whether a file can have the name; one with folders is that of none."""
    return not minimum.is_file or ("\\" not in minimum.name and "/" not in minimum.name)


def _path(minimum: Minimum, *, is_elsewhere: bool) -> str | None:
    """A path that a rule's pattern holds, or one that it does not hold."""
    if minimum.path is None:
        return None
    if is_elsewhere:
        return f"{_ELSEWHERE}\\{minimum.name}"
    plain = re.sub(r"[*?]", "x", minimum.path.replace("/", "\\")).rstrip("\\")
    start = "" if re.match(r"[A-Za-z]:|\\", plain) else "C:\\"
    has_name = plain.casefold().endswith(f"\\{minimum.name.casefold()}")
    return f"{start}{plain}" if has_name else f"{start}{plain}\\{minimum.name}"

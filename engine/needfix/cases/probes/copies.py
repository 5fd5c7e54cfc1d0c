"""Copies of a fix's files, in the short form of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from needfix.cases.plain.levels import denies
from needfix.cases.probes.stage import Stage
from needfix.cases.steps import just_below
from needfix.model.rule import Minimum
from needfix.versions import Level, as_file_version

_ELSEWHERE = "D:\\elsewhere"


class Copy(NamedTuple):
    """A copy of a file: the minimum that it is held against, and its version or modified time."""

    minimum: Minimum
    value: str
    loaded: str | None = None
    is_elsewhere: bool = False

    @property
    def facts(self) -> dict[str, object]:
        """What an inventory states about the copy, except its name."""
        facts = {
            "version" if self.minimum.version is not None else "modified": self.value,
            "path": _path(self.minimum, is_elsewhere=self.is_elsewhere),
            "loaded": self.loaded,
        }
        return {key: value for key, value in facts.items() if value is not None}


def compared(stage: Stage) -> list[tuple[int, Minimum]]:
    """The files of a stage that have a minimum, each with the place of its fix in the rule."""
    numbers = [
        number for number, fix in enumerate(stage.rule.fixes) if any(fix is own for own in stage.fixes)
    ]
    return [(n, one) for n in numbers for one in stage.rule.fixes[n].files if one.is_compared]


def at_minimum(stage: Stage) -> list[Copy]:
    """Every file exactly at its minimum."""
    return [Copy(minimum, value_at(minimum)) for _, minimum in compared(stage)]


def with_value(stage: Stage, minimum: Minimum, value: str) -> list[Copy]:
    """Every file at its minimum, but one."""
    return [Copy(one, value if one is minimum else value_at(one)) for _, one in compared(stage)]


def value_at(minimum: Minimum) -> str:
    """The value of a file that is exactly at a minimum."""
    return as_file_version(minimum.text) if minimum.version is not None else minimum.text


def first_below(stage: Stage, level: Level) -> list[Copy]:
    """Every file at its minimum except the first, which is below; no key file that contradicts the level."""
    files = compared(stage)
    lower = just_below(files[0][1].text) if files else None
    copies = with_value(stage, files[0][1], lower) if files and lower else at_minimum(stage)
    return [copy._replace(value=_fitting(stage, level, copy)) for copy in copies]


def fits(stage: Stage, level: Level, copies: Iterable[Copy]) -> bool:
    """Whether no key file contradicts a level."""
    return all(_fitting(stage, level, copy) == copy.value for copy in copies)


def with_key_file(stage: Stage, level: Level, copies: Iterable[Copy]) -> list[Copy]:
    """The copies with one of the product's key files, without which no list of files is complete."""
    listed = list(copies)
    keys = stage.product.key_files
    build = next((entry.build for entry in stage.product.levels if entry.level == level), None)
    names = {copy.minimum.name.casefold() for copy in listed}
    if not keys or build is None or not names.isdisjoint(name.casefold() for name in keys):
        return listed
    return [*listed, Copy(Minimum(keys[0], version=build, text=str(build)), str(build))]


def without_key_files(stage: Stage, copies: Iterable[Copy]) -> list[Copy]:
    """The copies of other files than the product's key files."""
    keys = {name.casefold() for name in stage.product.key_files}
    return [copy for copy in copies if copy.minimum.name.casefold() not in keys]


def given_files(copies: Iterable[Copy]) -> object:
    """Files by name, or a list where a name comes twice."""
    all_copies = list(copies)
    if len({copy.minimum.name.casefold() for copy in all_copies}) < len(all_copies):
        return [{"name": copy.minimum.name, **copy.facts} for copy in all_copies]
    return {copy.minimum.name: _short(copy.facts) for copy in all_copies}


def _short(facts: dict[str, object]) -> object:
    return facts["version"] if set(facts) == {"version"} else facts


def _fitting(stage: Stage, level: Level, copy: Copy) -> str:
    """The value of a copy, or the build of the level where a key file would contradict that."""
    keys = {name.casefold() for name in stage.product.key_files}
    is_key_file = copy.minimum.name.casefold() in keys and copy.minimum.version is not None
    if not is_key_file or not denies(stage.product, level, copy.value):
        return copy.value
    build = next((entry.build for entry in stage.product.levels if entry.level == level), None)
    return str(build) if build is not None else copy.value


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

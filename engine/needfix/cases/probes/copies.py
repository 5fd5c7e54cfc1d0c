"""Copies of a fix's files, in the short form of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from packaging.version import Version

from needfix.cases.plain.levels import denies, is_of
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
    """Every file at its minimum except the first, which is below; key files are of the level."""
    files = compared(stage)
    lower = just_below(files[0][1].text) if files else None
    copies = with_value(stage, files[0][1], lower) if files and lower else at_minimum(stage)
    return [copy._replace(value=_of_level(stage, level, copy)) for copy in copies]


def fits(stage: Stage, level: Level, copies: Iterable[Copy]) -> bool:
    """Whether no key file contradicts a level."""
    keys = (copy for copy in copies if is_key_file(stage, copy.minimum) and copy.minimum.version is not None)
    return not any(denies(stage.product, level, copy.value) for copy in keys)


def is_key_file(stage: Stage, minimum: Minimum) -> bool:
    """Whether a file is one of the product's key files."""
    return minimum.name.casefold() in {name.casefold() for name in stage.product.key_files}


def with_key_file(stage: Stage, level: Level, copies: Iterable[Copy]) -> list[Copy]:
    """The copies with a key file of the product, without which no list of files is believed to be complete.

    It is none of the fix's files, since those are there or not as a probe says.
    """
    listed = list(copies)
    own = {minimum.name.casefold() for _, minimum in compared(stage)}
    others = [name for name in stage.product.key_files if name.casefold() not in own]
    build = _build(stage, level)
    if not others or build is None or any(is_key_file(stage, copy.minimum) for copy in listed):
        return listed
    return [*listed, Copy(Minimum(others[0], version=build, text=str(build)), str(build))]


def without_key_files(stage: Stage, copies: Iterable[Copy]) -> list[Copy]:
    """The copies of other files than the product's key files."""
    return [copy for copy in copies if not is_key_file(stage, copy.minimum)]


def given_files(copies: Iterable[Copy]) -> object:
    """Files by name, or a list where a name comes twice."""
    all_copies = list(copies)
    if len({copy.minimum.name.casefold() for copy in all_copies}) < len(all_copies):
        return [{"name": copy.minimum.name, **copy.facts} for copy in all_copies]
    return {copy.minimum.name: _short(copy.facts) for copy in all_copies}


def _short(facts: dict[str, object]) -> object:
    return facts["version"] if set(facts) == {"version"} else facts


def _of_level(stage: Stage, level: Level, copy: Copy) -> str:
    """The value of a copy, or the build of the level where a key file would show another one."""
    is_key = is_key_file(stage, copy.minimum) and copy.minimum.version is not None
    build = _build(stage, level)
    if not is_key or build is None or is_of(stage.product, level, copy.value):
        return copy.value
    return str(build)


def _build(stage: Stage, level: Level) -> Version | None:
    return next((entry.build for entry in stage.product.levels if entry.level == level), None)


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

"""Minima that no file can have, and folders in which no copy counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from packaging.version import Version

from needfix.catalogue.places import minimum_place, position_of
from needfix.intake.vocabularies import keeps_old_files
from needfix.lint.check import Check, Detection, in_each_rule
from needfix.model.minimum import Minimum
from needfix.model.rule import KeyPath, Rule
from needfix.versions import is_bare, parse_clock_time, parse_file_version

_MOST_IN_A_PART = 65535
_VARIABLE = re.compile(r"%[^%\\/]+%|\$(?:env:|\{)", re.IGNORECASE)
_DRIVE = re.compile(r"^(?:[\\/]{2}[?.][\\/])?[a-z?*]:", re.IGNORECASE)
_NEVER_IN_A_NAME = re.compile(r'[<>|":]')


def _minima(rule: Rule) -> Iterator[tuple[int, Minimum]]:
    return ((number, one) for number, fix in enumerate(rule.fixes) for one in fix.files)


def _impossible(rule: Rule) -> Iterator[Detection]:
    for number, fix in enumerate(rule.fixes):
        for minimum in fix.minima:
            for key, text, found in _faults(minimum):
                what, hint = found
                at = position_of(rule, (*minimum_place(number, minimum), *key))
                owner = "the build" if minimum.is_build else minimum.name
                yield Detection(rule, at, f"the minimum {text} of {owner} {what}", hint)


_Fault = tuple[str, str]


def _faults(minimum: Minimum) -> Iterator[tuple[KeyPath, str, _Fault]]:
    """What is wrong with each version or time that a minimum names: its key, its text, and what to do."""
    if minimum.modified is not None and (found := _fault_of_time(minimum)) is not None:
        yield ("modified",), minimum.text, found
    for key, text, version in () if minimum.is_free else _versions(minimum):
        found = _fault_of_version(text, version)
        if found is not None:
            yield key, text, found


def _versions(minimum: Minimum) -> Iterator[tuple[KeyPath, str, Version]]:
    """The versions that a minimum names, with their keys and texts."""
    if minimum.version is not None:
        yield ("version",), minimum.text, minimum.version
    if minimum.above is not None:
        yield ("above",), minimum.text.removeprefix("above "), minimum.above
    for number, line in enumerate(minimum.lines):
        yield (number, "version"), line.text, line.version
        if line.since is not None:
            yield (number, "from"), line.since_text, line.since


def _fault_of_version(text: str, version: Version) -> _Fault | None:
    """What is wrong with the version of a minimum, and what to do."""
    if parse_file_version(text) is not None:
        return None
    release = version.release
    if max(release) > _MOST_IN_A_PART:
        return (
            f"has a part above {_MOST_IN_A_PART}",
            "correct the version; no file of Windows has such a part",
        )
    if len(release) == 1:
        zeros = ".".join(map(str, (*release, 0, 0, 0)))
        return "is one number", f"write the whole version of the file, or {zeros} if that is what is meant"
    if not any(release):
        return "is what tools write for a file without a version", "write the version of the file"
    if parse_file_version(str(version)) is None:
        return _WITHOUT_BEGINNING if is_bare(version) else _DATE
    return "is more than one version", "write the numbers of one version, joined by dots"


_WITHOUT_BEGINNING = "lacks its first numbers", "write the whole version, such as 5.5.2653.23"
_DATE = "is a date", "write the version of the file, or the date as its modified time: {modified: …}"


def _fault_of_time(minimum: Minimum) -> _Fault | None:
    if minimum.modified is None or parse_clock_time(minimum.text) is not None:
        return None
    return "is what tools write for a file that has no time", "write the modified time of the file"


def _without_copies(rule: Rule) -> Iterator[Detection]:
    for number, minimum in _minima(rule):
        if re.search(r"[\\/]", minimum.name):
            hint = "write only the name, and folders as 'path'; a value of the registry goes into 'registry'"
            at = position_of(rule, ("fixes", number, "files", minimum.name))
            yield Detection(
                rule, at, f"the name {minimum.name} has folders, and no file has such a name", hint
            )
            continue
        found = _fault_of_path(minimum) if minimum.path is not None else None
        if found is not None:
            what, hint = found
            at = position_of(rule, ("fixes", number, "files", minimum.name, "path"))
            yield Detection(rule, at, f"the path {minimum.path} of {minimum.name} {what}", hint)


def _fault_of_path(minimum: Minimum) -> tuple[str, str] | None:
    """Why no copy can lie there, and what to do."""
    path = minimum.path or ""
    if variable := _VARIABLE.search(path):
        hint = "write the folders themselves, with * for those that differ"
        return f"has the variable {variable[0]}; an inventory has the folder that it stands for", hint
    folders = [one for one in re.split(r"[\\/]", _DRIVE.sub("", path)) if one]
    if wrong := next((one for one in folders if _NEVER_IN_A_NAME.search(one)), None):
        return f"has the folder {wrong}, which Windows does not allow", "correct the name of the folder"
    if wrong := next((one for one in folders if one in (".", "..") or one != one.rstrip(". ")), None):
        return (
            f"has the folder {wrong!r}, which no path has",
            "write the folders as the full path of the file has them",
        )
    if keeps_old_files(path):
        hint = "write the folder from which the file is run"
        return "is in a folder that keeps old files, where no copy counts", hint
    return _fault_of_name(folders, minimum.name)


def _fault_of_name(folders: list[str], name: str) -> tuple[str, str] | None:
    """Whether a path ends in the name of another file."""
    last = folders[-1].casefold() if folders else ""
    endings = {name.rpartition(".")[2].casefold(), *_ENDINGS}
    if "." not in name or "." not in last or last.rpartition(".")[2] not in endings:
        return None
    if fnmatchcase(name.casefold(), last.replace("[", "[[]")):
        return None
    return f"ends in another file, {folders[-1]}", "write the folders only, or correct the name of the file"


_ENDINGS = frozenset({"dll", "exe", "ocx", "sys"})
"""Endings of files, which no folder has."""


IMPOSSIBLE = Check(
    "NF307",
    "warning",
    "a minimum is not the version or the time of a file",
    "no file has it, so the comparison says nothing about the fix",
    in_each_rule(_impossible),
)
WITHOUT_COPIES = Check(
    "NF308",
    "error",
    "no copy of a file can lie in the path that a fix names",
    "the file is then never inventoried there, so the fix is never known to be present or required",
    in_each_rule(_without_copies),
)

"""File versions as people and tools write them, ordered by `packaging`."""

from __future__ import annotations

import re
from functools import lru_cache

from packaging.version import Version

LONGEST_TEXT = 200
"""Characters; a longer text is not a version."""

_VERSION = re.compile(
    r"""\s*
    (?:version\s+|ver\.?\s*|v\.?\s*)?
    (?P<numbers>[0-9]{1,18}(?:\s*[.,]\s*[0-9]{1,18}){0,9})
    \s*
    (?:
      [(,;:-]?\s*build\s*:?\s*         # 5.5 (Build 2653.23: Service Pack 4)
        (?P<build>[0-9]{1,18}(?:[.,][0-9]{1,18}){0,3})
        (?:\s*[:,;)].*)?
    | \((?P<remark>[^()]*)\)           # 5.5.2653.23 (SP4)
    | built\s+by\b.*                  # 6.0.2600.0 built by: WinDDK
    )?
    \s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_NUMBERS = re.compile("[0-9][.,][0-9]")
_WHOLE = 3
"""The least numbers of a version that is written in one part."""

_SEPARATOR = re.compile(r"\s*[.,]\s*")
_ANOTHER = re.compile(r"[0-9]+(?:\s*[.,]\s*[0-9]+){2,}", re.ASCII)
_MOST_IN_A_PART = 65535
_MOST_NUMBERS = {",": 4, ".": 7}
"""With more numbers a text holds two versions; some tools write a fifth behind a dot."""

_YEARS = range(1980, 2100)
"""Numbers that are years, where a version or a date has them."""

_DATE = re.compile(
    r"(?P<is_first>[0-9]{4})(?:\s*[.,]\s*[0-9]{1,2}){2}|(?:[0-9]{1,2}\s*[.,]\s*){2}[0-9]{4}", re.ASCII
)
_MONTHS, _DAYS = range(1, 13), range(1, 32)


@lru_cache(maxsize=1 << 16)
def parse_version(text: str) -> Version | None:
    """The version that `text` states, or None if it cannot be read.

    Commas as separators, leading zeros, a remark in parentheses after the numbers, a leading `v`
    and a separate build (`5.5 (Build 2653.23: Service Pack 4)` is 5.5.2653.23) are understood.
    Trailing zeros do not matter when versions are compared.
    """
    match = _matched(text)
    return _version(match) if match else None


@lru_cache(maxsize=1 << 16)
def parse_file_version(text: str) -> Version | None:
    """The version of a file of Windows, or None where the text is not plainly one.

    It has the numbers as they are written: 5.5 is less precise than 5.5.0.0. A build without its first
    numbers (2653.23 of 5.5.2653.23) is no version of a file.
    """
    build = parse_build(text)
    return None if build is None or is_bare(build) else build


def is_bare(build: Version) -> bool:
    """Whether a build lacks its first two numbers, as 2653.23 does."""
    release = build.release
    is_short = len(release) <= _NUMBERS_OF_BARE and release[0] >= _LEAST_OF_BARE
    return is_short and not counts_years(build)


_NUMBERS_OF_BARE = 2
_LEAST_OF_BARE = 100
"""A first number below this is a product's version; otherwise it begins a build without its version."""


@lru_cache(maxsize=1 << 16)
def parse_build(text: str) -> Version | None:
    """The build of a product: a version of a file of Windows, or the last numbers of one."""
    match = _matched(text)
    version = _version(match) if match else None
    if match is None or version is None:
        return None
    release = version.release
    is_plausible = len(release) > 1 and any(release) and max(release) <= _MOST_IN_A_PART
    if not is_plausible or _is_date(match["numbers"]) or not _is_one(match, version):
        return None
    return version


def as_file_version(text: str) -> str:
    """A version of a rule as a file can have it: with four numbers where fewer are not plainly one."""
    version = parse_version(text)
    if version is None or parse_file_version(text) is not None:
        return text
    return ".".join(map(str, (*version.release, *_ZEROS[len(version.release) :])))


_ZEROS = (0, 0, 0, 0)


def counts_years(version: Version) -> bool:
    """Whether a version is of a numbering by years: 2022.160.4075.1."""
    return version.release[0] in _YEARS


FIRST_OF_YEARS, AFTER_YEARS = Version(str(_YEARS.start)), Version(str(_YEARS.stop))
"""Where the numbering by years begins, and what lies behind it."""


def behind(version: Version) -> Version:
    """The first version behind all that begin with the numbers of this one."""
    *first, last = version.release
    return Version(".".join(map(str, (*first, last + 1))))


def _matched(text: str) -> re.Match[str] | None:
    return _VERSION.fullmatch(" ".join(text.split())) if len(text) <= LONGEST_TEXT else None


def _version(match: re.Match[str]) -> Version | None:
    numbers = _numbers(match)
    return Version(".".join(str(int(part)) for part in numbers)) if numbers else None


def _numbers(match: re.Match[str]) -> list[str]:
    numbers = _SEPARATOR.split(match["numbers"])
    if len(numbers) < _WHOLE and match["remark"] and _NUMBERS.search(match["remark"]):
        return []  # the remark may hold the rest of the version
    return numbers + _SEPARATOR.split(match["build"]) if _has_own_build(match) else numbers


def _has_own_build(match: re.Match[str]) -> bool:
    """Whether the build continues the numbers before it."""
    return bool(match["build"]) and len(_SEPARATOR.split(match["numbers"])) < _WHOLE


def _is_date(numbers: str) -> bool:
    """Whether numbers as they are written are a date, with a year of four digits at either end.

    .NET Framework states its version as 4.7.02046, which is none.
    """
    found = _DATE.fullmatch(numbers)
    if found is None:
        return False
    first, second, third = map(int, _SEPARATOR.split(numbers))
    if found["is_first"] is not None:
        return first in _YEARS and second in _MONTHS and third in _DAYS
    days = (first in _DAYS and second in _MONTHS) or (first in _MONTHS and second in _DAYS)
    return third in _YEARS and days


def _is_one(match: re.Match[str], version: Version) -> bool:
    """Whether a text holds one version, in one way of writing."""
    own, rest = match["numbers"], match.string[match.end("numbers") :]
    if _has_own_build(match):
        if len(_SEPARATOR.split(match["build"])) >= _WHOLE:
            return False
        own, rest = own + match["build"], match.string[match.end("build") :]
    separators = {char for char in own if char in _MOST_NUMBERS}
    is_of_one_way = len(separators) == 1 and len(version.release) <= _MOST_NUMBERS[separators.pop()]
    return is_of_one_way and not any(_differs(found, version) for found in _ANOTHER.findall(rest))


def _differs(text: str, version: Version) -> bool:
    """Whether numbers in a remark are another version; a larger number makes them something else."""
    numbers = [int(part) for part in _SEPARATOR.split(text)]
    return max(numbers) <= _MOST_IN_A_PART and Version(".".join(map(str, numbers))) != version

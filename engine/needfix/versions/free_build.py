"""Builds that are no versions of Windows: any numbers, dates, a lone number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from packaging.version import Version

from needfix.versions.file_version import counts_years

_FREE = re.compile(
    r"\s*(?:(?:version|build|release|ver\.?|v\.?|r)\s*)?(?P<numbers>[0-9]{1,18}(?:[.,_/-][0-9]{1,18}){0,9})\s*",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile("[0-9]+", re.ASCII)
_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?P<between>[/-])(?P<month>[0-9]{1,2})(?P=between)(?P<day>[0-9]{1,2})(?![0-9])"
)
_YEAR_LAST = re.compile(r"(?P<first>[0-9]{1,2})[.,_/-](?P<second>[0-9]{1,2})[.,_/-](?P<year>[0-9]{4})")
_TWO_DIGITS = re.compile(r"(?P<first>[0-9]{2})-(?P<second>[0-9]{2})-[0-9]{2}")
_PARTS_OF_A_DAY = re.compile("(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_LONGEST_TEXT = 200
_YEARS = range(1980, 2100)
_MONTHS = range(1, 13)
_DAYS = range(33)
"""The days of a month, with the one before the first and the one behind the last: a step from either."""


@lru_cache(maxsize=1 << 14)
def parse_free_build(text: str) -> Version | None:
    """The build that a text states by its numbers, in their order; None where it has none, or others too.

    A date has its year first, and is the number of its day: 2022-10-01 is 20221001. Of 10/01/2022 it is not
    known which number is the month, and of 10-01-22 neither that nor the year.
    """
    found = _FREE.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if found is None or _is_ambiguous(found["numbers"]):
        return None
    numbers = list(map(int, _NUMBER.findall(_DAY.sub(_in_one_number, found["numbers"], count=1))))
    return Version(".".join(map(str, numbers))) if any(numbers) else None


def _in_one_number(found: re.Match[str]) -> str:
    number = f"{found['year']}{found['month']:0>2}{found['day']:0>2}"
    return number if found.start() == 0 and _is_day(number) else found[0]


def _is_ambiguous(numbers: str) -> bool:
    """Whether numbers may be a date whose year is not first."""
    if "/" in numbers and _DAY.match(numbers) is None:
        return True
    found = _YEAR_LAST.fullmatch(numbers) or _TWO_DIGITS.fullmatch(numbers)
    if found is None:
        return False
    one, other = int(found["first"]), int(found["second"])
    is_of_a_year = (one in _MONTHS and other in _DAYS) or (other in _MONTHS and one in _DAYS)
    return is_of_a_year and int(found.groupdict().get("year") or _YEARS.start) in _YEARS


def _stepped_day(numbers: str, step: int) -> str | None:
    """The day beside a date; None for numbers that are none."""
    found = _DAY.fullmatch(numbers) or _PARTS_OF_A_DAY.fullmatch(numbers)
    if found is None or int(found["year"]) not in _YEARS:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"])) + timedelta(days=step)
    except ValueError:
        return None
    written = (f"{day.month:0{len(found['month'])}d}", f"{day.day:0{len(found['day'])}d}")
    return found.groupdict().get("between", "").join((str(day.year), *written))


def _is_day(number: str) -> bool:
    found = _PARTS_OF_A_DAY.fullmatch(number)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    return year in _YEARS and month in _MONTHS and day in _DAYS


def counts_days(version: Version) -> bool:
    """Whether a free build is a date, which is not compared with one that is none."""
    return _is_day(str(version.release[0]))


Numbering = Literal["days", "builds", "years", "versions"]


def numbering(version: Version, *, is_free: bool) -> Numbering:
    """How a build is numbered; those of different numberings are not compared.

    Free ones are dates, versions, or the number of a build by itself: 24322831 of what is 8.0.3.24322831.
    Others begin with a year or not.
    """
    if not is_free:
        return "years" if counts_years(version) else "versions"
    if counts_days(version):
        return "days"
    is_lone = len(version.release) == 1 or version.release[0] >= _LEAST_OF_BUILD
    return "builds" if is_lone else "versions"


_LEAST_OF_BUILD = 100_000
"""No version begins with a number as large as this."""


def stepped_free_build(text: str, step: int) -> str | None:
    """The build with another last number, or the day beside a date, written in the same way; None below 0."""
    found = _FREE.fullmatch(text)
    if found is None:
        return None
    day = _stepped_day(found["numbers"], step)
    if day is not None:
        return f"{text[: found.start('numbers')]}{day}{text[found.end('numbers') :]}"
    end = found.end("numbers")
    start = max((one.end() for one in re.finditer("[^0-9]", text[:end])), default=0)
    number = int(text[start:end]) + step
    return f"{text[:start]}{number:0{end - start}d}{text[end:]}" if number >= 0 else None

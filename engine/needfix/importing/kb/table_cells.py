"""The cells of a fix table: names, versions, dates, times, sizes, platforms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

LONGEST_MONTH = 31
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LONGEST_ROW = 400
"""A longer line is not a row by itself. Nothing below repeats without bound."""
NAME = r"[^\s|<>:\"/\\?*]{0,80}\.[A-Za-z0-9_][A-Za-z0-9_$~-]{0,9}"
PLAIN_NAME = r"[A-Za-z_$][\w$~.-]{0,80}"
"""A name without an extension, such as Ntldr: only beside a date, version or size."""
VERSION = r"v?(?=[0-9,:]{1,40}\.)[0-9]{1,10}(?:[.,:][0-9]{1,10}){1,7}[a-z]?"
PLAIN_VERSION = r"(?:[0-9]{1,10}(?:\.[0-9]{1,10}){0,4}\s?\((?:Build )?[0-9.]{1,20}\)|[0-9]{1,5}[A-Z]?)"
"""A version that could be a size, or that has its build in parentheses."""
_DAY_MONTH_YEAR = r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})"
_YEAR_MONTH_DAY = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_DAY_NAME_YEAR = r"[0-9]{1,2}[- ][A-Za-z]{3,9}\.?[-, ]{1,2}(?:[0-9]{4}|[0-9]{2})"
_NAME_DAY_YEAR = r"[A-Za-z]{3,9}\.?[- ][0-9]{1,2}(?:, ?|[- ])(?:[0-9]{4}|[0-9]{2})"
DATE = rf"(?:{_DAY_MONTH_YEAR}|{_YEAR_MONTH_DAY}|{_DAY_NAME_YEAR}|{_NAME_DAY_YEAR})"
MISPRINTED_DATE = r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{1,5}"
TIME = r"[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?\s?(?:[ap]\.?(?:\s?m\b\.?)?)?"
PLAIN_TIME = r"[0-9]{4}"
SIZE = r"[0-9]{1,12}(?:[.,][0-9]{1,6}){0,5}\s?(?:bytes|[KM]?B|[KM])?"
GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+\b|[0-9]{4,12}\b"
"""A number that is a size, and no part of the name of a platform such as `ARM 720`."""
NOTHING = r"n\s?[/.]?\s?a\.?|none|-{1,3}|unknown|not applicable|no version"
PLATFORM = (
    r"\(?(?:x86|i[3-6]86|ix86|Intel(?: x86)?|(?:DEC )?Alpha|AXP|IA-?64|Itanium|x64|MIPS(?: R[0-9]{1,6})?"
    r"|PPC|PowerPC|ARM(?: ?\w{1,10})?|SH-?[0-9]|all platforms|both)\)?"
)

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,80}/?>|&nbsp;|&#160;|\u00a0")
_NOTHING = re.compile(NOTHING, re.IGNORECASE)
_TIME = re.compile(r"([0-9]{1,2})[:.]?([0-9]{2})(?::([0-9]{2}))?\s?(?:([ap])\.?(?:\s?m\.?)?)?", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_LAST_OF_CENTURY = 70
"""Two digits from here on are years of the 1900s: none of these files is older."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a fix table as printed; what the table does not say is None."""

    name: str
    line: int
    version: str | None = None
    date: str | None = None
    time: str | None = None
    size: str | None = None
    platform: str | None = None
    language: str | None = None

    @property
    def has_details(self) -> bool:
        """Whether the row has more than the name of the file."""
        return any((self.version, self.date, self.time, self.size, self.platform, self.language))


def without_markup(text: str) -> str:
    """A line without stray markup, its columns where they were."""
    return _MARKUP.sub("", text)


def clean(text: str) -> str:
    """A cell without stray markup and blanks at its ends."""
    return " ".join(_MARKUP.sub(" ", text).split())


def value(text: str | None) -> str | None:
    """What a cell says, or None where it is empty or says that there is nothing to say."""
    found = clean(text or "")
    return None if not found or _NOTHING.fullmatch(found) else found


def platform(text: str | None) -> str | None:
    """A platform without the parentheses around it."""
    found = value(text)
    return found.strip("()").strip() or None if found else None


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A date written in numbers; the first two are month and day, in either order."""

    first: int
    second: int
    year: int


def is_day_first(dates: Iterable[str]) -> bool | None:
    """Whether the dates of a table give the day first; None where they contradict each other."""
    numbers = [found for found in map(_numbers, dates) if found]
    days_first = any(found.first > len(MONTHS) for found in numbers)
    months_first = any(found.second > len(MONTHS) for found in numbers)
    return None if days_first and months_first else days_first


def is_ambiguous(text: str) -> bool:
    """Whether a date reads both ways and means another day each time."""
    found = _numbers(text)
    return found is not None and found.first <= len(MONTHS) >= found.second != found.first


def read_date(text: str, *, day_first: bool = False) -> date | None:
    """A date in any of the ways that tables write them, or None."""
    numbers = _numbers(text)
    if numbers:
        month, day = (numbers.second, numbers.first) if day_first else (numbers.first, numbers.second)
        return _date(numbers.year, month, day)
    if iso := re.fullmatch(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})", text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if short := re.fullmatch(r"([0-9]{2})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text):
        return _date(_year(short[1]), int(short[2]), int(short[3]))
    words = re.findall(r"[A-Za-z]+|[0-9]+", text)
    month = next((_month(word) for word in words if word.isalpha()), 0)
    days = [word for word in words if word.isdigit()]
    return _date(_year(days[1]), month, int(days[0])) if month and len(days) == 2 else None  # noqa: PLR2004  # day, year


def read_time(text: str) -> time | None:
    """A time such as `14:42`, `10:06am`, `05:08p` or `15:04:48`, or None."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, half = int(found[1]), (found[4] or "").lower()
    noon = 12
    if half and hour <= noon:
        hour = hour % noon + (noon if half == "p" else 0)
    try:
        return time(hour, int(found[2]), int(found[3] or 0))
    except ValueError:
        return None


def _numbers(text: str) -> _Numbers | None:
    found = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})", text)
    if found is None or _is_year_first(found):
        return None
    return _Numbers(int(found[1]), int(found[2]), _year(found[3]))


def _is_year_first(found: re.Match[str]) -> bool:
    """`98/10/28`: no month has 98 days."""
    return int(found[1]) > LONGEST_MONTH >= int(found[3])


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004  # a year in full
        return year
    return year + (1900 if year >= _LAST_OF_CENTURY else 2000)


def _month(word: str) -> int:
    short = word.casefold()[:3]
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def _date(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""Modified times, compared with the precision in which they are written, and durations."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

_LONGEST_TEXT = 64
_MOMENT = re.compile(
    r"\s*(?P<date>[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})"
    r"(?:[T ]\s*(?P<time>[0-9]{1,2}:[0-9]{2}(?P<seconds>:[0-9]{2}(?:[.,][0-9]{1,9})?)?)\s*"
    r"(?P<zone>Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?\s*",
    re.IGNORECASE | re.ASCII,
)
_BASIC = re.compile(
    r"\s*([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})(?:([0-9]{2}(?:[.,][0-9]{1,9})?))?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?\s*",
    re.IGNORECASE | re.ASCII,
)
"""The form of ISO 8601 without signs between the numbers: 20001231T180000Z."""


DURATION = r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([smhd])"
"""A duration as it is written: 90s, 10m, 1.5h."""

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> float | None:
    """The seconds of a duration; None if `text` is not a duration."""
    found = re.fullmatch(DURATION, text.strip())
    return float(found[1]) * _SECONDS[found[2]] if found else None


_FARTHEST = timedelta(hours=14)
"""So far local times can be from UTC."""


class Moment(NamedTuple):
    """A span of time: `2000-03-14` is the whole day, `2000-03-14T18:00` the whole minute.

    With a zone it is in UTC, else in the local time of some place.
    """

    first: datetime
    last: datetime
    has_zone: bool = False

    @property
    def is_precise(self) -> bool:
        """Whether it is written to the second."""
        return self.last - self.first < _SECOND

    @property
    def has_time(self) -> bool:
        """Whether it is written to the minute, or better."""
        return self.last - self.first < _MINUTE

    def reaches(self, minimum: Moment) -> bool | None:
        """Whether this is `minimum` or later; None if it is not written precisely enough to decide.

        Where only one of them has a zone, they have to be further apart than any zone is from UTC.
        """
        if self.has_zone == minimum.has_zone:
            is_later, is_earlier = self.first >= minimum.first, self.last < minimum.first
        else:
            is_later = self.first - minimum.first >= _FARTHEST
            is_earlier = minimum.first - self.last > _FARTHEST
        return True if is_later else False if is_earlier else None


@lru_cache(maxsize=1 << 16)
def parse_moment(text: str) -> Moment | None:
    """The moment that an ISO 8601 text states, or None if it cannot be read.

    A time without a zone is used as written; one with a zone is converted to UTC.
    """
    match = _MOMENT.fullmatch(_extended(text)) if len(text) <= _LONGEST_TEXT else None
    if match is None:
        return None
    try:
        first = _first_instant(match)
        last = first + _length(match) - timedelta(microseconds=1)
        return Moment(first, last, has_zone=match["zone"] is not None)
    except (ValueError, OverflowError):
        return None


def _extended(text: str) -> str:
    """A time of the basic form in the usual one."""
    basic = _BASIC.fullmatch(text)
    if basic is None:
        return text
    year, month, day, hour, minute, second, zone = basic.groups()
    behind = f":{second}" if second else ""
    return f"{year}-{month}-{day}T{hour}:{minute}{behind}{zone or ''}"


_LAST_OF_NOTHING = date(1970, 1, 1)
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def parse_clock_time(text: str) -> Moment | None:
    """The time of a file, a reading or an inventory, or None where the text is none that a clock showed.

    Clocks that count from 1601, 1899, 1970 or the year 1 show these where there is no time, in any zone.
    """
    moment = parse_moment(text)
    return None if moment is None or moment.first.date() <= _LAST_OF_NOTHING else moment


_END_OF_DAY = (24, 0, 0, 0)


def _first_instant(match: re.Match[str]) -> datetime:
    year, month, day = map(int, re.split("[-/]", match["date"]))
    hour, minute, second = ([*(match["time"] or "0").split(":"), "0", "0"])[:3]
    whole, _, fraction = second.replace(",", ".").partition(".")
    micro = int(fraction.ljust(6, "0")[:6] or 0)
    is_end = (int(hour), int(minute), int(whole), micro) == _END_OF_DAY
    moment = datetime(year, month, day, 0 if is_end else int(hour), int(minute), int(whole), micro)  # noqa: DTZ001 - as it stands
    moment += timedelta(days=is_end)
    zone = match["zone"]
    if zone is None or zone.upper() == "Z":
        return moment
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return moment - offset if zone[0] == "+" else moment + offset


def _length(match: re.Match[str]) -> timedelta:
    if match["time"] is None:
        return timedelta(days=1)
    return timedelta(seconds=1) if match["seconds"] else timedelta(minutes=1)

"""Times in the forms of Windows PowerShell's JSON and of WMI, as ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_TICKS = r"\\?/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)\\?/"
"""Milliseconds since 1970 in UTC; a zone behind them changes nothing of that."""
_OF_WMI = r"([0-9]{14})\.[0-9]{6}([+-])([0-9]{3})"
"""`20211002164913.942000-300`: a local time, and how many minutes it is before or behind UTC."""

OTHER_TIMES = rf"{_TICKS}|{_OF_WMI}"
"""A time that is read as another text, as `re` and Arrow read patterns."""

_FOUND = re.compile(OTHER_TIMES)
_CHARACTERS_OF_WMI = 25
_SECONDS_OF_YEARS = 253_402_300_800
"""From 1970 to the year 10000, which no time reaches."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso_time(text: str) -> str:
    """A time of these forms in ISO 8601; any other text, and what no calendar has, as it is."""
    may_be_other = text.endswith("/") or (len(text) == _CHARACTERS_OF_WMI and text[14] == ".")
    return _iso_time(text) if may_be_other else text


@lru_cache(maxsize=1 << 12)
def _iso_time(text: str) -> str:
    found = _FOUND.fullmatch(text)
    if found is None:
        return text
    ticks, local, sign, minutes = found.groups()
    own = of_seconds(int(ticks) / 1000) if ticks else _of_wmi(local, timedelta(minutes=int(sign + minutes)))
    return own or text


@lru_cache(maxsize=1 << 10)
def of_seconds(seconds: float) -> str | None:
    """The time of so many seconds since 1970 in UTC; None where no calendar has it."""
    if not 0 <= seconds < _SECONDS_OF_YEARS:
        return None
    return (_EPOCH + timedelta(seconds=int(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ")


def _of_wmi(local: str, zone: timedelta) -> str | None:
    try:
        return datetime.strptime(local, "%Y%m%d%H%M%S").replace(tzinfo=timezone(zone)).isoformat()
    except ValueError:
        return None

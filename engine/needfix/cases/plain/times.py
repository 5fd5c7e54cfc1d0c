"""Times read from text, step by step: the first and the last instant that one may mean."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

_MOST_REMEMBERED = 1 << 14
_MOST_OF_MOMENT = 64
_IN_ANY_CASE = re.IGNORECASE | re.ASCII
_DAY_AFTER_THE_START_OF_UNIX = datetime(1970, 1, 2)  # noqa: DTZ001 - in any zone


class Span(NamedTuple):
    """The first and the last instant that a text may mean, in UTC where the text has a zone."""

    first: datetime
    last: datetime
    has_zone: bool


@lru_cache(_MOST_REMEMBERED)
def moment(written: str | None) -> Span | None:
    """The time that a text means: `2000-03-14` is a whole day."""
    if written is None or len(written) > _MOST_OF_MOMENT:
        return None
    second, zone = "([0-9]{2})([.,][0-9]{1,9})?", "(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
    form = (
        r"\s*([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"
        rf"([T ]\s*([0-9]{{1,2}}):([0-9]{{2}})(:{second})?\s*{zone})?\s*"
    )
    basic = rf"\s*([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})(T([0-9]{{2}})([0-9]{{2}})({second})?{zone})\s*"
    found = re.fullmatch(form, written, _IN_ANY_CASE) or re.fullmatch(basic, written, _IN_ANY_CASE)
    if found is None:
        return None
    year, month, day, time, hour, minute, _, second, fraction, zone = found.groups()
    spans = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
    length = spans[0 if time is None else 1 if second is None else 2]
    try:
        start = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - as written
        if hour == "24" and not int(f"{minute}{second or 0}{(fraction or '.0')[1:]}"):
            start, hour = start + timedelta(days=1), "0"
        start = start.replace(hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0))
        start = start.replace(microsecond=int(f"{(fraction or '.')[1:]}000000"[:6]))
        start = start if zone is None or zone in "Zz" else start - _offset(zone)
        return Span(start, start + length - timedelta(microseconds=1), zone is not None)
    except (ValueError, OverflowError):
        return None


def clock_time(written: str | None) -> Span | None:
    """When a file was modified or a counter read; None also for what stands for no time, as 1601 does."""
    found = moment(written)
    return None if found is None or found.first < _DAY_AFTER_THE_START_OF_UNIX else found


def _offset(zone: str) -> timedelta:
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - of a clock
        raise ValueError(zone)
    offset = timedelta(hours=hours, minutes=minutes)
    return offset if zone[0] == "+" else -offset

"""The values right next to a version or a modified time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from needfix.versions import (
    as_file_version,
    parse_file_version,
    parse_moment,
    parse_version,
    stepped_free_build,
)

_LARGEST_PART = 65535
"""A part of a file version has 16 bits."""

_MOMENT = re.compile(
    r"\s*(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})(?P<between>[T ]\s*)?(?P<time>\d{1,2}:\d{2})?"
    r"(?P<seconds>:\d{2})?(?P<rest>.*?)\s*",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)


def just_below(text: str, *, is_free: bool = False) -> str | None:
    """The next lower version or time, as precise as it is written; None where no file can have one.

    `is_free`: it is a build that is no version of Windows.
    """
    return stepped_free_build(text, -1) if is_free else _stepped(text, -1)


def just_above(text: str, *, is_free: bool = False) -> str | None:
    """The next higher version or time, as precise as it is written; None where no file can have one."""
    return stepped_free_build(text, 1) if is_free else _stepped(text, 1)


def _stepped(text: str, step: int) -> str | None:
    version = parse_version(as_file_version(text))
    if version is not None:
        stepped = as_file_version(_next_version(list(version.release), step) or "")
        return stepped if parse_file_version(stepped) is not None else None
    return None if parse_moment(text) is None else _next_moment(text, step)


def _next_version(parts: list[int], step: int) -> str | None:
    """The last part moves, and the parts before it where it is at its end."""
    end, start = (0, _LARGEST_PART) if step < 0 else (_LARGEST_PART, 0)
    place = len(parts) - 1
    while place >= 0 and parts[place] == end:
        parts[place] = start
        place -= 1
    if place < 0:
        return None
    parts[place] += step
    return ".".join(map(str, parts))


def _next_moment(text: str, step: int) -> str | None:
    """The date, minute or second moves, whichever is the last that is written."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    clock = (found["time"] or "00:00") + (found["seconds"] or ":00")
    unit = timedelta(seconds=1) if found["seconds"] else timedelta(minutes=1)
    written = datetime.strptime(f"{found['date'].replace('/', '-')} {clock}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - as it stands
    try:
        moved = written + step * (unit if found["time"] else timedelta(days=1))
    except OverflowError:
        return None
    return _like(moved, found)


def _like(moment: datetime, found: re.Match[str]) -> str:
    """A moment written as another one is."""
    shape = "%H:%M:%S" if found["seconds"] else "%H:%M"
    time = f"{found['between']}{moment:{shape}}{found['rest']}" if found["time"] else ""
    return f"{moment.date().isoformat()}{time}"

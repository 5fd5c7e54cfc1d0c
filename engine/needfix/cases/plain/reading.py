"""Versions, builds, levels and times read from text into tuples that order as they should, step by step."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from needfix.versions.level import Level

Numbers = tuple[int, ...]
"""The numbers of a version as they were written, zeros at the end included."""

VersionName = tuple[int | str, ...]
"""The version of a level: its numbers, R2 behind them, or one word where it has no number."""

Label = tuple[VersionName, int, str]
"""The version of a level, its service pack, and what follows, in small letters with single blanks."""

_MOST_REMEMBERED = 1 << 14
_IN_ANY_CASE = re.IGNORECASE | re.ASCII
_MOST_OF_VERSION, _MOST_OF_MOMENT = 200, 64
_MOST_NUMBERS, _MOST_LEVEL_NUMBERS, _MOST_NUMBERS_WITH_COMMAS = 10, 6, 4
_MOST_DIGITS, _MOST_LEVEL_DIGITS, _MOST_PACK_DIGITS = 18, 9, 4
_WHOLE_VERSION = 3
_MOST_PART = 65535
_FIRST_YEAR, _LAST_YEAR = 1980, 2099
_LEAST_OF_A_BUILD_BY_ITSELF = 100_000
_BUILD_BEHIND = "[(,;:-]? ?build ?:? ?([0-9]{1,18}(?:[.,][0-9]{1,18}){0,3})(?: ?[:,;)].*)?"
_DAY_AFTER_THE_START_OF_UNIX = datetime(1970, 1, 2)  # noqa: DTZ001 - in any zone


class LevelName(NamedTuple):
    """What a text says of a level. `version` is None for a service pack or an update by itself.

    `is_first`: the text says that it is the version as released, by RTM or Gold. `rest` is what
    follows the service pack.
    """

    version: VersionName | None
    pack: int = 0
    rest: str = ""
    builds: tuple[Numbers, ...] = ()
    is_first: bool = False

    @property
    def label(self) -> Label:
        """What two names of one level have in common."""
        return trimmed_name(self.version or ()), self.pack, self.rest

    @property
    def is_version_only(self) -> bool:
        """Whether it says nothing behind the version."""
        return not (self.pack or self.rest or self.is_first)


def trimmed(numbers: Numbers) -> Numbers:
    """A version that orders as it should: 5.5 is 5.5.0."""
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


def trimmed_name(name: VersionName) -> VersionName:
    """A version of a level without zeros at the end."""
    return (*trimmed(numbers_in(name)), *(one for one in name if isinstance(one, str)))


def numbers_in(name: VersionName) -> Numbers:
    """The numbers of a version."""
    return tuple(one for one in name if isinstance(one, int))


class _Text:
    """A text that is read from left to right."""

    def __init__(self, text: str, *, is_raw: bool = False) -> None:
        self.rest = text if is_raw else " ".join(text.split())

    def take(self, pattern: str) -> str | None:
        """The next part, if it has this form."""
        found = re.match(pattern, self.rest, _IN_ANY_CASE)
        if found is None:
            return None
        self.rest = self.rest[found.end() :]
        return found[0]

    def numbers(self, most: int, digits: int, between: str = "[.,]") -> Numbers | None:
        """Numbers with points or commas between them."""
        first = self.take(f"[0-9]{{1,{digits}}}")
        found = [] if first is None else [int(first)]
        while found and len(found) < most and (more := self.take(f"{between}[0-9]{{1,{digits}}}")):
            found.append(int(re.sub("[^0-9]", "", more)))
        return tuple(found) or None


def version(written: str | None) -> Numbers | None:
    """A file version, such as 5.5.2653.23 or V5,5,2653,23; None where it is not one Windows file version."""
    found = build(written)
    is_of_lone_numbers = re.search("[.,]", written or "") is None
    return None if found is None or is_of_lone_numbers or _is_rest(found) else found


def _is_rest(found: Numbers) -> bool:
    """Whether these are the last numbers of a version: 2653.23 of 5.5.2653.23, or a number alone."""
    first, *others = found
    return not others or (len(others) == 1 and first >= _LEAST_OF_REST and not is_by_years(found))


_LEAST_OF_REST = 100


@lru_cache(_MOST_REMEMBERED)
def build(written: str | None) -> Numbers | None:
    """A product's build: a file version, 5.5 (Build 2653.23: Service Pack 4), or a number."""
    if written is None or len(written) > _MOST_OF_VERSION:
        return None
    text = _Text(written)
    text.take(r"version |ver\.? ?|v\.? ?")
    before = text.rest
    found = text.numbers(_MOST_NUMBERS, _MOST_DIGITS, " ?[.,] ?")
    numbers = before[: len(before) - len(text.rest)]
    if found is None or not _is_plausible(found, numbers):
        return None
    return _with_remark(found, numbers, text.rest.strip())


_FREE = r"((version|build|release|ver\.?|v\.?|r) *)?([0-9]{1,18}([.,_/-][0-9]{1,18}){0,9})"
_DATE = r"([0-9]{4})([/-])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])(.*)"


@lru_cache(_MOST_REMEMBERED)
def free_build(written: str | None) -> Numbers | None:
    """The numbers of a build that is no version of Windows; None for a date whose year does not come first.

    One whose year does is one number, as if it were written without separators.
    """
    found = re.fullmatch(_FREE, (written or "").strip(), _IN_ANY_CASE)
    if found is None or len(written or "") > _MOST_OF_VERSION:
        return None
    numbers = tuple(int(one) for one in re.findall("[0-9]+", found[3]))
    date = re.fullmatch(_DATE, found[3])
    day = 0 if date is None else numbers[0] * 10_000 + numbers[1] * 100 + numbers[2]
    if date is not None and is_date((day,)):
        return day, *numbers[3:]
    is_refused = ("/" in found[3] and date is None) or _is_year_last(found[3], numbers)
    return None if is_refused or not any(numbers) else numbers


def _is_year_last(written: str, numbers: Numbers) -> bool:
    """Whether it may be a date with a year of four digits, or of two where all numbers have two."""
    with_year = re.fullmatch("[0-9]{1,2}[^0-9][0-9]{1,2}[^0-9][0-9]{4}", written)
    if with_year is None and re.fullmatch("[0-9]{2}-[0-9]{2}-[0-9]{2}", written) is None:
        return False
    year = numbers[2] if with_year else _FIRST_YEAR
    one, other, *_ = numbers
    return is_date((year * 10_000 + one * 100 + other,)) or is_date((year * 10_000 + other * 100 + one,))


def is_date(numbers: Numbers) -> bool:
    """Whether a free build is a date: a year, a month, and a day or the one before or behind the month."""
    year, rest = divmod(numbers[0], 10_000)
    month, day = divmod(rest, 100)
    return _FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and day <= 32  # noqa: PLR2004 - a calendar's


def numbering_of_free(numbers: Numbers) -> tuple[bool, bool]:
    """Whether a free build is a date, and whether it is the number of a build without that of a version."""
    return is_date(numbers), len(numbers) == 1 or numbers[0] >= _LEAST_OF_A_BUILD_BY_ITSELF


def _with_remark(found: Numbers, numbers: str, behind: str) -> Numbers | None:
    if joined := re.fullmatch(_BUILD_BEHIND, behind, _IN_ANY_CASE):
        parts = tuple(int(part) for part in re.split("[.,]", joined[1]))
        if max(parts) > _MOST_PART or _holds_another(found, behind):
            return None
        if len(found) >= _WHOLE_VERSION:
            return found
        return None if {".", ","} <= set(numbers + joined[1]) else found + parts
    if re.fullmatch(r"\([^()]*\)", behind):
        is_rest = len(found) < _WHOLE_VERSION and re.search("[0-9][.,][0-9]", behind)
        return None if is_rest or _holds_another(found, behind) else found
    is_known = re.fullmatch(r"(built by\b.*)?", behind, _IN_ANY_CASE)
    return found if is_known and not _holds_another(found, behind) else None


def _is_plausible(numbers: Numbers, text: str) -> bool:
    """Whether these are the numbers of one Windows version, and not a date, a size or two versions."""
    has_commas = "," in text
    return (
        max(numbers) <= _MOST_PART
        and any(numbers)
        and not (has_commas and "." in text)
        and not (has_commas and len(numbers) > _MOST_NUMBERS_WITH_COMMAS)
        and not _is_date(text.replace(" ", "").replace(",", "."))
    )


def _is_date(text: str) -> bool:
    year_first = re.fullmatch(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})", text)
    year_last = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text)
    if year_first:
        year, month, day = map(int, year_first.groups())
    elif year_last:
        day, month, year = map(int, year_last.groups())
        day, month = max(day, month), min(day, month)  # in either order
    else:
        return False
    return _FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004 - a calendar's


def _holds_another(found: Numbers, remark: str) -> bool:
    """Whether a remark holds another version: (was 5.5.2653.23), but not (WinBuild.160101.0800)."""
    rows = re.findall(r"[0-9]+(?:[.,][0-9]+){2,}", remark, re.ASCII)
    versions = [tuple(int(part) for part in re.split("[.,]", row)) for row in rows]
    return any(max(one) <= _MOST_PART and trimmed(one) != trimmed(found) for one in versions)


def is_by_years(numbers: Numbers) -> bool:
    """Whether a version is of a numbering by years: 2022.160.4075 of what is 16.0.4075."""
    return _FIRST_YEAR <= numbers[0] <= _LAST_YEAR


@lru_cache(_MOST_REMEMBERED)
def level_name(written: str) -> LevelName | None:
    """A level: 5.5, SP3, 4.0 SP6a, 2012 R2, 2019 CU14, Version 5.5 (Build 2653.23: Service Pack 4)."""
    if len(written) > _MOST_OF_VERSION:
        return None
    behind_build = re.fullmatch(
        r"\s*([0-9]{1,9}(?:\.[0-9]{1,9}){2,3})\s*[(\[]([^()\[\]]+)[)\]]\s*", written, re.ASCII
    )
    found = _level_name(written)
    if found is not None or behind_build is None:
        return found
    inner, numbers = _level_name(behind_build[2]), build(behind_build[1])
    if inner is None or numbers is None or inner.builds or len(inner.version or ()) >= _WHOLE_VERSION:
        return None
    return inner._replace(builds=(numbers,))


def _level_name(written: str) -> LevelName | None:
    text = _Text(written)
    text.take(r"[ (]+")
    text.take(r"versions?\b|ver\b\.?|v\.?(?= ?[0-9])")
    text.take(" ")
    version, revision = _numbered(text)
    found = _behind(text)
    text.take(r"[ )\]]*")
    if text.rest or found is None or (version is None and not found.says_stage):
        return None
    if revision and found.says_stage:
        return None
    rest = " ".join(filter(None, (revision, found.rest)))
    return LevelName(version, found.pack, rest, found.builds, found.is_first)


def _numbered(text: _Text) -> tuple[VersionName | None, str]:
    """The number of a version with R2 behind it, or with a letter."""
    numbers = text.numbers(_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS)
    if numbers is None:
        return None, ""
    release = text.take("[ -]?r[0-9](?![a-z0-9])")
    revision = None if release else text.take("[a-z](?![a-z0-9])")
    return (*numbers, *([release[-2:].lower()] if release else [])), (revision or "").lower()


@lru_cache(_MOST_REMEMBERED)
def any_level_name(written: str) -> LevelName | None:
    """A level of a definition, which may have words of its own: SE RTM, 2022 Azure Edition, 9.5p1."""
    usual = level_name(written)
    if usual is not None or not any(map(str.isalnum, written)) or len(written) > _MOST_OF_VERSION:
        return usual
    text = _Text(written)
    if re.match(r"(version |v\.? ?)?[0-9]{1,9}(\.[0-9]{1,9}){0,5}(?![0-9h])", text.rest, _IN_ANY_CASE):
        text.take(r"version |v\.? ?")
        numbers = text.numbers(_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS, "[.]")
        release = text.take("[ -]?r[0-9](?![a-z0-9])")
        version: VersionName = (*(numbers or ()), *([release[-2:].lower()] if release else []))
        return _with_words(version, text)
    words = text.rest.split(" ")
    for size in range(1, len(words)):
        behind = _Text(" ".join(["", *words[size:]]), is_raw=True)
        found = _behind(behind)
        behind.take(r"[ )\]]*")
        if found is not None and not behind.rest:
            word = " ".join(words[:size]).casefold()
            return LevelName((word,), found.pack, found.rest, found.builds, found.is_first)
    return LevelName((text.rest.casefold(),))


def _with_words(version: VersionName, text: _Text) -> LevelName | None:
    """A version, what usually follows one, and any other words."""
    before = text.rest
    found = _behind(text)
    taken = before[: len(before) - len(text.rest)]
    goes_on = text.rest[:1].isalnum() or re.match("[.,][0-9]", text.rest) is not None
    is_cut = taken[-1:].isalnum() and goes_on
    if found is None or is_cut:
        found, text.rest = _Behind(), before
    rest = " ".join(filter(None, (found.rest, in_words(text.rest))))
    return LevelName(version, found.pack, rest, found.builds, found.is_first)


def in_words(text: str) -> str:
    """Words and numbers in small letters, with one blank between them; a letter stays at its number."""
    return " ".join(re.findall(r"[0-9]+[a-z]?(?![a-z0-9])|[^\W\d_]+|[0-9]+", text.casefold()))


class _Behind(NamedTuple):
    """What follows a version: whether it was released so, a service pack, an update, builds."""

    pack: int = 0
    rest: str = ""
    builds: tuple[Numbers, ...] = ()
    is_first: bool = False
    says_stage: bool = False


def _behind(text: _Text) -> _Behind | None:
    early_build = _build(text)
    first = text.take(r"[ ,(:;-]*(rtm|gold|ga|(no|without) service pack|original release)\b")
    pack, letter, rollup = _pack(text)
    update = _update(text)
    line = text.take(r"[ ,(:;-]*gdr ?[0-9]{0,3}(?![a-z0-9])") or ""
    late_build = _build(text)
    own_build = _bare_build(text)
    if letter and not pack:
        return None
    rest = " ".join(filter(None, (letter.lower(), rollup.lower(), update, in_words(line))))
    builds = tuple(one for one in (early_build, late_build, own_build) if one is not None)
    is_stage = pack is not None or bool(update)
    return _Behind(pack or 0, rest, builds, first is not None, is_stage)


def _update(text: _Text) -> str:
    """An update by its number: CU14, Update Rollup 3, Update 3k."""
    kinds = {
        "cu": "cumulative[ -]?update|cu",
        "ru": "update[ -]?rollup|rollup|ru|ur",
        "u": "update|u",
    }
    for kind, words in kinds.items():
        if text.take(rf"[ ,(:;-]*({words}) ?-? ?(?=[0-9]{{1,4}})"):
            number = text.take("[0-9]{1,4}") or "0"
            return f"{kind} {int(number)}{(text.take('[a-z](?=gdr|build|[^a-z]|$)') or '').lower()}"
    return ""


def _bare_build(text: _Text) -> Numbers | None:
    """A build without the word, of three numbers or more, that are no date: 5.5 SP4 (5.5.2653.23)."""
    row = re.match(r"[ ,([:;-]+([0-9]+([.,][0-9]+){2,})(?![0-9.,])", text.rest)
    if row is None or build(row[1]) is None:
        return None
    text.take(r"[ ,([:;-]+")
    return text.numbers(_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS)


def _build(text: _Text) -> Numbers | None:
    if text.take("[ ,(:;-]*build ?[: ] ?(?=[0-9])") is None:
        return None
    return text.numbers(_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS)


def _pack(text: _Text) -> tuple[int | None, str, str]:
    """A service pack with its letter and a rollup upon it: SP6a, Service Pack 4 HRP."""
    if text.take("[ ,(:;-]*(service[ -]?pack|sp) ?-? ?(?=[0-9])") is None:
        return None, "", ""
    number = text.take(f"[0-9]{{1,{_MOST_PACK_DIGITS}}}") or "0"
    letter = text.take("[a-z](?=build|[^a-z0-9]|$)") or ""
    rollup = text.take(r" ((hotfix|security) rollup package ?)?\(?(hrp|srp)\)?") or ""
    return int(number), letter, rollup.rstrip(")")[-3:].upper()


@lru_cache(_MOST_REMEMBERED)
def name_of(written: str) -> LevelName:
    """A level of a definition by its text."""
    return any_level_name(written) or LevelName((written.casefold(),))


def label(level: Level) -> Label:
    """What a level is known by."""
    return _label_of(level.text)


@lru_cache(_MOST_REMEMBERED)
def _label_of(written: str) -> Label:
    return name_of(written).label


def numbers_of(level: Level) -> VersionName:
    """The version that a level belongs to."""
    return label(level)[0]


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

"""Versions of files and builds read from text into tuples that order as they should, step by step."""

from __future__ import annotations

import re
from functools import lru_cache

Numbers = tuple[int, ...]
"""The numbers of a version as they were written, zeros at the end included."""

_MOST_REMEMBERED = 1 << 14
_IN_ANY_CASE = re.IGNORECASE | re.ASCII
_MOST_OF_VERSION = 200
_MOST_NUMBERS, _MOST_NUMBERS_WITH_COMMAS = 10, 4
_MOST_DIGITS = 18
_WHOLE_VERSION = 3
_MOST_PART = 65535
_FIRST_YEAR, _LAST_YEAR = 1980, 2099
_LEAST_OF_A_BUILD_BY_ITSELF = 100_000
_BUILD_BEHIND = "[(,;:-]? ?build ?:? ?([0-9]{1,18}(?:[.,][0-9]{1,18}){0,3})(?: ?[:,;)].*)?"


def trimmed(numbers: Numbers) -> Numbers:
    """A version that orders as it should: 5.5 is 5.5.0."""
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


class Text:
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
    text = Text(written)
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

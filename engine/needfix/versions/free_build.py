"""Builds that are no versions of Windows: any numbers, dates, a lone number."""

from __future__ import annotations

import re
from functools import lru_cache

from packaging.version import Version

_FREE = re.compile(
    r"\s*(?:(?:version|build|release|ver\.?|v\.?|r)\s*)?(?P<numbers>[0-9]{1,18}(?:[.,_/-][0-9]{1,18}){0,9})\s*",
    re.IGNORECASE | re.ASCII,
)
_SEPARATOR = re.compile("[.,_/-]")
_LONGEST_TEXT = 200
_FIRST_YEAR = 1000
_NUMBERS_OF_DATE = 3


@lru_cache(maxsize=1 << 14)
def parse_free_build(text: str) -> Version | None:
    """The build that a text states by its numbers, in their order; None where it has none, or others too.

    A date has its year first: of 10/01/2022 it is not known which number is the month.
    """
    found = _FREE.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if found is None:
        return None
    numbers = [int(part) for part in _SEPARATOR.split(found["numbers"])]
    separators = set(_SEPARATOR.findall(found["numbers"]))
    is_ambiguous = (
        separators <= {"/", "-"}
        and len(numbers) == _NUMBERS_OF_DATE
        and numbers[0] < _FIRST_YEAR <= numbers[-1]
    )
    return None if is_ambiguous or not any(numbers) else Version(".".join(map(str, numbers)))


def stepped_free_build(text: str, step: int) -> str | None:
    """The build with another last number, written in the same way; None below the lowest one."""
    found = _FREE.fullmatch(text)
    if found is None:
        return None
    end = found.end("numbers")
    start = max((one.end() for one in re.finditer("[^0-9]", text[:end])), default=0)
    number = int(text[start:end]) + step
    return f"{text[:start]}{number:0{end - start}d}{text[end:]}" if number >= 0 else None

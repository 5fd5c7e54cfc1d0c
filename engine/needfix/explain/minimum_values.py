"""Values of files and builds on either side of a minimum."""

from __future__ import annotations

from datetime import timedelta

from packaging.version import Version

from needfix.model.minimum import Minimum
from needfix.versions import stepped_free_build


def reaching(minimum: Minimum) -> str:
    """The lowest value that reaches a minimum: of several lines that of the last one."""
    if minimum.lines:
        return minimum.lines[-1].text or str(minimum.lines[-1].version)
    if minimum.above is None:
        return minimum.text
    last = minimum.text.removeprefix("above ")
    return (minimum.is_free and stepped_free_build(last, 1)) or _version_above(minimum.above)


def reaching_words(minimum: Minimum) -> str:
    """The values that reach a minimum, in words."""
    return reaching(minimum) if minimum.lines else f"{reaching(minimum)} or later"


def missing_words(minimum: Minimum, lower: str) -> str:
    """The values that do not, in words; `lower` is one of them."""
    return lower if minimum.lines or minimum.above is not None else f"below {minimum.text}"


def just_below(minimum: Minimum) -> str | None:
    """The highest version, or the latest minute, below a minimum; of several lines in the first one."""
    if minimum.modified is not None:
        before = (minimum.modified.first - timedelta(minutes=1)).isoformat()
        return f"{before}Z" if minimum.modified.has_zone else before
    if minimum.above is not None:
        return minimum.text.removeprefix("above ")
    if minimum.is_free:
        return stepped_free_build(minimum.lines[0].text if minimum.lines else minimum.text, -1)
    return _version_below(minimum.least) if minimum.least is not None else None


def _version_above(version: Version) -> str:
    *first, last = _four_numbers(version)
    return ".".join(map(str, (*first, last + 1)))


def _version_below(version: Version) -> str | None:
    numbers = _four_numbers(version)
    place = next((i for i in reversed(range(len(numbers))) if numbers[i]), None)
    if place is None:
        return None
    lower = [*numbers[:place], numbers[place] - 1, *([65535] * (len(numbers) - place - 1))]
    return ".".join(map(str, lower))


def _four_numbers(version: Version) -> list[int]:
    return [*version.release, *([0] * (4 - len(version.release)))]

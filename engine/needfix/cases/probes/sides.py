"""The values on each side of a minimum, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from needfix.cases.probes.probe import Aim
from needfix.cases.steps import just_above, just_below
from needfix.model.rule import Minimum, MinimumLine
from needfix.versions import as_file_version, parse_file_version


class Side(NamedTuple):
    """A value at a boundary, and where it lies, in words."""

    aim: Aim
    words: str
    value: str


def sides(minimum: Minimum) -> Iterator[Side]:
    """The values next to each boundary of a minimum that a file, or a build, can have."""
    for aim, words, value in named_sides(minimum):
        if value is not None and is_of_file(minimum, value):
            yield Side(aim, words, value)


def is_of_file(minimum: Minimum, value: str) -> bool:
    """Whether a file, or a build, can have a value next to a boundary."""
    return not minimum.by_version or parse_file_version(value) is not None


_Named = tuple[Aim, str, str | None]


def named_sides(minimum: Minimum) -> Iterator[_Named]:
    """Each side of each boundary in words, with the value there; None where there is none."""
    if minimum.above is not None:
        last = minimum.text.removeprefix("above ")
        yield "below", f"at {last}, which it must be above", as_file_version(last)
        yield "above", f"one step above {last}", just_above(last)
        return
    for line in minimum.lines:
        yield from _of_line(line)
    if not minimum.lines:
        yield "below", "one step below its minimum", just_below(minimum.text)
        yield "at", "at its minimum", reaching(minimum)
        yield "above", "one step above its minimum", just_above(minimum.text)


def _of_line(line: MinimumLine) -> Iterator[_Named]:
    needed, since = line.text or str(line.version), line.since_text or str(line.since)
    if line.since is not None:
        yield "above", f"one step below the line from {since}", just_below(since)
        if line.since < line.version:
            yield "below", f"where the line from {since} begins", as_file_version(since)
    yield "below", f"one step below its minimum {needed}", just_below(needed)
    yield "at", f"at its minimum {needed}", as_file_version(needed)
    yield "above", f"one step above its minimum {needed}", just_above(needed)


def reaching(minimum: Minimum) -> str:
    """A value that just reaches a minimum; of several lines that of the first."""
    if minimum.above is not None:
        last = minimum.text.removeprefix("above ")
        return just_above(last) or as_file_version(last)
    if minimum.lines:
        return as_file_version(minimum.lines[0].text or str(minimum.lines[0].version))
    return as_file_version(minimum.text) if minimum.version is not None else minimum.text


def missing(minimum: Minimum) -> str | None:
    """A value that just misses a minimum; of several lines that of the first."""
    if minimum.above is not None:
        return as_file_version(minimum.text.removeprefix("above "))
    return just_below(
        minimum.lines[0].text or str(minimum.lines[0].version) if minimum.lines else minimum.text
    )

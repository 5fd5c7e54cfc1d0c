"""The values on each side of a minimum, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from needfix.cases.probes.probe import Aim
from needfix.cases.probes.registry_values import ABSENT, as_asked, not_as_asked
from needfix.cases.steps import just_above, just_below
from needfix.model.minimum import Minimum, MinimumLine
from needfix.versions import as_file_version, parse_file_version, parse_free_build


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
    read = parse_free_build if minimum.is_free else parse_file_version
    return not minimum.by_version or read(value) is not None


_Named = tuple[Aim, str, str | None]


def named_sides(minimum: Minimum) -> Iterator[_Named]:
    """Each side of each boundary in words, with the value there; None where there is none."""
    if minimum.registry is not None:
        yield from _of_value(minimum)
        return
    if minimum.above is not None:
        last = minimum.text.removeprefix("above ")
        yield "below", f"at {last}, which it must be above", _written(minimum, last)
        yield "above", f"one step above {last}", just_above(last, is_free=minimum.is_free)
        return
    for line in minimum.lines:
        yield from _of_line(minimum, line)
    if not minimum.lines:
        yield "below", "one step below its minimum", just_below(minimum.text, is_free=minimum.is_free)
        yield "at", "at its minimum", reaching(minimum)
        yield "above", "one step above its minimum", just_above(minimum.text, is_free=minimum.is_free)


def _of_value(minimum: Minimum) -> Iterator[_Named]:
    """A value of the registry as it is asked for, another one, and none."""
    if minimum.version is not None:
        yield "below", "one step below its minimum", just_below(minimum.text)
        yield "at", "at its minimum", as_asked(minimum)
        yield "above", "one step above its minimum", just_above(minimum.text)
    else:
        value = as_asked(minimum)
        yield "at", value if value != ABSENT else "not there", value
        other = not_as_asked(minimum)
        yield "below", other if other != ABSENT else "not there", other
    asked = minimum.registry
    if asked is not None and asked.present is None:
        yield "below", "not there", ABSENT


def _written(minimum: Minimum, text: str) -> str:
    """A version as a file can have it; a free build as it stands."""
    return text if minimum.is_free else as_file_version(text)


def _of_line(minimum: Minimum, line: MinimumLine) -> Iterator[_Named]:
    is_free = minimum.is_free
    needed, since = line.text or str(line.version), line.since_text or str(line.since)
    if line.since is not None:
        yield "above", f"one step below the line from {since}", just_below(since, is_free=is_free)
        if line.since < line.version:
            yield "below", f"where the line from {since} begins", _written(minimum, since)
    yield "below", f"one step below its minimum {needed}", just_below(needed, is_free=is_free)
    yield "at", f"at its minimum {needed}", _written(minimum, needed)
    yield "above", f"one step above its minimum {needed}", just_above(needed, is_free=is_free)


def reaching(minimum: Minimum) -> str:
    """A value that just reaches a minimum; of several lines that of the first."""
    if minimum.registry is not None:
        return as_asked(minimum)
    if minimum.above is not None:
        last = minimum.text.removeprefix("above ")
        return just_above(last, is_free=minimum.is_free) or _written(minimum, last)
    if minimum.lines:
        return _written(minimum, minimum.lines[0].text or str(minimum.lines[0].version))
    return _written(minimum, minimum.text) if minimum.version is not None else minimum.text


def missing(minimum: Minimum) -> str | None:
    """A value that just misses a minimum; of several lines that of the first."""
    if minimum.registry is not None and minimum.version is None:
        return not_as_asked(minimum)
    if minimum.above is not None:
        return _written(minimum, minimum.text.removeprefix("above "))
    return just_below(
        minimum.lines[0].text or str(minimum.lines[0].version) if minimum.lines else minimum.text,
        is_free=minimum.is_free,
    )

"""Minima moved by one step: a version, a modified time, and each line of several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packaging.version import Version

from needfix.cases.mutation.mutant import instead, without
from needfix.cases.steps import just_above, just_below
from needfix.model.minimum import Minimum, MinimumLine
from needfix.model.registry import RegistryAsked, other_view
from needfix.versions import parse_free_build, parse_moment, parse_version

_Move = tuple[Minimum, str]


def moves(minimum: Minimum) -> Iterator[_Move]:
    """A minimum moved in every small way, each with what changes."""
    if minimum.registry is not None:
        yield from _of_view(minimum, minimum.registry)
    if minimum.registry is not None and minimum.version is None:
        yield from _of_value(minimum, minimum.registry)
    elif minimum.lines:
        yield from _of_lines(minimum)
    elif minimum.above is not None:
        written = minimum.text.removeprefix("above ")
        for text, version in _beside(minimum, written):
            yield replace(minimum, above=version, text=f"above {text}"), f"above {text} instead of {written}"
    elif minimum.version is not None:
        for text, version in _beside(minimum, minimum.text):
            yield replace(minimum, version=version, text=text), f"{text} instead of {minimum.text}"
    else:
        for time in filter(None, (just_above(minimum.text), just_below(minimum.text))):
            moved = replace(minimum, modified=parse_moment(time), text=time)
            yield moved, f"{time} instead of {minimum.text}"


def _of_view(minimum: Minimum, asked: RegistryAsked) -> Iterator[_Move]:
    """The value in both views where it must be in one, and in the other one."""
    if asked.view is not None:
        other = other_view(asked.view)
        both = replace(minimum, registry=replace(asked, view=None))
        yield both, f"in both views instead of view {asked.view}"
        beside = replace(minimum, registry=replace(asked, view=other))
        yield beside, f"in view {other} instead of {asked.view}"


def _of_value(minimum: Minimum, asked: RegistryAsked) -> Iterator[_Move]:
    """Another value of the registry, any value where it must be one, and none where there must be some."""
    if asked.equals is not None:
        other = minimum.value_unmet or ""
        changed = replace(asked, equals=other)
        yield replace(minimum, registry=changed, text=other), f"{other} instead of {minimum.text}"
        changed = replace(asked, equals=None, present=True)
        yield replace(minimum, registry=changed, text="present"), f"any value instead of {minimum.text}"
    else:
        is_there = bool(asked.present)
        changed = replace(asked, present=not is_there)
        text = "absent" if is_there else "present"
        yield replace(minimum, registry=changed, text=text), f"{text} instead of {minimum.text}"


def _beside(minimum: Minimum, written: str) -> Iterator[tuple[str, Version | None]]:
    """The versions right next to one."""
    read = parse_free_build if minimum.is_free else parse_version
    for text in (step(written, is_free=minimum.is_free) for step in (just_above, just_below)):
        if text is not None:
            yield text, read(text)


def _of_lines(minimum: Minimum) -> Iterator[_Move]:
    for number, line in enumerate(minimum.lines):
        for changed, change in _of_line(minimum, line):
            yield replace(minimum, lines=instead(minimum.lines, number, changed)), change
    for number, line in enumerate(minimum.lines[1:], 1):
        yield _without(minimum, number), f"without the line from {line.since_text or line.since}"


def _of_line(minimum: Minimum, line: MinimumLine) -> Iterator[tuple[MinimumLine, str]]:
    needed, since = line.text or str(line.version), line.since_text or str(line.since)
    for text, version in _beside(minimum, needed):
        if version is not None:
            yield replace(line, version=version, text=text), f"{text} instead of {needed}"
    for text, version in _beside(minimum, since) if line.since is not None else ():
        yield replace(line, since=version, since_text=text), f"from {text} instead of {since}"


def _without(minimum: Minimum, number: int) -> Minimum:
    """A minimum without one of its lines; the last one that is left is a plain minimum."""
    lines = without(minimum.lines, number)
    if len(lines) > 1:
        return replace(minimum, lines=lines)
    return replace(minimum, version=lines[0].version, lines=(), text=lines[0].text or str(lines[0].version))

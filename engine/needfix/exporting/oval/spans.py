"""Spans of versions and times as tests: whether all copies lie in one of several spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from packaging.version import Version

from needfix.exporting.oval.criteria import NEVER, UNKNOWN, Criteria, Single, State, Test, all_of, any_of
from needfix.exporting.oval.objects import FileObject, Object, asked_object
from needfix.model.minimum import Minimum
from needfix.model.registry import RegistryAsked
from needfix.versions import Moment

Numbers = tuple[int, ...]
START: Numbers = (0, 0, 0, 0)
"""Before every version."""

_BEHIND = 1 << 16
"""More than any number of a version: at the end of others it stands for what is above them."""

_FIRST_OF_FILETIME = datetime(1601, 1, 1)  # noqa: DTZ001 - in UTC, as moments are
_TICKS = 10_000_000
_FARTHEST = timedelta(hours=14)
"""So far local times can be from UTC."""


class Span(NamedTuple):
    """Versions from `begin` up to `end`, which is not included; None: without an end."""

    begin: Numbers
    end: Numbers | None = None


def numbers_of(version: Version) -> Numbers:
    """The numbers of a version, four at least: OVAL does not say that 5.5 and 5.5.0.0 are equal."""
    release = version.release
    return (*release, *START[len(release) :])


def text_of(numbers: Numbers) -> str:
    """Numbers as a version."""
    return ".".join(map(str, numbers))


def united(spans: Iterable[Span]) -> list[Span]:
    """The same versions in as few spans as possible, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and found[-1].end is not None and found[-1].end >= span.begin:
            end = None if span.end is None else max(found[-1].end, span.end)
            found[-1] = Span(found[-1].begin, end)
        elif not found or found[-1].end is not None:
            found.append(span)
    return found


def exists(own: Object) -> Criteria:
    """Whether there is one."""
    return Single(Test(own))


def is_missing(own: Object) -> Criteria:
    """Whether there is none."""
    return Single(Test(own), negated=True)


def within(own: Object, spans: Iterable[Span]) -> Criteria:
    """Whether there are copies, or values, and all of them lie in the spans.

    Each gap between two spans is a test of its own, so that copies may lie in several spans.
    """
    every = united(spans)
    if not every:
        return NEVER
    entity = "version" if isinstance(own, FileObject) else "value"
    first, last = every[0], every[-1]
    outer = [_from(entity, first.begin)] if first.begin > START else []
    outer += [_before(entity, last.end)] if last.end is not None else []
    gaps = (
        Test(own, (_before(entity, one.end), _from(entity, other.begin)), "OR")
        for one, other in pairwise(every)
        if one.end is not None
    )
    return all_of(map(Single, [Test(own, tuple(outer)), *gaps]))


def _from(entity: str, begin: Numbers) -> State:
    if begin[-1] == _BEHIND:
        return State(entity, "greater than", text_of(begin[:-1]), "version")
    return State(entity, "greater than or equal", text_of(begin), "version")


def _before(entity: str, end: Numbers) -> State:
    return State(entity, "less than", text_of(end), "version")


def reaching(minimum: Minimum) -> list[Span]:
    """The versions that reach a minimum."""
    if minimum.version is not None:
        return [Span(numbers_of(minimum.version))]
    if minimum.above is not None:
        return [Span((*numbers_of(minimum.above), _BEHIND))]
    return list(_of_lines(minimum))


def _of_lines(minimum: Minimum) -> Iterator[Span]:
    ends: Sequence[Numbers | None] = [
        *(numbers_of(line.since) for line in minimum.lines if line.since is not None),
        None,
    ]
    for line, end in zip(minimum.lines, ends, strict=True):
        since = START if line.since is None else numbers_of(line.since)
        begin = max(numbers_of(line.version), since)
        if end is None or begin < end:
            yield Span(begin, end)


def is_reached(own: FileObject, minimum: Minimum) -> Criteria:
    """Whether all copies of a file reach a minimum."""
    return within(own, reaching(minimum)) if minimum.by_version else _is_modified_since(own, minimum.modified)


def as_asked(minimum: Minimum, asked: RegistryAsked) -> Criteria:
    """Whether there is a value, and it is as a rule asks for it in every view; or whether there is none."""
    own = asked_object(asked)
    if asked.present is not None:
        return exists(own) if asked.present else is_missing(own)
    if asked.equals is None:
        return within(own, reaching(minimum))
    return Single(Test(own, (State("value", "case insensitive equals", asked.equals, "string"),)))


def _is_modified_since(own: FileObject, moment: Moment | None) -> Criteria:
    """Whether all copies are as new. OVAL's times are in UTC, from which a local one is up to 14 hours."""
    if moment is None:
        return NEVER
    if moment.has_zone:
        return _newer(own, moment.first)
    surely, maybe = _newer(own, moment.first + _FARTHEST), _newer(own, moment.first - _FARTHEST)
    return any_of([surely, all_of([maybe, UNKNOWN])])


def _newer(own: FileObject, first: datetime) -> Criteria:
    state = State("m_time", "greater than or equal", str(filetime(first)), "int")
    return Single(Test(own, (state,)))


def filetime(moment: datetime) -> int:
    """A time in UTC as Windows counts it: in steps of 100 nanoseconds since 1601."""
    since = moment - _FIRST_OF_FILETIME
    return (since.days * 86400 + since.seconds) * _TICKS + since.microseconds * 10

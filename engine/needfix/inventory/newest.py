"""Which of several records count for a fact: those than which no other that states it is certainly newer.

Each record is looked at once for each fact that it states, and not once for each fact that others state.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from typing import Any, NamedTuple

from packaging.version import Version

from needfix.intake.registry_names import registry_text, registry_view
from needfix.intake.vocabularies import edition, language, platform
from needfix.versions import Moment, parse_build, parse_file_version, read_level


class Statement(NamedTuple):
    """What a record says of a unit; `value` None that it is not there."""

    record: int
    value: Any


class Newest(NamedTuple):
    """The newest statements of a unit, and the older ones, which are replaced."""

    statements: list[Statement]
    older: list[Statement]

    @property
    def values(self) -> list[Any]:
        """What they say, each value once."""
        found: dict[Hashable, Any] = {}
        for one in self.statements:
            found.setdefault(plain(one.value), one.value)
        return list(found.values())


def plain(value: Any) -> Hashable:  # noqa: ANN401 - of any unit
    """A value as it is compared: texts by what they mean, entries in any order."""
    if isinstance(value, str):
        article = _ARTICLE.fullmatch(value)
        return article[1] if article else value.casefold()
    if isinstance(value, tuple):
        return tuple(sorted((plain(own) for own in value), key=repr))
    if value is None or isinstance(value, bool | int | float):
        return value
    return tuple((each.name, meant(each.name, getattr(value, each.name))) for each in fields(value))


_ARTICLE = re.compile(r"(?:kb|q)?\s?([0-9]{5,8})", re.IGNORECASE)
"""An id of a hotfix that is the number of an article."""


def _numbers(version: Version | None) -> Hashable:
    """The numbers as they are written: 5.5 is less precise than 5.5.0.0."""
    return None if version is None else version.release


def meant(attribute: str, value: Any) -> Hashable:  # noqa: ANN401 - of any attribute
    """The value of an attribute as it is compared: what its text means, where that can be read."""
    if isinstance(value, str) and attribute in _MEANING:
        found = _MEANING[attribute](value)
        return plain(value) if found is None else found
    return plain(value)


def folded_path(path: str) -> str:
    r"""A path without case, with one sign between folders: `\\?\C:\mail\\a.dll` is `c:\mail\a.dll`."""
    plain_path = _DEVICE.sub("", path.replace("/", "\\").casefold())
    return plain_path[:1] + _SEVERAL.sub(r"\\", plain_path[1:])


_DEVICE = re.compile(r"^\\\\[?.]\\")
_SEVERAL = re.compile(r"\\+")


_MEANING: Mapping[str, Callable[[str], Hashable]] = {
    "version": lambda text: _numbers(parse_file_version(text)),
    "loaded": lambda text: _numbers(parse_file_version(text)),
    "build": lambda text: _numbers(parse_build(text)),
    "level": read_level,
    "platform": platform,
    "language": language,
    "edition": edition,
    "path": folded_path,
    "value": registry_text,
    "view": registry_view,
}


class _Latest:
    """The latest of some times, of those with a zone and of those without."""

    __slots__ = ("_own",)

    def __init__(self, moments: Iterable[Moment | None] = ()) -> None:
        self._own: dict[bool, Moment] = {}
        for one in moments:
            self.add(one)

    def add(self, moment: Moment | None) -> None:
        """Add a time."""
        if moment is not None:
            known = self._own.get(moment.has_zone)
            if known is None or moment.first > known.first:
                self._own[moment.has_zone] = moment

    def and_of(self, other: _Latest) -> _Latest:
        """The latest of both."""
        return _Latest((*self._own.values(), *other._own.values()))

    def is_after(self, moment: Moment | None) -> bool:
        """Whether one of the times is certainly later."""
        return moment is not None and any(moment.reaches(one) is False for one in self._own.values())


class Silent:
    """The records that are complete for a scope: each states that what it does not list is not there."""

    def __init__(self, moments: Sequence[Moment | None], records: Iterable[int]) -> None:
        every = list(records)
        self._moments = moments
        self._latest = _Latest(moments[one] for one in every)
        self._kinds: dict[bool | None, list[int]] = {}
        for one in every:
            moment = moments[one]
            if not self._latest.is_after(moment):
                self._kinds.setdefault(moment and moment.has_zone, []).append(one)
        for kind, own in self._kinds.items():
            if kind is not None:
                own.sort(key=self._last, reverse=True)
        self._reach = dict.fromkeys(self._kinds, 0)

    def _last(self, record: int) -> Any:  # noqa: ANN401 - a time
        moment = self._moments[record]
        return None if moment is None else moment.last

    def newest(self, statements: Sequence[Statement], absent: object = None) -> Newest:
        """The newest statements of a unit; one of those that say that it is not there stands for all."""
        latest = _Latest(self._moments[one.record] for one in statements).and_of(self._latest)
        newest: list[Statement] = []
        older: list[Statement] = []
        for one in statements:
            (older if latest.is_after(self._moments[one.record]) else newest).append(one)
        if self._kinds:
            stating = {one.record for one in statements}
            newest += (Statement(one, absent) for one in self._beside(stating, latest))
        return Newest(newest, older)

    def _beside(self, stating: Collection[int], latest: _Latest) -> Iterator[int]:
        """The first record of those that state nothing of a unit, if any, and are not older than `latest`."""
        for kind, own in self._kinds.items():
            end = bisect_left(own, True, key=lambda one: latest.is_after(self._moments[one]))  # noqa: FBT003
            self._reach[kind] = max(self._reach[kind], end)
            found = next((one for one in islice(own, end) if one not in stating), None)
            if found is not None:
                yield found
                return

    def used(self) -> Iterator[int]:
        """The records that were among the newest of any unit, be it by what they do not list."""
        for kind, own in self._kinds.items():
            yield from islice(own, self._reach[kind])

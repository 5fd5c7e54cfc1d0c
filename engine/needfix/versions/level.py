"""Levels of a product, and their order: `5.5`, `5.5 SP3`, `2012 R2`, `2019 CU14`, `SE RTM`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache, total_ordering
from typing import Any, NamedTuple

from packaging.version import Version

VersionName = tuple[int | str, ...]
"""What a level's version is known by: (5, 5), (2012, "r2"), ("se",). Zeros at the end are left out."""

_NUMBERED = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})*)(?: (r[0-9]))?", re.ASCII)
_BEHIND = re.compile(r"[0-9]+|[^\W\d_]+")
_UNPLACED = -1


class LevelName(NamedTuple):
    """What a level is known by, in whatever way it is written.

    `behind` are the words behind version and service pack, in small letters: `cu 14`, `a`, `hrp`.
    """

    version: VersionName
    service_pack: int = 0
    behind: str = ""


@total_ordering
@dataclass(frozen=True, slots=True)
class Level:
    """A released state of a product, known by its name.

    Levels are ordered by version, service pack and update, and where a name has other words, by their
    places in the product definition. `version` is the version that the level belongs to: `5.5` for
    `5.5 SP3`; `place` counts from 0.
    """

    name: LevelName
    text: str = field(compare=False)
    version: str = field(compare=False, default="", repr=False)
    place: int = field(compare=False, default=_UNPLACED, repr=False)

    def __str__(self) -> str:
        return self.text

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Level):
            return NotImplemented
        if self.name == other.name:
            return False
        natural = comes_before(self.name, other.name)
        if natural is not None:
            return natural
        if _UNPLACED not in (self.place, other.place) and self.place != other.place:
            return self.place < other.place
        return _by_name(self.name) < _by_name(other.name)

    @property
    def version_name(self) -> VersionName:
        """What its version is known by: 6 and 6.0 SP1 belong to one version."""
        return self.name.version


def version_name(version: str) -> VersionName:
    """What a version is known by; one that is no number by its words."""
    folded = " ".join(version.casefold().split())
    match = _NUMBERED.fullmatch(folded)
    if match is None:
        return (folded,)
    numbers = [int(part) for part in match[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return (*numbers, *([match[2]] if match[2] else []))


@lru_cache(maxsize=1 << 17)
def comes_before(one: LevelName, other: LevelName) -> bool | None:
    """Whether a level comes before another one by its name; None where names do not show it."""
    first, second = _natural_order(one), _natural_order(other)
    if first is None or second is None:
        return None
    if first.kind != second.kind and first.kind and second.kind:
        return None
    return first.key < second.key


class _Natural(NamedTuple):
    """Where a level stands among those with the same kind of update, or without one."""

    kind: str
    key: tuple[Version, str, Version, int, str]


@lru_cache(maxsize=1 << 14)
def _natural_order(name: LevelName) -> _Natural | None:
    """Where a level stands by its name. None where that has words whose order is not known.

    A service pack is a post-release, and updates of one kind count by their numbers.
    """
    numbers = [part for part in name.version if isinstance(part, int)]
    release = "".join(part for part in name.version if isinstance(part, str))
    match = _ORDERED.fullmatch(name.behind)
    if (release and _RELEASE.fullmatch(release) is None) or match is None:
        return None
    post = f".post{name.service_pack}" if name.service_pack else ""
    local = ".".join(filter(None, (match["letter"], match["rollup"])))
    # PEP 440 orders a local version just behind its public one: SP6a after SP6 and before SP7.
    pack = Version(f"0{post}{'+' + local if local else ''}")
    base = Version(".".join(map(str, numbers)) or "0")
    key = (base, release, pack, int(match["number"] or 0), match["revision"] or "")
    return _Natural(match["kind"] or "", key)


_RELEASE = re.compile("r[0-9]")
_ORDERED = re.compile(
    r"(?P<letter>[a-z](?![a-z]))?\s?(?P<rollup>hrp|srp)?\s?"
    r"(?:(?P<kind>cu|ru|u) (?P<number>[0-9]+)(?P<revision>[a-z])?)?"
)


def _by_name(name: LevelName) -> tuple[Any, ...]:
    """A name as it is ordered without a definition: numbers before words."""
    behind = _BEHIND.findall(name.behind)
    return (
        _parts(name.version),
        name.service_pack,
        _parts(int(one) if one.isdigit() else one for one in behind),
    )


def _parts(parts: Any) -> tuple[tuple[bool, int, str], ...]:  # noqa: ANN401 - numbers and words
    return tuple((isinstance(one, str), one if isinstance(one, int) else 0, str(one)) for one in parts)

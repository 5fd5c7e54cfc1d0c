"""On which side of a minimum a version lies, where it names several thresholds, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from packaging.version import Version

from needfix.model.minimum import Minimum, MinimumLine
from needfix.versions import Numbering, behind, numbering

_NUMBERS = 11
"""More numbers than any version has."""


class Sides(NamedTuple):
    """A minimum in lines, or one that is to be above a version. A version reaches it or does not."""

    lines: tuple[MinimumLine, ...]
    above: Version | None
    is_free: bool = False

    @classmethod
    def of(cls, minimum: Minimum) -> Sides | None:
        """The sides of a minimum; None where one version is all that it names."""
        if not minimum.lines and minimum.above is None:
            return None
        # Without the texts, which mean nothing here.
        lines = tuple(MinimumLine(own.version, own.since) for own in minimum.lines)
        return cls(lines, minimum.above, minimum.is_free)

    @property
    def thresholds(self) -> tuple[Version, ...]:
        """The versions at which the answer may change, in order."""
        if self.above is not None:
            return self.above, just_after(self.above)
        named = {one for own in self.lines for one in (own.version, own.since) if one is not None}
        return tuple(sorted(named))

    @property
    def numbered(self) -> Numbering:
        """Which numbering it is about."""
        return numbering(self.thresholds[0], is_free=self.is_free)

    def reached(self, version: Version) -> bool | None:
        """Whether a version reaches it; None where it does not show that, as it is cut short."""
        if numbering(version, is_free=self.is_free) != self.numbered:
            return None
        answers = {self.is_reached(one) for one in self._meant(version)}
        return answers.pop() if len(answers) == 1 else None

    def _meant(self, version: Version) -> Iterator[Version]:
        """A version, and the thresholds among those that begin with its numbers."""
        yield version
        if version == self.above:
            return  # stated as precisely as the last version without the fix
        end = behind(version)
        yield from (one for one in self.thresholds if version < one < end)

    def is_reached(self, version: Version) -> bool:
        """Whether a version reaches it that is written in full."""
        if self.above is not None:
            return version > self.above
        return version >= line_of(self.lines, version).version


Target = Version | Sides
"""The least version that reaches a minimum, or the sides of one that has none."""


def target_of(minimum: Minimum) -> Target | None:
    """What versions are compared with; None for a minimum that is no version."""
    return Sides.of(minimum) or minimum.version


def is_within(one: Target, other: Target) -> bool:
    """Whether every version that reaches one minimum reaches the other."""
    if isinstance(one, Version) and isinstance(other, Version):
        return one >= other
    points = {*_thresholds(one), *_thresholds(other)}
    return all(_reaches(point, other) for point in points if _reaches(point, one))


def _thresholds(target: Target) -> tuple[Version, ...]:
    return (target,) if isinstance(target, Version) else target.thresholds


def _reaches(version: Version, target: Target) -> bool:
    return version >= target if isinstance(target, Version) else target.is_reached(version)


def line_of(lines: Sequence[MinimumLine], version: Version) -> MinimumLine:
    """The line that a version belongs to: the last one whose beginning it reaches."""
    return next((own for own in reversed(lines) if own.since is None or own.since <= version), lines[0])


def just_after(version: Version) -> Version:
    """A version behind this one and before every other one that follows it."""
    release = version.release
    return Version(".".join(map(str, (*release, *[0] * (_NUMBERS - len(release)), 1))))


def needed_by(minimum: Minimum, version: Version | None) -> str:
    """What is needed, in words; of several lines that of the version, where it is known."""
    if not minimum.lines or version is None:
        return minimum.needed
    own = line_of(minimum.lines, version)
    return f"{own.text or own.version} or later"

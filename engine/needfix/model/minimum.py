"""What a fix must reach: versions and times of files, builds, and values of the registry."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from needfix.model.registry import RegistryAsked
from needfix.model.value import Value, stated
from needfix.versions import Moment

_ANY_TEXT = "1"
"""A text of a value where any will do."""


@dataclass(frozen=True, slots=True)
class MinimumLine(Value):
    """The minimum of one line of versions, which begins at `since`; None in the first one.

    `text` and `since_text` are the two versions as the rule writes them.
    """

    version: Version
    since: Version | None = None
    text: str = ""
    since_text: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The line as a rule writes it."""
        since = None if self.since is None else self.since_text or str(self.since)
        return stated(**{"from": since}, version=self.text or str(self.version))


@dataclass(frozen=True, slots=True)
class Minimum(Value):
    """What a file must reach: a version or a modified time; none of them for a data file.

    Instead of one version there may be `lines`, the lowest first, or a version that it must be `above`.
    `is_free`: it is one of builds that are no versions of Windows.
    `path` narrows the copies that count, `text` is the minimum as the rule writes it. Without a name it is
    the minimum of the product's build; with `registry`, it is what a value of the registry must be, which
    the name is that of, its key before it.
    """

    name: str
    version: Version | None = None
    modified: Moment | None = None
    path: str | None = None
    text: str = ""
    lines: tuple[MinimumLine, ...] = ()
    above: Version | None = None
    is_free: bool = False
    registry: RegistryAsked | None = None

    @property
    def is_compared(self) -> bool:
        """Whether the file has a minimum."""
        return self.modified is not None or self.by_version

    @property
    def by_version(self) -> bool:
        """Whether it is a minimum for versions of a file or a build, in any form."""
        is_named = self.version is not None or bool(self.lines) or self.above is not None
        return is_named and self.registry is None

    @property
    def is_build(self) -> bool:
        """Whether it is the minimum of the product's build, and not of a file."""
        return not self.name

    @property
    def is_file(self) -> bool:
        """Whether it is the minimum of a file."""
        return bool(self.name) and self.registry is None

    @property
    def label(self) -> str:
        """What has the minimum: the file by its name, or the build."""
        return self.name or "build"

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions that it names, the lowest minimum first."""
        named = (self.version, self.above, *(one for own in self.lines for one in (own.version, own.since)))
        return tuple(one for one in named if one is not None)

    @property
    def least(self) -> Version | None:
        """The lowest version that reaches it; None where it names none."""
        return self.lines[0].version if self.lines else self.version

    @property
    def meaning(self) -> Hashable:
        """The minimum without its spelling, and without its path."""
        lines = tuple((own.version, own.since) for own in self.lines)
        return self.version, self.modified, lines, self.above, self.registry

    @property
    def needed(self) -> str:
        """What is needed, in words."""
        if self.registry is not None:
            return self.value_needed
        if not self.lines:
            return f"a version {self.text}" if self.above is not None else f"{self.text} or later"
        first, *others = self.lines
        later = (f"from {own.since_text or own.since} on {own.text or own.version}" for own in others)
        return ", ".join((f"{first.text or first.version} or later", *later))

    @property
    def value_place(self) -> tuple[str, str]:
        """The key of a value of the registry and its name, as the rule writes them."""
        key, _, name = self.name.replace("/", "\\").rpartition("\\")
        return key, name

    @property
    def value_met(self) -> str | None:
        """A text of a value of the registry that is as it must be; None where there must be none."""
        if self.registry is None or self.registry.present is None:
            return self.text
        return _ANY_TEXT if self.registry.present else None

    @property
    def value_unmet(self) -> str | None:
        """A text, other than a version, that is not as it must be; None where any text will do."""
        if self.registry is None or self.registry.present is not None:
            return None if self.registry is None or self.registry.present else _ANY_TEXT
        return "0" if self.registry.equals != "0" else "1"

    @property
    def value_asked(self) -> str:
        """A value of the registry as it is asked for, in words."""
        if self.registry is None or self.registry.equals is not None:
            return f"{self.name} = {self.text}"
        if self.version is not None:
            return f"{self.name} {self.value_needed}"
        return self.name if self.registry.present else f"no {self.name}"

    @property
    def value_needed(self) -> str:
        """What is needed of a value of the registry, in words."""
        asked = self.registry
        if self.version is not None:
            return f"{self.text} or later"
        if asked is None or asked.equals is not None:
            return self.text
        return "any value" if asked.present else "no value"

    def as_dict(self) -> dict[str, Any]:
        """The minimum as a rule writes it, below the file's name; with `lines` where there are any."""
        if (asked := self.registry) is not None:
            return stated(
                equals=None if asked.equals is None else self.text,
                version=None if self.version is None else self.text or str(self.version),
                present=asked.present,
                view=None if asked.view is None else int(asked.view),
            )
        version = None if self.version is None else self.text or str(self.version)
        modified = None if self.modified is None else self.text or self.modified.first.isoformat()
        lines = [line.as_dict() for line in self.lines] or None
        above = None if self.above is None else self.text.removeprefix("above ") or str(self.above)
        return stated(version=version, above=above, lines=lines, modified=modified, path=self.path)

    def as_written(self) -> object:
        """The value that a rule writes behind the file's name, or behind `build`."""
        if self.lines:
            first, *others = (line.as_dict() for line in self.lines)
            return [{**first, **stated(path=self.path)}, *others]
        found = self.as_dict()
        return found["version"] if self.is_build and self.version is not None else found


@dataclass(frozen=True, slots=True)
class BuildRange(Value):
    """A range of builds: those that reach `least`, and do not reach `beyond`; None where an end is open."""

    least: Minimum | None = None
    beyond: Minimum | None = None

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The ends that are stated."""
        return tuple(one for one in (self.least, self.beyond) if one is not None)

    def as_dict(self) -> dict[str, Any]:
        """The range as a rule writes it."""
        return dict(_end(one, is_first=one is self.least) for one in self.minima)

    def __str__(self) -> str:
        return " ".join(f"{key} {text}" for key, text in self.as_dict().items())


def _end(minimum: Minimum, *, is_first: bool) -> tuple[str, str]:
    """An end of a range: its key and its version, as a rule writes them."""
    text = minimum.text.removeprefix("above ")
    if minimum.above is not None:
        return "above" if is_first else "to", text
    return "from" if is_first else "below", text

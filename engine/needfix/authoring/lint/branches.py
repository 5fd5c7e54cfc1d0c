"""A rule's fixes, sorted by the branch that they are for, ready to be compared with another rule's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from needfix.model.names import edition, language, platform
from needfix.model.rule import Affects, Fix, Minimum, Rule
from needfix.versions import Level

FileKey = tuple[str, str | None]
"""A file's name and the path that narrows it, both without case."""


@dataclass(frozen=True, slots=True)
class BranchKey:
    """One product and what a server must be for the fix; None means any."""

    product: str
    levels: frozenset[Level] | None
    edition: str | None
    platform: str | None
    language: str | None

    def meets(self, other: BranchKey) -> bool:
        """Whether a server can be of both branches."""
        return (
            self.product == other.product
            and not (
                self.levels is not None and other.levels is not None and self.levels.isdisjoint(other.levels)
            )
            and _agree(self.edition, other.edition)
            and _agree(self.platform, other.platform)
            and _agree(self.language, other.language)
        )

    def __str__(self) -> str:
        levels = "/".join(level.text for level in sorted(self.levels or ()))
        return " ".join(filter(None, (self.product, levels, self.edition, self.platform, self.language)))


@dataclass(frozen=True, slots=True)
class Branch:
    """The minima of all components of a branch, by file."""

    key: BranchKey
    minima: Mapping[FileKey, tuple[Minimum, ...]]


def branches_of(rule: Rule) -> tuple[Branch, ...]:
    """The branches of a rule. One that compares no file is left out: it shows nothing."""
    found: dict[BranchKey, dict[FileKey, tuple[Minimum, ...]]] = {}
    for fix in rule.fixes:
        for key in _keys(rule, fix):
            files = found.setdefault(key, {})
            for minimum in filter(lambda one: one.is_compared, fix.files):
                name = _file_key(minimum)
                files[name] = (*files.get(name, ()), minimum)
    return tuple(Branch(key, files) for key, files in found.items() if files)


def _keys(rule: Rule, fix: Fix) -> Iterator[BranchKey]:
    for entry in rule.affects:
        if fix.product not in (None, entry.product):
            continue
        if _agree(_normal_edition(fix.edition), _normal_edition(entry.edition)):
            yield _key(fix, entry)


def _key(fix: Fix, entry: Affects) -> BranchKey:
    return BranchKey(
        entry.product,
        entry.levels if fix.levels is None else fix.levels,
        _normal_edition(fix.edition or entry.edition),
        platform(fix.platform) if fix.platform else None,
        language(fix.language) if fix.language else None,
    )


def _normal_edition(name: str | None) -> str | None:
    return edition(name) if name else None


def _file_key(minimum: Minimum) -> FileKey:
    path = minimum.path and minimum.path.replace("\\", "/").strip("/").casefold()
    return minimum.name.casefold(), path


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other

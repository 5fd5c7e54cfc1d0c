"""A rule's fixes, sorted by the branch that they are for, ready to be compared with another rule's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from needfix.containment.conditions import Conditions
from needfix.intake.vocabularies import edition, folded_platform, is_separate
from needfix.intake.vocabularies import folded_language as language
from needfix.model.minimum import Minimum
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Fix, Rule
from needfix.versions import Level

_NO_CONDITIONS = Conditions()

FileKey = tuple[str, str | None]
"""A file's name and the path that narrows it, both without case."""

Products = Mapping[str, ProductDefinition]


@dataclass(frozen=True, slots=True)
class BranchKey:
    """One product and what a server must be for the fix; None means any.

    Without an edition, those that have files of their own (`is_separate`) are not meant.
    """

    product: str
    levels: frozenset[Level] | None
    edition: str | None
    platform: str | None
    language: str | None
    is_separate: bool = False
    conditions: Conditions = _NO_CONDITIONS

    def meets(self, other: BranchKey) -> bool:
        """Whether a server can be of both branches."""
        return (
            self.product == other.product
            and self.is_separate == other.is_separate
            and not (
                self.levels is not None and other.levels is not None and self.levels.isdisjoint(other.levels)
            )
            and _agree(self.edition, other.edition)
            and _agree(self.platform, other.platform)
            and _agree(self.language, other.language)
            and self.can_be_beside(other)
        )

    def can_be_beside(self, other: BranchKey) -> bool:
        """Whether a server can meet the conditions of both: builds, and products beside this one."""
        if self.conditions.is_empty and other.conditions.is_empty:
            return True
        return self.conditions.meets(other.conditions) and not any(
            one.conditions.levels is not None
            and there is not None
            and one.conditions.levels.isdisjoint(there)
            for one, there in ((self, other.possible_levels), (other, self.possible_levels))
        )

    @property
    def possible_levels(self) -> frozenset[Level] | None:
        """The levels that it is for, or whose builds it asks for."""
        return self.conditions.levels if self.levels is None else self.levels

    def __str__(self) -> str:
        levels = "/".join(level.text for level in sorted(self.levels or ()))
        builds = self.conditions.builds
        asked = None if builds is None else f"builds {builds}"
        beside = [f"beside {entry.product}" for entry in self.conditions.beside]
        own = (self.product, levels, self.edition, asked, self.platform, self.language, *beside)
        return " ".join(filter(None, own))


@dataclass(frozen=True, slots=True)
class Branch:
    """The minima of all components of a branch, by file."""

    key: BranchKey
    minima: Mapping[FileKey, tuple[Minimum, ...]]


def branches_of(rule: Rule, products: Products) -> tuple[Branch, ...]:
    """The branches of a rule. One that compares nothing is left out: it shows nothing."""
    found: dict[BranchKey, dict[FileKey, tuple[Minimum, ...]]] = {}
    for fix in rule.fixes:
        for key in _keys(rule, fix, products):
            files = found.setdefault(key, {})
            for minimum in fix.minima:
                name = file_key(minimum)
                files[name] = (*files.get(name, ()), minimum)
    return tuple(Branch(key, files) for key, files in found.items() if files)


def _keys(rule: Rule, fix: Fix, products: Products) -> Iterator[BranchKey]:
    for entry in rule.affects:
        if fix.product in (None, entry.product):
            key = _key(fix, entry, products[entry.product])
            if key is not None:
                yield key
                earlier = _earlier(rule, fix, entry)
                if earlier:
                    yield replace(key, levels=earlier)


def _key(fix: Fix, entry: Affects, product: ProductDefinition) -> BranchKey | None:
    """The branch that a fix is for among what an entry affects, if it is for any of it."""
    levels = _common(fix.levels, entry.levels)
    own, affected = _normal_edition(fix.edition), _normal_edition(entry.edition)
    has_own_files = is_separate(product, own or affected)
    platform = _either(_named(folded_platform, fix.platform), _named(folded_platform, entry.platform))
    spoken = _either(_named(language, fix.language), _named(language, entry.language))
    if _NOBODY in {platform, spoken}:
        return None
    if not _agree(own, affected) or levels == frozenset() or (has_own_files and affected is None):
        return None
    return BranchKey(
        entry.product,
        levels,
        own or affected,
        platform,
        spoken,
        has_own_files,
        Conditions.of(entry, product),
    )


_NOBODY = ""
"""What two names have in common that exclude each other."""


def _named(normal: Callable[[str], str], name: str | None) -> str | None:
    return normal(name) if name else None


def _either(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return other if one is None else one
    return one if one == other else _NOBODY


def _earlier(rule: Rule, fix: Fix, entry: Affects) -> frozenset[Level]:
    """The affected levels that no fix is for, and for which this one is the next of the same version."""
    own = [one for one in rule.fixes if one.product in (None, entry.product)]
    if any(one.levels is None for one in own):
        return frozenset()
    named = frozenset(level for one in own for level in one.levels or ())
    alike = [one for one in own if _is_of_one_kind(one, fix)]
    found = set()
    for level in (entry.levels or frozenset()) - named:
        later = [
            other
            for one in alike
            for other in one.levels or ()
            if other.version_name == level.version_name and other > level
        ]
        if later and min(later) in (fix.levels or ()):
            found.add(level)
    return frozenset(found)


def _is_of_one_kind(one: Fix, other: Fix) -> bool:
    """Whether a server can be of both branches but for its level."""
    keys = ((one.edition, other.edition), (one.platform, other.platform), (one.language, other.language))
    return all(_agree(own, its) for own, its in keys)


def _common(one: frozenset[Level] | None, other: frozenset[Level] | None) -> frozenset[Level] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _normal_edition(name: str | None) -> str | None:
    return edition(name) if name else None


def file_key(minimum: Minimum) -> FileKey:
    """What a file is known by; a build has no name, and a value of the registry its view as its path."""
    if (asked := minimum.registry) is not None:
        return f"{asked.key}\\{asked.name}", asked.view
    path = minimum.path and minimum.path.replace("\\", "/").rstrip("/").casefold()
    return minimum.name.casefold(), path


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def implies(there: Minimum, minimum: Minimum) -> bool:
    """Whether a value of the registry that is as one minimum asks is as the other does."""
    own, other = there.registry, minimum.registry
    if own is None or other is None:
        return False
    if there.version is not None and minimum.version is not None:
        return own == other and there.version >= minimum.version
    if there.meaning == minimum.meaning:
        return True
    return bool(other.present) and own.present is not False

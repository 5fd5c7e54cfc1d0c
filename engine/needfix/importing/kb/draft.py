"""A rule as an article states it, before it is written: its parts and what is doubtful in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from needfix.model.product import ProductDefinition
from needfix.versions import Level


@dataclass(frozen=True, slots=True)
class Range:
    """The levels from one to another, both included."""

    first: Level
    last: Level


@dataclass(frozen=True, slots=True)
class AffectedDraft:
    """A product that the article applies to. `levels` are as printed; empty means that none is named."""

    product: str
    levels: tuple[Level | Range, ...]
    edition: str | None
    line: int
    text: str

    @property
    def listed(self) -> frozenset[Level]:
        """The levels that are listed one by one."""
        return frozenset(level for level in self.levels if isinstance(level, Level))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that was read and may be wrong: the line of the article, what it says, and why."""

    line: int
    read: str
    why: str
    about: str
    propose: AffectedDraft | None = None
    drops_rows: bool = False
    """Whether files of the fix may be missing from the rule."""


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file of a fix with its minimum: a version, or a modified time as the rule writes it."""

    name: str
    version: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class FixDraft:
    """One set of files, and the branch that it is for."""

    files: tuple[FileDraft, ...]
    component: str | None = None
    product: str | None = None
    levels: tuple[Level, ...] = ()
    edition: str | None = None
    platform: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """A level of a product: required, or the one that brought the fix. `product` None: of the rule's own."""

    level: Level
    product: str | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class SymptomDraft:
    """A symptom in the article's words, with the events that it names."""

    id: str
    text: str
    events: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """Everything that an article says of its fix."""

    id: str
    title: str
    revised: str | None
    reference: str | None
    affects: tuple[AffectedDraft, ...]
    fixes: tuple[FixDraft, ...]
    requires: tuple[LevelDraft, ...] = ()
    corrected_in: tuple[LevelDraft, ...] = ()
    supersedes: tuple[str, ...] = ()
    only_if_seen: bool = False
    symptoms: tuple[SymptomDraft, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    products: tuple[ProductDefinition, ...] = field(default=())
    """Draft definitions of products that none is known of."""

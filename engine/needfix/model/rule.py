"""Rules: one hotfix each, as loaded and validated, every level resolved."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from needfix.errors import Position
from needfix.model.accepted import AcceptedMutant, Silence, same_but_place
from needfix.model.decision import Action, DecisionKind, Severity
from needfix.model.minimum import BuildRange, Minimum
from needfix.model.requirement import Requirement, alternatives, as_required
from needfix.model.symptom import Symptom
from needfix.model.value import ReadOnlyDict, Value, plain, stated
from needfix.versions import Level

Apply = Literal["always", "if-symptoms"]
IfMissing = Literal["not-affected", "fix-required"]


@dataclass(frozen=True, slots=True)
class Correction(Value):
    """The level from which a product carries the fix; `edition` None means every edition."""

    product: str
    level: Level
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class Affects(Value):
    """The levels of one product that a rule concerns; `levels` None means every level.

    Where `builds`, `platform` or `language` are stated, they must be the product's, and each value of the
    `registry` must be as it is asked for; of each entry `beside` it, a product must be there. `places` are
    the positions where levels are named: the level, or a range that contains it.
    """

    product: str
    levels: frozenset[Level] | None
    edition: str | None = None
    builds: BuildRange | None = None
    platform: str | None = None
    language: str | None = None
    beside: tuple[Affects, ...] = ()
    registry: tuple[Minimum, ...] = ()
    at: Position | None = field(default=None, compare=False, repr=False)
    places: Mapping[Level, Position] = field(default_factory=ReadOnlyDict, compare=False, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The entry as a rule writes it."""
        levels = None if self.levels is None else [str(level) for level in sorted(self.levels)]
        own = stated(
            product=self.product,
            levels=levels,
            edition=self.edition,
            builds=None if self.builds is None else self.builds.as_dict(),
            platform=self.platform,
            language=self.language,
            registry=_registry(self.registry),
        )
        return {"all": [own, *(one.as_dict() for one in self.beside)]} if self.beside else own

    @property
    def has_conditions(self) -> bool:
        """Whether it asks for more than a level and an edition."""
        return bool(self.conditions or self.beside)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The builds, platform, language and values of the registry that it asks for, in words."""
        builds = None if self.builds is None else f"builds {self.builds}"
        values = (one.value_asked for one in self.registry)
        return tuple(one for one in (builds, self.platform, self.language, *values) if one is not None)

    @property
    def kind(self) -> Affects:
        """The entry without its levels."""
        return replace(self, levels=None, at=None, places=ReadOnlyDict())


@dataclass(frozen=True, slots=True)
class Fix(Value):
    """One set of files of a hotfix and the branch that it is for; None means any.

    `build` is the minimum for the product's own build, and `registry` what values of the registry must be,
    beside or instead of files. `requires` must be there beside what the rule requires; `needs_nothing`: it
    is written out and empty. `places` are the positions where its levels are named.
    """

    files: tuple[Minimum, ...]
    component: str | None = None
    product: str | None = None
    levels: frozenset[Level] | None = None
    edition: str | None = None
    platform: str | None = None
    language: str | None = None
    build: Minimum | None = None
    requires: tuple[Requirement, ...] = ()
    needs_nothing: bool = False
    registry: tuple[Minimum, ...] = ()
    at: Position | None = field(default=None, compare=False, repr=False)
    places: Mapping[Level, Position] = field(default_factory=ReadOnlyDict, compare=False, repr=False)

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """What is compared: the files that have a minimum, the build, and values of the registry."""
        files = tuple(minimum for minimum in self.files if minimum.is_compared)
        return (*files, *self.others)

    @property
    def others(self) -> tuple[Minimum, ...]:
        """What is compared beside files: the build, and values of the registry."""
        return self.registry if self.build is None else (self.build, *self.registry)

    @property
    def compares_files(self) -> bool:
        """Whether a file has a minimum."""
        return any(minimum.is_compared for minimum in self.files)

    @property
    def branch(self) -> Hashable:
        """The key that is equal for fixes that belong together."""
        return self.product, self.levels, self.edition, self.platform, self.language

    @property
    def is_for_all(self) -> bool:
        """Whether it names no key, and so is for every server."""
        keys = (self.product, self.levels, self.edition, self.platform, self.language)
        return all(key is None for key in keys)

    @property
    def branch_words(self) -> tuple[str, ...]:
        """The branch in words, key by key; none where the fix is for every server."""
        levels = "/".join(map(str, sorted(self.levels))) if self.levels else None
        parts = (self.product, levels, self.edition, self.platform, self.language)
        return tuple(part for part in parts if part)

    @property
    def branch_name(self) -> str:
        """The branch in words, `any other server` where it is for every one."""
        return " ".join(self.branch_words) or "any other server"

    @property
    def name(self) -> str:
        """The component and the branch in words, `every server` if the fix has neither."""
        return " ".join(filter(None, (self.component, *self.branch_words))) or "every server"

    def as_dict(self) -> dict[str, Any]:
        """The fix as a rule writes it."""
        return stated(
            component=self.component,
            product=self.product,
            level=None if self.levels is None else [str(level) for level in sorted(self.levels)],
            edition=self.edition,
            platform=self.platform,
            language=self.language,
            requires=list(map(as_required, self.requires)) if self.requires or self.needs_nothing else None,
            build=None if self.build is None else self.build.as_written(),
            registry=_registry(self.registry),
            files={minimum.name: minimum.as_written() for minimum in self.files}
            if self.files or not self.others
            else None,
        )


def _registry(values: Iterable[Minimum]) -> dict[str, Any] | None:
    """Values of the registry as a rule writes them."""
    return {one.name: one.as_written() for one in values} or None


def by_branch(fixes: Iterable[Fix]) -> list[tuple[Fix, ...]]:
    """The fixes grouped by branch."""
    groups: dict[Hashable, list[Fix]] = {}
    for fix in fixes:
        groups.setdefault(fix.branch, []).append(fix)
    return [tuple(group) for group in groups.values()]


@dataclass(frozen=True, slots=True)
class Case(Value):
    """One of a rule's own tests. `given` is an inventory in the short form of rules.

    `skip` is why it does not run, `review` what a person must check in it.
    """

    name: str
    given: Mapping[str, object] = field(hash=False)
    expect: DecisionKind
    action: Action | None
    reasons: tuple[str, ...]
    at: Position = field(compare=False)
    skip: str | None = None
    review: str | None = None


class ReviewItem(NamedTuple):
    """A doubt of an importer about what it read in an article, for a person to settle.

    `line` is one of the article, `about` the key of the rule that is in doubt.
    """

    line: int
    read: str
    why: str
    about: str | None
    propose: Affects | None
    at: Position

    def __eq__(self, other: object) -> bool:
        return same_but_place(self, other)

    def __ne__(self, other: object) -> bool:
        return not same_but_place(self, other)

    def __hash__(self) -> int:
        return hash(self[:-1])

    def as_dict(self) -> dict[str, Any]:
        """The doubt as a rule writes it."""
        propose = None if self.propose is None else self.propose.as_dict()
        return stated(line=self.line, read=self.read, why=self.why, about=self.about, propose=propose)


class RuleSource(NamedTuple):
    """Where a rule comes from: the article's own title and its date of revision."""

    title: str | None = None
    revised: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The source as a rule writes it."""
        return stated(title=self.title, revised=self.revised)


KeyPath = tuple[str | int, ...]
"""A key of a rule, and what lies in it: ("fixes", 0, "files", "Store.exe")."""


@dataclass(frozen=True, slots=True)
class Rule(Value):
    """One hotfix.

    `requires` must all be met; one of `affects` suffices. `supersedes` and, where they are texts,
    `requires` are ids of rules as this rule writes them. `needs_nothing`: `requires` is written out and
    empty, so that nothing has to be there first. `cases` of a shipped rule are read when they are first
    used, which raises CatalogueError if they are faulty. `advisories` are what it fixes; `updates` the names
    under which a hotfix list claims it, beside its id; `also_needed` what must be set where its files are
    there. `places` are the positions of the rule's values in
    its file, except those of its cases.
    """

    id: str
    title: str
    affects: tuple[Affects, ...]
    fixes: tuple[Fix, ...]
    symptoms: tuple[Symptom, ...] = ()
    requires: tuple[Requirement, ...] = ()
    supersedes: tuple[str, ...] = ()
    corrected_in: tuple[Correction, ...] = ()
    apply: Apply = "always"
    if_missing: IfMissing = "not-affected"
    needs_nothing: bool = False
    references: tuple[str, ...] = ()
    cases: Sequence[Case] = field(default=(), hash=False)
    source: RuleSource | None = None
    review: tuple[ReviewItem, ...] = ()
    silences: tuple[Silence, ...] = ()
    accepted_mutants: tuple[AcceptedMutant, ...] = ()
    severity: Severity | None = None
    advisories: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    released: date | None = None
    also_needed: str | None = None
    at: Position | None = field(default=None, compare=False, repr=False)
    places: Mapping[KeyPath, Position] = field(default_factory=ReadOnlyDict, compare=False, repr=False)

    @property
    def products(self) -> tuple[str, ...]:
        """The ids of the products that the rule concerns, each once."""
        return tuple(dict.fromkeys(entry.product for entry in self.affects))

    @property
    def every_entry(self) -> Iterator[Affects]:
        """The entries of `affects`, and those beside them."""
        return (one for entry in self.affects for one in (entry, *entry.beside))

    @property
    def requirements(self) -> Iterator[tuple[KeyPath, Requirement]]:
        """What the rule requires and what its fixes do, each entry with its place in the rule."""
        yield from ((("requires", number), entry) for number, entry in enumerate(self.requires))
        for place, fix in enumerate(self.fixes):
            own = ("fixes", place, "requires")
            yield from (((*own, number), entry) for number, entry in enumerate(fix.requires))

    @property
    def required_names(self) -> tuple[str, ...]:
        """The ids of rules and of hotfixes that the rule or one of its fixes requires, each once."""
        named = (one for _, entry in self.requirements for one in alternatives(entry))
        return tuple(dict.fromkeys(one for one in named if isinstance(one, str)))

    def as_dict(self) -> dict[str, Any]:
        """The rule for JSON, with the keys of the rule format; without cases and notes for reviewers.

        `requires` is there and empty only where the rule says that nothing is needed.
        """
        return {
            "id": self.id,
            "title": self.title,
            **stated(severity=self.severity, released=plain(self.released)),
            **({"advisories": list(self.advisories)} if self.advisories else {}),
            **({"updates": list(self.updates)} if self.updates else {}),
            "affects": [entry.as_dict() for entry in self.affects],
            "fixes": [fix.as_dict() for fix in self.fixes],
            "symptoms": [symptom.as_dict() for symptom in self.symptoms],
            **(
                {"requires": list(map(as_required, self.requires))}
                if self.requires or self.needs_nothing
                else {}
            ),
            "supersedes": list(self.supersedes),
            "corrected_in": [mark.as_dict() for mark in self.corrected_in],
            "apply": self.apply,
            "if_missing": self.if_missing,
            **stated(also_needed=self.also_needed),
            "references": list(self.references),
            **({"source": self.source.as_dict()} if self.source is not None else {}),
        }

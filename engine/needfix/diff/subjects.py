"""Rules and product definitions in both versions, with the edits that lead from the old to the new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic

from needfix.catalogue import Catalogue
from needfix.diff.affects_edits import LevelChanges
from needfix.diff.edits import Edit, Locate, Pair, T
from needfix.diff.product_edits import level_changes, product_edits
from needfix.diff.rule_edits import rule_edits
from needfix.errors import Position
from needfix.model.difference import CatalogueChange, Scope
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.versions import Level


def _as_it_is(position: Position) -> Position:
    return position


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its name, its catalogue, and how its positions are written."""

    name: str
    catalogue: Catalogue
    locate: Locate = _as_it_is


@dataclass(frozen=True, slots=True)
class Subject(Generic[T]):
    """A rule or a product definition in both versions; None where that side does not have it."""

    old: T | None
    new: T | None
    edits: tuple[Edit[T], ...] = ()
    whole: CatalogueChange | None = None

    @property
    def changes(self) -> tuple[CatalogueChange, ...]:
        """What changed, each change once."""
        own = (self.whole,) if self.whole else ()
        return tuple(dict.fromkeys((*own, *(edit.change for edit in self.edits))))

    def with_changes(self, chosen: frozenset[CatalogueChange]) -> T | None:
        """The old version with some of the changes made."""
        if self.old is None or self.new is None:
            return self.new if self.whole in chosen else self.old
        made = self.old
        for edit in self.edits:
            if edit.change in chosen:
                made = edit.make(made)
        return made


@dataclass(frozen=True, slots=True)
class Subjects:
    """All rules by their ids without case, and all product definitions."""

    rules: Mapping[str, Subject[Rule]]
    products: Mapping[str, Subject[ProductDefinition]]

    @property
    def changes(self) -> tuple[CatalogueChange, ...]:
        """Every change, those of product definitions first."""
        products = (change for subject in self.products.values() for change in subject.changes)
        rules = (change for subject in self.rules.values() for change in subject.changes)
        return tuple(dict.fromkeys((*products, *rules)))


def subjects_of(old: Side, new: Side) -> Subjects:
    """The rules and product definitions of both sides, put side by side."""
    sides = _Sides(old, new)
    products = {name: sides.product(name) for name in sides.product_names()}
    levels = dict(sides.level_changes())
    return Subjects({folded: sides.rule(folded, levels) for folded in sides.rule_ids()}, products)


@dataclass(frozen=True, slots=True)
class _Sides:
    old: Side
    new: Side

    def rule_ids(self) -> Iterable[str]:
        return dict.fromkeys((*self.new.catalogue.ids, *self.old.catalogue.ids))

    def product_names(self) -> Iterable[str]:
        return dict.fromkeys((*self.new.catalogue.products, *self.old.catalogue.products))

    def rule(self, folded: str, levels: LevelChanges) -> Subject[Rule]:
        old, new = (
            side.catalogue.rules.get(side.catalogue.known_id(folded)) for side in (self.old, self.new)
        )
        if old is None or new is None:
            rule = new or old
            return self._whole("rule", rule.id if rule else folded, old, new)
        pair = self._pair("rule", new.id, old, new)
        return Subject(old, new, tuple(rule_edits(pair, levels)))

    def product(self, name: str) -> Subject[ProductDefinition]:
        old, new = (side.catalogue.products.get(name) for side in (self.old, self.new))
        if old is None or new is None:
            return self._whole("product", name, old, new)
        return Subject(old, new, tuple(product_edits(self._pair("product", name, old, new))))

    def level_changes(self) -> Iterator[tuple[tuple[str, Level], CatalogueChange]]:
        """Levels that product definitions lost or gained, with the change that did it."""
        for name, new in self.new.catalogue.products.items():
            old = self.old.catalogue.products.get(name)
            if old is not None:
                yield from level_changes(self._pair("product", name, old, new))

    def _pair(self, scope: Scope, subject: str, old: T, new: T) -> Pair[T]:
        return Pair(scope, subject, old, new, self.old.locate, self.new.locate)

    def _whole(self, scope: Scope, name: str, old: T | None, new: T | None) -> Subject[T]:
        """Something that was added or removed as a whole."""
        here = self.old.locate(old.at) if old is not None and old.at else None
        there = self.new.locate(new.at) if new is not None and new.at else None
        before, after = (name if one is not None else None for one in (old, new))
        return Subject(old, new, whole=CatalogueChange(scope, name, scope, before, after, here, there))

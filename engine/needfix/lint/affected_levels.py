"""The levels that are affected by a rule: those that it lists, without those that carry the fix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from needfix.containment.branches import Products
from needfix.containment.conditions import Conditions
from needfix.intake.vocabularies import is_separate, same_edition
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Correction, Rule
from needfix.versions import Level


@dataclass(frozen=True, slots=True)
class Concerned:
    """An entry of `affects`: its levels in order, and which of them carry the fix, since which level.

    A level without any of the builds that the entry asks for is left out.
    """

    entry: Affects
    product: ProductDefinition
    listed: tuple[Level, ...]
    corrected: dict[Level, Level]

    @property
    def levels(self) -> tuple[Level, ...]:
        """The affected levels."""
        return tuple(level for level in self.listed if level not in self.corrected)


def concerned(rule: Rule, products: Products) -> Iterator[Concerned]:
    """The products and levels of a rule, one for each entry of `affects`."""
    for entry in rule.affects:
        product = products[entry.product]
        in_builds = Conditions.of(entry, product).levels
        listed = tuple(
            known.level
            for known in product.levels
            if (entry.levels is None or known.level in entry.levels)
            and (in_builds is None or known.level in in_builds)
        )
        marks = [mark for mark in rule.corrected_in if _is_for(mark, rule, entry, product)]
        pairs = ((level, _corrected_by(level, marks)) for level in listed)
        yield Concerned(entry, product, listed, {level: mark for level, mark in pairs if mark is not None})


def _corrected_by(level: Level, marks: list[Correction]) -> Level | None:
    """The level from which this one carries the fix: an earlier one of the same version, or itself."""
    known = (mark.level for mark in marks if mark.level.version_name == level.version_name)
    return max((mark for mark in known if level >= mark), default=None)


def _is_for(mark: Correction, rule: Rule, entry: Affects, product: ProductDefinition) -> bool:
    """Whether a correction applies to an entry as a whole.

    A correction without an edition does not apply to an edition with files of its own, unless the
    rule is only about that edition.
    """
    if mark.product != entry.product:
        return False
    if mark.edition is not None:
        return entry.edition is not None and same_edition(mark.edition, entry.edition)
    if not is_separate(product, entry.edition):
        return True
    others = (other.edition for other in rule.affects if other.product == entry.product)
    return all(edition is not None and same_edition(edition, entry.edition or "") for edition in others)

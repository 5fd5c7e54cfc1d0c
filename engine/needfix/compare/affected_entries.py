"""What the entries of a rule say about the levels and editions of one of its products."""

from __future__ import annotations

from typing import NamedTuple

from needfix.intake.vocabularies import is_separate, same_edition
from needfix.model.evidence import Affected
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Correction, Rule
from needfix.versions import Level


class ProductEntries(NamedTuple):
    """The entries of a rule for one product, its corrections there, and the editions that it names.

    An edition with files of its own is named only where an entry is for it. `holds` says of each entry
    whether what it asks for beside level and edition is there; without any, all of it is.
    """

    product: ProductDefinition
    entries: tuple[Affects, ...]
    corrections: tuple[Correction, ...]
    editions: tuple[str, ...]
    holds: tuple[Affected, ...] = ()

    @classmethod
    def of(cls, rule: Rule, product: ProductDefinition) -> ProductEntries:
        """The entries of a rule for one product."""
        entries = tuple(entry for entry in rule.affects if entry.product == product.product)
        marks = tuple(mark for mark in rule.corrected_in if mark.product == product.product)
        own = {entry.edition for entry in entries if entry.edition is not None}
        others = {mark.edition for mark in marks if mark.edition is not None}
        return cls(product, entries, marks, (*own, *(one for one in others if not is_separate(product, one))))

    def answer(self, level: Level | None, edition: str | None) -> Affected:
        """Whether a level is affected in an edition; None: any level, any edition that may be there."""
        if edition is not None or not self.editions:
            return self._at(level, edition)
        answers = {self._at(level, one) for one in (None, *self.editions)}
        return answers.pop() if len(answers) == 1 else "unknown"

    def _at(self, level: Level | None, edition: str | None) -> Affected:
        """The answer for one edition; None: one that the rule does not name."""
        holds = self.holds or ("yes",) * len(self.entries)
        listed = {
            one if level is not None or entry.levels is None or one == "no" else "unknown"
            for entry, one in zip(self.entries, holds, strict=True)
            if is_of_edition(entry, self.product, edition)
            and (level is None or entry.levels is None or level in entry.levels)
        }
        if listed <= {"no"}:
            return "no"
        marks = [mark for mark in self.corrections if self.is_for(mark, edition)]
        if level is None and marks:
            return "unknown"
        if level is not None and any(carries(level, mark) for mark in marks):
            return "no"
        return "yes" if "yes" in listed else "unknown"

    def at_every(self, levels: tuple[Level, ...] | None, edition: str | None) -> Affected:
        """What holds at every possible level."""
        if levels is None:
            return self.answer(None, edition)
        answers = {self.answer(level, edition) for level in levels}
        return answers.pop() if len(answers) == 1 else "unknown"

    def is_for(self, mark: Correction, edition: str | None) -> bool:
        """Whether a correction holds for an edition.

        One that names no edition is not for an edition with files of its own, unless that is all that
        the rule concerns.
        """
        if mark.edition is not None:
            return edition is not None and same_edition(mark.edition, edition)
        if edition is None or not is_separate(self.product, edition):
            return True
        named = (entry.edition for entry in self.entries)
        return all(one is not None and same_edition(one, edition) for one in named)

    def mark_of(self, level: Level) -> Level | None:
        """The level that brought the fix to this one."""
        return max((mark.level for mark in self.corrections if carries(level, mark)), default=None)


def carries(level: Level, mark: Correction) -> bool:
    """Whether a level carries the fix that an entry of corrected_in names."""
    return level == mark.level or (level.version_name == mark.level.version_name and level > mark.level)


def is_of_edition(entry: Affects, product: ProductDefinition, edition: str | None) -> bool:
    """Whether an entry is for an edition."""
    if entry.edition is None:
        return not is_separate(product, edition)
    return edition is not None and same_edition(edition, entry.edition)

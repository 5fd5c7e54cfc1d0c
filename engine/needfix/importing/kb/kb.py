"""Knowledge-base articles imported: every one becomes the text of a rule file, or a reported refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

from needfix.catalogue.load import check_rule
from needfix.errors import Position, Problem
from needfix.importing.kb.draft import RuleDraft
from needfix.importing.kb.naming import Naming
from needfix.importing.kb.reading import RefusalError, read_rule_draft
from needfix.importing.kb.rule_yaml import product_text, rule_text
from needfix.importing.kb.sources import ArticleText
from needfix.intake.written_names import yaml_name
from needfix.model.product import ProductDefinition

_STAMP = re.compile(r"# Imported by needfix, checksum (?P<sum>[0-9a-f]{16})\..*")

"""The first line of an imported file: a checksum that shows whether somebody has edited it since."""


@dataclass(frozen=True, slots=True)
class ImportedRule:
    """A rule file to be written: its name inside the output folder, its text, and its open doubts."""

    file: str
    text: str
    draft: RuleDraft


@dataclass(frozen=True, slots=True)
class ImportedProduct:
    """A drafted product definition to be written beside the rules."""

    file: str
    text: str
    product: str


class KbImport:
    """One import run. Products that articles name are looked up among `products`, else drafted.

    `drafts` are definitions drafted by earlier runs, which may grow by what this run finds.
    """

    def __init__(
        self,
        products: Mapping[str, ProductDefinition],
        drafts: Mapping[str, ProductDefinition] | None = None,
        *,
        accept_ranges: bool = False,
    ) -> None:
        drafted = dict(drafts or {})
        self._naming = Naming({**products, **drafted}, drafted)
        self._accept_ranges = accept_ranges
        self._seen: dict[str, Position] = {}
        self._touched: dict[str, None] = {}

    def rules(self, articles: Iterable[ArticleText], problems: list[Problem]) -> Iterator[ImportedRule]:
        """A rule for every article, or a problem if no rule can be made from it."""
        for article in articles:
            try:
                yield self._rule(article)
            except RefusalError as refusal:
                problems.extend(refusal.problems)

    def products(self) -> Iterator[ImportedProduct]:
        """The drafted definitions of products of the rules imported so far."""
        for product in self._touched:
            definition = self._naming.drafts[product]
            yield ImportedProduct(f"products/{yaml_name(product)}", product_text(definition), product)

    def _rule(self, article: ArticleText) -> ImportedRule:
        draft = read_rule_draft(article, self._naming, accept_ranges=self._accept_ranges)
        here = Position(article.file, article.first_line)
        first = self._seen.setdefault(draft.id, here)
        if first is not here:
            what = f"{draft.id} was imported from {first} already"
            raise RefusalError([Problem(here, what, "each article once", "remove one of the two")])
        text = rule_text(draft)
        self._check(draft, text, here)
        self._touched.update(dict.fromkeys(product.product for product in draft.products))
        return ImportedRule(yaml_name(draft.id), text, draft)

    def _check(self, draft: RuleDraft, text: str, here: Position) -> None:
        """Refuse an article whose rule would not load."""
        found = check_rule(text, f"{draft.id}.yaml", self._naming.products)
        if found:
            what = f"the rule made from it would not load: {found[0].what}"
            raise RefusalError([Problem(here, what, found[0].expected, "write the rule by hand")])


class Existing(Enum):
    """What exists at a path."""

    NOTHING = "nothing"
    AS_IMPORTED = "as imported"
    EDITED = "edited"


def stamped(text: str) -> str:
    """The text with its stamp."""
    return f"# Imported by needfix, checksum {_sum(text)}. Once edited, this file is not overwritten.\n{text}"


def existing(path: Path) -> Existing:
    """Whether a file is there, and still as an import wrote it."""
    if not path.exists():
        return Existing.NOTHING
    first, _, rest = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    found = _STAMP.fullmatch(first)
    return Existing.AS_IMPORTED if found and found["sum"] == _sum(rest) else Existing.EDITED


def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]

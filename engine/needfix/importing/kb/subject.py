"""What an article is about, while it is read: its products, how they are called, and what is doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from needfix.importing.kb.article import Article
from needfix.importing.kb.draft import AffectedDraft, Doubt
from needfix.importing.kb.naming import Naming
from needfix.model.product import ProductDefinition
from needfix.versions import Level


@dataclass(frozen=True, slots=True)
class ArticleSubject:
    """The article, the products that it applies to, the names of products, and the doubts so far."""

    article: Article
    affected: Sequence[AffectedDraft]
    naming: Naming
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def products(self) -> tuple[str, ...]:
        """The products that the article applies to, each once."""
        return tuple(dict.fromkeys(entry.product for entry in self.affected))

    def definition(self, product: str) -> ProductDefinition:
        """The definition of a product."""
        return self.naming.products[product]

    def listed(self, products: Sequence[str]) -> list[Level]:
        """The levels that the article lists for some of its products."""
        return [level for e in self.affected if e.product in products for level in sorted(e.listed)]

    def doubt(self, line: int, read: str, why: str, about: str) -> None:
        """Note something that was read and may be wrong."""
        self.doubts.append(Doubt(line, read, why, about))

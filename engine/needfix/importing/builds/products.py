"""The products of a table: those that have a definition, and others, which are drafted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from needfix.catalogue.product_names import ProductNames
from needfix.model.product import ProductDefinition

_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_WORD = re.compile(r"[a-z0-9]+")
_MAKERS = frozenset({"microsoft"})
_LONGEST = 100


class Products:
    """Looks up what the column `product` means."""

    def __init__(self, known: Mapping[str, ProductDefinition]) -> None:
        self.known = known
        self.drafted: dict[str, str] = {}
        """The names of products without a definition, by id."""
        self._names = ProductNames.of(known.values())

    def meant_by(self, text: str) -> tuple[str, str | None] | None:
        """The id of a product and the version in its name; a new product gets an id. None for no name."""
        if text in self.known:
            return text, None
        found = self._names.find(text)
        if found is not None:
            return found.product, found.level
        words = [word for word in _WORD.findall(text.casefold()) if word not in _MAKERS]
        own = text if _ID.fullmatch(text) else "-".join(words)
        if not own or len(own) > _LONGEST:
            return None
        self.drafted.setdefault(own, " ".join(text.split()))
        return own, None

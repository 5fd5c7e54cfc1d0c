"""The products of a table: those that have a definition, and others, which are drafted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from packaging.version import Version

from needfix.catalogue.product_names import ProductNames
from needfix.model.product import ProductDefinition
from needfix.versions import parse_build, parse_free_build, parse_version

_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_DOTTED = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}")
_WORD = re.compile(r"[a-z0-9]+")
_MAKERS = frozenset({"microsoft"})
_LONGEST = 100


class Products:
    """Looks up what the column `product` means."""

    def __init__(self, known: Mapping[str, ProductDefinition]) -> None:
        self.known = known
        self.drafted: dict[str, str] = {}
        """The names of products without a definition, by id."""
        self.free: set[str] = set()
        """The ids of those among them whose builds are no versions of Windows."""
        self._names = ProductNames.of(known.values())

    def build(self, product: str, text: str) -> Version | None:
        """The build of a product; without a definition the product may be one of any numbers."""
        definition = self.known.get(product)
        if definition is not None:
            is_dotted = _DOTTED.fullmatch(text) is not None
            return (
                parse_free_build(text)
                if definition.free_builds
                else parse_version(text)
                if is_dotted
                else None
            )
        if parse_build(text) is None and parse_free_build(text) is not None:
            self.free.add(product)
        return parse_free_build(text)

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

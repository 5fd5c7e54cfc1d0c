"""Product names as people write them, matched to product definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from needfix.model.product import ProductDefinition
from needfix.versions import parse_version

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_MAKERS = frozenset({"microsoft", "ms", "r", "tm", "version", "v"})
_GENERIC = frozenset({"server", "edition", "for", "the", "and", "system", "systems", "service", "services"})

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """The product that a name means, with the level and edition that the name itself tells."""

    product: str
    level: str | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class ProductNames:
    """Finds the product that a name means."""

    _exact: dict[Words, ProductDefinition] = field(default_factory=dict)

    @classmethod
    def of(cls, products: Iterable[ProductDefinition]) -> ProductNames:
        """The names, aliases and ids of the products; where two share one, the first has it."""
        exact: dict[Words, ProductDefinition] = {}
        for product in products:
            for name in (product.product, product.name, *product.aliases):
                exact.setdefault(_words(name), product)
        return cls(exact)

    def find(self, name: str) -> NamedProduct | None:
        """The product that a name means, or None where no definition has it.

        `Microsoft Exchange Server 5.5 SP4` names a product and its level, and an edition may
        stand in the name, too.
        """
        words = _words(name)
        product = self._exact.get(words)
        if product is not None:
            return NamedProduct(product.product)
        return self._with_hints(words)

    def resembling(self, name: str) -> frozenset[str]:
        """Products whose telling words all stand in a name that no definition has."""
        words = set(_words(name))
        return frozenset(
            product.product
            for known, product in self._exact.items()
            if (telling := set(known) - _GENERIC) and telling <= words
        )

    def _with_hints(self, words: Words) -> NamedProduct | None:
        level = tuple(word for i, word in enumerate(words) if _tells_level(words, i))
        rest = tuple(word for i, word in enumerate(words) if not _tells_level(words, i))
        for known, product in self._exact.items():
            left = _without(rest, known)
            if left is None or not _is_level_of(product, level):
                continue
            edition = _edition(product, left)
            if edition is not None or not left:
                return NamedProduct(product.product, " ".join(level) or None, edition)
        return None


def shared_names(
    products: Iterable[ProductDefinition],
) -> Iterator[tuple[str, ProductDefinition, ProductDefinition]]:
    """Names that two products have, each with the product that has it first and the other."""
    owners: dict[Words, ProductDefinition] = {}
    for product in products:
        for name in (product.product, product.name, *product.aliases):
            first = owners.setdefault(_words(name), product)
            if first is not product:
                yield name, first, product


def _words(name: str) -> Words:
    return tuple(word for word in _WORD.findall(name.casefold()) if word not in _MAKERS)


def _tells_level(words: Words, place: int) -> bool:
    word = words[place]
    before = words[place - 1] if place else ""
    return (
        word[0].isdigit()
        or re.fullmatch(r"sp[0-9]+[a-z]?", word) is not None
        or (word in ("service", "pack") and "pack" in words[place : place + 2])
        or before in ("pack", "sp")
    )


def _is_level_of(product: ProductDefinition, level: Words) -> bool:
    """Whether numbers in a name are of one of the product's versions, not part of another name."""
    numbers = [parse_version(word) for word in level if word[0].isdigit()]
    known = {parse_version(version) for version in product.versions}
    return not numbers or numbers[0] in known


def _without(words: Words, known: Words) -> Words | None:
    if words[: len(known)] != known:
        return None
    return words[len(known) :]


def _edition(product: ProductDefinition, words: Words) -> str | None:
    wanted = [word for word in words if word != "edition"]
    for edition in product.editions:
        if wanted and [word for word in _words(edition) if word != "edition"] == wanted:
            return edition
    return None

"""Which products a server has, and which may be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from needfix.cases.plain.levels import Doubt, StatedLevel, key_versions, level_of_keys, stated_level
from needfix.cases.plain.names import named_product, platform, resembled
from needfix.catalogue import Catalogue
from needfix.model.product import ProductDefinition
from needfix.model.server import InstalledProduct, Server
from needfix.versions.level import Level


class Place(NamedTuple):
    """A product on a server. `possible` are the levels that it can be where `level` is None."""

    product: ProductDefinition
    level: Level | None = None
    doubt: Doubt | None = "missing"
    possible: tuple[Level, ...] = ()
    edition: str | None = None
    platform: str | None = None
    language: str | None = None


class Here(NamedTuple):
    """The products of a server, and those that may or may not be there."""

    places: tuple[Place, ...]
    open_products: frozenset[str]

    def of(self, product: str) -> list[Place]:
        """Where a product is installed."""
        return [place for place in self.places if place.product.product == product]


def places(catalogue: Catalogue, server: Server) -> Here:
    """The products listed, or without a list those that key files show."""
    if server.products is None:
        return _here(_by_key_files(catalogue, server), catalogue.products)
    listed = [(entry.name, _listed(catalogue, server, entry)) for entry in server.products]
    unclear = [name for name, place in listed if place is None]
    may_be = {product for name in unclear for product in resembled(catalogue.products.values(), name)}
    return _here((place for _, place in listed if place is not None), may_be)


def _here(found: Iterable[Place], in_question: Iterable[str]) -> Here:
    there = tuple(found)
    return Here(there, frozenset(in_question) - {place.product.product for place in there})


def _by_key_files(catalogue: Catalogue, server: Server) -> Iterator[Place]:
    for product in catalogue.products.values():
        keys = key_versions(product, server.files)
        if keys:
            yield _place(product, level_of_keys(product, keys), server)


def _listed(catalogue: Catalogue, server: Server, entry: InstalledProduct) -> Place | None:
    named = named_product(catalogue.products.values(), entry.name)
    if named is None:
        return None
    product = named.product
    stated = stated_level(product, entry, named.level, key_versions(product, server.files))
    return _place(product, stated, server)._replace(
        edition=entry.edition or named.edition,
        platform=entry.platform or _platform_of_files(server),
        language=entry.language,
    )


def _place(product: ProductDefinition, stated: StatedLevel, server: Server) -> Place:
    return Place(product, stated.level, stated.doubt, stated.possible, platform=_platform_of_files(server))


def _platform_of_files(server: Server) -> str | None:
    """The platform that all files agree on."""
    stated = {platform(copy.platform) for copy in server.files if copy.platform}
    return stated.pop() if len(stated) == 1 else None

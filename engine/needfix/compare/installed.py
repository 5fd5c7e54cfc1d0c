"""Which products a server has, at which level, and the facts that contradict it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.compare.levels import find_level, key_copies, level_of_files
from needfix.intake.vocabularies import platform
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import InstalledProduct, Server
from needfix.versions import Level


@dataclass(frozen=True, slots=True)
class Installation:
    """A defined product on a server.

    `level` is None where it is not known; `doubt` then says why, and `possible` are the levels
    that it can be, where the facts leave only some. `remarks` are facts that do not change it.
    """

    product: ProductDefinition
    level: Level | None
    edition: str | None = None
    language: str | None = None
    platform: str | None = None
    doubt: Reason | None = None
    possible: tuple[Level, ...] = ()
    remarks: tuple[Reason, ...] = ()

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decisions depend on."""
        level, doubt = self.level and self.level.text, self.doubt and self.doubt.code
        possible = tuple(level.text for level in self.possible)
        return (self.product.product, level, self.edition, self.language, self.platform, doubt, possible)


class Installed(NamedTuple):
    """The products that a server's facts show.

    `is_listed` is False where the inventory has no list of products. `unclear_names` are names that
    no definition has, each with the ids of the products that it resembles. `products` are all
    definitions, by id.
    """

    installations: tuple[Installation, ...]
    is_listed: bool
    unclear_names: tuple[tuple[str, frozenset[str]], ...] = ()
    products: Mapping[str, ProductDefinition] = MappingProxyType({})

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decisions depend on: without the values that only reasons name."""
        unclear = frozenset().union(*(products for _, products in self.unclear_names))
        return (self.is_listed, unclear, *(here.signature for here in self.installations))

    def of(self, product: str) -> tuple[Installation, ...]:
        """The installations of one product."""
        return tuple(here for here in self.installations if here.product.product == product)

    def name_of(self, product: str) -> str:
        """The name of a product, or its id where it is not defined."""
        return self.products[product].name if product in self.products else product


def installed(catalogue: Catalogue, server: Server) -> Installed:
    """The defined products of a server: from its list, else from their key files."""
    if server.products is None:
        found = list(_by_key_files(catalogue, server))
        return Installed(tuple(found), is_listed=False, products=catalogue.products)
    found = []
    unclear: list[tuple[str, frozenset[str]]] = []
    for entry in server.products:
        named = catalogue.names.find(entry.name)
        if named is None:
            unclear.append((entry.name, catalogue.names.resembling(entry.name)))
            continue
        product = catalogue.products[named.product]
        found.append(_installation(product, entry, named.level, named.edition, server))
    return Installed(tuple(found), is_listed=True, unclear_names=tuple(unclear), products=catalogue.products)


def _by_key_files(catalogue: Catalogue, server: Server) -> Iterator[Installation]:
    for product in catalogue.products.values():
        copies = key_copies(product, server)
        if not copies:
            continue
        found = level_of_files(product, copies)
        yield Installation(
            product,
            found.level,
            platform=_only_platform(server),
            doubt=found.doubt,
            possible=found.possible,
            remarks=found.remarks,
        )


def _installation(
    product: ProductDefinition,
    entry: InstalledProduct,
    level_in_name: str | None,
    edition_in_name: str | None,
    server: Server,
) -> Installation:
    found = find_level(product, entry, level_in_name, key_copies(product, server))
    return Installation(
        product=product,
        level=found.level,
        edition=entry.edition or edition_in_name,
        language=entry.language,
        platform=entry.platform or _only_platform(server),
        doubt=found.doubt,
        possible=found.possible,
        remarks=found.remarks,
    )


def _only_platform(server: Server) -> str | None:
    """The platform that all files agree on, where the product's is not stated."""
    stated = {platform(copy.platform) for copy in server.files if copy.platform}
    return stated.pop() if len(stated) == 1 else None

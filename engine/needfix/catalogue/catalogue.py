"""A catalogue: rules and product definitions, loaded, validated and checked against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from needfix.catalogue.product_names import ProductNames
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Catalogue:
    """Rules by id and products by id, both in the order loaded.

    `order` lists the rules so that each stands behind those whose decision its own depends on.
    """

    rules: Mapping[str, Rule]
    products: Mapping[str, ProductDefinition]
    order: tuple[str, ...]
    superseded_by: Mapping[str, tuple[str, ...]]
    names: ProductNames

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

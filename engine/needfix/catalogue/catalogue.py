"""A catalogue: rules and product definitions, loaded, validated and checked against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from needfix.catalogue.product_names import ProductNames
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Catalogue:
    """Rules by id and products by id, both in the order loaded.

    `ids` maps each casefolded id to the id as written. `order` lists the rules so that each follows
    those on whose decisions it depends. `defined` are the products whose definitions
    were read with the rules. A catalogue read for lint may also have rules with the id of an earlier
    one (`repeated`), rules without an order, or no rules. `kept` caches what is prepared from the
    catalogue for deciding; it lives as long as the catalogue and is not pickled.
    Iterating yields the rules; the length is their number.
    """

    rules: Mapping[str, Rule]
    products: Mapping[str, ProductDefinition]
    ids: Mapping[str, str]
    order: tuple[str, ...]
    superseded_by: Mapping[str, tuple[str, ...]]
    names: ProductNames
    repeated: tuple[Rule, ...] = ()
    defined: tuple[str, ...] = ()
    kept: dict[type, object] = field(default_factory=dict, init=False, repr=False)

    def __getstate__(self) -> list[object]:
        return [{} if own.name == "kept" else getattr(self, own.name) for own in fields(self)]

    @property
    def digest(self) -> str:
        """SHA-256 of what rules and definitions mean, in 64 hexadecimal digits; changes if decisions may."""
        from needfix.catalogue.digest import CatalogueDigest, digest_of  # noqa: PLC0415 - hashing loads slowly

        known = self.kept.get(CatalogueDigest)
        if not isinstance(known, CatalogueDigest):
            known = self.kept[CatalogueDigest] = digest_of(self.rules.values(), self.products.values())
        return known

    def required_rules(self, rule: Rule) -> tuple[str, ...]:
        """The ids of the rules that a rule requires, written as those rules write them."""
        return tuple(self.known_id(entry) for entry in rule.requires if isinstance(entry, str))

    def known_id(self, rule_id: str) -> str:
        """A rule's id as the rule writes it; the same text where the catalogue has no such rule."""
        return self.ids.get(rule_id.casefold(), rule_id)

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

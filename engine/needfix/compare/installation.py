"""What is known of the products on a server: their levels, editions and platforms, and what contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from needfix.compare.build_facts import BuildFact
from needfix.compare.instances import Instance
from needfix.compare.registry import AskedValue, RegistryFacts, RegistryMeasure
from needfix.model.decision import Reason
from needfix.model.minimum import Minimum
from needfix.model.product import ProductDefinition
from needfix.model.reason_codes import FACTS_THAT_DISAGREE
from needfix.versions import Level


class Claim(NamedTuple):
    """What one of several facts that exclude each other leaves by itself; `levels` None: any level."""

    levels: tuple[Level, ...] | None
    edition: str | None


@dataclass(frozen=True, slots=True)
class Installation:
    """A defined product on a server.

    `possible` are the levels that it can be of, in order: where `is_known` is False, no fact shows the
    level, so that it may also be one that is not defined. `doubt` says why there is more than one. `raised`
    levels are possible only because a key file is newer than another fact. `platforms` are those that it
    can be for; none where no fact shows one. Where facts exclude each other, `contradictions` says which, and
    `claims` what each of them leaves. `lacks_key_files`: a list of files that is called complete has none of
    the product's key files. `unproven` key files, by their names casefolded, prove no minimum. `builds` show
    which build is there, `in_ranges` whether it is in the ranges that rules name. `remarks` are facts that
    change nothing. `instance` says which files are its own, where they are divided among several entries of
    the product.
    """

    product: ProductDefinition
    possible: tuple[Level, ...]
    is_known: bool = True
    edition: str | None = None
    language: str | None = None
    platforms: tuple[str, ...] = ()
    doubt: Reason | None = None
    remarks: tuple[Reason, ...] = ()
    raised: frozenset[Level] = frozenset()
    contradictions: tuple[Reason, ...] = ()
    claims: tuple[Claim, ...] = ()
    lacks_key_files: bool = False
    unproven: frozenset[str] = frozenset()
    builds: tuple[BuildFact, ...] = ()
    in_ranges: tuple[tuple[str, bool], ...] = ()
    instance: Instance | None = None

    @classmethod
    def at(cls, product: ProductDefinition, level: Level) -> Installation:
        """A product at one level, of which nothing else is known."""
        return cls(product, (level,))

    @classmethod
    def unknown(cls, product: ProductDefinition, unproven: frozenset[str] = frozenset()) -> Installation:
        """A product of which nothing is known."""
        levels = tuple(entry.level for entry in product.levels)
        return cls(product, levels, is_known=False, unproven=unproven)

    @property
    def level(self) -> Level | None:
        """The level, where only one is possible."""
        is_one = self.is_known and not self.contradictions and len(self.possible) == 1
        return self.possible[0] if is_one else None

    @property
    def levels_contradicted(self) -> bool:
        """Whether facts about the level exclude each other."""
        return any(reason.code == "level-contradicted" for reason in self.contradictions)

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decisions and reason codes depend on, but for what `builds` show."""
        return (
            self.product.product,
            self.is_known,
            _texts(self.possible),
            self.edition,
            self.language,
            self.platforms,
            self.doubt and self.doubt.code,
            _texts(sorted(self.raised)),
            tuple(reason.code for reason in self.contradictions),
            tuple((claim.levels and _texts(claim.levels), claim.edition) for claim in self.claims),
            self.lacks_key_files,
            self.unproven,
            self.in_ranges,
            self.instance,
        )


def as_instance(here: Installation, instance: Instance) -> Installation:
    """An installation as one of several of its product, which its reasons name."""
    return replace(
        here,
        doubt=here.doubt and instance.named(here.doubt),
        remarks=tuple(map(instance.named, here.remarks)),
        contradictions=tuple(map(instance.named, here.contradictions)),
        instance=instance,
    )


def _texts(levels: Iterable[Level]) -> tuple[str, ...]:
    return tuple(level.text for level in levels)


@dataclass(frozen=True)
class Installed:
    """The products that a server's facts show; without slots, so that the signature can be kept.

    `is_listed` is False where the inventory has no whole list of products. `unclear_names` are names that
    no definition has, each with the products that it resembles; `nameless` are those that say nothing.
    `unproven` key files are those of products that may be there, where several definitions share them.
    `products` are all definitions, by id. `registry` is what is shown of values that entries of `affects`
    ask for.
    """

    installations: tuple[Installation, ...]
    is_listed: bool
    unclear_names: tuple[tuple[str, frozenset[str]], ...] = ()
    nameless: tuple[str, ...] = ()
    unproven: tuple[tuple[str, frozenset[str]], ...] = ()
    products: Mapping[str, ProductDefinition] = field(default_factory=dict)
    registry: RegistryFacts = ()

    def with_registry(self, facts: RegistryFacts) -> Installed:
        """The same with what is shown of the registry."""
        return replace(self, registry=facts)

    def value_of(self, minimum: Minimum) -> RegistryMeasure:
        """What is shown of a value of the registry that an entry of `affects` asks for."""
        asked = AskedValue.of(minimum)
        return next((found for own, found in self.registry if own == asked), _NOT_INVENTORIED)

    @cached_property
    def signature(self) -> tuple[object, ...]:
        """All that decisions depend on: without the values that only reasons name."""
        unclear = frozenset().union(*(products for _, products in self.unclear_names))
        values = tuple((asked, found.value) for asked, found in self.registry)
        beside = self.is_listed, bool(self.nameless), unclear, self.unproven, values
        return (*beside, *(here.signature for here in self.installations))

    def about(self, products: frozenset[str]) -> Installed:
        """The same with the installations of these products only."""
        own = tuple(here for here in self.installations if here.product.product in products)
        return replace(self, installations=own)

    @property
    def disagreements(self) -> frozenset[str]:
        """The codes of facts about the products that exclude each other or leave different answers."""
        reasons = (reason for here in self.installations for reason in (*here.contradictions, *here.remarks))
        return frozenset(reason.code for reason in reasons).intersection(FACTS_THAT_DISAGREE)

    def unknown(self, product: ProductDefinition) -> Installation:
        """A product that may be there, and of which nothing is known."""
        return Installation.unknown(product, dict(self.unproven).get(product.product, frozenset()))

    def may_have(self, product: str) -> bool:
        """Whether a product that was not found may be there."""
        resembled = any(product in products for _, products in self.unclear_names)
        return (resembled or not self.is_listed) and not self.of(product)

    def of(self, product: str) -> tuple[Installation, ...]:
        """The installations of one product."""
        return self._by_product.get(product, ())

    @cached_property
    def _by_product(self) -> Mapping[str, tuple[Installation, ...]]:
        found: dict[str, list[Installation]] = {}
        for here in self.installations:
            found.setdefault(here.product.product, []).append(here)
        return {product: tuple(own) for product, own in found.items()}

    def name_of(self, product: str) -> str:
        """The name of a product, or its id where it is not defined."""
        return self.products[product].name if product in self.products else product


_NOT_INVENTORIED = RegistryMeasure("not-inventoried")

"""A catalogue: rules and product definitions, loaded, validated and checked against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType

from needfix.catalogue.product_names import ProductNames
from needfix.catalogue.rule_names import RuleNames
from needfix.errors import UnknownRuleError
from needfix.intake.near import suggestion
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Catalogue:
    """Rules by id and products by id, both in the order loaded.

    `ids` maps each casefolded id to the id as written. `order` lists the rules so that each follows
    those on whose decisions it depends. `defined` are the products whose definitions
    were read with the rules. A catalogue read for lint may also have rules with the id of an earlier
    one (`repeated`), rules without an order, or no rules; `unread` are ids, casefolded, in files that could
    not be read. `date` is the day on which its facts were last
    compared with their sources, where a header states it: the oldest of several. `kept` caches what is
    prepared from the catalogue for deciding; it lives as long as the catalogue and is not pickled.
    Iterating yields the rules; the length is their number. `in`, `[]` and `get` take ids in any spelling:
    `Q279798`, `q279798`, `KB279798` and `279798` are one. Catalogues are equal if their rules and products
    are, wherever those are written. `names` and `kept` are for needfix itself.
    """

    rules: Mapping[str, Rule]
    products: Mapping[str, ProductDefinition]
    ids: Mapping[str, str]
    order: tuple[str, ...]
    superseded_by: Mapping[str, tuple[str, ...]]
    names: ProductNames
    repeated: tuple[Rule, ...] = ()
    defined: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()
    date: date | None = None
    kept: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in _MAPPINGS:
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[type[Catalogue], tuple[object, ...]]:
        # Some releases of Python 3.11 replace the __getstate__ of a frozen class with slots.
        names = (own.name for own in fields(self) if own.init)
        values = ((name, getattr(self, name)) for name in names)
        return type(self), tuple(dict(value) if name in _MAPPINGS else value for name, value in values)

    @property
    def digest(self) -> str:
        """SHA-256 of what rules and definitions mean, in 64 hexadecimal digits; changes if decisions may."""
        from needfix.catalogue.digest import CatalogueDigest, digest_of  # noqa: PLC0415 - hashing loads slowly

        known = self.kept.get(CatalogueDigest)
        if not isinstance(known, CatalogueDigest):
            known = self.kept[CatalogueDigest] = digest_of(self.rules.values(), self.products.values())
        return known

    def of_digest(self, digest: str) -> Catalogue:
        """The catalogue, whose digest is known and need not be computed."""
        from needfix.catalogue.digest import CatalogueDigest  # noqa: PLC0415 - hashing loads slowly

        self.kept[CatalogueDigest] = CatalogueDigest(digest)
        return self

    def required_rules(self, rule: Rule) -> tuple[str, ...]:
        """The ids of the rules that a rule requires, written as those rules write them, and of hotfixes."""
        named = (entry for entry in rule.requires if isinstance(entry, str))
        return tuple(dict.fromkeys(one for entry in named for one in self.meant_by(entry) or (entry,)))

    def meant_by(self, name: str) -> tuple[str, ...]:
        """The ids of the rules that `requires` or `supersedes` of another one mean by a name.

        It is the rule with that id, else all that have it among their `updates`.
        """
        known = self.kept.get(RuleNames)
        if not isinstance(known, RuleNames):
            known = self.kept[RuleNames] = RuleNames(self)
        return known.meant(name)

    def known_id(self, rule_id: str) -> str:
        """A rule's id as the rule writes it; the same text where the catalogue has no such rule."""
        return self.ids.get(rule_id.casefold(), rule_id)

    def get(self, rule_id: str, default: Rule | None = None) -> Rule | None:
        """The rule with an id, in any spelling; `default` where there is none."""
        known = self._spelled(rule_id)
        return default if known is None else self.rules[known]

    def as_dict(self) -> dict[str, object]:
        """The catalogue for JSON: its digest, its rules and its product definitions."""
        return {
            "digest": self.digest,
            "rules": [rule.as_dict() for rule in self],
            "products": [product.as_dict() for product in self.products.values()],
        }

    def __contains__(self, item: object) -> bool:
        return self.rules.get(item.id) == item if isinstance(item, Rule) else self._spelled(item) is not None

    def __getitem__(self, rule_id: str) -> Rule:
        known = self._spelled(rule_id)
        if known is None:
            near = suggestion(str(rule_id), self.rules)
            hint = f"\n    hint: did you mean {near}?" if near else ""
            raise UnknownRuleError(f"there is no rule {rule_id!r}{hint}")
        return self.rules[known]

    def _spelled(self, rule_id: object) -> str | None:
        """The id that is meant, as its rule writes it: `Q279798` for `KB279798`; None where there is none."""
        if not isinstance(rule_id, str):
            return None
        exact = self.ids.get(rule_id.strip().casefold())
        article = _ARTICLE.fullmatch(rule_id.strip())
        if exact is not None or article is None:
            return exact
        spellings = (f"{prefix}{article[1]}" for prefix in ("q", "kb", ""))
        return next((self.ids[spelled] for spelled in spellings if spelled in self.ids), None)

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def __eq__(self, other: object) -> bool:
        if self is other or not isinstance(other, Catalogue):
            return self is other or NotImplemented
        own, its = ((one.rules, one.products, one.repeated) for one in (self, other))
        return self.digest == other.digest and own == its

    def __hash__(self) -> int:
        return hash((frozenset(self.ids), frozenset(self.products)))


_MAPPINGS = ("rules", "products", "ids", "superseded_by")
_ARTICLE = re.compile(r"(?:q|kb)? ?([0-9]{5,8})", re.IGNORECASE | re.ASCII)
"""An article of a vendor, as people write it."""

"""The products of one server, merged from rows that each state a part of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, TypeAlias

from needfix.intake.columns import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from needfix.model.server import InstalledProduct

_DETAILS = tuple(own.attribute for own in PARTS["products"].fields.values() if own.attribute != "name")

_Keys: TypeAlias = tuple[str, ...]
_Table: TypeAlias = dict[tuple[Any, ...], list[int]]


@dataclass(slots=True)
class _Product:
    product: InstalledProduct
    shared: dict[str, set[Any]] = field(default_factory=dict)

    def agreed(self) -> dict[str, Any]:
        """The shared values that all rows of the product agree on."""
        return {key: value for key, values in self.shared.items() for value in values if len(values) == 1}

    def take(self, other: InstalledProduct) -> None:
        """Add the details that only the other states."""
        changes = {key: getattr(self.product, key) or getattr(other, key) for key in _DETAILS}
        self.product = replace(self.product, **changes)


class UnitedProducts:
    """Distinct products, in the order of their first rows."""

    def __init__(self) -> None:
        self._products: list[_Product] = []
        self._by_name: dict[str, _SameName] = {}

    def __len__(self) -> int:
        return len(self._products)

    def add(self, product: InstalledProduct, shared: Mapping[str, Any]) -> None:
        """Add a row's product, and the values that the row shares between product and file.

        Empty cells do not make a different product.
        """
        same_name = self._by_name.setdefault(product.name.casefold(), _SameName())
        place = same_name.first_that_agrees(product)
        if place is None:
            place = len(self._products)
            self._products.append(_Product(product))
            same_name.put(place, product)
        known = self._products[place]
        if known.product != product:
            known.take(product)
            same_name.put(place, known.product)
        for attribute, value in shared.items():
            known.shared.setdefault(attribute, set()).add(value)

    def united(self) -> tuple[InstalledProduct, ...]:
        """The products, each with the shared values, such as the platform, on which all its rows agree."""
        return tuple(replace(known.product, **known.agreed()) for known in self._products)


class _SameName:
    """The products of one name, by what they state, so that a server may have many.

    Those that state the same details are in tables: by the values of some of these, the places of products.
    A product that states more by now is left in the tables of its fewer details until it is met there.
    """

    def __init__(self) -> None:
        self._stated: dict[_Keys, dict[int, InstalledProduct]] = {}
        self._tables: dict[tuple[_Keys, _Keys], _Table] = {}
        self._keys: dict[int, _Keys] = {}

    def put(self, place: int, product: InstalledProduct) -> None:
        """Put in a product, also again with more details."""
        before = self._keys.get(place)
        keys = self._keys[place] = _stated(product)
        if before is not None and before != keys:
            del self._stated[before][place]
        self._stated.setdefault(keys, {})[place] = product
        for (stated, common), table in self._tables.items():
            if stated == keys and before != keys:
                heappush(table.setdefault(_values(product, common), []), place)

    def first_that_agrees(self, product: InstalledProduct) -> int | None:
        """The place of the first product of which no detail differs that both state."""
        own = _stated(product)
        found = [self._first(stated, product, own) for stated in self._stated]
        return min((place for place in found if place is not None), default=None)

    def _first(self, stated: _Keys, product: InstalledProduct, own: _Keys) -> int | None:
        common = tuple(key for key in stated if key in own)
        places = self._table(stated, common).get(_values(product, common), [])
        while places and self._keys[places[0]] != stated:
            heappop(places)
        return places[0] if places else None

    def _table(self, stated: _Keys, common: _Keys) -> _Table:
        if (stated, common) not in self._tables:
            table = self._tables[stated, common] = {}
            for place, known in self._stated[stated].items():
                heappush(table.setdefault(_values(known, common), []), place)
        return self._tables[stated, common]


def _stated(product: InstalledProduct) -> _Keys:
    return tuple(key for key in _DETAILS if getattr(product, key) is not None)


def _values(product: InstalledProduct, keys: _Keys) -> tuple[Any, ...]:
    return tuple(getattr(product, key) for key in keys)

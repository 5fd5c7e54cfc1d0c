"""The products of one server, merged from rows that each state a part of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from needfix.intake.columns import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from needfix.model.server import InstalledProduct

_DETAILS = tuple(own.attribute for own in PARTS["products"].fields.values() if own.attribute != "name")


@dataclass(slots=True)
class _Product:
    product: InstalledProduct
    shared: dict[str, set[Any]] = field(default_factory=dict)

    def agrees(self, other: InstalledProduct) -> bool:
        """Whether the other can be the same product: no detail that both state differs."""
        if self.product.name.casefold() != other.name.casefold():
            return False
        pairs = ((getattr(self.product, key), getattr(other, key)) for key in _DETAILS)
        return all(None in pair or pair[0] == pair[1] for pair in pairs)

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

    def __len__(self) -> int:
        return len(self._products)

    def add(self, product: InstalledProduct, shared: Mapping[str, Any]) -> None:
        """Add a row's product, and the values that the row shares between product and file.

        Empty cells do not make a different product.
        """
        known = next((known for known in self._products if known.agrees(product)), None)
        if known is None:
            known = _Product(product)
            self._products.append(known)
        elif known.product != product:
            known.take(product)
        for attribute, value in shared.items():
            known.shared.setdefault(attribute, set()).add(value)

    def united(self) -> tuple[InstalledProduct, ...]:
        """The products, each with the shared values, such as the platform, on which all its rows agree."""
        return tuple(replace(known.product, **known.agreed()) for known in self._products)

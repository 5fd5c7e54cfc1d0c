"""The products of one server, united from rows that each tell a part of them."""

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
    told: InstalledProduct
    shared: dict[str, set[Any]] = field(default_factory=dict)

    def agrees(self, other: InstalledProduct) -> bool:
        """Whether the other is the same product, each telling what it tells."""
        if self.told.name.casefold() != other.name.casefold():
            return False
        pairs = ((getattr(self.told, key), getattr(other, key)) for key in _DETAILS)
        return all(None in pair or pair[0] == pair[1] for pair in pairs)

    def agreed(self) -> dict[str, Any]:
        """The shared values that all rows of the product agree on."""
        return {key: value for key, values in self.shared.items() for value in values if len(values) == 1}

    def take(self, other: InstalledProduct) -> None:
        """Take over what the other tells and this one does not."""
        changes = {key: getattr(self.told, key) or getattr(other, key) for key in _DETAILS}
        self.told = replace(self.told, **changes)


class UnitedProducts:
    """Distinct products, in the order of their first rows."""

    def __init__(self) -> None:
        self._products: list[_Product] = []

    def __len__(self) -> int:
        return len(self._products)

    def add(self, product: InstalledProduct, shared: Mapping[str, Any]) -> None:
        """Add a row's product, and what the row says of product and file alike.

        Cells left empty do not make another product of it.
        """
        known = next((known for known in self._products if known.agrees(product)), None)
        if known is None:
            known = _Product(product)
            self._products.append(known)
        elif known.told != product:
            known.take(product)
        for attribute, value in shared.items():
            known.shared.setdefault(attribute, set()).add(value)

    def united(self) -> tuple[InstalledProduct, ...]:
        """The products; each has the shared values, such as the platform, that all its rows agree on."""
        return tuple(replace(known.told, **known.agreed()) for known in self._products)

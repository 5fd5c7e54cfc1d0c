"""The products of one server, united from rows that each tell a part of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from needfix.model.server import InstalledProduct

_DETAILS = ("level", "build", "edition", "language")


@dataclass(slots=True)
class _Product:
    told: InstalledProduct
    platforms: set[str] = field(default_factory=set)

    def agrees(self, other: InstalledProduct) -> bool:
        """Whether the other is the same product, each telling what it tells."""
        if self.told.name.casefold() != other.name.casefold():
            return False
        pairs = ((getattr(self.told, key), getattr(other, key)) for key in _DETAILS)
        return all(None in pair or pair[0] == pair[1] for pair in pairs)

    def take(self, other: InstalledProduct) -> None:
        """Take over what the other tells and this one does not."""
        changes = {key: getattr(self.told, key) or getattr(other, key) for key in _DETAILS}
        self.told = replace(self.told, **changes)


class UnitedProducts:
    """Distinct products, in the order of their first rows."""

    def __init__(self) -> None:
        self._products: list[_Product] = []

    def add(self, product: InstalledProduct, platform: str) -> None:
        """Add a row's product; cells left empty do not make another one of it."""
        known = next((known for known in self._products if known.agrees(product)), None)
        if known is None:
            known = _Product(product)
            self._products.append(known)
        elif known.told != product:
            known.take(product)
        known.platforms.update((platform,) if platform else ())

    def united(self) -> tuple[InstalledProduct, ...]:
        """The products; each has the platform that all its rows agree on."""
        return tuple(
            replace(known.told, platform=next(iter(known.platforms)))
            if len(known.platforms) == 1
            else known.told
            for known in self._products
        )

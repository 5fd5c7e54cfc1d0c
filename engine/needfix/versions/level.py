"""Levels of a product, and their order: `5.5`, `5.5 SP3`, `4.0 SP6a`."""

from __future__ import annotations

from dataclasses import dataclass, field

from packaging.version import Version


@dataclass(frozen=True, slots=True, order=True)
class Level:
    """A released state of a product. Ordered by version, then service pack, then its letter."""

    key: Version
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text

    @property
    def version(self) -> str:
        """The version that the level belongs to: `5.5` for `5.5 SP3`."""
        return self.key.base_version

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version as numbers without trailing zeros: 6 and 6.0 SP1 belong to one version."""
        numbers = self.key.release
        while numbers and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers

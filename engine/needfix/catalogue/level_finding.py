"""Which levels of a product a text means, in a rule and in an inventory."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.version import Version

from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, LevelText


def levels_meant(
    product: ProductDefinition, said: LevelText, version: str | None = None
) -> tuple[Level, ...]:
    """Every level of the product that a rule's text can mean.

    A bare service pack belongs to `version` where that is given. Else it is looked for in the
    version of `shorthand`, then in all versions, so that more than one answer means that the
    text is ambiguous.
    """
    if said.version or version:
        return _among(product, [said.version or version or ""], said)
    if product.shorthand and (found := _among(product, [product.shorthand], said)):
        return found
    return _among(product, product.versions, said)


def levels_possible(product: ProductDefinition, said: LevelText) -> tuple[Level, ...]:
    """Every level that an inventory's text can mean, without the rule author's shorthand."""
    return _among(product, product.versions if said.version is None else [said.version], said)


def levels_between(product: ProductDefinition, first: Level, last: Level) -> tuple[Level, ...]:
    """The levels from `first` to `last`, both included."""
    return tuple(entry.level for entry in product.levels if first <= entry.level <= last)


def _among(product: ProductDefinition, versions: Iterable[str], said: LevelText) -> tuple[Level, ...]:
    wanted = {said.of_version(version).key for version in versions}
    return tuple(entry.level for entry in product.levels if not wanted.isdisjoint(_keys(entry)))


def _keys(entry: LevelDefinition) -> frozenset[Version]:
    return frozenset({entry.level.key, *(label.key for label in entry.also)})

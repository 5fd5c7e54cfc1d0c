"""The levels of a product that a text can mean, in a rule and in an inventory."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.version import Version

from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, LevelText


def levels_meant(
    product: ProductDefinition, parsed: LevelText, version: str | None = None
) -> tuple[Level, ...]:
    """Every level of the product that a rule's text can mean.

    A bare service pack belongs to `version` if that is given. Otherwise it is searched in the
    version of `shorthand`, then in all versions; more than one result means that the text is ambiguous.
    """
    if parsed.version or version:
        return _among(product, [parsed.version or version or ""], parsed)
    if product.shorthand and (found := _among(product, [product.shorthand], parsed)):
        return found
    return _among(product, product.versions, parsed)


def levels_possible(product: ProductDefinition, parsed: LevelText) -> tuple[Level, ...]:
    """Every level that an inventory's text can mean, without the rule author's shorthand."""
    return _among(product, product.versions if parsed.version is None else [parsed.version], parsed)


def levels_between(product: ProductDefinition, first: Level, last: Level) -> tuple[Level, ...]:
    """The levels from `first` to `last`, both included."""
    return tuple(entry.level for entry in product.levels if first <= entry.level <= last)


def _among(product: ProductDefinition, versions: Iterable[str], parsed: LevelText) -> tuple[Level, ...]:
    keys = {parsed.of_version(version).key for version in versions}
    return tuple(entry.level for entry in product.levels if not keys.isdisjoint(_keys(entry)))


def _keys(entry: LevelDefinition) -> frozenset[Version]:
    return frozenset({entry.level.key, *(label.key for label in entry.also)})

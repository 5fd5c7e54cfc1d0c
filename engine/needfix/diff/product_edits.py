"""Changes between two versions of a product definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from needfix.diff.edits import Edit, Listed, Pair, StatedValue
from needfix.model.difference import CatalogueChange
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level

_Product = ProductDefinition


def _names(key: str) -> Listed[_Product, str, str]:
    """A list of names or words, which compare without case."""
    return Listed(
        key,
        lambda product: getattr(product, key),
        lambda product, items: replace(product, **{key: items}),
        str.casefold,
        str,
    )


_NAMES = tuple(
    map(_names, ("aliases", "other_names", "editions", "separate_editions", "key_files", "stated_without"))
)
_LEVELS: Listed[_Product, LevelDefinition, Level] = Listed(
    "levels",
    lambda product: product.levels,
    lambda product, items: replace(product, levels=tuple(sorted(items, key=lambda entry: entry.level))),
    lambda entry: entry.level,
    lambda entry: str(entry.level),
)


def product_edits(pair: Pair[ProductDefinition]) -> Iterator[Edit[ProductDefinition]]:
    """Every change that can matter."""
    yield from pair.value(
        "name", lambda product: product.name, lambda product, new: replace(product, name=new.name)
    )
    for names in _NAMES:
        yield from pair.listed(names)
    yield from pair.value(
        "shorthand",
        lambda product: product.shorthand,
        lambda product, new: replace(product, shorthand=new.shorthand),
    )
    yield from pair.value(
        "cumulative",
        lambda product: "true" if product.cumulative else None,
        lambda product, new: replace(product, cumulative=new.cumulative),
    )
    yield from pair.value(
        "builds",
        lambda product: "free" if product.free_builds else None,
        lambda product, new: replace(product, free_builds=new.free_builds),
    )
    yield from pair.value(
        "shows_updates",
        lambda product: ", ".join(product.shows_updates),
        lambda product, new: replace(product, shows_updates=new.shows_updates),
    )
    yield from pair.listed(_LEVELS)
    yield from _build_edits(pair)


def level_changes(pair: Pair[ProductDefinition]) -> Iterator[tuple[tuple[str, Level], CatalogueChange]]:
    """Levels that the definition lost or gained, each with its change."""
    old, new = _LEVELS.by_key(pair.old), _LEVELS.by_key(pair.new)
    levels = [level for level in old if level not in new] + [level for level in new if level not in old]
    for level, edit in zip(levels, pair.listed(_LEVELS), strict=True):
        yield (pair.subject, level), edit.change


def _build_edits(pair: Pair[ProductDefinition]) -> Iterator[Edit[ProductDefinition]]:
    """Builds, their ends and labels of levels that both versions have."""
    old, new = _LEVELS.by_key(pair.old), _LEVELS.by_key(pair.new)
    for level, (number, before) in old.items():
        there, after = new.get(level, (0, before))
        for key, text in (("build", _build), ("until", _until), ("also", _labels), ("files", _files)):
            if text(before) != text(after):
                values = (
                    _stated(pair.old, number, key, text(before)),
                    _stated(pair.new, there, key, text(after)),
                )
                yield Edit(pair.change(f"{key} of {level}", *values), _put_in(after, key))


def _build(entry: LevelDefinition) -> str:
    return str(entry.build) if entry.build else ""


def _until(entry: LevelDefinition) -> str:
    return str(entry.until) if entry.until else ""


def _labels(entry: LevelDefinition) -> str:
    return ", ".join(map(str, entry.also))


def _files(entry: LevelDefinition) -> str:
    return ", ".join(f"{name} {first}" for name, first in sorted(entry.files.items()))


def _stated(product: ProductDefinition, number: int, key: str, text: str) -> StatedValue | None:
    return StatedValue(text, product.places.get(("levels", number, key))) if text else None


def _put_in(after: LevelDefinition, key: str) -> Callable[[ProductDefinition], ProductDefinition]:
    def make(product: ProductDefinition) -> ProductDefinition:
        levels = (
            entry._replace(**{key: getattr(after, key)}) if entry.level == after.level else entry
            for entry in product.levels
        )
        return replace(product, levels=tuple(levels))

    return make

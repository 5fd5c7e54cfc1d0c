"""What shows OVAL that a product is there, its level and its build: key files, and values of the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, pairwise
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue import Catalogue
from needfix.compare.builds import BuildLevels, boundaries, levels_of_build, levels_of_file
from needfix.compare.installed import owners_of_key_files
from needfix.exporting.oval.objects import FileObject, Object, ValueObject
from needfix.exporting.oval.spans import START, Span, numbers_of, text_of
from needfix.model.product import BuildFactKind, ProductDefinition
from needfix.versions import AFTER_YEARS, FIRST_OF_YEARS


class Source(NamedTuple):
    """A key file of a product, or the value of the registry that holds its build.

    `shows_build`: its versions are builds of the product; a key file may have a numbering of its own.
    """

    product: ProductDefinition
    object: Object
    kind: BuildFactKind
    shows_build: bool

    @property
    def changes(self) -> bool:
        """Whether it changes with every update."""
        return self.kind in self.product.shows_updates

    def stretches(self) -> Iterator[tuple[Span, BuildLevels | None]]:
        """All versions in order, in spans that leave the same levels possible; None: no level is known."""
        begins = sorted({START, *map(numbers_of, self._boundaries())})
        for begin, end in pairwise([*begins, None]):
            if begin is not None:
                yield Span(begin, end), self.levels(text_of(begin))

    def _boundaries(self) -> Iterator[Version]:
        own = self.product
        return boundaries(own.numbered_as(self.object.name) if isinstance(self.object, FileObject) else own)

    def levels(self, text: str) -> BuildLevels | None:
        """The levels that a version leaves possible; None where it shows none."""
        if isinstance(self.object, FileObject):
            return levels_of_file(self.product, self.object.name, text)
        return levels_of_build(self.product, text)


Sources = Mapping[str, tuple[Source, ...]]
"""Those of each product, by its id."""

NOT_MINIMA = frozenset(map(text_of, map(numbers_of, (FIRST_OF_YEARS, AFTER_YEARS))))
"""Versions between which a numbering by years lies; they are no minimum of any rule."""


def sources_of(catalogue: Catalogue, values: Mapping[str, ValueObject]) -> Sources:
    """The sources of each product; a key file that several definitions have shows none of them."""
    owners = owners_of_key_files(catalogue.products)
    return {
        own.product: tuple(chain(_key_files(own, owners), _value(own, values.get(own.product))))
        for own in catalogue.products.values()
    }


def _key_files(product: ProductDefinition, owners: Mapping[str, tuple[str, ...]]) -> Iterator[Source]:
    for name in dict.fromkeys(own.casefold() for own in product.key_files):
        if len(owners[name]) == 1:
            is_build = product.numbered_as(name) is product
            yield Source(product, FileObject(name), "key_files", is_build)


def _value(product: ProductDefinition, value: ValueObject | None) -> Iterator[Source]:
    if value is not None:
        yield Source(product, value, "build", shows_build=True)

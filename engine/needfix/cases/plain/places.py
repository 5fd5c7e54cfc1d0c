"""Which products a server has and which may be there, each with what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from needfix.cases.plain.build_minima import BuildFact, shown_build, stated_build
from needfix.cases.plain.builds import OTHER, Places, all_places, levels_of_build
from needfix.cases.plain.copies import Copy, copies_of, names_a_file
from needfix.cases.plain.instances import seen_by
from needfix.cases.plain.levels import LevelFact, LevelSet, key_facts, level_set, stated_facts
from needfix.cases.plain.names import NamedProduct, named_product, resembled
from needfix.cases.plain.reading import version
from needfix.cases.plain.words import edition, language, platform, says_nothing
from needfix.catalogue import Catalogue
from needfix.model.product import ProductDefinition
from needfix.model.server import InstalledProduct, Server
from needfix.versions.level import Level


@dataclass(frozen=True, slots=True)
class Place:
    """A product that is on a server, may be, or is not: `is_certain`, `is_absent`.

    `editions` and `levels.each` are what each fact by itself shows. Of `platforms` each is possible;
    without any, every one is. `contradictions` are codes of reasons. `view` is the server with the files of
    this entry only, where they are divided among several entries of its product.
    """

    product: ProductDefinition
    levels: LevelSet
    editions: tuple[str, ...] = ()
    platforms: frozenset[str] = frozenset()
    language: str | None = None
    contradictions: tuple[str, ...] = ()
    is_certain: bool = True
    is_absent: bool = False
    lacks_key_files: bool = False
    platform_differs: bool = False
    builds: tuple[BuildFact, ...] = ()
    view: Server | None = None

    @property
    def edition(self) -> str | None:
        """The edition, where there is one."""
        return self.editions[0] if self.editions else None

    @property
    def level(self) -> Level | None:
        """The level, where only one is possible."""
        known = self.known_levels
        return known[0] if len(known) == 1 and OTHER not in self.levels.possible else None

    @property
    def known_levels(self) -> list[Level]:
        """The levels of the definition that are possible, in order."""
        return [self.product.levels[place].level for place in sorted(self.levels.possible - {OTHER})]


class Here(NamedTuple):
    """The products of a server, and those that may or may not be there.

    Without a `server`, values of the registry are as rules ask for them.
    """

    places: tuple[Place, ...]
    open_products: frozenset[str]
    server: Server | None = None

    def of(self, product: str) -> list[Place]:
        """Where a product is, or may be, installed."""
        return [place for place in self.places if place.product.product == product]


def stated_place(  # noqa: PLR0913 - the facts about a place are independent
    product: ProductDefinition,
    possible: Places | None = None,
    *,
    edition: str | None = None,
    platform: str | None = None,
    language: str | None = None,
    is_certain: bool = True,
    is_absent: bool = False,
) -> Place:
    """A product at one of these levels, or at any."""
    levels = all_places(product) if possible is None else possible
    return Place(
        product,
        LevelSet(levels, levels, each=(levels,)),
        () if edition is None else (edition,),
        frozenset() if platform is None else frozenset({platform}),
        language,
        is_certain=is_certain,
        is_absent=is_absent,
    )


def places(catalogue: Catalogue, server: Server) -> Here:
    """The products listed, those that key files show, and those that may be there."""
    products = list(catalogue.products.values())
    listed = [(entry, named_product(products, entry.name)) for entry in _entries(server)]
    named: dict[str, list[InstalledProduct]] = {}
    for entry, found in listed:
        if found is not None:
            named.setdefault(found.product.product, []).append(entry)
    known = _Known(server, products, named)
    sure = [_listed(found, entry, known) for entry, found in listed if found is not None]
    unclear = _open(known, [entry.name for entry, found in listed if found is None]) - named.keys()
    shown = [
        place
        for product in products
        if product.product not in named
        for place in _shown(product, known, is_open=product.product in unclear)
    ]
    return Here((*sure, *shown), frozenset(unclear) - {place.product.product for place in shown}, server)


def is_complete(server: Server) -> bool:
    """Whether what the list of files does not name is not there. A list of no files is not believed.

    Nor is one with an entry that may be of any file, as its name says nothing.
    """
    is_called_so = "files" in server.complete and bool(server.files)
    return is_called_so and all(map(names_a_file, server.files))


class _Known(NamedTuple):
    """The server, every definition, and the products that its list names with their entries."""

    server: Server
    products: list[ProductDefinition]
    named: dict[str, list[InstalledProduct]]

    def others(self, product: ProductDefinition) -> list[ProductDefinition]:
        """Every definition but one."""
        return [one for one in self.products if one.product != product.product]


def _entries(server: Server) -> list[InstalledProduct]:
    return [entry for entry in server.products or () if not says_nothing(entry.name)]


def _open(known: _Known, other_names: list[str]) -> set[str]:
    """The products that may be there besides those listed."""
    listed = known.server.products
    is_whole = bool(listed) or (listed is not None and "products" in known.server.complete)
    if not is_whole or len(_entries(known.server)) < len(listed or ()):
        return {product.product for product in known.products}
    return {product for name in other_names for product in resembled(known.products, name)}


def _in_use(known: _Known, names: Iterable[str]) -> list[tuple[str, Copy]]:
    """The copies of files that are not kept aside."""
    found = [(name, copy) for name in names for copy in copies_of(known.server, name)]
    return [(name, copy) for name, copy in found if not copy.is_kept_aside]


def _is_key(product: ProductDefinition, name: str) -> bool:
    return name.casefold() in [key.casefold() for key in product.key_files]


def _may_be_of(product: ProductDefinition, copy: Copy) -> bool:
    return levels_of_build(product.numbered_as(copy.name), version(copy.version)) != {OTHER}


def _listed(found: NamedProduct, entry: InstalledProduct, known: _Known) -> Place:
    product = found.product
    is_whole = is_complete(known.server)
    view = seen_by(entry, known.named[product.product], known.server)
    known = known if view is None else known._replace(server=view)
    copies = _in_use(known, product.key_files)
    keys = [copy for name, copy in copies if not _is_rather_of_another(product, name, copy, known)]
    read = [edition(product, one) for one in (entry.edition, found.edition)]
    editions = tuple(dict.fromkeys(one for one in read if one is not None))
    facts = list(stated_facts(product, entry, found.level))
    place = _place(product, facts, keys, platform(entry.platform), known)
    wrong = (*place.contradictions, *(["edition-contradicted"] if len(editions) > 1 else []))
    return replace(
        place,
        editions=editions,
        language=language(entry.language),
        contradictions=wrong,
        lacks_key_files=bool(product.key_files) and not copies and is_whole,
        view=view,
    )


def _is_rather_of_another(product: ProductDefinition, name: str, copy: Copy, known: _Known) -> bool:
    """Whether a key file that another product of the list has too can only be that one's."""
    rivals = [one for one in known.others(product) if one.product in known.named and _is_key(one, name)]
    return not _may_be_of(product, copy) and any(_may_be_of(one, copy) for one in rivals)


def _shown(product: ProductDefinition, known: _Known, *, is_open: bool) -> Iterator[Place]:
    """A product whose key file is there. A whole list that leaves it out is a contradiction."""
    holders = {
        name: {one.product for one in known.others(product) if _is_key(one, name)}
        for name in product.key_files
    }
    keys = [copy for _, copy in _in_use(known, [name for name in product.key_files if not holders[name]])]
    shared = _in_use(known, [name for name in product.key_files if holders[name]])
    unclaimed = [copy for name, copy in shared if not holders[name] & known.named.keys()]
    if is_open:
        # A file that several products have shows none of them.
        yield from [_place(product, [], keys, None, known)] if keys else []
    elif keys or unclaimed:
        place = _place(product, [], [*keys, *unclaimed], None, known)
        yield replace(place, contradictions=("product-contradicted", *place.contradictions))


def _place(
    product: ProductDefinition,
    stated: Sequence[LevelFact],
    keys: Sequence[Copy],
    own_platform: str | None,
    known: _Known,
) -> Place:
    facts = [*stated, *key_facts(product, ((copy.name, version(copy.version)) for copy in keys))]
    levels = level_set(product, facts)
    shown = {platform(copy.platform) for copy in keys} - {None}
    platforms = frozenset(one for one in {*shown, own_platform} if one is not None)
    return Place(
        product,
        levels,
        platforms=platforms,
        contradictions=("level-contradicted",) if levels.is_contradicted else (),
        platform_differs=len(platforms) > 1,
        builds=tuple(_builds(product, stated, keys, known)),
    )


def _builds(
    product: ProductDefinition, stated: Sequence[LevelFact], keys: Sequence[Copy], known: _Known
) -> Iterator[BuildFact]:
    """The facts that show which build is there."""
    yield from (stated_build(product, fact.builds) for fact in stated if fact.builds)
    for name in dict.fromkeys(copy.name for copy in keys):
        own = [copy for copy in keys if copy.name == name]
        is_shared = any(_is_key(other, name) for other in known.others(product))
        yield shown_build(product, own, is_shared=is_shared)

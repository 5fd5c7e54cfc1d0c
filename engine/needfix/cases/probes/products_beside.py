"""What an entry of `affects` asks for beside a level: a build in its range, and products beside its own."""

from __future__ import annotations

from dataclasses import replace

from needfix.cases.plain.build_minima import in_range, stated_build
from needfix.cases.plain.builds import all_places, place_of
from needfix.cases.plain.levels import denies_build
from needfix.cases.plain.places import Place, stated_place
from needfix.cases.plain.reading import build as build_numbers
from needfix.cases.plain.reading import free_build
from needfix.cases.plain.words import edition as plain_edition
from needfix.cases.plain.words import language as plain_language
from needfix.cases.plain.words import platform as plain_platform
from needfix.cases.probes.sides import missing, reaching
from needfix.catalogue import Catalogue
from needfix.model.minimum import BuildRange
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects
from needfix.model.value import stated
from needfix.versions import Level


def build_of(product: ProductDefinition, level: Level | None, asked: BuildRange | None) -> str | None:
    """A build of a level in a range; None where none is asked for, or none is found."""
    if asked is None:
        return None
    first = [str(one.build) for one in product.levels if one.level == level and one.build is not None]
    ends = [None if asked.least is None else reaching(asked.least)]
    ends += [None if asked.beyond is None else missing(asked.beyond)]
    for text in filter(None, [*first, *ends]):
        place = in_build(stated_place(product), text)
        is_in = in_range(product, place.builds, asked)[0] == "yes"
        if is_in and (level is None or not denies_build(product, level, text)):
            return text
    return None


def in_build(place: Place, build: str | None) -> Place:
    """A place in a build, which a fact shows that changes with every update."""
    free = free_build(build) if place.product.free_builds else None
    numbers = free or build_numbers(build)
    if numbers is None:
        return place
    fact = stated_build(place.product, (numbers,))
    if "build" in place.product.shows_updates:
        return replace(place, builds=(fact,))
    return replace(place, builds=(fact._replace(kind="key_files"),))


def product_beside(entry: Affects, catalogue: Catalogue) -> tuple[dict[str, object], Place]:
    """A product as an entry asks for it: as an inventory lists it, and as a place."""
    product = catalogue.products[entry.product]
    levels = sorted(entry.levels or ())
    level = levels[-1] if levels else None
    build = build_of(product, level, entry.builds)
    facts = stated(
        name=product.name,
        level=None if level is None else level.text,
        build=build,
        edition=entry.edition,
        platform=entry.platform,
        language=entry.language,
    )
    place = stated_place(
        product,
        all_places(product) if level is None else frozenset({place_of(product, level)}),
        edition=plain_edition(product, entry.edition),
        platform=plain_platform(entry.platform),
        language=plain_language(entry.language),
    )
    return facts, in_build(place, build)

"""Checks of the product definitions that were read."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue import Catalogue
from needfix.catalogue.product_names import ProductNames
from needfix.errors import Position
from needfix.intake.vocabularies import edition
from needfix.lint.check import Check, Detection
from needfix.model.product import ProductDefinition


def _definitions(catalogue: Catalogue) -> Iterator[tuple[ProductDefinition, Position]]:
    for name in catalogue.defined:
        product = catalogue.products[name]
        yield product, product.at or Position("<rules>", 1)


def _blind_key_files(catalogue: Catalogue) -> Iterator[Detection]:
    for product, at in _definitions(catalogue):
        numbered = ((name, product.numbered_as(name).levels) for name in product.key_files)
        blind = [name for name, levels in numbered if not any(known.build for known in levels)]
        if blind:
            what = f"the product has key files ({', '.join(blind)}), but no level has a build"
            yield Detection(product, at, what, "add the builds of the levels, or remove 'key_files'")


def _without_level(catalogue: Catalogue) -> Iterator[Detection]:
    for product, at in _definitions(catalogue):
        if not product.levels:
            yield Detection(product, at, "the product has no levels", "add the levels that rules can name")


def _name_twice(catalogue: Catalogue) -> Iterator[Detection]:
    for product, at in _definitions(catalogue):
        for key, folded in (
            ("aliases", [" ".join(name.casefold().split()) for name in (product.name, *product.aliases)]),
            ("editions", list(map(edition, product.editions))),
            ("key_files", [name.casefold() for name in product.key_files]),
        ):
            twice = dict.fromkeys(name for name in folded if folded.count(name) > 1)
            for name in twice:
                yield Detection(product, at, f"{key!r} lists {name!r} twice (case is ignored)", "remove one")


def _too_wide(catalogue: Catalogue) -> Iterator[Detection]:
    for product, at in _definitions(catalogue):
        names = ProductNames.of([product])
        for own in dict.fromkeys((product.name, *(one for one in product.aliases if "*" not in one))):
            if names.is_other(own):
                what = f"'other_names' has {own!r}, which is a name of this product"
                hint = f"add a word of the other product, as in '{product.name} * Tools', or remove it"
                yield Detection(product, product.places.get(("other_names",), at), what, hint)
        for number, alias in enumerate(product.aliases):
            if "*" in alias and not any(map(str.isalnum, alias)):
                what = f"the alias {alias!r} has no word of the product"
                hint = f"write the words before it, as in '{product.name} *'"
                yield Detection(product, product.places.get(("aliases", number), at), what, hint)


def _in_a_folder(catalogue: Catalogue) -> Iterator[Detection]:
    for product, at in _definitions(catalogue):
        for number, name in enumerate(product.key_files):
            if "/" in name or "\\" in name:
                what = f"the key file {name!r} has a folder, and files are known by their names"
                bare = name.replace("\\", "/").rpartition("/")[2]
                yield Detection(product, product.places.get(("key_files", number), at), what, f"write {bare}")


BLIND_KEY_FILES = Check(
    "NF701",
    "warning",
    "a product definition has key files, but no level has a build",
    "the version of a key file then shows no level",
    _blind_key_files,
)
WITHOUT_LEVEL = Check(
    "NF702",
    "note",
    "a product definition has no levels",
    "rules can only affect the product as a whole",
    _without_level,
)
NAME_TWICE = Check(
    "NF703",
    "note",
    "a product definition lists a name twice",
    "the second has no effect; perhaps another one was meant",
    _name_twice,
)
TOO_WIDE = Check(
    "NF705",
    "warning",
    "an alias or one of other_names is too wide",
    "names of servers are then taken for another product",
    _too_wide,
)
IN_A_FOLDER = Check(
    "NF706",
    "warning",
    "a key file has a folder",
    "that file never shows a level",
    _in_a_folder,
)

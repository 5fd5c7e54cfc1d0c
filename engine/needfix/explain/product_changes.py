"""Changes of the products of a server: their levels, builds and what else branches ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from needfix.catalogue.product_names import NamedProduct
from needfix.compare.installation import Installation
from needfix.compare.level_facts import joined_level
from needfix.decide.evaluation import Evaluation
from needfix.explain.fact_change import FactChange, Make
from needfix.explain.minimum_values import just_below, reaching
from needfix.model.explanation import Line
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, InstalledProduct, Server


def product_changes(here: Evaluation, rule: Rule, product: str) -> Iterator[FactChange]:
    """Other levels, branch keys and builds of a product that a rule concerns, and the product gone."""
    definition = here.engine.catalogue.products[product]
    present = here.installed.of(product)
    for entry in definition.levels:
        if all(there.level != entry.level for there in present):
            line = Line(level_fact(definition), str(entry.level))
            make = with_product(here, definition, _at_level, str(entry.level))
            yield FactChange(line, make, choices=True)
    for key, value in _branch_values(rule) if present else ():
        if all(_stated(there, key) != value for there in present):
            line = Line(f"{key} of {definition.name}", value)
            make = with_product(here, definition, _BRANCH_KEYS[key], value)
            yield FactChange(line, make, choices=True)
    yield from _range_changes(definition, here, rule)
    if present:
        line = Line(definition.name, "not installed")
        yield FactChange(line, lambda server: _without_product(here, definition, server))


def _stated(there: Installation, key: str) -> str | None:
    """The value of a branch key, where only one is possible."""
    if key == "platform":
        return there.platforms[0] if len(there.platforms) == 1 else None
    value: str | None = getattr(there, key)
    return value


def _without_product(here: Evaluation, definition: ProductDefinition, server: Server) -> Server:
    """A server whose whole list of products does not have one, and whose files are not its key files."""
    key_files = {name.casefold() for name in definition.key_files}
    files = tuple(copy for copy in server.files if copy.name.casefold() not in key_files)
    # A complete list holds at least one file.
    complete = server.complete if files else server.complete - {"files"}
    return replace(
        server,
        products=_others(here, definition, server),
        complete=complete | {"products"},
        files=files,
    )


def level_fact(definition: ProductDefinition) -> str:
    """What the level of a product is called among changes."""
    return f"level of {definition.name}"


def _branch_values(rule: Rule) -> Iterable[tuple[str, str]]:
    stated = ((key, getattr(fix, key)) for fix in rule.fixes for key in _BRANCH_KEYS)
    of_entries = ((key, getattr(entry, key)) for entry in rule.every_entry for key in _BRANCH_KEYS)
    return dict.fromkeys((key, value) for key, value in (*stated, *of_entries) if value)


def _range_changes(definition: ProductDefinition, here: Evaluation, rule: Rule) -> Iterator[FactChange]:
    """Builds at the ends of the ranges that entries name."""
    own = (entry.builds for entry in rule.every_entry if entry.product == definition.product)
    ends = (end for asked in own if asked is not None for end in asked.minima)
    for text in dict.fromkeys(value for end in ends for value in (reaching(end), just_below(end)) if value):
        make = with_product(here, definition, of_build, text)
        yield FactChange(Line(f"build of {definition.name}", text), make)
        yield from key_file_changes(here, definition, text)


def _others(here: Evaluation, definition: ProductDefinition, server: Server) -> tuple[InstalledProduct, ...]:
    find = here.engine.catalogue.names.find
    return tuple(
        entry
        for entry in server.products or ()
        if (named := find(entry.name)) is None or named.product != definition.product
    )


_Alter = Callable[[InstalledProduct, str], InstalledProduct]


def _at_level(entry: InstalledProduct, level: str) -> InstalledProduct:
    return replace(entry, level=level, build=None)


def of_build(entry: InstalledProduct, build: str) -> InstalledProduct:
    """An entry of a list of products with another build."""
    return replace(entry, build=build)


_BRANCH_KEYS: dict[str, _Alter] = {
    "edition": lambda entry, value: replace(entry, edition=value),
    "platform": lambda entry, value: replace(entry, platform=value),
    "language": lambda entry, value: replace(entry, language=value),
}


def with_product(here: Evaluation, definition: ProductDefinition, alter: _Alter, value: str) -> Make:
    """The entries of a product with another value; one is added where none is listed."""
    names = here.engine.catalogue.names

    def make(server: Server) -> Server:
        found = ((entry, names.find(entry.name)) for entry in server.products or ())
        own = [_plainly_named(e, n, definition) for e, n in found if n and n.product == definition.product]
        new = [alter(entry, value) for entry in own or [InstalledProduct(definition.name)]]
        return replace(server, products=(*_others(here, definition, server), *new))

    return make


def _plainly_named(
    entry: InstalledProduct, named: NamedProduct, definition: ProductDefinition
) -> InstalledProduct:
    """The product with the level and edition of its name stated beside the name."""
    level, edition = joined_level(definition, entry.level, named.level), entry.edition or named.edition
    return replace(entry, name=definition.name, level=level, edition=edition)


def key_file_changes(here: Evaluation, product: ProductDefinition, version: str) -> Iterator[FactChange]:
    """A key file of a version, where the stated build may stay behind an update."""
    if "build" not in product.shows_updates:
        for name in _key_files_of_build(here, product)[:1]:
            yield FactChange(Line(name, version), _with_key_file(name, version))


def _key_files_of_build(here: Evaluation, product: ProductDefinition) -> tuple[str, ...]:
    """The key files that show a build, at the levels that the product may be at."""
    possible = [level for one in here.installed.of(product.product) for level in one.possible]
    return tuple(key for key in product.key_files_at(possible) if product.numbered_as(key) is product)


def _with_key_file(name: str, version: str) -> Make:
    """A key file in a version, wherever it lies."""

    def make(server: Server) -> Server:
        own = [copy for copy in server.files if copy.name.casefold() == name.casefold()]
        others = (copy for copy in server.files if copy not in own)
        changed = (replace(copy, version=version) for copy in own or [FileCopy(name)])
        return replace(server, files=(*others, *changed))

    return make

"""Looks up the levels of a rule in the product definitions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from needfix.catalogue.hints import hint_of_closest
from needfix.catalogue.level_finding import levels_between, levels_meant
from needfix.catalogue.records import Fields
from needfix.catalogue.shapes import Located
from needfix.catalogue.values import WrittenLevel
from needfix.errors import Position, Problem
from needfix.intake.near import closest
from needfix.intake.vocabularies import same_edition
from needfix.model.product import ProductDefinition
from needfix.model.requirement import ProductLevel
from needfix.model.rule import Affects
from needfix.printable import in_quotes
from needfix.versions import Level

LevelEntry = Located[WrittenLevel] | Fields
"""A level, or a range with `from` and `to`."""

_MOST_CLOSE = 3
"""The most products that a message about an unknown one lists."""


class LevelLookup:
    """Looks levels up; an unknown or ambiguous level becomes a problem."""

    def __init__(
        self,
        products: Mapping[str, ProductDefinition],
        problems: list[Problem],
        faulty: Collection[str] = (),
    ) -> None:
        self._products = products
        self._problems = problems
        self._faulty = faulty

    def is_faulty(self, product: str) -> bool:
        """Whether the definition of a product has problems of its own."""
        return product in self._faulty

    def product(self, name: Located[str]) -> bool:
        """Whether the product is defined. If not, it is reported, unless its definition is faulty."""
        if name.value in self._products:
            return True
        if name.value not in self._faulty:
            close = closest(name.value, sorted(self._products), _MOST_CLOSE)
            expected = f"a defined product such as {', '.join(close)}" if close else "a defined product"
            self._report(
                name,
                f"unknown product {in_quotes(name.value)}",
                expected,
                hint_of_product(name.value, self._products),
            )
        return False

    def edition(self, products: Sequence[str], written: Located[str] | None) -> str | None:
        """An edition. An unknown one is reported if all the products' definitions list editions."""
        known = [self._products[product].editions for product in products if product in self._products]
        if written is not None and known and all(known):
            listed = tuple(dict.fromkeys(edition for editions in known for edition in editions))
            if not any(same_edition(written.value, edition) for edition in listed):
                hint = (
                    hint_of_closest(written.value, listed)
                    or "correct it, or add it to the product definition"
                )
                what = f"unknown edition {in_quotes(written.value)} of {' or '.join(dict.fromkeys(products))}"
                self._report(written, what, f"one of {', '.join(listed)}", hint)
        return written.value if written is not None else None

    def levels(self, product: str, entries: object) -> dict[Level, Position]:
        """The levels of a level, a range or a list of both, with the place where each is named."""
        definition = self._products.get(product)
        if definition is None:
            return {}
        found: dict[Level, Position] = {}
        version: str | None = None
        for entry in _listed(entries):
            for level in self._levels_of(definition, entry, version):
                found.setdefault(level, entry.at)
                version = level.version
        return found

    def _levels_of(
        self, definition: ProductDefinition, entry: LevelEntry, version: str | None
    ) -> Iterable[Level]:
        if isinstance(entry, Located):
            level = self.level(definition, entry, version)
            return () if level is None else (level,)
        return self._range(definition, entry, version)

    def _range(self, definition: ProductDefinition, entry: Fields, version: str | None) -> Iterable[Level]:
        first = self.level(definition, entry["from"], version) if "from" in entry else None
        of_first = first.version if first else version
        last = self.level(definition, entry["to"], of_first) if "to" in entry else None
        if (first is None and "from" in entry) or (last is None and "to" in entry):
            return ()
        if first is None or last is None:
            return _open_range(definition, first, last)
        if first > last:
            what = f"the range ends at {last}, which is before its start {first}"
            self._problems.append(Problem(entry.at, what, "the lower level first", "swap 'from' and 'to'"))
        return levels_between(definition, first, last)

    def level(
        self, definition: ProductDefinition, written: Located[WrittenLevel], version: str | None = None
    ) -> Level | None:
        """The level that the text means; a bare service pack belongs to `version` if given."""
        found = levels_meant(definition, written.value.parsed, version)
        if len(found) == 1:
            return found[0]
        self._report_level(definition, written, found, version)
        return None

    def _report_level(
        self,
        definition: ProductDefinition,
        written: Located[WrittenLevel],
        found: Sequence[Level],
        version: str | None,
    ) -> None:
        text = written.value.text
        if found:
            named = " or ".join(map(str, found))
            what = f"{text} of {definition.product} can mean {named}"
            hint = f"write the version too, as in {found[0]}"
            self._report(written, what, "text that means one level", hint)
            return
        version = written.value.parsed.version or version
        of_version = f" {version}" if version and not written.value.parsed.version else ""
        what = f"unknown level {in_quotes(text)} of {definition.product}{of_version}"
        self._report(written, what, _expected_levels(definition, version), _hint_of_unknown(definition, text))

    def in_any(
        self, affects: Sequence[Affects], written: Located[WrittenLevel], version: str | None = None
    ) -> tuple[ProductLevel, ...]:
        """The level in each product of a rule that has it; at least one must."""
        found: dict[ProductLevel, None] = {}
        definitions = self._defined(affects)
        for entry, definition in definitions:
            meant = levels_meant(definition, written.value.parsed, version or _only_version(entry))
            if len(meant) == 1:
                found[ProductLevel(entry.product, meant[0])] = None
        if not found and definitions:
            entry, definition = definitions[0]
            self.level(definition, written, version or _only_version(entry))
        return tuple(found)

    def is_level_of_any(self, affects: Sequence[Affects], written: Located[WrittenLevel]) -> bool:
        """Whether a text is a level of one of a rule's products."""
        return any(
            levels_meant(definition, written.value.parsed, _only_version(entry))
            for entry, definition in self._defined(affects)
        )

    def levels_of_any(self, affects: Sequence[Affects], entries: object) -> dict[Level, Position]:
        """The levels of a branch in each product of the rule that has them, with the place of each."""
        found: dict[Level, Position] = {}
        version: str | None = None
        for entry in _listed(entries):
            for level in self._of_branch(affects, entry, version):
                found.setdefault(level, entry.at)
                version = level.version
        return found

    def _of_branch(
        self, affects: Sequence[Affects], entry: LevelEntry, version: str | None
    ) -> Iterable[Level]:
        if isinstance(entry, Located):
            return [level.level for level in self.in_any(affects, entry, version)]
        return self._range_in_any(affects, entry, version)

    def _range_in_any(
        self, affects: Sequence[Affects], entry: Fields, version: str | None
    ) -> Iterable[Level]:
        """The levels of a range in each product that has both ends; if none has, the first is reported."""
        first: list[Problem] = []
        found: list[Level] = []
        for affected, definition in self._defined(affects):
            problems: list[Problem] = []
            lookup = LevelLookup(self._products, problems)
            found.extend(lookup._range(definition, entry, version or _only_version(affected)))
            first = first or problems
        if not found:
            self._problems.extend(first)
        return found

    def _defined(self, affects: Sequence[Affects]) -> list[tuple[Affects, ProductDefinition]]:
        return [
            (entry, self._products[entry.product]) for entry in affects if entry.product in self._products
        ]

    def of_entry(self, entry: Fields) -> tuple[ProductLevel, ...]:
        """The level of a `{product, level}` entry."""
        product: Located[str] | None = entry.get("product")
        written: Located[WrittenLevel] | None = entry.get("level")
        if product is None or written is None:
            return ()
        self.product(product)
        definition = self._products.get(product.value)
        level = self.level(definition, written) if definition else None
        return (ProductLevel(product.value, level),) if level else ()

    def _report(self, at: Located[str] | Located[WrittenLevel], what: str, expected: str, hint: str) -> None:
        self._problems.append(Problem(at.at, what, expected, hint, "unknown-word"))


def _open_range(definition: ProductDefinition, first: Level | None, last: Level | None) -> tuple[Level, ...]:
    """The levels of one version, from its first or up to its last where that end is left out."""
    end = first or last
    if end is None:
        return ()
    own = (entry.level for entry in definition.levels if entry.level.version_name == end.version_name)
    return tuple(one for one in own if (first is None or first <= one) and (last is None or one <= last))


def hint_of_product(written: str, products: Mapping[str, ProductDefinition]) -> str:
    """A hint for an unknown product: the id of the product with that name or a similar one."""
    by_name = {
        label.casefold(): product.product
        for product in products.values()
        for label in (product.product, product.name, *product.aliases)
    }
    known_as = by_name.get(written.casefold())
    if known_as:
        return f"write {known_as}"
    defined = "give the file that defines it as well, or add one with its product, name and levels"
    return hint_of_closest(written, products) or defined


def _expected_levels(definition: ProductDefinition, version: str | None) -> str:
    """The levels of the written version; if the product has none, its versions."""
    known = [entry.level for entry in definition.levels if entry.level.version == version]
    if known:
        return f"one of {', '.join(map(str, known))}"
    return f"a level of {' or '.join(definition.versions)}"


def _listed(entries: object) -> Sequence[LevelEntry]:
    if isinstance(entries, Located) and isinstance(entries.value, tuple):
        return entries.value
    if isinstance(entries, list | tuple):
        return entries
    return (entries,)  # type: ignore[return-value]  # a level or a range by itself


def _only_version(affects: Affects) -> str | None:
    versions = {level.version for level in affects.levels or ()}
    return versions.pop() if len(versions) == 1 else None


_EVERY = frozenset({"all", "any", "each", "every", "*", "all levels", "any level", "every level"})


def _hint_of_unknown(definition: ProductDefinition, text: str) -> str:
    """What to write for a text that is no level: with other numbers it would be another level."""
    if text.casefold() in _EVERY:
        return f"for every level leave 'levels' or 'level' out, as in {{product: {definition.product}}}"
    numbers = re.findall("[0-9]+", text)
    alike = [entry.level.text for entry in definition.levels]
    close = hint_of_closest(text, [one for one in alike if re.findall("[0-9]+", one) == numbers])
    return close or "correct it, or add the level to the product definition"

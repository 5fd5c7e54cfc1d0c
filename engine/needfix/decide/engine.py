"""A catalogue prepared for deciding; caches what servers with the same products share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from needfix.catalogue import Catalogue
from needfix.catalogue.part import with_dependencies
from needfix.compare.build_minima import TrackedBuilds
from needfix.compare.build_ranges import BuildRanges
from needfix.compare.installation import Installed
from needfix.compare.installed import has_whole_list, installed, owners_of_key_files
from needfix.compare.level_support import LevelSupport, day_of, out_of_support
from needfix.compare.noted import NotedFacts
from needfix.compare.product_facts import counts
from needfix.compare.registry import ServerRegistry, TrackedRegistry
from needfix.compare.reported import RulesByName
from needfix.compare.telemetry import Telemetry
from needfix.compare.tracked import TrackedFiles, lists_all_files
from needfix.decide.checklist import Checklist, ChecklistParts
from needfix.decide.needs import required_levels
from needfix.decide.preparation import make_checklist
from needfix.intake.notes import Occurrence, Placed
from needfix.model.rule import Rule
from needfix.model.server import InstalledProduct, Server

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 1024


class Memory(Generic[K, V]):
    """A cache of at most `_MOST` values, which is cleared when it is full."""

    def __init__(self) -> None:
        self._known: dict[K, V] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value for a key; `make` creates a missing one."""
        value = self._known.get(key)
        if value is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            value = self._known[key] = make()
        return value


_KeyFile = tuple[str, str | None, str | None, str | None]
_ProductFacts = tuple[tuple[InstalledProduct, ...] | None, tuple[_KeyFile, ...], bool]


class Engine:
    """The files and observations that a catalogue names, and checklists for the servers met so far.

    An engine with the same product definitions can share the cache of products (`sharing`), and the
    observations where they are the same.
    """

    def __init__(self, catalogue: Catalogue, sharing: Engine | None = None) -> None:
        self.catalogue = catalogue
        self.tracked = TrackedFiles([fix for rule in catalogue for fix in rule.fixes])
        self.builds = TrackedBuilds(catalogue, dict(catalogue.products), len(self.tracked.files))
        self.registry = TrackedRegistry(catalogue, len(self.tracked.files) + len(self.builds.builds))
        self.parts = ChecklistParts(catalogue, self.tracked, self.builds, self.registry)
        self.telemetry: Telemetry = (
            sharing.telemetry.for_rules(catalogue) if sharing else Telemetry(catalogue)
        )
        self.owners_of_key_files: Mapping[str, tuple[str, ...]] = (
            sharing.owners_of_key_files if sharing else owners_of_key_files(catalogue.products)
        )
        self.known_products: Memory[_ProductFacts, Installed] = (
            sharing.known_products if sharing else Memory()
        )
        self.ranges = BuildRanges(catalogue)
        self._in_ranges: Memory[_ProductFacts, Installed] = Memory()
        self._checklists: Memory[tuple[object, ...], Checklist] = Memory()
        self._orders: Memory[tuple[str, ...], tuple[str, ...]] = Memory()

    @cached_property
    def rules_by_name(self) -> RulesByName:
        """The rules that servers can name."""
        return RulesByName(self.catalogue)

    @cached_property
    def noted(self) -> NotedFacts:
        """What is to be noted of servers."""
        return NotedFacts(self.catalogue, self.tracked.files)

    @cached_property
    def support(self) -> LevelSupport:
        """Until when levels are supported."""
        return LevelSupport(self.catalogue.products.values())

    @cached_property
    def ruled_products(self) -> frozenset[str]:
        """The products that decisions depend on."""
        return frozenset(own for rule in self.catalogue for own in products_of(rule))

    def installed(self, server: Server) -> Installed:
        """The products of a server, with what it shows of the registry where rules depend on that."""
        found = self.products(server)
        if not self.registry.of_entries:
            return found
        return found.with_registry(ServerRegistry(self.registry, server).of_entries)

    def products(self, server: Server) -> Installed:
        """The products of a server."""
        if server.disagreements:  # few servers have any
            return self.ranges.noted(self._installed(server))
        facts = self._product_facts(server)
        found = self.known_products.get(facts, lambda: self._installed(server))
        return self._in_ranges.get(facts, lambda: self.ranges.noted(found)) if self.ranges else found

    def _installed(self, server: Server) -> Installed:
        return installed(self.catalogue, server, self.owners_of_key_files)

    def occurrences(self, server: Server, today: date | None) -> Iterator[Occurrence]:
        """What is to be noted of a server, without places."""
        return (one for one, _ in self.placed(server, today))

    def placed(self, server: Server, today: date | None) -> Iterator[Placed]:
        """What is to be noted of a server, with the place of the record in which it stands.

        `today` counts where it states no day of collection; without it ends of support are not looked at.
        """
        yield from self.noted.placed(server)
        if self.support.is_stated and today is not None:
            day = day_of(server.collected) if server.collected else None
            found = out_of_support(self.support.of(self.installed(server)), day or today)
            yield from ((one, server.at) for one in found)

    def order_of(self, rules: tuple[str, ...]) -> tuple[str, ...]:
        """Some rules and all that their decisions depend on, each behind those that it depends on."""
        return self._orders.get(rules, lambda: self._order_of(rules))

    def _order_of(self, rules: tuple[str, ...]) -> tuple[str, ...]:
        needed = with_dependencies(self.catalogue, rules)
        return tuple(rule_id for rule_id in self.catalogue.order if rule_id in needed)

    def checklist(self, here: Installed, order: tuple[str, ...] | None = None) -> Checklist:
        """The checklist for servers with these products, of all rules or of those in `order`."""
        key = here.signature if order is None else (order, here.signature)
        return self._checklists.get(key, lambda: make_checklist(self.parts, here, order))

    def _product_facts(self, server: Server) -> _ProductFacts:
        """The facts that show products, and no others."""
        key_files = tuple(
            (copy.name, copy.path, copy.version, copy.platform)
            for copy in server.files
            if copy.name.casefold() in self.owners_of_key_files and counts(copy)
        )
        products = server.products if has_whole_list(server) else None
        return products, key_files, lists_all_files(server)


def products_of(rule: Rule) -> frozenset[str]:
    """The products that decide whether a rule concerns a server and what it requires."""
    levels = [level.product for entry in required_levels(rule) for level in entry]
    named = (entry.product for entry in rule.every_entry)
    return frozenset({*named, *(mark.product for mark in rule.corrected_in), *levels})


def engine_of(catalogue: Catalogue) -> Engine:
    """The engine of a catalogue, made on first use and kept with it."""
    engine = catalogue.kept.get(Engine)
    if not isinstance(engine, Engine):
        engine = catalogue.kept[Engine] = Engine(catalogue)
    return engine

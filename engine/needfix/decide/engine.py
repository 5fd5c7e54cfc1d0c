"""A catalogue made ready to decide; keeps what servers with the same products share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from needfix.catalogue import Catalogue
from needfix.compare.installed import Installed, installed
from needfix.compare.telemetry import Telemetry
from needfix.compare.tracked import TrackedFiles
from needfix.decide.checklist import Checklist, ChecklistParts, make_checklist
from needfix.model.server import InstalledProduct, Server

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 1024


class Memory(Generic[K, V]):
    """Remembers what was made for a key; starts anew when it is full."""

    def __init__(self) -> None:
        self._known: dict[K, V] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """What is remembered for a key, made where there is nothing yet."""
        value = self._known.get(key)
        if value is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            value = self._known[key] = make()
        return value


_KeyFile = tuple[str, str | None, str | None]
_ProductFacts = tuple[tuple[InstalledProduct, ...] | None, tuple[_KeyFile, ...], frozenset[str | None]]


class Engine:
    """The files and the observations that a catalogue speaks of, and checklists for the servers met so far.

    What one engine knows of the products of servers, another can share that has the same product
    definitions.
    """

    def __init__(self, catalogue: Catalogue, sharing: Engine | None = None) -> None:
        self.catalogue = catalogue
        self.tracked = TrackedFiles([fix for rule in catalogue for fix in rule.fixes])
        self.parts = ChecklistParts(catalogue, self.tracked)
        self.telemetry = Telemetry(catalogue)
        self._key_files = frozenset(
            name.casefold() for product in catalogue.products.values() for name in product.key_files
        )
        self.known_products: Memory[_ProductFacts, Installed] = (
            sharing.known_products if sharing else Memory()
        )
        self._checklists: Memory[tuple[object, ...], Checklist] = Memory()

    def installed(self, server: Server) -> Installed:
        """The products of a server."""
        return self.known_products.get(self._product_facts(server), lambda: installed(self.catalogue, server))

    def checklist(self, here: Installed) -> Checklist:
        """What the catalogue asks of servers with such products."""
        return self._checklists.get(here.signature, lambda: make_checklist(self.parts, here))

    def _product_facts(self, server: Server) -> _ProductFacts:
        """The facts that tell products, and no others."""
        key_files = tuple(
            (copy.name, copy.path, copy.version)
            for copy in server.files
            if copy.name.casefold() in self._key_files
        )
        return server.products, key_files, frozenset([copy.platform for copy in server.files])


def engine_of(catalogue: Catalogue) -> Engine:
    """The engine of a catalogue, made when it is first asked for."""
    engine = catalogue.kept.get(Engine)
    if not isinstance(engine, Engine):
        engine = catalogue.kept[Engine] = Engine(catalogue)
    return engine

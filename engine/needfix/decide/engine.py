"""A catalogue made ready to decide; keeps what servers with the same products share."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from needfix.catalogue import Catalogue
from needfix.decide.installed import installed
from needfix.decide.plan import Plan, make_plan
from needfix.decide.telemetry import Telemetry
from needfix.decide.tracked import TrackedFiles
from needfix.model.server import InstalledProduct, Server

_MOST_PLANS = 1024

_KeyFile = tuple[str, str | None, str | None]
_Situation = tuple[tuple[InstalledProduct, ...] | None, tuple[_KeyFile, ...], frozenset[str | None]]


class Engine:
    """The files and the observations that a catalogue speaks of, and plans for the servers met so far."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.tracked = TrackedFiles([fix for rule in catalogue for fix in rule.fixes])
        self.telemetry = Telemetry(catalogue)
        self.is_in_order = tuple(catalogue.rules) == catalogue.order
        self._key_files = frozenset(
            name.casefold() for product in catalogue.products.values() for name in product.key_files
        )
        self._plans: dict[_Situation, Plan] = {}

    def plan(self, server: Server) -> Plan:
        """What the catalogue asks of a server, given its products."""
        situation = self._situation(server)
        plan = self._plans.get(situation)
        if plan is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            plan = make_plan(self.catalogue, self.tracked, installed(self.catalogue, server))
            self._plans[situation] = plan
        return plan

    def _situation(self, server: Server) -> _Situation:
        """The facts that a plan depends on, and no others."""
        key_files = tuple(
            (copy.name, copy.path, copy.version)
            for copy in server.files
            if copy.name.casefold() in self._key_files
        )
        return server.products, key_files, frozenset([copy.platform for copy in server.files])


_ENGINES: WeakKeyDictionary[Catalogue, Engine] = WeakKeyDictionary()


def engine_of(catalogue: Catalogue) -> Engine:
    """The engine of a catalogue, made when it is first asked for."""
    engine = _ENGINES.get(catalogue)
    if engine is None:
        engine = _ENGINES[catalogue] = Engine(catalogue)
    return engine

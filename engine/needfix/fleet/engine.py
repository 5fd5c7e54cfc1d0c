"""The fleet engine: decides batches of servers in columns, through the compare and inference of one server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from needfix.catalogue import Catalogue
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.plan import Plan
from needfix.errors import Position, Problem
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import cells, loaded_modules
from needfix.fleet.facts import Batch
from needfix.fleet.key_files import boundaries, key_files
from needfix.fleet.kinds import Content, Kinds, kinds
from needfix.fleet.outcomes import OUTCOMES
from needfix.fleet.plans import FleetPlan, Heard, Part
from needfix.fleet.running_evidence import Loaded
from needfix.fleet.slots import Slots
from needfix.fleet.symptom_evidence import Speech
from needfix.fleet.telemetry import shown
from needfix.fleet.version_ranks import VersionRanks
from needfix.inventory import server_from_record
from needfix.model.server import Server

_BLOCK = 8192
"""Servers decided at once: few enough for their bits to stay in the processor's cache."""

_MOST_KINDS = 1 << 14
_CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}


class Block(NamedTuple):
    """Servers of one plan, by their places in the batch, and the parts that their rules are in."""

    servers: Ints
    plan: FleetPlan
    parts: list[Part]


class Single(NamedTuple):
    """A server that was decided by itself: its place, and the code of the outcome of every rule."""

    place: int
    server: Server
    codes: Ints


class _Heard(NamedTuple):
    """What a batch says beside products and files, and which servers do."""

    speech: Speech
    loaded: Loaded
    is_heard: Flags


class Decided(NamedTuple):
    """What a batch came to. `problems` are those of bad records, which are not decided."""

    blocks: Iterator[Block]
    singles: list[Single]
    problems: list[Problem]


class FleetEngine:
    """A catalogue made ready to decide batches."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.engine = engine_of(catalogue)
        self.order = {rule_id: number for number, rule_id in enumerate(catalogue.rules)}
        tracked = self.engine.tracked.files
        thresholds = {version for file in tracked for version in file.thresholds}
        self.ranks = VersionRanks(thresholds | boundaries(catalogue.products.values()))
        self.slots = Slots(tracked, self.ranks)
        self.keys = key_files(catalogue.products, self.ranks)
        self._plans: dict[Content, FleetPlan] = {}
        self._by_plan: dict[Plan, FleetPlan] = {}

    def decide(self, batch: Batch, at: Callable[[int], Position]) -> Decided:
        """Decide the servers of a batch; `at` tells where the record in a row of it stands."""
        files = batch.files
        versions = files.texts("version") if files is not None else None
        ranks = self.ranks.of_codes(versions) if versions else np.array([self.ranks.untold])
        found = kinds(len(batch), batch.products, files, self.keys, ranks)
        is_alone = batch.is_odd | found.is_unclear
        plans, of_server = self._plans_of(batch, found, is_alone)
        order = np.argsort(of_server, kind="stable")
        columns = np.empty(len(order), np.int64)
        columns[order] = np.arange(len(order))
        table = cells(files, self.slots, ranks, columns, batch.is_complete)
        heard = self._heard(batch)
        singles, problems = self._alone(batch, np.flatnonzero(is_alone), at)
        bounds = np.searchsorted(of_server[order], np.arange(len(plans) + 1))
        groups = (
            (plan, order[begin:end], table[:, begin:end])
            for plan, begin, end in zip(plans, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        )
        blocks = (block for plan, servers, own in groups for block in _blocks(plan, servers, own, heard, len(batch)))
        return Decided(blocks, singles, problems)

    def _plans_of(self, batch: Batch, found: Kinds, is_alone: Flags) -> tuple[list[FleetPlan], Ints]:
        """The plans of servers, and for each server the place of its plan; behind all where it has none."""
        places: dict[FleetPlan, int] = {}
        of_kind = np.zeros(len(found.rows), np.int64)
        representatives = found.rows.copy()
        if is_alone.any():
            representatives[:] = -1
            rows = np.flatnonzero(~is_alone)
            representatives[found.codes[rows]] = rows
        for kind, row in enumerate(representatives.tolist()):
            if row >= 0:
                plan = self._plan(batch, found.contents[kind], row)
                of_kind[kind] = places.setdefault(plan, len(places))
        of_server = of_kind[found.codes]
        of_server[is_alone] = len(places)
        return list(places), of_server.astype(np.uint16 if len(places) < 1 << 16 else np.int64)

    def _plan(self, batch: Batch, content: Content, row: int) -> FleetPlan:
        plan = self._plans.get(content)
        if plan is None:
            server = server_at(batch, row, Position("", 0), [])
            if server is None:
                raise AssertionError("a record that is not odd cannot be read")
            if len(self._plans) >= _MOST_KINDS:
                self._plans.clear()
                self._by_plan.clear()
            single = self.engine.plan(self.engine.installed(server))
            plan = self._by_plan.get(single)
            if plan is None:
                plan = self._by_plan[single] = FleetPlan(single, self.order, self.slots)
            self._plans[content] = plan
        return plan

    def _heard(self, batch: Batch) -> _Heard | None:
        speech = Speech(batch.said("observed"), batch.said("absent"), shown(batch, self.engine.telemetry), batch.scopes)
        loaded = Loaded(*loaded_modules(batch.files, self.slots, self.ranks.of_codes), batch.is_pending)
        is_heard = speech.is_heard(len(batch)) | loaded.is_heard(len(batch))
        return _Heard(speech, loaded, is_heard) if is_heard.any() else None

    def _alone(
        self, batch: Batch, places: Ints, at: Callable[[int], Position]
    ) -> tuple[list[Single], list[Problem]]:
        singles: list[Single] = []
        problems: list[Problem] = []
        for place in places.tolist():
            server = server_at(batch, place, at(place), problems)
            if server is not None:
                singles.append(Single(place, server, self._codes(server)))
        return singles, problems

    def _codes(self, server: Server) -> Ints:
        outcomes = Evaluation(self.engine, server).outcomes
        return np.array([_CODES[outcomes[rule][:2]] for rule in self.catalogue.rules], np.uint8)


def server_at(batch: Batch, place: int, at: Position, problems: list[Problem]) -> Server | None:
    """The server in a row of a batch, as the single path reads it."""
    record = batch.records.slice(place, 1).to_pylist()[0]
    return server_from_record(record, at, problems)


def _blocks(plan: FleetPlan, servers: Ints, table: Ints, heard: _Heard | None, count: int) -> Iterator[Block]:
    """Servers of a plan: those that are heard apart, and those with gaps apart from those without."""
    has_gaps = plan.has_gaps(table)
    is_heard = heard.is_heard[servers] if heard is not None else np.zeros(len(servers), np.bool_)
    for gaps, hearing in product((False, True), (False, True)):
        chosen = np.flatnonzero((has_gaps == gaps) & (is_heard == hearing))
        for begin in range(0, len(chosen), _BLOCK):
            own = chosen[begin : begin + _BLOCK]
            told = _of(heard, servers[own], count) if heard is not None and hearing else None
            cells_of = table if len(own) == table.shape[1] else table.take(own, axis=1)
            yield Block(servers[own], plan, list(plan.decide(cells_of, told, has_gaps=gaps)))


def _of(heard: _Heard, servers: Ints, count: int) -> Heard:
    places = np.full(count, -1)
    places[servers] = np.arange(len(servers))
    return Heard(heard.speech, heard.loaded, places)

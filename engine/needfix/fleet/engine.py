"""Decides batches of servers in columns, by the compare and the inference that one server goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from needfix.catalogue import Catalogue
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.evaluation import decided as decided_alone
from needfix.decide.plan import Plan
from needfix.errors import Position, Problem
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.cells import cells, loaded_modules
from needfix.fleet.facts import Batch
from needfix.fleet.key_files import boundaries, key_files
from needfix.fleet.kinds import Content, Kinds, kinds
from needfix.fleet.outcomes import CODES
from needfix.fleet.plans import FleetPlan, Heard, Part, Shown
from needfix.fleet.running_evidence import Loaded
from needfix.fleet.slots import Slots
from needfix.fleet.symptom_evidence import Speech
from needfix.fleet.telemetry import shown
from needfix.fleet.version_ranks import VersionRanks
from needfix.inventory import server_from_record
from needfix.model.server import Server

_MOST_KINDS = 1 << 14


class Block(NamedTuple):
    """Servers of one plan, by their places in the batch, with their cells and the parts of their rules."""

    servers: Ints
    plan: FleetPlan
    cells: Ints
    heard: Heard | None
    parts: Sequence[Part]
    shown: Shown


class Single(NamedTuple):
    """A server that was decided by itself: its place, and the code of the outcome of every rule."""

    place: int
    evaluation: Evaluation
    codes: Ints


@dataclass(frozen=True, eq=False)
class Decided:
    """What a batch came to. `problems` are those of bad records, which are not decided.

    `blocks` are decided as they are asked for, and can be gone through once.
    """

    batch: Batch
    kinds: Kinds
    blocks: Iterator[Block]
    singles: tuple[Single, ...]
    problems: tuple[Problem, ...]

    def with_problems(self, problems: tuple[Problem, ...]) -> Decided:
        """The same with these problems in place of its own."""
        return replace(self, problems=problems)


class FleetEngine:
    """A catalogue made ready to decide batches."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.engine = engine_of(catalogue)
        self.ids = tuple(catalogue.rules)
        self._order = {rule_id: number for number, rule_id in enumerate(self.ids)}
        tracked = self.engine.tracked.files
        thresholds = {version for file in tracked for version in file.thresholds}
        self._ranks = VersionRanks(thresholds | boundaries(catalogue.products.values()))
        self.slots = Slots(tracked, self._ranks)
        self._keys = key_files(catalogue.products, self._ranks)
        self._plans: dict[Content, FleetPlan] = {}
        self._by_plan: dict[Plan, FleetPlan] = {}

    def decide(self, batch: Batch, at: Callable[[int], Position]) -> Decided:
        """Decide the servers of a batch; `at` tells where the record in a row of it stands."""
        files = batch.files
        versions = files.texts("version") if files is not None else None
        ranks = self._ranks.of_codes(versions) if versions else np.array([self._ranks.untold])
        found = kinds(len(batch), batch.products, files, self._keys, ranks)
        is_alone = batch.is_odd | found.is_unclear
        plans, of_server = self._plans_of(batch, found, is_alone)
        order = np.argsort(of_server, kind="stable")
        columns = np.empty(len(order), np.int64)
        columns[order] = np.arange(len(order))
        table = cells(files, self.slots, ranks, columns, batch.is_complete)
        bounds = np.searchsorted(of_server[order], np.arange(len(plans) + 1)).tolist()
        heard = self._heard(batch)
        blocks = (
            block
            for plan, begin, end in zip(plans, bounds[:-1], bounds[1:], strict=True)
            for block in _blocks(plan, order[begin:end], table[:, begin:end], heard)
        )
        singles, problems = self._alone(batch, np.flatnonzero(is_alone), at)
        return Decided(batch, found, blocks, tuple(singles), tuple(problems))

    def _plans_of(self, batch: Batch, found: Kinds, is_alone: Flags) -> tuple[list[FleetPlan], Ints]:
        """The plans of servers, and for each server the place of its plan; behind all where it has none."""
        places: dict[FleetPlan, int] = {}
        of_kind = np.zeros(len(found.rows), np.int64)
        for kind, row in enumerate(_representatives(found, is_alone)):
            if row >= 0:
                plan = self._plan(batch, found.contents[kind], row)
                of_kind[kind] = places.setdefault(plan, len(places))
        of_server = of_kind[found.codes]
        of_server[is_alone] = len(places)
        return list(places), of_server.astype(np.uint16 if len(places) < 1 << 16 else np.int64)

    def _plan(self, batch: Batch, content: Content, row: int) -> FleetPlan:
        plan = self._plans.get(content)
        if plan is None:
            if len(self._plans) >= _MOST_KINDS:
                self._plans.clear()
                self._by_plan.clear()
            single = self.engine.plan(self.engine.installed(sound_server(batch, row)))
            plan = self._by_plan.get(single)
            if plan is None:
                plan = self._by_plan[single] = FleetPlan(single, self._order, self.slots)
            self._plans[content] = plan
        return plan

    def _heard(self, batch: Batch) -> _Heard | None:
        speech = Speech(
            batch.said("observed"), batch.said("absent"), shown(batch, self.engine.telemetry), batch.scopes
        )
        modules = loaded_modules(batch.files, self.slots, self._ranks.of_codes)
        loaded = Loaded(*modules, batch.is_pending)
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
                here = decided_alone(self.engine, server)
                codes = [CODES[here.outcomes[rule][:2]] for rule in self.ids]
                singles.append(Single(place, here, np.array(codes, np.uint8)))
        return singles, problems


class _Heard(NamedTuple):
    """What a batch says beside products and files, and which servers do."""

    speech: Speech
    loaded: Loaded
    is_heard: Flags

    def of(self, servers: Ints) -> Heard:
        """What these servers say."""
        places = np.full(len(self.is_heard), -1)
        places[servers] = np.arange(len(servers))
        return Heard(self.speech, self.loaded, places)


def server_at(batch: Batch, place: int, at: Position, problems: list[Problem]) -> Server | None:
    """The server in a row of a batch, as the single path reads it; None where its record is bad."""
    record = batch.records.slice(place, 1).to_pylist()[0]
    return server_from_record(record, at, problems)


def sound_server(batch: Batch, place: int) -> Server:
    """The server in a row whose record is known to be good."""
    problems: list[Problem] = []
    server = server_at(batch, place, Position("", 0), problems)
    if server is None:
        raise AssertionError(f"a good record cannot be read: {problems}")
    return server


def _representatives(found: Kinds, is_alone: Flags) -> list[int]:
    """A server of each kind that is decided in columns; -1 where there is none."""
    rows = np.full(len(found.rows), -1)
    there = np.flatnonzero(~is_alone)
    rows[found.codes[there]] = there
    return [int(row) for row in rows]


def _blocks(plan: FleetPlan, servers: Ints, table: Ints, heard: _Heard | None) -> Iterator[Block]:
    """Servers of a plan: those that are heard apart, and those with gaps apart from those without."""
    has_gaps = plan.has_gaps(table)
    is_heard = heard.is_heard[servers] if heard is not None else np.zeros(len(servers), np.bool_)
    for gaps, hearing in product((False, True), (False, True)):
        chosen = np.flatnonzero((has_gaps == gaps) & (is_heard == hearing))
        for begin in range(0, len(chosen), plan.block):
            own = chosen[begin : begin + plan.block]
            told = heard.of(servers[own]) if heard is not None and hearing else None
            cells_of = table if len(own) == table.shape[1] else table.take(own, axis=1)
            yield Block(servers[own], plan, cells_of, told, *plan.decide(cells_of, told, has_gaps=gaps))

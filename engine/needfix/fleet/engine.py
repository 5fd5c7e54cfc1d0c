"""Decides batches of servers in columns, by the compare and the inference that one server goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from needfix.catalogue import Catalogue
from needfix.compare.reported import claim_names
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.evaluation import decided as decided_singly
from needfix.errors import NOWHERE, Position, Problem
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.blocks import BatchExtras, Block, PreparedBatch, blocks
from needfix.fleet.build_cells import with_builds
from needfix.fleet.cells import all_cells, loaded_modules
from needfix.fleet.facts import Batch
from needfix.fleet.file_evidence import Loaded
from needfix.fleet.kinds import CompleteScopes, Entries, Kinds, boundaries, key_files, kinds
from needfix.fleet.noted import noted, servers_noted
from needfix.fleet.noted_files import BatchVersions
from needfix.fleet.noted_objects import Noted
from needfix.fleet.objections import Objections, RuleNumbers
from needfix.fleet.outcomes import CODES
from needfix.fleet.reading.piece import MOST_SERVERS
from needfix.fleet.registry_cells import SCALE, RegistryStates, with_registry
from needfix.fleet.reported import Hotfixes, SymptomFacts, hotfixes
from needfix.fleet.row_reader import needs_row_reader
from needfix.fleet.rule_columns import RuleColumns
from needfix.fleet.slots import Slots
from needfix.fleet.support import out_of_support
from needfix.fleet.version_ranks import Ranks, VersionRanks
from needfix.fleet.views import ONE_BY_ONE, Views
from needfix.intake.notes import Occurrence
from needfix.intake.vocabularies import normal_id
from needfix.inventory import server_from_record
from needfix.inventory.lines import long_lists
from needfix.model.reason_codes import FACTS_THAT_DISAGREE
from needfix.model.server import Server
from needfix.versions import AFTER_YEARS, FIRST_OF_YEARS

_MOST_BYTES = 1 << 26
_FEWEST_SERVERS = 1 << 12


class RowwiseServer(NamedTuple):
    """A server that was decided by itself: its place, and the code of the outcome of every rule.

    `occurrences` are those that reading it from columns showed.
    """

    place: int
    evaluation: Evaluation
    codes: Ints
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, eq=False)
class Decided:
    """What a batch came to. `problems` are those of bad records, which are not decided.

    `noted` is about the servers that were not decided by themselves, and `disagreements` counts those of
    them with facts that disagree, by the codes of these.

    `blocks` are decided as they are consumed, and can be iterated once. A server is in one
    block of each group of rules, unless it was decided by itself.
    """

    batch: Batch
    servers: int
    blocks: Iterator[Block]
    singles: tuple[RowwiseServer, ...]
    problems: tuple[Problem, ...]
    noted: Sequence[Noted]
    disagreements: Mapping[str, int]

    def with_problems(self, problems: tuple[Problem, ...]) -> Decided:
        """The same with these problems in place of its own."""
        return replace(self, problems=problems)


class FleetEngine:
    """A catalogue made ready to decide batches."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.engine = engine_of(catalogue)
        self.ids = tuple(catalogue.rules)
        self.rule_columns = RuleColumns(catalogue)
        tracked = self.engine.tracked.files
        builds = self.engine.builds.builds
        of_builds = {version for build in builds for version in build.thresholds}
        thresholds = {version for file in tracked for version in file.thresholds} | of_builds
        years = {FIRST_OF_YEARS, AFTER_YEARS}
        self._ranks = VersionRanks(thresholds | boundaries(catalogue.products.values()) | years)
        self.slots = Slots(tracked, self._ranks, builds, [SCALE] * len(self.engine.registry.values))
        self._keys = key_files(catalogue.products, self._ranks, builds)
        registry = self.engine.registry
        self._asked = [registry.place(one) for one in registry.of_entries]
        self._views = Views(self.engine, self.slots, self._keys)
        self._file_names = frozenset(file.name for file in self.engine.tracked.files)
        self._numbers = RuleNumbers(tuple(catalogue))
        required = {needed for rule in catalogue for needed in catalogue.required_rules(rule)}
        self._has_unknown = not required <= catalogue.rules.keys()
        self._hotfixes = frozenset(map(normal_id, required)).union(*map(claim_names, catalogue))

    @property
    def most_servers(self) -> int:
        """So many servers fit a batch: what their files reach is held for every file of the catalogue."""
        of_server = max(self.slots.count * self.slots.kind.itemsize, 1)
        return min(max(_MOST_BYTES // of_server, _FEWEST_SERVERS), MOST_SERVERS)

    def decide(self, batch: Batch, at: Callable[[int], Position], today: date | None = None) -> Decided:
        """Decide the servers of a batch; `at` gives the position of the record in a row.

        With `today` levels that are out of support are noted.
        """
        files = batch.files
        versions = files.texts("version") if files is not None else None
        ranks = self._ranks.of_codes(versions) if versions else self._ranks.nothing
        complete = CompleteScopes(batch.are_products_complete, batch.lists_all_files)
        states = RegistryStates.of(batch, self.engine.registry)
        of_entries = [states.of_values[place] for place in self._asked]
        found = kinds(batch.products, files, self._keys, ranks.low, complete, of_entries)
        is_single = needs_row_reader(batch) | found.is_unclear | states.is_unclear
        is_single |= batch.lacks_any(self._file_names)
        is_single[[place for place, server in batch.servers.items() if server.disagreements]] = True
        views = self._views_of(found, is_single)
        is_single |= (views == ONE_BY_ONE).any(axis=1)[found.codes]
        cells = all_cells(files, self.slots, ranks, batch.lists_all_files)
        if builds := self._views.build_cells(found.contents):
            cells = with_builds(cells, self.slots, builds, found.codes)
        if states.of_values:
            cells = with_registry(cells, self.slots, states)
        singles, problems = self._one_by_one(batch, np.flatnonzero(is_single), at)
        servers = len(batch) - int(np.count_nonzero(is_single)) + len(singles)
        known = PreparedBatch(found.codes, views, is_single, cells, *self._extras(batch))
        return Decided(
            batch,
            servers,
            blocks(known, self._views.checklists),
            tuple(singles),
            tuple(problems),
            [
                *self._noted(batch, found.entries, ranks, is_single | _are_united(batch)),
                *self._out_of_support(batch, found, is_single | _are_united(batch), today),
            ],
            self._disagreements(known),
        )

    def _disagreements(self, known: PreparedBatch) -> dict[str, int]:
        """How many servers, but for those that are decided by themselves, have facts that disagree."""
        bits = self._views.disagreements(known.views)
        if not bits.any() and known.objections is None:
            return {}
        of_servers = bits[known.kinds]
        if known.objections is not None:
            of_servers[known.objections.contradicted] |= 1 << FACTS_THAT_DISAGREE.index(
                "symptom-contradicted"
            )
        own = of_servers[~known.is_single]
        counts = ((code, np.count_nonzero(own & (1 << n))) for n, code in enumerate(FACTS_THAT_DISAGREE))
        return {code: int(count) for code, count in counts if count}

    def servers_noted(self, batch: Batch) -> Flags:
        """The servers of which there is anything to note, but for those that are read one at a time."""
        versions = batch.files.texts("version") if batch.files is not None else None
        ranks = self._ranks.of_codes(versions) if versions else self._ranks.nothing
        entries = Entries(batch.products, batch.are_products_complete)
        is_united = _are_united(batch)
        by_columns = self._noted(batch, entries, ranks, needs_row_reader(batch) | is_united)
        found = servers_noted(by_columns, len(batch))
        for place in np.flatnonzero(is_united).tolist():
            found[place] = any(True for _ in self.engine.noted.of(batch.servers[place]))
        return found

    def _noted(self, batch: Batch, entries: Entries, ranks: Ranks, is_left_out: Flags) -> list[Noted]:
        loaded = batch.files.texts("loaded") if batch.files is not None else None
        of_loaded = self._ranks.of_codes(loaded) if loaded else self._ranks.nothing
        versions = BatchVersions(*(self._ranks.are_unreadable(own) for own in (ranks, of_loaded)))
        return noted(batch, self.engine.noted, entries, versions, is_left_out)

    def _out_of_support(
        self, batch: Batch, found: Kinds, is_left_out: Flags, today: date | None
    ) -> Iterator[Noted]:
        if today is None or not self.engine.support.is_stated:
            return
        needed = np.unique(found.codes[~is_left_out]).tolist()
        ends = {kind: self._views.ends_of_support(found.contents[kind]) for kind in needed}
        yield from out_of_support(batch, found.codes, ends, is_left_out, today)

    def _views_of(self, found: Kinds, is_single: Flags) -> Ints:
        """The views of each kind, a column for each group of rules; any for kinds that no server needs."""
        is_needed = np.full(len(found.contents), not is_single.any())
        if is_single.any():
            is_needed[found.codes[~is_single]] = True
        needed = np.flatnonzero(is_needed)
        views = np.zeros((len(found.contents), len(self._views.groups)), np.int32)
        for kind in needed.tolist():
            views[kind] = self._views.of(found.contents[kind])
        if len(needed):
            views[~is_needed] = views[needed[0]]
        return views

    def _extras(self, batch: Batch) -> tuple[BatchExtras | None, Objections | None]:
        symptoms = SymptomFacts.of(batch, self.engine.telemetry)
        listed = hotfixes(batch).only(self._hotfixes)
        modules = loaded_modules(batch.files, self.slots, self._ranks.of_codes)
        loaded = Loaded(*modules, batch.is_pending)
        own = symptoms.has_facts(len(batch)), loaded.has_facts(len(batch))
        has_facts = own[0] | own[1] | self._claiming(listed)
        objections = self._numbers.objections(listed, symptoms, len(batch))
        if not has_facts.any():
            return None, objections
        begins = listed.listed.begins(len(batch))
        return BatchExtras(symptoms, loaded, listed, has_facts, *own, begins), objections

    def _claiming(self, listed: Hotfixes) -> Flags:
        """The servers whose hotfix list can change a decision or an action."""
        found = listed.is_whole.copy() if self._has_unknown else np.zeros(len(listed.is_whole), np.bool_)
        found[listed.listed.servers] = True
        return found

    def _one_by_one(
        self, batch: Batch, places: Ints, at: Callable[[int], Position]
    ) -> tuple[list[RowwiseServer], list[Problem]]:
        singles: list[RowwiseServer] = []
        problems: list[Problem] = []
        for place in places.tolist():
            found: list[Occurrence] = []
            server = server_at(batch, place, at(place), problems, found)
            if server is not None:
                here = decided_singly(self.engine, server)
                codes = [CODES[here.outcomes[rule][:2]] for rule in self.ids]
                singles.append(RowwiseServer(place, here, np.array(codes, np.uint8), tuple(found)))
        return singles, problems


def _are_united(batch: Batch) -> Flags:
    """The servers of several records, whose notes name the record in which a word stands."""
    found = np.zeros(len(batch), np.bool_)
    found[[place for place, server in batch.servers.items() if server.united_from]] = True
    return found


def fleet_engine_of(catalogue: Catalogue) -> FleetEngine:
    """The fleet engine of a catalogue, made on first use."""
    engine = catalogue.kept.get(FleetEngine)
    if not isinstance(engine, FleetEngine):
        engine = catalogue.kept[FleetEngine] = FleetEngine(catalogue)
    return engine


def server_at(
    batch: Batch,
    place: int,
    at: Position,
    problems: list[Problem],
    noted: list[Occurrence] | None = None,
) -> Server | None:
    """The server in a row of a batch, as the row reader reads it; None where its record is bad.

    What is to be noted in reading it now is added to `noted`.
    """
    if place in batch.servers:
        return batch.servers[place]
    record = batch.records.slice(place, 1).to_pylist()[0]
    if long := [Problem(at, what) for what in long_lists(record)]:
        problems += long
        return None
    return server_from_record(record, at, problems, noted)


def sound_server(batch: Batch, place: int, at: Position = NOWHERE) -> Server:
    """The server in a row whose record is known to be good."""
    problems: list[Problem] = []
    server = server_at(batch, place, at, problems)
    if server is None:
        raise AssertionError(f"a good record cannot be read: {problems}")
    return server

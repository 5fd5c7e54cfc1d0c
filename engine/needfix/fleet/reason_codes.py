"""The codes of reasons: written by the code for one server, once for all decisions with the same state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from threading import Lock

import numpy as np
import pyarrow as pa

from needfix.compare.tracked import FileCheck
from needfix.decide.evaluation import Evaluation
from needfix.decide.evaluation import decided as decided_singly
from needfix.decide.reasons import reasons
from needfix.fleet.arrays import WORD, Dense, Flags, Ints, Words, bit, dense, joined, runs, settled
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided, FleetEngine, sound_server
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.objections import KINDS, ObjectionsOfBlock
from needfix.fleet.reported import Hotfixes, claimed, hotfixes
from needfix.fleet.slots import Scale, Slots
from needfix.model.reason_codes import REASON_CODES


class ReasonKeys:
    """The numbers for the servers of a block; servers claim the hotfixes that they list."""

    def __init__(self, block: Block, slots: Slots, listed: Hotfixes, count: int) -> None:
        self._block = block
        self._slots = slots
        self._listed = listed
        self._has_list = listed.has_list[block.servers]
        self._places = np.full(count, -1)
        self._places[block.servers] = np.arange(len(block.servers))

    def of(self, place: int) -> Iterator[tuple[Ints, int]]:
        """Numbers for the rule in a place of the checklist, each with how many there can be."""
        rule, extra = self._block.checklist.rules[place], self._block.extra_evidence
        for check in rule.all_checks:
            yield self._state(check), 5
            odd = self._block.cells.odd_platforms.get(check.tracked)
            if odd is not None:
                yield odd[self._block.servers].astype(np.int64), 2
            if check.minimum.is_build:
                yield self._block.cells.bounds[check.tracked].of(self._block.servers, check.needed), 4
            if check.minimum.registry is not None:
                is_missing = self._block.cells.of_slot(check.tracked) == 0
                yield is_missing.astype(np.int64), 2
        if self._has_list.any():
            yield self._has_list.astype(np.int64) + _bit(self._claimed, place), 3
        if extra.contained is not None and rule.superseded_by:
            yield _bit(extra.contained, place), 2
        if extra.required is not None and rule.required_rules:
            yield _bit(extra.required["unmet"], place) + 2 * _bit(extra.required["unknown"], place), 3
        yield from self._of_extras(place)

    def _state(self, check: FileCheck) -> Ints:
        """The state of a file on each server, as a number."""
        scale, cells = self._slots.scales[check.tracked], self._block.cells
        found = _states(scale, check.needed).take(cells.of_slot(check.tracked), mode="clip")
        lows = cells.lows_of_slot(check.tracked)
        if lows is not None:
            found = np.where((found == _UNREADABLE) & (lows >= check.needed), 0, found)
        return found

    def _of_extras(self, place: int) -> Iterator[tuple[Ints, int]]:
        extra = self._block.extra_evidence
        if extra.symptoms is not None:
            observed = extra.symptoms["observed"] | extra.symptoms["observed-for-rule"]
            yield _bit(observed, place) + 2 * _bit(extra.symptoms["absent"], place), 3
            yield from ((_bit(bits, place), 2) for bits in self._of_symptoms)
        if extra.running is not None:
            yield _bit(extra.running["pending"], place) + 2 * _bit(extra.running["old"], place), 3
            yield _bit(self._older_modules, place), 2

    @cached_property
    def _claimed(self) -> Words:
        listed = self._listed.listed.of(self._places)
        return claimed(self._block.checklist.rules, listed, len(self._block.servers))

    @cached_property
    def _of_symptoms(self) -> tuple[Words, ...]:
        """The rules with a symptom that is contradicted, and those with one of an unreadable state."""
        extras, own, count = self._block.extras, self._block.checklist.symptoms, len(self._block.servers)
        if extras is None:
            return ()
        facts = extras.symptoms, extras.places, count
        return own.contradicted(*facts), own.unread(*facts)

    @cached_property
    def _older_modules(self) -> Words:
        extras, cells = self._block.extras, self._block.cells
        if extras is None:
            return np.zeros((cells.count, 0), np.uint64)
        return self._block.checklist.running.older_modules(extras.loaded, extras.places, cells)


def _bit(rows: Words, place: int) -> Ints:
    found: Ints = ((rows[:, place // WORD] & bit(place)) != 0).astype(np.int64)
    return found


_UNREADABLE = 2


@lru_cache(maxsize=1 << 14)
def _states(scale: Scale, needed: int) -> Ints:
    """For each cell: reaches a rank (0), does not (1), unreadable (2), not inventoried (3), missing (4)."""
    ranks = np.arange(scale.ranks)
    sure = np.where(ranks >= needed, 0, 1)
    doubts = [np.where(ranks >= needed, doubt, 1) for doubt in (_UNREADABLE, 3)]
    return np.concatenate([sure, *doubts, [3, 4]])


_MOST_REMEMBERED = 1 << 20
_OBJECTION = -1
"""Marks the keys of closed rules that something speaks for."""

_Key = tuple[int, int, tuple[int, ...]]
"""A view, a rule and all else that its reasons depend on."""


class ReasonCodes:
    """Lists of codes, each with a number; shared by all batches of a run and the threads that decide them."""

    def __init__(self, engine: FleetEngine) -> None:
        self._engine = engine
        self._known: dict[_Key, int] = {}
        self._numbers: dict[tuple[str, ...], int] = {}
        self._numbering = Lock()

    def of_batch(self, decided: Decided) -> OfBatch:
        """Those of the decisions of a batch."""
        return OfBatch(self._engine, self, decided)

    def number(self, codes: tuple[str, ...]) -> int:
        """The number of a list of codes."""
        with self._numbering:
            return self._numbers.setdefault(codes, len(self._numbers))

    def remembered(self, key: _Key, write: Callable[[], tuple[str, ...]]) -> int:
        """The number of the list for a key, written on first use."""
        number = self._known.get(key)
        if number is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            number = self._known[key] = self.number(write())
        return number

    def lists(self, numbers: Ints) -> pa.Array:
        """The lists of codes of these numbers."""
        codes = {code: place for place, code in enumerate(REASON_CODES)}
        with self._numbering:
            known = tuple(self._numbers)
        flat = np.array([codes[code] for own in known for code in own], np.int32)
        ends = runs(np.array(list(map(len, known)), np.int64)).astype(np.int32)
        own, offsets = numbers.astype(np.int32, copy=False), np.empty(len(numbers) + 1, np.int32)
        values = np.empty(kernels.offsets_of_lists(own, ends, offsets), np.int32)
        kernels.take_lists(own, ends, flat, offsets, values)
        column = pa.DictionaryArray.from_arrays(
            pa.array(values), pa.array(list(codes), pa.string()), safe=False
        )
        return pa.ListArray.from_arrays(pa.array(offsets), column)


class OfBatch:
    """Finds the codes for one batch; the evaluation of a single server is kept for its other rules."""

    def __init__(self, engine: FleetEngine, known: ReasonCodes, decided: Decided) -> None:
        self._engine = engine
        self._known = known
        self._decided = decided
        self._listed = hotfixes(decided.batch)
        self._evaluations: dict[int, Evaluation] = {
            single.place: single.evaluation for single in decided.singles
        }

    def of_single(self, place: int, rules: Sequence[int]) -> list[int]:
        """The numbers for rules of a server that was decided by itself."""
        return [self._known.number(self._write(place, rule)) for rule in rules]

    def of_block(self, block: Block, selected: Flags) -> Ints:
        """The numbers for servers and open rules of a block where they are selected, a row a server."""
        views = _numbered(block.views)
        keys = ReasonKeys(block, self._engine.slots, self._listed, len(self._decided.batch))
        found = np.zeros(selected.shape, np.int32)
        for place in np.flatnonzero(selected.any(axis=0)).tolist():
            rows = np.flatnonzero(selected[:, place])
            found[rows, place] = self._of_rule(block, place, rows, views, keys)
        return found

    def of_closed(self, block: Block, rules: Ints) -> Ints:
        """The numbers for servers and some closed rules of a block, where nothing speaks for them."""
        views = _numbered(block.views)
        found = block.objections
        objected = (
            set() if found is None else set(zip(found.rows.tolist(), found.rules.tolist(), strict=True))
        )
        table = np.zeros((views.count, len(rules)), np.int32)
        for view, first in enumerate(views.rows().tolist()):
            for place, rule in enumerate(rules.tolist()):
                row = first
                if (row, rule) in objected:
                    others = np.flatnonzero(views.codes == view).tolist()
                    row = next((other for other in others if (other, rule) not in objected), -1)
                if row >= 0:
                    table[view, place] = self._remembered(block, row, rule, ())
        return table[views.codes]

    def of_objections(self, block: Block, found: ObjectionsOfBlock) -> Ints:
        """The numbers for servers and closed rules that something speaks for."""
        views = _numbered(block.views)
        keys = joined(Dense(views.codes[found.rows], views.count), found.rules, len(self._engine.ids))
        keys = settled(joined(keys, found.kinds, KINDS))
        of_keys = [
            self._remembered(
                block, int(found.rows[row]), int(found.rules[row]), (_OBJECTION, int(found.kinds[row]))
            )
            for row in keys.rows().tolist()
        ]
        return np.array(of_keys, np.int32)[keys.codes]

    def _of_rule(self, block: Block, place: int, rows: Ints, views: Dense, keys: ReasonKeys) -> Ints:
        parts = [(numbers[rows], size) for numbers, size in keys.of(place)]
        found = dense(views.codes[rows], views.count)
        for numbers, size in parts:
            found = joined(found, numbers, size)
        found = settled(found)
        of_codes = [
            self._remembered(
                block,
                int(rows[row]),
                int(block.checklist.numbers[place]),
                (len(parts), *(int(numbers[row]) for numbers, _ in parts)),
            )
            for row in found.rows().tolist()
        ]
        return np.array(of_codes, np.int32)[found.codes]

    def _remembered(self, block: Block, row: int, rule: int, key: tuple[int, ...]) -> int:
        view, place = int(block.views[row]), int(block.servers[row])
        return self._known.remembered((view, rule, key), lambda: self._write(place, rule))

    def _write(self, place: int, rule: int) -> tuple[str, ...]:
        here = self._evaluations.get(place)
        if here is None:
            here = decided_singly(self._engine.engine, sound_server(self._decided.batch, place))
            self._evaluations[place] = here
        found = reasons(here, self._engine.ids[rule])
        return tuple(dict.fromkeys(reason.code for reason in found))


def _numbered(views: Ints) -> Dense:
    return dense(views, int(views.max(initial=0)) + 1)

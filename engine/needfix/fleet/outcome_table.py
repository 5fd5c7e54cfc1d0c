"""Decisions as rows without reasons: a table of the outcomes of all servers and rules, cut into batches.

Columns that are the same in every batch are written once, and the batches share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from needfix.fleet.arrays import Ints
from needfix.fleet.bits import width
from needfix.fleet.blocks import Block
from needfix.fleet.checklists import Part
from needfix.fleet.engine import Decided
from needfix.fleet.kernels import bits as bit_kernels
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES
from needfix.fleet.rows import SCHEMA, DecisionFilter, coded
from needfix.model.decision import ACTIONS, DECISIONS

_DECISIONS, _ACTIONS = pa.array(list(DECISIONS), pa.string()), pa.array(list(ACTIONS), pa.string())

_BITS = 4
_ACTION = (1 << _BITS) - 1
_IN_ONE = np.array([DECISIONS.index(d) << _BITS | ACTIONS.index(a) for d, a in OUTCOMES], np.uint8)
NONE = np.uint8(255)
"""In place of an outcome that is not selected; outcomes are below 128."""

_MOST_ROWS = 1 << 19
"""Rows of a batch, unless one server has more."""

_MOST_CELLS = 1 << 26
_FEWEST_SERVERS = 1 << 10


def most_servers(rules: int) -> int:
    """So many servers have a table of moderate size."""
    return max(_MOST_CELLS // max(rules, 1), _FEWEST_SERVERS)


class OutcomeTable(NamedTuple):
    """The decision and action of each rule, a row for each server of a batch; `servers` are those decided.

    Their places are in one byte, `NONE` where they are not selected.
    """

    names: pa.Array
    codes: Ints
    servers: Ints


def outcome_table(decided: Decided, blocks: Iterable[Block], selected: DecisionFilter) -> OutcomeTable:
    """The selected outcomes of all blocks, and of the servers that were decided by themselves."""
    shown = _Shown(selected)
    codes = _bytes(len(decided.batch) * len(selected.rules)).reshape(-1, len(selected.rules))
    is_decided = np.zeros(len(decided.batch), np.bool_)
    for block in blocks:
        before = shown.closed[:0] if is_decided[block.servers].any() else shown.closed
        is_decided[block.servers] = True
        _put(block, shown, before, codes)
        if (found := block.objections) is not None:
            codes[block.servers[found.rows], found.rules] = shown.of(found.rules, found.codes)
    every = np.arange(len(selected.rules))
    for single in decided.singles:
        is_decided[single.place], codes[single.place] = True, shown.of(every, single.codes)
    return OutcomeTable(decided.batch.names, codes, np.flatnonzero(is_decided).astype(np.int32))


class _Shown:
    """What is shown of outcomes: decision and action in one byte."""

    def __init__(self, selected: DecisionFilter) -> None:
        self._are_selected = selected.rules
        self._of_codes = np.where(selected.outcomes, _IN_ONE, NONE)
        self.closed = self.of(np.arange(len(selected.rules)), np.full(len(selected.rules), NOT_AFFECTED))

    def of(self, rules: Ints, codes: Ints) -> Ints:
        """What is shown of each of these rules for the code of its outcome."""
        return np.where(self._are_selected[rules], self._of_codes[codes], NONE)


def _put(block: Block, shown: _Shown, before: Ints, codes: Ints) -> None:
    """Put in the outcomes of the open rules of a block, into rows that are `before` if there is any."""
    numbers = block.checklist.numbers
    columns, rest = numbers.astype(np.int32), shown.of(numbers, block.parts.rest)
    for bits, of_part in block.parts.explicit or (_nothing(block),):
        own = shown.of(numbers, of_part)
        bit_kernels.put_codes(block.servers, columns, np.ascontiguousarray(bits), own, rest, before, codes)
        rest = before = rest[:0]


def _nothing(block: Block) -> Part:
    """A part without any rule."""
    size = width(len(block.checklist.numbers))
    return Part(np.zeros((len(block.servers), size), np.uint64), block.parts.rest)


class RowWriter:
    """Writes rows of tables of outcomes that a filter selects."""

    def __init__(self, ids: Sequence[str], selected: DecisionFilter) -> None:
        self._ids = pa.array(list(ids), pa.string())
        self._takes_all = bool(selected.outcomes.all() and selected.rules.all())
        self._nothing = pa.nulls(0, SCHEMA.field("reasons").type)
        self._at_once = max(_MOST_ROWS // max(len(ids), 1), 1)
        self._of_every = self._room = np.zeros((2, 0), np.int32)
        self._room_of_codes = np.zeros(0, np.uint8)

    def batches(self, table: OutcomeTable) -> Iterator[pa.RecordBatch]:
        """The rows of a table, one batch at least."""
        for begin in range(0, max(len(table.servers), 1), self._at_once):
            yield self._batch(table, table.servers[begin : begin + self._at_once])

    def _batch(self, table: OutcomeTable, servers: Ints) -> pa.RecordBatch:
        choose = self._every if self._takes_all else self._chosen
        whose, rules, codes = choose(table, servers)
        columns = [
            coded(whose, _names_of(table.names, servers)),
            coded(rules, self._ids),
            coded(np.right_shift(codes, _BITS, out=_bytes(len(codes))).view(np.int8), _DECISIONS),
            coded(np.bitwise_and(codes, _ACTION, out=_bytes(len(codes))).view(np.int8), _ACTIONS),
            self._no_reasons(len(codes)),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)

    def _every(self, table: OutcomeTable, servers: Ints) -> tuple[Ints, Ints, Ints]:
        """Of all outcomes the place of the server, the rule, both shared by batches, and what is shown."""
        codes = _rows_of(table.codes, servers)
        if self._of_every.shape[1] < codes.size:
            self._of_every = np.indices(codes.shape, np.int32).reshape(2, -1)
        whose, rules = self._of_every[:, : codes.size]
        return whose, rules, codes.reshape(-1)

    def _chosen(self, table: OutcomeTable, servers: Ints) -> tuple[Ints, Ints, Ints]:
        """The same of selected outcomes only."""
        size = len(servers) * table.codes.shape[1]
        if self._room.shape[1] < size:  # memory that is used again, since most of it stays empty
            self._room, self._room_of_codes = np.empty((2, size), np.int32), np.empty(size, np.uint8)
        count = kernels.choose_codes(table.codes, servers, self._room[0], self._room[1], self._room_of_codes)
        whose, rules = (_copied(room[:count]) for room in self._room)
        return whose, rules, self._room_of_codes[:count]

    def _no_reasons(self, count: int) -> pa.Array:
        if len(self._nothing) < count:
            self._nothing = pa.nulls(count, self._nothing.type)
        return self._nothing.slice(0, count)


def _follow(servers: Ints) -> bool:
    """Whether servers follow each other, as nearly all do."""
    return len(servers) > 0 and int(servers[-1]) - int(servers[0]) + 1 == len(servers)


def _names_of(names: pa.Array, servers: Ints) -> pa.Array:
    """The names of servers, those in the table itself where they follow each other."""
    return names.slice(int(servers[0]), len(servers)) if _follow(servers) else names.take(pa.array(servers))


def _rows_of(codes: Ints, servers: Ints) -> Ints:
    """The rows of servers, a part of the table where they follow each other."""
    return codes[int(servers[0]) : int(servers[-1]) + 1] if _follow(servers) else codes[servers]


def _copied(numbers: Ints) -> Ints:
    found = _bytes(numbers.nbytes).view(numbers.dtype)
    found[:] = numbers
    return found


def _bytes(size: int) -> NDArray[np.uint8]:
    """So many bytes in memory of Arrow, which uses again what batches before had."""
    return np.frombuffer(pa.allocate_buffer(size), np.uint8)

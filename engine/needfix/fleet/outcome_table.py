"""Decisions as rows without reasons: a table of the outcomes of all servers and rules, cut into batches.

Columns that are the same in every batch are written once, and the batches share them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from needfix.fleet.arrays import Ints, Words, runs
from needfix.fleet.bits import width
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided, RowwiseServer
from needfix.fleet.kernels import bits as bit_kernels
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES
from needfix.fleet.reason_codes import ReasonCodes
from needfix.fleet.rows import SCHEMA, DecisionFilter, coded
from needfix.fleet.rule_columns import RuleColumns
from needfix.model.decision import ACTIONS, DECISIONS

_DECISIONS, _ACTIONS = pa.array(list(DECISIONS), pa.string()), pa.array(list(ACTIONS), pa.string())

_BITS = 4
_ACTION = (1 << _BITS) - 1
_IN_ONE = np.array([DECISIONS.index(d) << _BITS | ACTIONS.index(a) for d, a in OUTCOMES], np.uint8)
NONE = np.uint8(255)
"""In place of an outcome that is not selected; outcomes are below 128."""

_MOST_ROWS = 1 << 20
"""Rows of a batch, unless one server has more."""

_MOST_CELLS = 1 << 26
_FEWEST_SERVERS = 1 << 10


def most_servers(rules: int) -> int:
    """So many servers have a table of moderate size."""
    return max(_MOST_CELLS // max(rules, 1), _FEWEST_SERVERS)


class OutcomeTable(NamedTuple):
    """The selected decisions and actions of a batch, both in one byte; `servers` are those decided.

    Every rule in `rules` has the one in `before`, unless an entry has another. The entries of a server are
    from its place in `firsts` to the next. The bytes of an entry begin at its place in `begins`: one for each
    rule of its layout.
    """

    names: pa.Array
    servers: Ints
    rules: Ints
    before: Ints
    codes: Ints
    firsts: Ints
    begins: Ints
    layouts: Ints
    places: Layouts

    @property
    def widths(self) -> Ints:
        """How many rows each of the servers may have."""
        if (self.before != NONE).any():
            return np.full(len(self.servers), len(self.rules))
        of_entries = runs(self.places.widths[self.layouts])
        found: Ints = of_entries[self.firsts[self.servers + 1]] - of_entries[self.firsts[self.servers]]
        return np.minimum(found, len(self.rules))


class Layouts(NamedTuple):
    """Rules of entries, by their places in a table: those of each layout begin at its place in `firsts`."""

    firsts: Ints
    rules: Ints

    @property
    def widths(self) -> Ints:
        """How many rules each layout has."""
        return np.diff(self.firsts)


def outcome_table(decided: Decided, blocks: Iterable[Block], selected: DecisionFilter) -> OutcomeTable:
    """The selected outcomes of all blocks, and of the servers that were decided by themselves."""
    shown = _Shown(selected)
    every = [_ShownBlock(block, shown) for block in blocks]
    is_decided = np.zeros(len(decided.batch), np.bool_)
    for one in every:
        is_decided[one.block.servers] = True
    is_decided[[single.place for single in decided.singles]] = True
    entries = [entry for one in every for entry in one.entries()]
    singly = [_of_single(single, shown) for single in decided.singles]
    entries += [entry for entry in singly if len(entry.rules)]
    may_be = shown.closed != NONE
    for entry in entries:
        may_be[entry.rules] = True
    rules = np.flatnonzero(may_be)
    places = np.cumsum(may_be) - 1
    ends = runs(np.array([entry.size for entry in entries], np.int64))
    codes = _bytes(int(ends[-1]))
    for entry, begin, end in zip(entries, ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        entry.write(codes[begin:end].reshape(len(entry.servers), -1) if end > begin else codes[:0])
    servers = np.concatenate([np.zeros(0, np.int64), *(entry.servers for entry in entries)])
    order = np.argsort(servers, kind="stable")
    begins = [
        begin + np.arange(0, entry.size, len(entry.rules))
        for entry, begin in zip(entries, ends, strict=False)
    ]
    widths = np.array([len(entry.rules) for entry in entries], np.int64)
    layouts = np.repeat(np.arange(len(entries), dtype=np.int32), [len(entry.servers) for entry in entries])
    of_layouts = places[np.concatenate([rules[:0], *(entry.rules for entry in entries)])]
    return OutcomeTable(
        decided.batch.names,
        np.flatnonzero(is_decided),
        rules.astype(np.int32),
        shown.closed[rules],
        codes,
        runs(np.bincount(servers, minlength=len(is_decided))),
        np.concatenate([ends[:0], *begins])[order],
        layouts[order],
        Layouts(runs(widths), of_layouts.astype(np.int32)),
    )


class _Entry(NamedTuple):
    """What is shown of some rules, the same for each of some servers; `write` puts it into a row for each."""

    servers: Ints
    rules: Ints
    write: Callable[[Ints], None]

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.servers) * len(self.rules)


def _of_single(single: RowwiseServer, shown: _Shown) -> _Entry:
    rules = np.arange(len(single.codes))
    codes = shown.of(rules, single.codes)
    own = np.flatnonzero((codes != NONE) | (shown.closed != NONE))
    return _written(np.array([single.place]), own, codes[None, own])


def _written(servers: Ints, rules: Ints, codes: Ints) -> _Entry:
    def write(table: Ints) -> None:
        table[:] = codes if table.size else table

    return _Entry(servers, rules, write)


class _Shown:
    """What is shown of outcomes: decision and action in one byte."""

    def __init__(self, selected: DecisionFilter) -> None:
        self._are_selected = selected.rules
        self._of_codes = np.where(selected.outcomes, _IN_ONE, NONE)
        self.closed = self.of(np.arange(len(selected.rules)), np.full(len(selected.rules), NOT_AFFECTED))

    def of(self, rules: Ints, codes: Ints) -> Ints:
        """What is shown of each of these rules for the code of its outcome."""
        return np.where(self._are_selected[rules], self._of_codes[codes], NONE)


class _ShownBlock:
    """A block, with what is shown of its open rules."""

    def __init__(self, block: Block, shown: _Shown) -> None:
        numbers = block.checklist.numbers
        self.block = block
        self._shown = shown
        self._rest = shown.of(numbers, block.parts.rest)
        self._parts = [(bits, shown.of(numbers, codes)) for bits, codes in block.parts.explicit]
        may_be = shown.closed[numbers] != NONE
        for codes in (self._rest, *(own for _, own in self._parts)):
            may_be = may_be | (codes != NONE)
        self._own = np.flatnonzero(may_be).astype(np.int32)

    def entries(self) -> Iterator[_Entry]:
        """Those of open rules that may be shown, and those of closed ones that something speaks for."""
        if len(self._own):
            yield _Entry(self.block.servers, self.block.checklist.numbers[self._own], self._put)
        if (found := self.block.objections) is None:
            return
        shown = self._shown.of(found.rules, found.codes)
        own = np.flatnonzero((shown != NONE) | (self._shown.closed[found.rules] != NONE))
        own = own[np.argsort(found.rules[own], kind="stable")]
        rules, firsts = np.unique(found.rules[own], return_index=True)
        for rule, rows in zip(rules.tolist(), np.split(own, firsts[1:]), strict=bool(len(own))):
            yield _written(self.block.servers[found.rows[rows]], np.array([rule]), shown[rows][:, None])

    def _put(self, table: Ints) -> None:
        """Put in the outcomes of open rules, a row for each server."""
        rest = self._rest[self._own]
        parts = self._parts or [(self._no_bits(), self._rest)]
        for bits, codes in parts:
            bit_kernels.put_codes(self._own, np.ascontiguousarray(bits), codes[self._own], rest, table)
            rest = rest[:0]

    def _no_bits(self) -> Words:
        return np.zeros((len(self.block.servers), width(len(self.block.checklist.numbers))), np.uint64)


class _Places(NamedTuple):
    """Of rows the places of their servers, their rules, and what they carry of these."""

    servers: pa.Array
    rules: pa.Array
    of_rules: Sequence[pa.Array]

    def first(self, count: int) -> _Places:
        """Those of the first rows."""
        of_rules = [column.slice(0, count) for column in self.of_rules]
        return _Places(self.servers.slice(0, count), self.rules.slice(0, count), of_rules)


class RowWriter:
    """Writes rows of tables of outcomes that a filter selects."""

    def __init__(self, ids: Sequence[str], selected: DecisionFilter, of_rules: RuleColumns) -> None:
        self._of_rules = of_rules
        self._ids = pa.array(list(ids), pa.string())
        self._takes_all = bool(selected.outcomes.all())
        self._nothing = pa.nulls(0, SCHEMA.field("reasons").type)
        self._rules = np.flatnonzero(selected.rules).astype(np.int32)
        self._of_every = self._places(*np.zeros((2, 0), np.int32))

    def batches(self, table: OutcomeTable) -> Iterator[pa.RecordBatch]:
        """The rows of a table, one batch at least."""
        before = runs(table.widths)
        begin = 0
        while begin == 0 or begin < len(table.servers):
            fitting = int(np.searchsorted(before, before[begin] + _MOST_ROWS, side="right")) - 1
            end = max(fitting, begin + 1)
            servers = table.servers[begin:end]
            yield self._batch(table, servers, int(before[begin + len(servers)] - before[begin]))
            begin = end

    def with_reasons(self, table: OutcomeTable, lists: Ints, known: ReasonCodes) -> pa.RecordBatch:
        """The rows of a table in one batch; `lists` has the number of the reasons of each server and rule."""

        def reasons_of(places: _Places) -> pa.Array:
            if self._takes_all and len(self._rules) == lists.shape[1] and _follow(table.servers):
                return known.lists(_rows_of(lists, table.servers).reshape(-1))
            rules = places.rules.indices.to_numpy()
            return known.lists(lists[table.servers[places.servers.to_numpy()], rules])

        return self._batch(table, table.servers, int(table.widths.sum()), reasons_of)

    def _batch(
        self,
        table: OutcomeTable,
        servers: Ints,
        most: int,
        reasons_of: Callable[[_Places], pa.Array] | None = None,
    ) -> pa.RecordBatch:
        choose = self._every if self._takes_all else self._chosen
        places, decisions, actions = choose(table, servers, most)
        reasons = self._no_reasons(len(decisions)) if reasons_of is None else reasons_of(places)
        names = _names_of(table.names, servers)
        if len(decisions) < len(servers):  # names without rows are in the way of a reader
            whose, of_whose = np.unique(places.servers.to_numpy(), return_inverse=True)
            names = names.take(pa.array(whose))
            places = places._replace(servers=pa.array(of_whose.astype(np.int32)))
        columns = [
            pa.DictionaryArray.from_arrays(places.servers, names, safe=False),
            places.rules,
            coded(decisions.view(np.int8), _DECISIONS),
            coded(actions.view(np.int8), _ACTIONS),
            reasons,
            *places.of_rules,
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)

    def _every(self, table: OutcomeTable, servers: Ints, most: int) -> tuple[_Places, Ints, Ints]:
        """All outcomes of servers: what batches share, and the decision and action of each row."""
        if len(self._of_every.servers) < most:
            rows = np.repeat(np.arange(len(servers), dtype=np.int32), len(self._rules))
            self._of_every = self._places(rows, np.tile(self._rules, len(servers)))
        halves = _bytes(2 * most).reshape(2, -1)
        kernels.spread_codes(servers, *table[3:8], *table.places, *halves)
        return self._of_every.first(most), *halves

    def _chosen(self, table: OutcomeTable, servers: Ints, most: int) -> tuple[_Places, Ints, Ints]:
        """The same of selected outcomes only."""
        numbers = _bytes(8 * most).view(np.int32).reshape(2, -1)
        halves = _bytes(2 * most).reshape(2, -1)
        count = kernels.choose_codes(servers, *table[2:8], *table.places, *numbers, *halves)
        whose, rules, decisions, actions = (_fitting(own, count) for own in (*numbers, *halves))
        return self._places(whose, rules), decisions, actions

    def _places(self, servers: Ints, rules: Ints) -> _Places:
        return _Places(pa.array(servers), coded(rules, self._ids), self._of_rules.of(rules))

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


def _rows_of(table: Ints, servers: Ints) -> Ints:
    """The rows of servers that follow each other."""
    found: Ints = table[int(servers[0]) : int(servers[-1]) + 1]
    return found


def _fitting(numbers: Ints, count: int) -> Ints:
    """The first of some numbers, without the memory of the others where these are most."""
    if 2 * count > len(numbers):
        return numbers[:count]
    found = _bytes(count * numbers.itemsize).view(numbers.dtype)
    found[:] = numbers[:count]
    return found


def _bytes(size: int) -> NDArray[np.uint8]:
    """So many bytes in memory of Arrow, which uses again what batches before had."""
    return np.frombuffer(pa.allocate_buffer(size), np.uint8)

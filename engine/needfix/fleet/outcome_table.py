"""Decisions as rows without reasons: a table of the outcomes of all servers and rules, cut into batches.

Columns that are the same in every batch are written once, and the batches share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from needfix.fleet.arrays import Flags, Ints, Words, runs
from needfix.fleet.bits import width
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided
from needfix.fleet.kernels import bits as bit_kernels
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES
from needfix.fleet.rows import SCHEMA, DecisionFilter, coded
from needfix.fleet.rule_columns import RuleColumns
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
    """The decisions and actions of servers of a batch; `servers` are those decided.

    Both are in one byte, `NONE` where they are not selected. The bytes of a server begin at its place in `begins`
    and are those of the rules of its layout: their numbers are in `numbers`, from one place in `firsts` to the next.
    """

    names: pa.Array
    servers: Ints
    codes: Ints
    begins: Ints
    layouts: Ints
    firsts: Ints
    numbers: Ints

    @property
    def widths(self) -> Ints:
        """How many rules each of the servers has here."""
        found: Ints = np.diff(self.firsts)[self.layouts[self.servers]]
        return found


def outcome_table(decided: Decided, blocks: Iterable[Block], selected: DecisionFilter) -> OutcomeTable:
    """The selected outcomes of all blocks, and of the servers that were decided by themselves.

    A server that has them only of one block has the rules of that block, and others have all rules that have any.
    """
    shown = _Shown(selected)
    every = [_ShownBlock(block, shown) for block in blocks]
    is_decided = np.zeros(len(decided.batch), np.bool_)
    for one in every:
        is_decided[one.servers] = True
    is_decided[[single.place for single in decided.singles]] = True
    is_wide = is_decided & _are_wide(every, decided, shown)
    rules = _rules_of(every, decided, shown)
    narrow = [(one, rows) for one in every if len(rows := one.rows_of(~is_wide)) and one.has_any]
    sizes = [
        int(np.count_nonzero(is_wide)) * len(rules),
        *(len(rows) * len(one.rules) for one, rows in narrow),
    ]
    ends = runs(np.array(sizes, np.int64))
    codes = _bytes(int(ends[-1]))
    begins, layouts = np.zeros(len(is_wide), np.int64), np.full(len(is_wide), len(sizes), np.int32)
    begins[is_wide] = np.arange(0, sizes[0], max(len(rules), 1)) if sizes[0] else 0
    layouts[is_wide] = 0
    _put_wide(codes[: sizes[0]].reshape(-1, max(len(rules), 1)), rules, is_wide, every, decided, shown)
    for number, (one, rows) in enumerate(narrow, 1):
        part = codes[ends[number] : ends[number + 1]].reshape(len(rows), len(one.rules))
        one.put(rows, np.arange(len(rows)), one.columns, shown.closed[:0], part)
        begins[one.servers[rows]] = ends[number] + np.arange(len(rows)) * len(one.rules)
        layouts[one.servers[rows]] = number
    numbers = [rules, *(one.rules for one, _ in narrow), rules[:0]]
    return OutcomeTable(
        decided.batch.names,
        np.flatnonzero(is_decided).astype(np.int32),
        codes,
        begins,
        layouts,
        runs(np.array(list(map(len, numbers)), np.int64)),
        np.concatenate(numbers).astype(np.int32),
    )


def _put_wide(  # noqa: PLR0913, PLR0917 - where, and of what
    table: Ints, rules: Ints, is_wide: Flags, every: Sequence[_ShownBlock], decided: Decided, shown: _Shown
) -> None:
    """Put in all selected outcomes of servers that have all rules, a row for each."""
    if not table.size:
        return
    places = np.full(len(shown.closed), -1, np.int32)
    places[rules] = np.arange(len(rules))
    row_of = np.cumsum(is_wide) - 1
    is_put = np.zeros(len(is_wide), np.bool_)
    before = shown.closed[rules]
    for one in every:
        columns, rows = places[one.numbers], one.rows_of(is_wide)
        if len(rows) and (columns >= 0).any():
            servers = one.servers[rows]
            one.put(rows, row_of[servers], columns, before[:0] if is_put[servers].any() else before, table)
            is_put[servers] = True
    table[~is_put[is_wide]] = before
    for one in every:
        if (found := one.block.objections) is not None:
            own = places[found.rules] >= 0
            of_own = shown.of(found.rules[own], found.codes[own])
            table[row_of[one.servers[found.rows[own]]], places[found.rules[own]]] = of_own
    for single in decided.singles:
        table[row_of[single.place]] = shown.of(rules, single.codes[rules])


def _are_wide(every: Sequence[_ShownBlock], decided: Decided, shown: _Shown) -> Flags:
    """The servers that may have selected outcomes of other rules than the open ones of one block."""
    if (shown.closed != NONE).any():
        return np.ones(len(decided.batch), np.bool_)
    found, has_one = np.zeros((2, len(decided.batch)), np.bool_)
    found[[single.place for single in decided.singles]] = True
    for one in every:
        if one.has_any:
            found[one.servers[has_one[one.servers]]] = True
            has_one[one.servers] = True
        if (objections := one.block.objections) is not None:
            found[one.servers[objections.rows]] = True
    return found


def _rules_of(blocks: Iterable[_ShownBlock], decided: Decided, shown: _Shown) -> Ints:
    """The rules of which any selected outcome may be there."""
    may_be = shown.closed != NONE
    for one in blocks:
        may_be[one.rules] = True
        if (found := one.block.objections) is not None:
            may_be[found.rules[shown.of(found.rules, found.codes) != NONE]] = True
    every = np.arange(len(may_be))
    for single in decided.singles:
        may_be |= shown.of(every, single.codes) != NONE
    return np.flatnonzero(may_be)


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
    """A block, with what is shown of its open rules; `rules` are those of which that may be anything."""

    def __init__(self, block: Block, shown: _Shown) -> None:
        self.block = block
        self.servers, self.numbers = block.servers, block.checklist.numbers
        self._rest = shown.of(self.numbers, block.parts.rest)
        self._parts = [(bits, shown.of(self.numbers, codes)) for bits, codes in block.parts.explicit]
        may_be = np.logical_or.reduce(
            [codes != NONE for codes in (self._rest, *(own for _, own in self._parts))]
        )
        self.rules = self.numbers[may_be]
        self.columns = np.where(may_be, np.cumsum(may_be) - 1, -1)
        """The place of each open rule among these, or -1."""

    @property
    def has_any(self) -> bool:
        """Whether anything of an open rule may be shown."""
        return len(self.rules) > 0

    def rows_of(self, are_selected: Flags) -> Ints:
        """The rows of servers that are selected among those of the batch."""
        return np.flatnonzero(are_selected[self.servers])

    def put(self, rows: Ints, places: Ints, columns: Ints, before: Ints, table: Ints) -> None:
        """Put outcomes of some rows into those of a table; `columns` has a place there for each rule, or -1.

        What is in these rows of the table is `before`, if there is any.
        """
        own = np.flatnonzero(columns >= 0).astype(np.int32)
        of_own, rest = columns[own].astype(np.int32), self._rest[own]
        for bits, codes in self._parts or [(self._no_bits(), self._rest)]:
            of_rows = np.ascontiguousarray(bits if len(rows) == len(bits) else bits[rows])
            bit_kernels.put_codes(places, own, of_own, of_rows, codes[own], rest, before, table)
            rest = before = rest[:0]

    def _no_bits(self) -> Words:
        return np.zeros((len(self.servers), width(len(self.numbers))), np.uint64)


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

    def _batch(self, table: OutcomeTable, servers: Ints, most: int) -> pa.RecordBatch:
        choose = self._every if self._takes_all else self._chosen
        places, decisions, actions = choose(table, servers, most)
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
            self._no_reasons(len(decisions)),
            *places.of_rules,
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)

    def _every(self, table: OutcomeTable, servers: Ints, most: int) -> tuple[_Places, Ints, Ints]:
        """All outcomes of servers: what batches share, and the places of decisions and actions in each row."""
        begin = int(table.begins[servers[0]]) if most else 0
        codes = table.codes[begin : begin + most]
        if len(self._of_every.servers) < most:
            rows = np.repeat(np.arange(len(servers), dtype=np.int32), len(self._rules))
            self._of_every = self._places(rows, np.tile(self._rules, len(servers)))
        decisions = np.right_shift(codes, _BITS, out=_bytes(most))
        return self._of_every.first(most), decisions, np.bitwise_and(codes, _ACTION, out=_bytes(most))

    def _chosen(self, table: OutcomeTable, servers: Ints, most: int) -> tuple[_Places, Ints, Ints]:
        """The same of selected outcomes only."""
        numbers = _bytes(8 * most).view(np.int32).reshape(2, -1)
        halves = _bytes(2 * most).reshape(2, -1)
        of_servers = table.begins[servers], table.layouts[servers], table.firsts, table.numbers
        count = kernels.choose_codes(table.codes, *of_servers, *numbers, *halves)
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

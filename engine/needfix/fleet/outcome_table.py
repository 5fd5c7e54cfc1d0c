"""Decisions as rows without reasons: a table of the outcomes of all servers and rules, cut into batches.

Columns that are the same in every batch are written once, and the batches share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from needfix.fleet.arrays import Ints, runs
from needfix.fleet.bits import width
from needfix.fleet.blocks import Block
from needfix.fleet.columns import bytes_of
from needfix.fleet.engine import Decided
from needfix.fleet.kernels import bits as bit_kernels
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.outcomes import NOT_AFFECTED
from needfix.fleet.rows import SCHEMA, DecisionFilter, coded
from needfix.fleet.rule_columns import RuleColumns
from needfix.model.decision import ACTIONS, DECISIONS

_DECISIONS, _ACTIONS = pa.array(list(DECISIONS), pa.string()), pa.array(list(ACTIONS), pa.string())

_MOST_ROWS = 1 << 19
"""Rows of a batch, unless one server has more."""

_MOST_BYTES = 1 << 30
"""Bytes of the names of servers in a batch, unless those of one server are more."""

_MOST_CELLS = 1 << 26
_FEWEST_SERVERS = 1 << 10


def most_servers(rules: int) -> int:
    """So many servers have a table of moderate size."""
    return max(_MOST_CELLS // max(rules, 1), _FEWEST_SERVERS)


class OutcomeTable(NamedTuple):
    """The code of the outcome of each rule, a row for each server of a batch; `servers` are those decided."""

    names: pa.Array
    codes: Ints
    servers: Ints


def outcome_table(decided: Decided, blocks: Iterable[Block], rules: int) -> OutcomeTable:
    """The outcomes of all blocks, and of the servers that were decided by themselves."""
    codes = _bytes(len(decided.batch) * rules).reshape(-1, rules)
    codes.fill(NOT_AFFECTED)
    is_decided = np.zeros(len(decided.batch), np.bool_)
    for block in blocks:
        is_decided[block.servers] = True
        _put(block, codes)
        if (found := block.objections) is not None:
            codes[block.servers[found.rows], found.rules] = found.codes
    for single in decided.singles:
        is_decided[single.place], codes[single.place] = True, single.codes
    return OutcomeTable(decided.batch.names, codes, np.flatnonzero(is_decided).astype(np.int32))


def _put(block: Block, codes: Ints) -> None:
    """Put in the outcomes of the open rules of a block."""
    numbers, rest = block.checklist.numbers, block.parts.rest
    if not len(numbers):
        return
    none = np.zeros((len(block.servers), width(len(numbers))), np.uint64)
    for bits, of_part in block.parts.explicit or ((none, rest),):
        bit_kernels.put_codes(block.servers, numbers, np.ascontiguousarray(bits), of_part, rest, codes)
        rest = rest[:0]


class RowWriter:
    """Writes rows of tables, those that a filter selects."""

    def __init__(self, ids: Sequence[str], selected: DecisionFilter, of_rules: RuleColumns) -> None:
        self._of_rules = of_rules
        self._ids = pa.array(list(ids), pa.string())
        self._rules = np.flatnonzero(selected.rules).astype(np.int32)
        self._takes_all = bool(selected.outcomes.all())
        self._is_selected = np.zeros(256, np.uint8)
        self._is_selected[: len(selected.outcomes)] = selected.outcomes
        self._nothing = pa.nulls(0, SCHEMA.field("reasons").type)
        self._every_rule = np.zeros(0, np.int32)
        self._of_every_rule = of_rules.of(self._every_rule)
        self._length, self._offsets = -1, np.zeros(0, np.int32)

    def batches(self, table: OutcomeTable) -> Iterator[pa.RecordBatch]:
        """The rows of a table, one batch at least."""
        lengths = np.diff(bytes_of(table.names)[0]).astype(np.int64)[table.servers]
        bytes_before = runs(lengths * len(self._rules))
        at_once = max(_MOST_ROWS // max(len(self._rules), 1), 1)
        begin = 0
        while begin == 0 or begin < len(table.servers):
            fitting = np.searchsorted(bytes_before, bytes_before[begin] + _MOST_BYTES, side="right") - 1
            end = max(min(begin + at_once, int(fitting)), begin + 1)
            servers, rules = table.servers[begin:end], [self._rules]
            if fitting == begin and len(servers):  # one server with a very long name
                rules = np.split(
                    self._rules, range(1, len(self._rules), _MOST_BYTES // int(lengths[begin]) or 1)
                )
            for own in rules:
                yield self._batch(table, servers, own)
            begin = end

    def _batch(self, table: OutcomeTable, servers: Ints, rules: Ints) -> pa.RecordBatch:
        choose = self._every if self._takes_all else self._chosen
        counts, of_rows, codes = choose(table, servers, rules)
        decisions, actions = _parted(codes)
        columns = [
            self._repeated(table.names.take(pa.array(servers)), counts, len(codes)),
            coded(of_rows, self._ids),
            coded(decisions, _DECISIONS),
            coded(actions, _ACTIONS),
            self._no_reasons(len(codes)),
            *self._columns_of(of_rows),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)

    def _every(self, table: OutcomeTable, servers: Ints, rules: Ints) -> tuple[Ints, Ints, Ints]:
        """All outcomes of servers for rules: how many each has, the rule of each row, and its code."""
        counts = np.full(len(servers), len(rules), np.int32)
        codes = _rows_of(table.codes, servers)
        if len(rules) < codes.shape[1]:
            codes = codes[:, rules]
        if rules is not self._rules:
            return counts, np.tile(rules, len(servers)), codes.reshape(-1)
        if len(self._every_rule) < codes.size:
            self._every_rule = np.tile(rules, len(servers))
            self._of_every_rule = self._of_rules.of(self._every_rule)
        return counts, self._every_rule[: codes.size], codes.reshape(-1)

    def _chosen(self, table: OutcomeTable, servers: Ints, rules: Ints) -> tuple[Ints, Ints, Ints]:
        """The same of the selected outcomes."""
        room = len(servers) * len(rules) + 1
        counts, of_rows = np.empty(len(servers), np.int32), np.empty(room, np.int32)
        codes = np.empty(room, np.uint8)
        own = self._is_selected
        count = kernels.choose_codes(table.codes, servers, rules, own, counts, of_rows, codes)
        return counts, of_rows[:count].copy(), codes[:count]

    def _repeated(self, names: pa.Array, counts: Ints, rows: int) -> pa.Array:
        """Each name as often as it is needed; the offsets of names that all have one length are shared."""
        offsets, data = bytes_of(names)
        lengths = np.diff(offsets)
        size = int((lengths.astype(np.int64) * counts).sum())
        length = int(lengths[0]) if len(lengths) else 0
        if (lengths == length).all():
            if self._length != length or len(self._offsets) <= rows:
                self._length, self._offsets = length, np.arange(rows + 1, dtype=np.int32) * length
            new_offsets = self._offsets[: rows + 1]
        else:
            new_offsets = _bytes((rows + 1) * np.dtype(np.int32).itemsize).view(np.int32)
            kernels.repeat_lengths(lengths, counts, new_offsets)
        found = _bytes(size)
        kernels.repeat_texts(offsets, data, counts, found)
        return pa.StringArray.from_buffers(rows, pa.py_buffer(new_offsets), pa.py_buffer(found))

    def _columns_of(self, rules: Ints) -> list[pa.Array]:
        """What rows carry of their rules; the columns of every rule in turn are shared."""
        if rules.base is self._every_rule or rules is self._every_rule:
            return [column.slice(0, len(rules)) for column in self._of_every_rule]
        return self._of_rules.of(rules)

    def _no_reasons(self, count: int) -> pa.Array:
        if len(self._nothing) < count:
            self._nothing = pa.nulls(count, self._nothing.type)
        return self._nothing.slice(0, count)


def _rows_of(codes: Ints, servers: Ints) -> Ints:
    """The rows of servers: a part of the table where they follow each other, as nearly all do."""
    if len(servers) and int(servers[-1]) - int(servers[0]) + 1 == len(servers):
        return codes[int(servers[0]) : int(servers[-1]) + 1]
    return codes[servers]


def _parted(codes: Ints) -> tuple[Ints, Ints]:
    """The places of the decision and the action that codes stand for: every decision has all actions."""
    actions = np.uint8(len(ACTIONS))
    decisions, rest = _bytes(len(codes)), _bytes(len(codes))
    np.floor_divide(codes, actions, out=decisions)
    np.multiply(decisions, actions, out=rest)
    np.subtract(codes, rest, out=rest)
    return decisions.view(np.int8), rest.view(np.int8)


def _bytes(size: int) -> NDArray[np.uint8]:
    """So many bytes in memory of Arrow, which uses again what batches before had."""
    return np.frombuffer(pa.allocate_buffer(size), np.uint8)

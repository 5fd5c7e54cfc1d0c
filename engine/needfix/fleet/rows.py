"""Decisions as rows of a table: server, rule, decision, action, codes of reasons, facts of the rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints, runs
from needfix.fleet.bits import flags, words
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided, FleetEngine
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES
from needfix.fleet.reason_codes import OfBatch, ReasonCodes
from needfix.fleet.rule_columns import ADVISORIES, SEVERITY
from needfix.model.decision import ACTIONS, DECISIONS
from needfix.model.run_request import Selection


class DecisionFilter(NamedTuple):
    """A flag for each outcome, and one for each rule."""

    outcomes: Flags
    rules: Flags

    def servers(self, blocks: Sequence[Block], decided: Decided) -> list[int]:
        """The servers of a batch that have any selected decision, in order."""
        found = [self._of_block(block) for block in blocks]
        singles = [s.place for s in decided.singles if (self.outcomes[s.codes] & self.rules).any()]
        return sorted({*np.concatenate([np.zeros(0, np.int64), *found]).tolist(), *singles})

    def _of_block(self, block: Block) -> Ints:
        is_selected = np.zeros(len(block.servers), np.bool_)
        if self.outcomes[NOT_AFFECTED] and self.rules[block.checklist.closed].any():
            is_selected[:] = True
        if (found := block.objections) is not None:
            is_selected[found.rows[self.outcomes[found.codes] & self.rules[found.rules]]] = True
        for part in (*block.parts.explicit, block.parts.rest_of(len(block.servers))):
            rules = np.flatnonzero(self.outcomes[part.codes] & self.rules[block.checklist.numbers])
            is_selected |= (part.bits & words(rules, part.bits.shape[1])).any(axis=1)
        return block.servers[is_selected]


def decision_filter(ids: Sequence[str], selection: Selection) -> DecisionFilter:
    """What a selection chooses of all outcomes and of the rules with these ids."""
    is_chosen = [kind in selection.decisions and action in selection.actions for kind, action in OUTCOMES]
    own = frozenset(ids if selection.rules is None else selection.rules)
    return DecisionFilter(np.array(is_chosen, np.bool_), np.array([rule in own for rule in ids], np.bool_))


_CODE = pa.dictionary(pa.int32(), pa.string())
_FEW = pa.dictionary(pa.int8(), pa.string())
SCHEMA = pa.schema(
    {
        "server": _CODE,
        "rule": _CODE,
        "decision": _FEW,
        "action": _FEW,
        "reasons": pa.list_(_CODE),
        "severity": SEVERITY,
        "advisories": ADVISORIES,
    }
)
"""Decisions; `reasons` are codes, each once, the deciding ones first; null if not asked for.

`severity` and `advisories`, which are ids joined by blanks, are those of the rule; null where it states none.
"""

FILE_SCHEMA = SCHEMA.set(0, pa.field("server", pa.string()))
"""Decisions in Parquet: names are texts, since readers group and join by them across batches."""

_DECISION_OF = np.array([DECISIONS.index(decision) for decision, _ in OUTCOMES], np.int8)
_ACTION_OF = np.array([ACTIONS.index(action) for _, action in OUTCOMES], np.int8)


class _ChosenRows(NamedTuple):
    """Decisions, server by server, each server's by the numbers of rules."""

    servers: Ints
    rules: Ints
    codes: Ints
    reasons: Ints


def rows(
    engine: FleetEngine,
    known: ReasonCodes,
    decided: Decided,
    blocks: Iterable[Block],
    selected: DecisionFilter,
) -> pa.RecordBatch:
    """The selected decisions of a batch, in the order of its servers and of the catalogue's rules."""
    reasons = known.of_batch(decided)
    found = [_of_block(block, selected, reasons) for block in blocks]
    found += _of_singles(decided, selected, reasons)
    joined = _in_order(found, len(engine.ids))
    columns = [
        _named(decided.batch.names, joined.servers),
        coded(joined.rules.astype(np.int32), pa.array(list(engine.ids), pa.string())),
        coded(_DECISION_OF[joined.codes], pa.array(list(DECISIONS), pa.string())),
        coded(_ACTION_OF[joined.codes], pa.array(list(ACTIONS), pa.string())),
        known.lists(joined.reasons),
        *engine.rule_columns.of(joined.rules),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _codes_of(block: Block) -> Ints:
    """The codes of the outcomes of a block's open rules, a row for each server."""
    numbers = block.checklist.numbers
    codes: Ints = np.tile(block.parts.rest, (len(block.servers), 1))
    for part in block.parts.explicit:
        np.copyto(codes, part.codes, where=flags(part.bits)[:, : len(numbers)])
    return codes


def _of_block(block: Block, selected: DecisionFilter, reasons: OfBatch) -> _ChosenRows:
    """The rows of a block."""
    numbers, codes = block.checklist.numbers, _codes_of(block)
    is_selected = selected.outcomes[codes] & selected.rules[numbers]
    lists = reasons.of_block(block, is_selected)
    closed = _closed(block, selected)
    if len(closed):
        own = np.full((len(block.servers), len(closed)), NOT_AFFECTED, np.uint8)
        of_closed = reasons.of_closed(block, closed)
        if (found := block.objections) is not None:
            places = np.searchsorted(closed, found.rules)
            is_there = closed[np.minimum(places, len(closed) - 1)] == found.rules
            own[found.rows[is_there], places[is_there]] = found.codes[is_there]
            of_closed[found.rows[is_there], places[is_there]] = reasons.of_objections(block, found)[is_there]
        numbers = np.concatenate([numbers, closed])
        codes = np.concatenate([codes, own], axis=1)
        is_selected = np.concatenate([is_selected, selected.outcomes[own]], axis=1)
        lists = np.concatenate([lists, of_closed], axis=1)
    order = np.argsort(numbers)
    row, place = np.nonzero(is_selected[:, order])
    place = order[place]
    return _ChosenRows(block.servers[row], numbers[place], codes[row, place], lists[row, place])


def _closed(block: Block, selected: DecisionFilter) -> Ints:
    """The closed rules of which any decision may be selected."""
    closed = block.checklist.closed
    if selected.outcomes[NOT_AFFECTED]:
        return closed[selected.rules[closed]]
    if (found := block.objections) is None:
        return closed[:0]
    rules = np.unique(found.rules[selected.outcomes[found.codes]])
    return rules[selected.rules[rules]]


def _of_singles(decided: Decided, selected: DecisionFilter, reasons: OfBatch) -> Iterator[_ChosenRows]:
    for single in decided.singles:
        rules = np.flatnonzero(selected.outcomes[single.codes] & selected.rules)
        lists = np.array(reasons.of_single(single.place, rules.tolist()), np.int32)
        yield _ChosenRows(np.full(len(rules), single.place), rules, single.codes[rules], lists)


def _in_order(found: list[_ChosenRows], rules: int) -> _ChosenRows:
    """All rows by the place of their server in the batch and the number of their rule."""
    if not found:
        nothing = np.zeros(0, np.int64)
        return _ChosenRows(nothing, nothing, nothing, nothing)
    joined = _ChosenRows(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))
    order = np.argsort(joined.servers * rules + joined.rules, kind="stable")
    return _ChosenRows(*(array[order] for array in joined))


_MOST_BYTES = 1 << 30
"""Bytes of the names in a batch of a file, unless one name has more: Arrow takes at most twice as many."""


def for_files(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch of decisions as files have it, in several where the names of its rows are too long for one."""
    names = batch.column(0)
    lengths = pc.binary_length(names.dictionary).to_numpy().astype(np.int64)
    before = runs(lengths[names.indices.to_numpy()])
    begin = 0
    while begin == 0 or begin < len(batch):
        fitting = int(np.searchsorted(before, before[begin] + _MOST_BYTES, side="right")) - 1
        part = batch.slice(begin, max(fitting - begin, 1))
        texts = part.column(0).cast(pa.string())
        yield pa.RecordBatch.from_arrays([texts, *part.columns[1:]], schema=FILE_SCHEMA)
        begin += max(len(part), 1)


def _named(names: pa.Array, servers: Ints) -> pa.Array:
    """The names of ascending servers as codes; no other name is among the texts of these."""
    own = np.flatnonzero(np.bincount(servers))
    return coded(np.searchsorted(own, servers).astype(np.int32), names.take(pa.array(own)))


def coded(codes: Ints, texts: pa.Array) -> pa.Array:
    """A column of codes of these texts; the codes are known to be theirs."""
    return pa.DictionaryArray.from_arrays(pa.array(codes), texts, safe=False)

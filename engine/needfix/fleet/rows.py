"""Decisions as rows of a table: server, rule, decision, action, codes of reasons, facts of the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints, runs
from needfix.fleet.bits import words
from needfix.fleet.blocks import Block
from needfix.fleet.engine import Decided
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES
from needfix.fleet.rule_columns import ADVISORIES, SEVERITY
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


def coded(codes: Ints, texts: pa.Array) -> pa.Array:
    """A column of codes of these texts; the codes are known to be theirs."""
    return pa.DictionaryArray.from_arrays(pa.array(codes), texts, safe=False)

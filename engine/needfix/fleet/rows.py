"""Decisions as rows of a table: server, rule, decision, action and the codes of the reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from needfix.fleet import bits
from needfix.fleet.arrays import Ints
from needfix.fleet.engine import Block, Decided, FleetEngine
from needfix.fleet.outcomes import NOT_AFFECTED, OUTCOMES, codes_of
from needfix.model.decision import ACTIONS, DECISIONS, DecisionKind

_CODE = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    {
        "server": pa.string(),
        "rule": _CODE,
        "decision": pa.dictionary(pa.int8(), pa.string()),
        "action": pa.dictionary(pa.int8(), pa.string()),
        "reasons": pa.list_(_CODE),
    }
)
"""Decisions in Parquet; `reasons` are codes, the deciding ones first."""


class Chosen(NamedTuple):
    """Decisions by the place of their server in a batch, the number of their rule and their outcome's code."""

    servers: Ints
    rules: Ints
    codes: Ints


def chosen(engine: FleetEngine, decided: Decided, only: Collection[DecisionKind]) -> Chosen:
    """The decisions of a batch that are of these kinds, server by server, in the catalogue's order."""
    wanted = np.zeros(len(OUTCOMES), np.bool_)
    wanted[codes_of(only)] = True
    found = [one for block in decided.blocks for one in _of_block(block, wanted)]
    for single in decided.singles:
        rules = np.flatnonzero(wanted[single.codes])
        found.append(Chosen(np.full(len(rules), single.place), rules, single.codes[rules]))
    if not found:
        return Chosen(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint8))
    joined = Chosen(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))
    order = np.argsort(joined.servers * len(engine.order) + joined.rules)
    return Chosen(*(array[order] for array in joined))


def _of_block(block: Block, wanted: Ints) -> Iterator[Chosen]:
    if wanted[NOT_AFFECTED] and len(block.plan.closed):
        servers = np.repeat(block.servers, len(block.plan.closed))
        rules = np.tile(block.plan.closed, len(block.servers))
        yield Chosen(servers, rules, np.full(len(rules), NOT_AFFECTED, np.uint8))
    for part in block.parts:
        of_part = wanted[part.codes]
        if of_part.any():
            rows, places = bits.pairs(part.bits & bits.words(np.flatnonzero(of_part), part.bits.shape[1]))
            yield Chosen(block.servers[rows], block.plan.numbers[places], part.codes[places])


def table(engine: FleetEngine, names: pa.Array, rows: Chosen, reasons: pa.Array) -> pa.RecordBatch:
    """Rows with the names of servers and the codes of their reasons, as columns of SCHEMA."""
    decisions = np.array([DECISIONS.index(decision) for decision, _ in OUTCOMES], np.int8)
    actions = np.array([ACTIONS.index(action) for _, action in OUTCOMES], np.int8)
    columns = [
        names.take(pa.array(rows.servers)),
        _coded(rows.rules.astype(np.int32), list(engine.order)),
        _coded(decisions[rows.codes], list(DECISIONS)),
        _coded(actions[rows.codes], list(ACTIONS)),
        reasons,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _coded(codes: Ints, texts: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(texts, pa.string()))

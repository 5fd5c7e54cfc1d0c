"""Fleets for tests: servers as a batch, and the answers of both paths side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

import needfix
from needfix.fleet.engine import FleetEngine
from needfix.fleet.ordered import in_order
from needfix.fleet.reading.piece import Piece, consecutive
from needfix.fleet.records import batch_of
from needfix.fleet.run import FleetRun
from needfix.model.decision import DECISIONS, DecisionKind
from needfix.model.document import Summary
from needfix.model.run_request import Selection

Row = dict[str, Any]


def rows_without_reasons(
    catalogue: needfix.Catalogue, piece: Piece, only: Collection[DecisionKind] = DECISIONS
) -> list[Row]:
    """The rows of the fleet path where no reasons are asked for."""
    run = FleetRun(FleetEngine(catalogue), Selection(decisions=tuple(only)))
    return [row for table in run.rows_without_reasons(piece).made for row in table.to_pylist()]


def piece_of(servers: Sequence[needfix.Server]) -> Piece:
    """Servers as a piece of an inventory."""
    return consecutive(batch_of(servers), "fleet.parquet", 1)


def fleet_rows(
    catalogue: needfix.Catalogue, *pieces: Piece, only: Collection[DecisionKind] = DECISIONS
) -> tuple[list[Row], Summary]:
    """The rows and the summary of the fleet path, on a thread for each piece; no record may be bad."""
    run = FleetRun(FleetEngine(catalogue), Selection(decisions=tuple(only)))
    rows: list[Row] = []
    for outcome in in_order(run.rows, pieces, len(pieces)):
        assert not outcome.found.problems
        rows += outcome.made.to_pylist()
    return rows, run.summary()


def single_rows(
    catalogue: needfix.Catalogue,
    servers: Sequence[needfix.Server],
    only: Collection[DecisionKind] = DECISIONS,
) -> list[Row]:
    """The same rows from one server at a time."""
    return [
        {
            "server": one.server,
            "rule": one.rule,
            "decision": one.decision,
            "action": one.action,
            "reasons": list(dict.fromkeys(reason.code for reason in one.reasons)),
            "severity": one.severity,
            "advisories": " ".join(one.advisories) or None,
        }
        for one in needfix.evaluate(catalogue, servers)
        if one.decision in only
    ]


def counted(rows: Sequence[Row]) -> dict[tuple[str, str, str], int]:
    """Rows counted by rule, decision and action."""
    found: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = row["rule"], row["decision"], row["action"]
        found[key] = found.get(key, 0) + 1
    return found


def counts(summary: Summary) -> dict[tuple[str, str, str], int]:
    """The counts of a summary in the same form."""
    return {
        (rule, decision, action): count
        for rule, own in summary.rules.items()
        for (decision, action), count in own.items()
    }


def shuffled(records: pa.RecordBatch, seed: int) -> pa.RecordBatch:
    """The same records in another order."""
    return records.take(pa.array(np.random.default_rng(seed).permutation(records.num_rows)))

"""Rows without reasons of fleets, against their summaries."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

import needfix
from benchmarks.fleet.store import store_in
from benchmarks.sample import rules, write_rules
from needfix import fleet
from needfix.model.decision import DECISIONS, DecisionKind

DIFFERENT = 6_000
OF_IMAGES = 100_000
RULES = (500, 5_000)
REQUIRED: tuple[DecisionKind, ...] = ("fix-required",)
FEW = 10
CHECKED = 60
ROUNDS = 9
SEED = 7
LEVELS = {"5.5": "5.5.1960.3", "5.5 SP2": "5.5.2448.8", "5.5 SP3": "5.5.2650.24", "5.5 SP4": "5.5.2653.23"}


class RowsAndSummary(NamedTuple):
    """CPU seconds of rows without reasons of a fleet, and of its summary."""

    what: str
    rows: float
    summary: float


def rows_and_summaries() -> Iterator[RowsAndSummary]:
    """The times of a fleet in which all servers differ, and of one that is built from images."""
    catalogue = needfix.load_catalogue()
    table = pa.Table.from_pylist(list(_records(catalogue)), schema=fleet.SCHEMA)
    yield _timed(f"{DIFFERENT:,} servers that all differ, {len(catalogue)} rules", catalogue, table)
    with tempfile.TemporaryDirectory() as folder:
        table = pq.read_table(store_in(Path(folder)).fleet("real", OF_IMAGES, "native"))
    for count in RULES:
        with tempfile.TemporaryDirectory() as folder:
            write_rules(Path(folder), rules(count))
            made_up = needfix.load_catalogue(folder)
        what = f"{OF_IMAGES:,} servers from images, {count:,} rules"
        yield _timed(what, made_up, table)
        yield _timed(f"{what}, only fix-required", made_up, table, only=REQUIRED)
        some = [rule.id for rule in made_up][:: count // FEW]
        yield _timed(f"{what}, {FEW} of them", made_up, table, rules=some)


def _timed(
    what: str,
    catalogue: needfix.Catalogue,
    table: pa.Table,
    only: Collection[DecisionKind] = DECISIONS,
    rules: Collection[str] | None = None,
) -> RowsAndSummary:
    """The least of several rounds, in turns."""
    _check(catalogue, table)
    timed = [
        (
            _seconds(
                lambda: sum(
                    batch.num_rows
                    for batch in fleet.decisions(catalogue, table, only=only, rules=rules, reasons=None)
                )
            ),
            _seconds(lambda: fleet.summary(catalogue, table, rules=rules)),
        )
        for _ in range(ROUNDS)
    ]
    all_rows, summaries = zip(*timed, strict=True)
    return RowsAndSummary(what, min(all_rows), min(summaries))


def _seconds(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin


def _records(catalogue: needfix.Catalogue) -> Iterator[dict[str, Any]]:
    """Servers with Exchange and a dozen of the files that shipped rules name, their versions at random."""
    minima: dict[str, list[str]] = {}
    for minimum in (one for rule in catalogue for fix in rule.fixes for one in fix.files if one.version):
        minima.setdefault(minimum.name, []).append(minimum.text)
    chance = random.Random(SEED)  # noqa: S311 - made-up data, not secrets
    for number in range(DIFFERENT):
        level = chance.choice(list(LEVELS))
        names = chance.sample(sorted(minima), 12)
        versions = [chance.choice([LEVELS[level], *minima[name]]) for name in names]
        yield {
            "server": f"MAIL{number:06}",
            "products": [{"name": "Microsoft Exchange Server", "level": level}],
            "files": [{"name": name, "version": each} for name, each in zip(names, versions, strict=True)],
            "complete": ["files"] if chance.random() < 0.5 else [],  # noqa: PLR2004 - half of them
        }


def _check(catalogue: needfix.Catalogue, table: pa.Table) -> None:
    """Compare the rows of some servers with the decisions of one server at a time."""
    records = table.slice(0, CHECKED).to_pylist()
    servers = [
        needfix.Server.from_record({key: value for key, value in one.items() if value}) for one in records
    ]
    expected = [(d.server, d.rule, d.decision, d.action) for d in needfix.evaluate(catalogue, servers)]
    batches = fleet.decisions(catalogue, table.slice(0, CHECKED), reasons=None)
    found = [(r["server"], r["rule"], r["decision"], r["action"]) for b in batches for r in b.to_pylist()]
    if found != expected:
        raise SystemExit("wrong answers in rows without reasons")

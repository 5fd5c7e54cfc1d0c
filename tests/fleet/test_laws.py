"""The fleet path is the same meaning in columns: whatever one server at a time says, it says."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.fleet.reading.piece import consecutive
from needfix.model.decision import DECISIONS
from tests.decide.strategies import records, rules
from tests.decide.test_laws import often
from tests.decide.wide_strategies import wide_records, wide_rules
from tests.fleet.support import (
    counted,
    counts,
    fleet_rows,
    piece_of,
    rows_without_reasons,
    shuffled,
    single_rows,
)
from tests.support.catalogues import Document, catalogue_of, server

KINDS = st.sets(st.sampled_from(DECISIONS), min_size=1)


def named(facts: list[Document]) -> list[needfix.Server]:
    return [server(**{**record, "server": f"S{number:03}"}) for number, record in enumerate(facts)]


def check(documents: list[Document], facts: list[Document], only: set[Any]) -> None:
    catalogue, servers = catalogue_of(*documents), named(facts)
    rows, summary = fleet_rows(catalogue, piece_of(servers), only=only)
    every = single_rows(catalogue, servers)
    assert rows == [row for row in every if row["decision"] in only]
    assert rows_without_reasons(catalogue, piece_of(servers), only) == [
        {**row, "reasons": None} for row in rows
    ]
    assert counts(summary) == counted(every)
    assert summary.servers == len(servers)


@often
@given(rules(), st.lists(records(), min_size=1, max_size=12), KINDS)
def test_a_fleet_is_decided_as_its_servers_one_at_a_time(
    documents: list[Document], facts: list[Document], only: set[Any]
) -> None:
    check(documents, facts, only)


@often
@given(wide_rules(), st.lists(wide_records(), min_size=1, max_size=12), KINDS)
def test_so_is_one_in_which_every_kind_of_fact_is_stated(
    documents: list[Document], facts: list[Document], only: set[Any]
) -> None:
    check(documents, facts, only)


@often
@given(wide_rules(), st.lists(wide_records(), min_size=2, max_size=8), st.integers(0, 99))
def test_neither_order_nor_neighbours_change_a_decision(
    documents: list[Document], facts: list[Document], seed: int
) -> None:
    catalogue, servers = catalogue_of(*documents), named(facts)
    piece = piece_of(servers)
    rows, _ = fleet_rows(catalogue, piece)
    other, _ = fleet_rows(catalogue, consecutive(shuffled(piece.records, seed), "fleet.parquet", 1))
    key = lambda row: (row["server"], list(catalogue.rules).index(row["rule"]))  # noqa: E731 - short
    assert sorted(rows, key=key) == sorted(other, key=key)


@pytest.mark.parametrize("columns", [["server"], ["server", "files"], ["server", "products"]])
def test_missing_columns_are_facts_that_are_not_stated(columns: list[str]) -> None:
    catalogue = needfix.load_catalogue()
    servers = list(needfix.read_inventory("fixtures/inventories/exchange.json"))
    whole = piece_of(servers).records
    part = pa.RecordBatch.from_arrays([whole.column(name) for name in columns], columns)
    bare = [
        needfix.Server(
            one.server,
            products=one.products if "products" in columns else None,
            files=one.files if "files" in columns else (),
        )
        for one in servers
    ]
    assert fleet_rows(catalogue, consecutive(part, "f", 1))[0] == single_rows(catalogue, bare)

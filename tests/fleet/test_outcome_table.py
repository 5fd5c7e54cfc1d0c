"""Rows without reasons come in batches of limited size, and are those of one server at a time."""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import needfix
from needfix import fleet
from needfix.fleet.rows import FILE_SCHEMA, for_files
from needfix.model.decision import DECISIONS, DecisionKind
from tests.fleet.support import piece_of, rows_without_reasons, single_rows
from tests.support.random_rules import random_catalogue
from tests.support.random_servers import random_server


@pytest.fixture(scope="module")
def catalogue() -> needfix.Catalogue:
    return needfix.load_catalogue()


def _servers() -> list[needfix.Server]:
    """Names of different lengths, and files of different versions."""
    return [
        needfix.Server.from_record(
            {
                "server": "MÄIL" * (number % 4) + str(number),
                "products": [
                    {"name": "Microsoft Exchange Server", "level": "5.5 SP4" if number % 3 else "5.5"}
                ],
                "files": [{"name": "Store.exe", "version": f"5.5.265{number % 7}.{number}"}],
                "complete": ["files"] if number % 2 else [],
            }
        )
        for number in range(40)
    ]


@pytest.mark.parametrize("only", [DECISIONS, ("fix-required",), ("not-affected", "undetermined"), ()])
def test_batches_are_limited_in_rows(
    catalogue: needfix.Catalogue, monkeypatch: pytest.MonkeyPatch, only: Collection[DecisionKind]
) -> None:
    servers = _servers()
    whole = rows_without_reasons(catalogue, piece_of(servers), only)
    monkeypatch.setattr("needfix.fleet.outcome_table._MOST_ROWS", 8 * len(catalogue))
    table = piece_of(servers).records
    batches = list(fleet.decisions(catalogue, table, only=only, reasons=None))
    assert all(batch.num_rows <= 8 * len(catalogue) for batch in batches)
    assert len(batches) >= max(len(whole) // (8 * len(catalogue)), 1)
    assert [row for batch in batches for row in batch.to_pylist()] == whole
    expected = single_rows(catalogue, servers, only)
    assert whole == [{**row, "reasons": None} for row in expected]


@pytest.mark.parametrize("reasons", [None, "codes"])
def test_servers_without_an_open_rule(catalogue: needfix.Catalogue, reasons: Any) -> None:  # noqa: ANN401
    servers = [
        needfix.Server.from_record({"server": f"S{number}", "products": [{"name": "Other"}]})
        for number in range(3)
    ]
    only: list[DecisionKind] = ["not-affected"]
    batches = fleet.decisions(catalogue, piece_of(servers).records, only=only, reasons=reasons)
    found = [(row["server"], row["rule"]) for batch in batches for row in batch.to_pylist()]
    assert found == [(row["server"], row["rule"]) for row in single_rows(catalogue, servers, only)]
    assert len(found) > len(catalogue)


@pytest.mark.parametrize("reasons", [None, "codes"])
def test_each_name_is_written_once_in_a_batch(catalogue: needfix.Catalogue, reasons: Any) -> None:  # noqa: ANN401
    servers = _servers()
    for only in (DECISIONS, ("fix-required",)):
        (batch,) = fleet.decisions(catalogue, piece_of(servers).records, only=only, reasons=reasons)
        names = batch.column("server").dictionary.to_pylist()
        assert len(set(names)) == len(names) <= len(servers)
        assert pa.table(batch).to_pylist() == batch.to_pylist()


def test_a_table_of_batches_is_grouped_by_server_in_texts(
    catalogue: needfix.Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("needfix.fleet.outcome_table._MOST_ROWS", 8 * len(catalogue))
    servers = _servers()
    table = pa.Table.from_batches(fleet.decisions(catalogue, piece_of(servers).records, reasons=None))
    table = table.set_column(0, "server", table["server"].cast("string"))
    counts = table.group_by("server").aggregate([([], "count_all")]).sort_by("server").to_pylist()
    names = sorted(server.server for server in servers)
    assert counts == [{"server": name, "count_all": len(catalogue)} for name in names]


@pytest.mark.parametrize("only", [DECISIONS, ("fix-required", "not-affected")])
def test_some_rules_have_the_rows_that_they_have_among_all(
    catalogue: needfix.Catalogue, only: Collection[DecisionKind]
) -> None:
    records, rules = piece_of(_servers()).records, [rule.id for rule in catalogue][3::7]
    every = fleet.decisions(catalogue, records, only=only, reasons=None)
    some = fleet.decisions(catalogue, records, only=only, reasons=None, rules=rules)
    expected = [row for batch in every for row in batch.to_pylist() if row["rule"] in rules]
    assert [row for batch in some for row in batch.to_pylist()] == expected


def test_bad_records_between_others_have_no_rows(catalogue: needfix.Catalogue) -> None:
    servers, places = _servers(), (0, 7, 8, 39)
    records = piece_of(servers).records.to_pylist()
    for place in places:
        records[place]["server"] = " "
    source = pa.Table.from_pylist(records, schema=fleet.SCHEMA)
    bad: list[needfix.Problem] = []
    found = list(fleet.decisions(catalogue, source, reasons=None, on_problem=bad.append))
    good = [server for place, server in enumerate(servers) if place not in places]
    expected = [{**row, "reasons": None} for row in single_rows(catalogue, good)]
    assert [row for batch in found for row in batch.to_pylist()] == expected
    assert len(bad) == len(places)


@pytest.mark.parametrize("most", [1, 40, 1 << 30])
def test_a_batch_for_files_is_divided_where_names_are_long(
    catalogue: needfix.Catalogue, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("needfix.fleet.rows._MOST_BYTES", most)
    records = piece_of(_servers()).records
    required: tuple[DecisionKind, ...] = ("fix-required",)
    (batch,) = fleet.decisions(catalogue, records, only=required, reasons=None)
    (nothing,) = fleet.decisions(catalogue, records, only=(), reasons=None)
    parts = list(for_files(batch))
    assert [row for part in parts for row in part.to_pylist()] == batch.to_pylist()
    assert all(part.schema == FILE_SCHEMA for part in (*parts, *for_files(nothing)))
    names = [part.column("server").to_pylist() for part in parts]
    assert all(len(own) == 1 or sum(map(len, own)) <= most for own in names)
    assert (len(parts) == 1) == (most > len(batch) * 10)


@pytest.mark.parametrize("seed", range(2))
def test_selected_rows_of_servers_of_every_kind_are_those_of_one_at_a_time(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a sample
    made_up = random_catalogue(random)
    servers = [random_server(random, made_up, f"S{number:03}") for number in range(25)]
    expected, records = single_rows(made_up, servers), piece_of(servers).records
    some = [rule.id for rule in made_up][::2]
    kinds: list[Collection[DecisionKind]] = [DECISIONS, *((kind,) for kind in DECISIONS)]
    for only in kinds:
        for rules in (None, some):
            own = [row for row in expected if row["decision"] in only and row["rule"] in (rules or made_up)]
            found = fleet.decisions(made_up, records, only=only, rules=rules, reasons=None)
            without = [{**row, "reasons": None} for row in own]
            assert [row for batch in found for row in batch.to_pylist()] == without
            if rules is not None:
                found = fleet.decisions(made_up, records, only=only, rules=rules)
                assert [row for batch in found for row in batch.to_pylist()] == own

"""Rows without reasons come in batches of limited size, and are those of one server at a time."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pytest

import needfix
from needfix import fleet
from needfix.model.decision import DECISIONS, DecisionKind
from tests.fleet.support import piece_of, rows_without_reasons, single_rows


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


@pytest.mark.parametrize("limit", ["_MOST_ROWS", "_MOST_BYTES"])
@pytest.mark.parametrize("only", [DECISIONS, ("fix-required",), ("not-affected", "undetermined"), ()])
def test_batches_are_limited_in_rows_and_in_bytes_of_names(
    catalogue: needfix.Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    only: Collection[DecisionKind],
) -> None:
    servers = _servers()
    whole = rows_without_reasons(catalogue, piece_of(servers), only)
    monkeypatch.setattr(f"needfix.fleet.outcome_table.{limit}", 8 * len(catalogue))
    table = piece_of(servers).records
    batches = list(fleet.decisions(catalogue, table, only=only, reasons=None))
    assert len(batches) > len(servers) // 9
    assert [row for batch in batches for row in batch.to_pylist()] == whole
    expected = single_rows(catalogue, servers, only)
    assert whole == [{**row, "reasons": None} for row in expected]


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

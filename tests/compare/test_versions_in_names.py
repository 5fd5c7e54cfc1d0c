"""Versions of one number, and versions in names that a definition does not have; singly and in columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.cases import plain
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import NEW, answer, catalogue_of, codes, decide, rule, server

YEARS = {
    "needfix": 1,
    "product": "year-server",
    "name": "Contoso Year Server",
    "levels": [
        {"level": "6"},
        {"level": "6 SP1"},
        {"level": "6.5"},
        {"level": "2019"},
        {"level": "2019 SP1"},
    ],
}


def decided(
    product: dict[str, Any],
    affects: list[Any],
    files: list[dict[str, Any]] | None = None,
    about: str = "mail-server",
) -> needfix.Decision:
    """The decision for a product, which is the same one by one, in columns and by the plain evaluator."""
    catalogue = catalogue_of(YEARS, rule(product=about, affects=affects))
    facts = server(products=[product], files=files or [{"name": "Info.dll", "version": "1.0"}])
    assert fleet_rows(catalogue, piece_of([facts]))[0] == single_rows(catalogue, [facts])
    found = decide(catalogue, facts, "Q100001")
    assert plain.decide(catalogue, facts)["Q100001"] == (found.decision, found.action)
    return found


@pytest.mark.parametrize(
    "product",
    [
        {"name": "Contoso Mail Server", "level": "5"},
        {"name": "Contoso Mail Server 5"},
        {"name": "Mail Server", "level": "v5"},
    ],
)
def test_one_number_may_be_the_beginning_of_every_version_that_begins_so(product: dict[str, Any]) -> None:
    assert decided(product, ["5.5 SP3"]).decision == "undetermined"
    assert decided(product, ["5.0"]).decision == "undetermined"
    assert decided(product, [{"from": "5.0", "to": "5.5 SP4"}]).decision == "fix-required"
    assert decided(product, ["6.0"]).decision == "not-affected"


@pytest.mark.parametrize(
    "product", [{"name": "Mail Server", "level": "5 SP3"}, {"name": "Mail Server 5 SP3"}]
)
def test_a_service_pack_of_one_number_is_that_of_any_version_that_begins_so(product: dict[str, Any]) -> None:
    assert decided(product, ["5.5 SP3"]).decision == "undetermined"
    assert decided(product, ["5.5 SP3", "5.0 SP3"]).decision == "fix-required"
    assert decided(product, ["5.5", "5.0"]).decision == "not-affected"


def test_a_build_is_of_a_version_that_begins_so() -> None:
    found = decided({"name": "Contoso Mail Server 5", "build": "5.5.2653.1"}, ["5.5 SP4"])
    assert found.decision == "fix-required"


@pytest.mark.parametrize(
    ("level", "affects", "expected"),
    [
        ("6", "6", "fix-required"),
        ("6 SP1", "6 SP1", "fix-required"),
        ("6", "6.5", "not-affected"),
        ("2019", "2019", "fix-required"),
        ("2019", "2019 SP1", "not-affected"),
    ],
)
def test_a_number_that_the_definition_has_itself_stays_what_it_is(
    level: str, affects: str, expected: str
) -> None:
    found = decided({"name": "Contoso Year Server", "level": level}, [affects], about="year-server")
    assert found.decision == expected


REACHED = [{"name": "Store.exe", "version": "5.5.2653.1"}, {"name": "Info.dll", "version": NEW}]


@pytest.mark.parametrize(
    "product",
    [
        {"name": "Contoso Mail Server", "level": "2010 SP2"},
        {"name": "Contoso Mail Server 2010", "level": "SP2"},
        {"name": "Contoso Mail Server 2010"},
        {"name": "Mail Server 2010 Enterprise Edition"},
        {"name": "Contoso Mail Server 7.0 SP1"},
    ],
)
def test_a_version_that_the_definition_does_not_have_contradicts_key_files(product: dict[str, Any]) -> None:
    found = decided(product, ["5.5 SP4"], REACHED)
    assert answer(found) == "undetermined, investigate"
    assert "level-contradicted" in codes(found)
    alone = decided(product, ["5.5 SP4"])
    assert alone.decision == "undetermined"
    assert "level-not-defined" in codes(alone)


def test_a_build_in_a_name_is_a_build() -> None:
    assert decided({"name": "Contoso Mail Server 5.5.2653.1"}, ["5.5 SP4"]).decision == "fix-required"
    assert decided({"name": "Contoso Mail Server 5.5.2653.1"}, ["5.5 SP3"]).decision == "not-affected"


def test_a_name_with_other_words_is_unclear_and_named_where_key_files_decide() -> None:
    name = "Contoso Mail Server 2010 Management Tools"
    found = decided({"name": name, "level": "SP2"}, ["5.5 SP4"], REACHED)
    assert found.decision == "fix-present"
    (reason,) = (one for one in found.reasons if one.code == "product-name-unclear")
    assert reason.observed == name


def test_they_are_read_alike_from_parquet(tmp_path: Path) -> None:
    names = ("Contoso Mail Server 2010", "Contoso Mail Server 5", "Contoso Mail Server 2010 Tools")
    records = [{"server": name, "products": [{"name": name}], "files": REACHED[1:]} for name in names]
    pq.write_table(pa.Table.from_pylist(records), tmp_path / "fleet.parquet")
    catalogue = catalogue_of(rule(affects=["5.5 SP3", "5.5 SP4"]))
    found = {
        row["server"]: row
        for batch in fleet.decisions(catalogue, tmp_path / "fleet.parquet")
        for row in batch.to_pylist()
    }
    assert found == {
        one.server: {
            "server": one.server,
            "rule": "Q100001",
            "decision": one.decision,
            "action": one.action,
            "reasons": codes(one),
            "severity": None,
            "advisories": None,
        }
        for record in records
        for one in needfix.evaluate(catalogue, server(**record))
    }

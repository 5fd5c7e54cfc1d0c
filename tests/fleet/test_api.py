"""Fleets in programs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.decide.evaluation import Evaluation
from needfix.decide.reasons import reasons
from needfix.fleet.records import batch_of
from needfix.model.decision import DECISIONS
from tests.fleet.support import counted, counts, single_rows

FIXTURES = Path("fixtures/inventories")
COLUMNS = ["server", "rule", "decision", "action", "reasons", "severity", "advisories"]


@pytest.fixture(scope="module")
def catalogue() -> needfix.Catalogue:
    return needfix.load_catalogue()


@pytest.fixture(scope="module")
def servers() -> list[needfix.Server]:
    return list(needfix.read_inventory(FIXTURES / "exchange.json"))


@pytest.mark.parametrize("name", ["exchange.parquet", "exchange.jsonl", "exchange.yaml", "exchange.json"])
def test_decisions_are_the_same_in_every_format(
    catalogue: needfix.Catalogue, servers: list[needfix.Server], name: str
) -> None:
    tables = list(fleet.decisions(catalogue, FIXTURES / name))
    assert [row for table in tables for row in table.to_pylist()] == single_rows(catalogue, servers)
    assert all(table.schema == fleet.DECISIONS_SCHEMA for table in tables)


@pytest.mark.parametrize("name", ["exchange-tall.parquet", "exchange.csv"])
def test_tall_tables_say_what_csv_says(catalogue: needfix.Catalogue, name: str) -> None:
    tall = list(needfix.read_inventory(FIXTURES / "exchange.csv"))
    rows = [row for table in fleet.decisions(catalogue, FIXTURES / name) for row in table.to_pylist()]
    assert rows == single_rows(catalogue, tall)


def test_an_arrow_table_is_a_fleet(catalogue: needfix.Catalogue, servers: list[needfix.Server]) -> None:
    table = pa.Table.from_batches([batch_of(servers)])
    assert counts(fleet.summary(catalogue, table)) == counted(single_rows(catalogue, servers))
    assert fleet.summary(catalogue, table.to_reader()).servers == len(servers)


def test_only_some_decisions(catalogue: needfix.Catalogue, servers: list[needfix.Server]) -> None:
    (table,) = fleet.decisions(catalogue, FIXTURES / "exchange.parquet", only=["fix-present"])
    assert table.to_pylist() == single_rows(catalogue, servers, ["fix-present"])


@pytest.mark.parametrize("only", [DECISIONS, "fix-present", ["fix-required", "undetermined"], []])
def test_without_reasons_the_rows_are_the_same(catalogue: needfix.Catalogue, only: Any) -> None:  # noqa: ANN401
    file = FIXTURES / "exchange.parquet"
    with_reasons = list(fleet.decisions(catalogue, file, only=only))
    without = list(fleet.decisions(catalogue, file, only=only, reasons=None))
    assert [table.schema for table in without] == [fleet.DECISIONS_SCHEMA for _ in without]
    rows = [{**row, "reasons": None} for table in with_reasons for row in table.to_pylist()]
    assert [row for table in without for row in table.to_pylist()] == rows


def test_only_some_rules(catalogue: needfix.Catalogue, servers: list[needfix.Server]) -> None:
    every = single_rows(catalogue, servers)
    (table,) = fleet.decisions(catalogue, FIXTURES / "exchange.parquet", rules=["kb279798", "q282958"])
    assert table.to_pylist() == [row for row in every if row["rule"] in ("Q279798", "Q282958")]
    found = fleet.summary(catalogue, FIXTURES / "exchange.parquet", rules="Q279798")
    assert counts(found) == counted([row for row in every if row["rule"] == "Q279798"])
    with pytest.raises(needfix.UnknownRuleError, match="there is no rule 'Q1'"):
        fleet.summary(catalogue, FIXTURES / "exchange.parquet", rules=["Q1"])


def test_reasons_are_computed_for_the_rows_that_are_asked_for(
    catalogue: needfix.Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def recorded(here: Evaluation, rule_id: str) -> tuple[needfix.Reason, ...]:
        written.append(rule_id)
        return reasons(here, rule_id)

    monkeypatch.setattr("needfix.fleet.reason_codes.reasons", recorded)
    list(fleet.decisions(catalogue, FIXTURES / "exchange.parquet", reasons=None))
    assert written == []
    list(fleet.decisions(catalogue, FIXTURES / "exchange.parquet", rules=["Q279798"]))
    assert set(written) == {"Q279798"}


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda c, s, w: fleet.decisions(c, s, only=[w]), "decision"),
        (lambda c, s, w: fleet.decisions(c, s, only=w), "decision"),
        (lambda c, s, w: fleet.decisions(c, s, reasons=w), "kind of reasons"),
        (lambda c, s, w: fleet.summary(c, s).decided(w), "decision"),
        (lambda c, s, w: fleet.summary(c, s).to_do(w), "action"),
    ],
)
def test_a_word_outside_a_closed_list_is_an_error(
    catalogue: needfix.Catalogue, call: Callable[..., object], what: str
) -> None:
    with pytest.raises(
        needfix.UsageError, match=f"'fix_required' is not a known {what}\n    hint: write one of"
    ):
        call(catalogue, FIXTURES / "exchange.parquet", "fix_required")


def test_a_rule_that_a_summary_does_not_have_is_an_error(catalogue: needfix.Catalogue) -> None:
    with pytest.raises(needfix.UnknownRuleError, match="there is no rule 'Q1'"):
        fleet.summary(catalogue, FIXTURES / "exchange.parquet").decided("fix-required", "Q1")


@pytest.mark.parametrize(
    "source",
    [None, 3, b"fleet", {"server": "A"}, [{"server": "A"}], [needfix.Server("A")], needfix.Server("A")],
)
@pytest.mark.parametrize("function", [fleet.summary, fleet.decisions])
def test_a_source_of_another_type_is_an_error_at_once(
    catalogue: needfix.Catalogue, function: Callable[..., object], source: object
) -> None:
    with pytest.raises(
        needfix.UsageError, match=f"fleet.{function.__name__} takes paths of inventories, or an Arrow"
    ):
        function(catalogue, source)


def test_a_summary_finds_a_rule_without_case_and_cannot_be_changed(catalogue: needfix.Catalogue) -> None:
    summary = fleet.summary(catalogue, pa.RecordBatch.from_pylist([{"server": "A"}]))
    assert summary.decided("undetermined", "q279798") == 1
    with pytest.raises(TypeError, match="cannot be changed"):
        summary.rules["Q279798"] = {}  # type: ignore[index]  # what is tested


def test_several_files_are_one_fleet(
    tmp_path: Path, catalogue: needfix.Catalogue, servers: list[needfix.Server]
) -> None:
    for number in range(0, len(servers), 5):
        part = pa.Table.from_batches([batch_of(servers[number : number + 5])])
        pq.write_table(part, tmp_path / f"part-{number:03}.parquet")
    (tmp_path / "_SUCCESS").touch()
    assert counts(fleet.summary(catalogue, tmp_path)) == counted(single_rows(catalogue, servers))


def test_bad_records_are_reported_all_at_once_and_nothing_is_handed_on(
    tmp_path: Path, catalogue: needfix.Catalogue
) -> None:
    records = [{"server": "A"}, {"server": " "}, {"server": "C", "complete": ["filse"]}]
    pq.write_table(pa.Table.from_pylist(records, fleet.SCHEMA), tmp_path / "fleet.parquet")
    with pytest.raises(needfix.InventoryError) as caught:
        list(fleet.decisions(catalogue, tmp_path / "fleet.parquet"))
    assert [problem.at.line for problem in caught.value.problems] == [2, 3]
    assert 'has "filse", which is not a scope' in caught.value.problems[1].what
    problems: list[needfix.Problem] = []
    assert fleet.summary(catalogue, tmp_path, on_problem=problems.append).servers == 1
    assert tuple(problems) == caught.value.problems


def test_a_path_that_is_not_there_is_an_error(catalogue: needfix.Catalogue) -> None:
    with pytest.raises(needfix.InventoryError, match="there is no such file"):
        fleet.summary(catalogue, "nowhere.parquet")


def test_an_arrow_table_of_something_else_is_an_error(catalogue: needfix.Catalogue) -> None:
    with pytest.raises(
        needfix.InventoryError, match=r'has no column "server" .*\n.*rename HostFQDN to server'
    ):
        fleet.summary(catalogue, pa.table({"HostFQDN": ["A"]}))


@pytest.mark.parametrize("code", [2, -1])
def test_an_arrow_table_with_codes_that_stand_for_nothing_is_an_error(
    catalogue: needfix.Catalogue, code: int
) -> None:
    codes, names = pa.array([0, code], pa.int32()), pa.array(["store.exe", "other.exe"])
    name = pa.DictionaryArray.from_arrays(codes, names, safe=False)
    files = pa.ListArray.from_arrays(
        pa.array([0, 1, 2], pa.int32()), pa.StructArray.from_arrays([name], ["name"])
    )
    with pytest.raises(needfix.InventoryError, match="invalid: Index not in dictionary bounds"):
        fleet.summary(catalogue, pa.table({"server": ["A", "B"], "files": files}))


def test_needfix_alone_brings_in_neither_numpy_nor_arrow() -> None:
    code = "import sys, needfix; needfix.evaluate; assert not {'numpy', 'pyarrow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)

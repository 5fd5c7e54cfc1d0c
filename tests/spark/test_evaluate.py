"""A notebook gets the decisions that one machine gets, whatever the partitions are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.errors import PythonException
from pyspark.sql import DataFrame, SparkSession

import needfix
from needfix import spark as needfix_spark
from needfix.fleet import DECISIONS_SCHEMA
from needfix.fleet.records import batch_of
from tests.spark.support import Record, expected, fleet, in_order, one_at_a_time, write_lines, write_native
from tests.support import INVENTORIES

DATED = """\
needfix: 1
id: %s
title: A page is read
product: exchange-server
affects: [SP4]
fixes:
  - files:
      Read.asp: {modified: "%s"}
"""
BAD: Record = {"server": "BAD", "files": [{"version": "1.0"}]}


def frame(cluster: SparkSession, records: list[Record], folder: Path, partitions: int = 3) -> DataFrame:
    read = cluster.read.parquet(str(write_native(records, folder / "fleet.parquet")))
    return read.repartition(partitions)


def test_the_decisions_are_those_of_one_machine(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(400)
    found = needfix_spark.evaluate(frame(cluster, records, tmp_path), catalogue)
    assert found.columns == DECISIONS_SCHEMA.names
    rows = in_order(found.collect())
    assert rows == expected(catalogue, records)
    assert rows == one_at_a_time(catalogue, write_lines(records, tmp_path / "fleet.jsonl"))


def test_only_selected_decisions_have_rows(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(50)
    found = needfix_spark.evaluate(frame(cluster, records, tmp_path), catalogue, only=["fix-required"])
    assert in_order(found.collect()) == expected(catalogue, records, ["fix-required"])


def test_a_summary_counts_them_without_rows(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(200)
    counts: dict[tuple[str, ...], int] = {}
    for row in expected(catalogue, records):
        key = row["rule"], row["decision"], row["action"]
        counts[key] = counts.get(key, 0) + 1
    found = needfix_spark.summary(frame(cluster, records, tmp_path), catalogue).collect()
    assert {tuple(row)[:3]: row.servers for row in found} == counts


def test_a_bad_record_ends_the_job_and_says_which_it_is(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    found = needfix_spark.evaluate(frame(cluster, [*fleet(5), BAD], tmp_path), catalogue)
    with pytest.raises(PythonException, match=r"server BAD: files\[0\] has no name") as caught:
        found.collect()
    assert "needfix.errors.InventoryError" in str(caught.value)


def test_a_run_that_keeps_going_has_a_row_with_the_problem(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(20)
    found = needfix_spark.evaluate(
        frame(cluster, [*records, BAD, {"server": None}], tmp_path), catalogue, keep_going=True
    ).collect()
    assert in_order(row for row in found if row.problem is None) == [
        {**row, "problem": None} for row in expected(catalogue, records)
    ]
    assert sorted(row.problem for row in found if row.problem) == [
        'a record without a server: the record has no server; expected text such as "MAIL01"',
        'server BAD: files[0] has no name; expected text such as "Store.exe"',
    ]


def test_problems_are_listed_by_problems_and_counted_in_a_summary(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    bad = [{**BAD, "server": f"BAD{number:03}"} for number in range(150)]
    inventory = frame(cluster, [*fleet(5), *bad], tmp_path, partitions=1)
    shown = needfix_spark.problems(inventory, catalogue).collect()
    assert len(shown) == 100
    assert {row.problem.partition(": ")[2] for row in shown} == {
        'files[0] has no name; expected text such as "Store.exe"'
    }
    counted = needfix_spark.summary(inventory, catalogue).where("rule is null").collect()
    assert [row.servers for row in counted] == [150]


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("server string, fils array<string>", '"fils" is not a known column\n    hint: did you mean files?'),
        ("files array<string>", 'the header has no column "server" (it has files)'),
        ("server string, files string", "the column files holds string; expected lists of objects"),
        ("file string, verison string", '"verison" is not a known column\n    hint: did you mean version?'),
        ("file string, product string", 'the header has no column "server" (it has file, product)'),
        ("server string, file string, name string", "two columns are file: file and name"),
        ("server string, file map<string, string>", "the column file holds map<string, string"),
        ("product string, files array<string>", "native columns (files) are mixed with tall ones (product)"),
    ],
)
def test_wrong_columns_are_reported_before_anything_runs(
    cluster: SparkSession, catalogue: needfix.Catalogue, columns: str, problem: str
) -> None:
    with pytest.raises(needfix.InventoryError) as caught:
        needfix_spark.evaluate(cluster.createDataFrame([], columns), catalogue)
    assert f"<data frame>:1: {problem}" in str(caught.value)


def test_a_decision_that_does_not_exist_is_refused(
    cluster: SparkSession, catalogue: needfix.Catalogue
) -> None:
    frame = cluster.createDataFrame([("A",)], "server string")
    with pytest.raises(needfix.UsageError, match="'fix-needed' is not a decision"):
        needfix_spark.evaluate(frame, catalogue, only=["fix-needed"])  # type: ignore[list-item]


def test_columns_beside_the_known_ones_are_left_alone(
    cluster: SparkSession, catalogue: needfix.Catalogue
) -> None:
    frame = cluster.createDataFrame([("A", "blue")], "server string, colour string")
    found = needfix_spark.evaluate(frame, catalogue).collect()
    assert in_order(found) == expected(catalogue, [{"server": "A"}])


def test_columns_are_read_in_any_case(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(30)
    native = frame(cluster, records, tmp_path)
    capitals = native.toDF(*(name.upper() for name in native.columns))
    assert in_order(needfix_spark.evaluate(capitals, catalogue).collect()) == expected(catalogue, records)


def test_times_are_shown_in_utc_whatever_zone_the_session_has(cluster: SparkSession, tmp_path: Path) -> None:
    rule = [DATED % ("Q1", "2001-10-01T12:00"), DATED % ("Q2", "2001-10-01T12:01")]
    (tmp_path / "rules.yaml").write_text("---\n".join(rule))
    catalogue = needfix.load_catalogue(tmp_path / "rules.yaml")
    cluster.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        frame = cluster.sql(
            "select 'A' server, array(named_struct('name', 'exchange-server', 'level', '5.5 SP4')) products,"
            " array(named_struct('name', 'Read.asp', 'modified', timestamp '2001-10-01T12:00:30Z')) files"
        )
        found = needfix_spark.evaluate(frame, catalogue).collect()
    finally:
        cluster.conf.unset("spark.sql.session.timeZone")
    assert {row.rule: row.decision for row in found} == {"Q1": "fix-present", "Q2": "fix-required"}


def test_the_inventories_of_the_fixtures_decide_alike(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    file = INVENTORIES / "exchange.json"
    pq.write_table(
        pa.Table.from_batches([batch_of(list(needfix.read_inventory(file)))]), tmp_path / "f.parquet"
    )
    found = needfix_spark.evaluate(cluster.read.parquet(str(tmp_path / "f.parquet")), catalogue)
    assert in_order(found.collect()) == one_at_a_time(catalogue, file)

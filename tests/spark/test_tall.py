"""Rows of tall inventories find their server wherever they stand."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from pyspark.sql import SparkSession

import needfix
from needfix import spark as needfix_spark
from tests.spark.support import expected, fleet, in_order, one_at_a_time, tall_rows, write_tall


def decided(cluster: SparkSession, catalogue: needfix.Catalogue, *files: Path) -> list[Any]:
    return in_order(needfix_spark.evaluate(cluster.read.parquet(*map(str, files)), catalogue).collect())


def test_rows_in_any_order_and_any_file_decide_as_their_servers(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(200)
    rows = tall_rows(records)
    Random(1).shuffle(rows)  # noqa: S311 - a sample
    half = len(rows) // 2
    files = (
        write_tall(rows[:half], tmp_path / "one.parquet"),
        write_tall(rows[half:], tmp_path / "two.parquet"),
    )
    assert decided(cluster, catalogue, *files) == expected(catalogue, records)


def test_they_decide_as_the_same_rows_of_csv(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    rows = tall_rows(fleet(30))
    names = list(rows[0])
    lines = [",".join("" if row.get(name) is None else f'"{row[name]}"' for name in names) for row in rows]
    (tmp_path / "fleet.csv").write_text("\n".join([",".join(names), *lines]), encoding="utf-8")
    found = decided(cluster, catalogue, write_tall(rows, tmp_path / "fleet.parquet"))
    assert found == one_at_a_time(catalogue, tmp_path / "fleet.csv")


SAME = [
    ("MAIL01", "mail01"),
    ("\u3000MAIL02\t", "Mail02"),
    ("STRASSE", "straße"),
    ("Weiß", "WEIẞ"),
    ("ΟΔΟΣ", "οδος"),
    ("\u212alein", "klein"),
]


def test_names_that_differ_in_case_and_blanks_are_one_server(
    cluster: SparkSession, catalogue: needfix.Catalogue
) -> None:
    shown: list[tuple[str | None, ...]] = [(name, "Exchange Server", "5.5 SP4", None) for name, _ in SAME]
    shown += [(name, None, None, "Store.exe") for _, name in SAME]
    frame = cluster.createDataFrame(shown, "server string, product string, level string, file string")
    found = needfix_spark.summary(frame, catalogue).collect()
    assert sum(row.servers for row in found) == len(SAME) * len(catalogue)


def test_numbers_and_truths_are_read_as_cells(cluster: SparkSession, catalogue: needfix.Catalogue) -> None:
    shown = [("A", "Exchange Server", "5.5 SP4", "Store.exe", 12, True, "files")]
    columns = (
        "server string, product string, level string, file string, size bigint, restart_pending boolean, "
    )
    frame = cluster.createDataFrame(shown, columns + "complete string")
    record = {
        "server": "A",
        "products": [{"name": "Exchange Server", "level": "5.5 SP4"}],
        "files": [{"name": "Store.exe", "size": 12}],
        "restart_pending": True,
        "complete": ["files"],
    }
    assert in_order(needfix_spark.evaluate(frame, catalogue).collect()) == expected(catalogue, [record])


def test_a_bad_row_leaves_its_server_out_and_a_row_without_a_server_leaves_out_none(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(10)
    bad = [
        {"server": "BAD", "file": "a.dll"},
        {"server": "BAD", "event_id": "1"},
        {"file": "b.dll"},
        {"file": "c.dll"},
    ]
    frame = cluster.read.parquet(str(write_tall([*tall_rows(records), *bad], tmp_path / "fleet.parquet")))
    found = needfix_spark.evaluate(frame, catalogue, keep_going=True).collect()
    assert in_order(row for row in found if row.problem is None) == [
        {**row, "problem": None} for row in expected(catalogue, records)
    ]
    assert sorted(row.problem for row in found if row.problem) == [
        'a record without a server: the row has no server, nor have 1 others; expected text such as "MAIL01"',
        'server BAD: the row has no event_source; expected text such as "MSExchangeIS"',
    ]

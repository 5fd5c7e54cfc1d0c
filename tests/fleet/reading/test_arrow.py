"""Inventories that are in Arrow already are checked as those of any other format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix import fleet, load_catalogue
from needfix.errors import InventoryError, Problem
from needfix.fleet.reading import arrow, parquet
from needfix.model.server import FileCopy
from tests.fleet.reading.support import Read, servers_of

FILE = pa.struct({"name": pa.string(), "version": pa.string()})


def read(table: pa.Table) -> Read:
    return servers_of(arrow.pieces(table))


def refused(table: pa.Table) -> list[str]:
    with pytest.raises(InventoryError) as caught:
        read(table)
    return [str(problem) for problem in caught.value.problems]


def test_a_column_or_field_that_is_there_twice_is_a_problem(tmp_path: Path) -> None:
    names = pa.array(["A"])
    versions = [pa.array(["5.5.2653.23"]), pa.array(["5.5.2654.29"])]
    files = pa.StructArray.from_arrays([names, *versions], ["name", "version", "version"])
    lists = pa.ListArray.from_arrays([0, 1], files)
    hint = "; expected every column once\n    hint: remove the others, or rename them"
    for table, column in (
        (pa.Table.from_arrays([names, names], ["server", "server"]), "server"),
        (pa.Table.from_arrays([names, lists], ["server", "files"]), "files[].version"),
    ):
        assert refused(table) == [f"<arrow>:1: the column {column} is there 2 times{hint}"]
        path = f"{tmp_path}/a.parquet"
        pq.write_table(table, path)
        with pytest.raises(InventoryError, match=r"a\.parquet:1: the column .* is there 2 times"):
            list(parquet.pieces(path))


def test_a_column_that_is_not_known_may_be_there_twice() -> None:
    one = pa.array(["A"])
    servers, shown = read(pa.Table.from_arrays([one, one, one], ["server", "os", "os"]))
    assert ([server.server for _, server in servers], shown) == (["A"], [])


@pytest.mark.parametrize("listed", [pa.list_view, pa.large_list_view])
def test_lists_that_are_views(listed: Callable[[pa.DataType], pa.DataType]) -> None:
    files = pa.array([[{"name": "x"}], None, [], [{"name": "y"}, {"name": "z"}]], listed(FILE))
    complete = pa.array([["events"]] * 4, listed(pa.string()))
    table = pa.table({"server": list("ABCD"), "files": files, "complete": complete})
    servers, shown = read(pa.concat_tables([table.slice(1), table]))
    found = [tuple(copy.name for copy in server.files) for _, server in servers]
    assert (found, shown) == ([(), (), ("y", "z"), ("x",), (), (), ("y", "z")], [])


def test_views_in_any_order_and_those_that_lead_outside() -> None:
    files = pa.array([{"name": "x"}, {"name": "y"}], FILE)
    ends, ones = pa.array([1, 0], pa.int32()), pa.array([1, 1], pa.int32())
    table = pa.table({"server": ["A", "B"], "files": pa.ListViewArray.from_arrays(ends, ones, files)})
    assert [server.files for _, server in read(table)[0]] == [(FileCopy("y"),), (FileCopy("x"),)]
    outside = pa.ListViewArray.from_arrays(pa.array([1, 100], pa.int32()), ones, files)
    (shown,) = refused(pa.table({"server": ["A", "B"], "files": outside}))
    assert shown.startswith("<arrow>:1: the columns are invalid: ")


def test_a_code_of_nothing_is_nothing() -> None:
    codes = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.int8()), pa.array(["A", None, "B"]))
    (piece,) = arrow.pieces(pa.table({"server": codes}))
    assert piece.records.column("server").null_count == 1
    assert piece.records.column("server").to_pylist() == ["A", None, "B"]


def test_numbers_that_are_too_large_are_those_of_a_record() -> None:
    kind = pa.list_(pa.struct({"name": pa.string(), "size": pa.uint64()}))
    files = pa.array([[{"name": "a", "size": 2**64 - 1}], [{"name": "a", "size": 1}]], kind)
    table = pa.table({"server": ["A", "B"], "files": files})
    problems: list[Problem] = []
    summary = fleet.summary(load_catalogue(), table, on_problem=problems.append)
    (problem,) = problems
    assert (summary.servers, problem.expected) == (1, "a whole number such as 4063504")
    what = "files[0].size is 9223372036854775807 or more, which is too large"
    assert (str(problem.at), problem.what) == ("<arrow>:1", what)


def test_counters_take_any_whole_number() -> None:
    kind = pa.list_(pa.struct({"name": pa.string(), "value": pa.int64()}))
    counters = pa.array([[{"name": "a", "value": 2**62 + 1}]], kind)
    ((_, server),), shown = read(pa.table({"server": ["A"], "counters": counters}))
    assert ([sample.value for sample in server.counters or ()], shown) == ([float(2**62 + 1)], [])

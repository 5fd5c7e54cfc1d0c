"""Parquet, native and tall, from whatever wrote it; files that are broken or bad end in a problem."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from needfix.errors import InventoryError, Position
from needfix.fleet.reading import parquet
from needfix.fleet.records import batch_of
from needfix.inventory import read_inventory, server_from_record
from needfix.model.server import FileCopy, InstalledProduct, Server
from tests.fleet.reading.support import Read, servers_of
from tests.inventory.test_laws import RECORDS
from tests.support import INVENTORIES, Needfix, problems_in, without_notes
from tests.support.laws import tried

FILES = pa.list_(pa.struct({"name": pa.string(), "path": pa.string(), "version": pa.string()}))


def read(path: Path, table: pa.Table, rows: int = 1000) -> Read:
    pq.write_table(table, path, row_group_size=rows)
    return servers_of(parquet.pieces(str(path)))


def problems(path: Path, table: pa.Table) -> list[str]:
    pq.write_table(table, path)
    with pytest.raises(InventoryError) as caught:
        list(parquet.pieces(str(path)))
    return [str(problem).replace(str(path), "f") for problem in caught.value.problems]


@tried(100, suppress=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECORDS, min_size=1, max_size=6))
def test_servers_written_natively_are_read_again(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    servers = [server_from_record(record, Position("f", 1), []) for record in records]
    sound = [server for server in servers if server is not None]
    found, shown = read(tmp_path / "a.parquet", pa.Table.from_batches([batch_of(sound)]), rows=2)
    assert ([server for _, server in found], shown) == (sound, [])


@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
@pytest.mark.parametrize("listed", [pa.list_, pa.large_list, lambda kind: pa.list_(kind, 1)])
def test_texts_and_lists_of_any_form(
    tmp_path: Path, text: pa.DataType, listed: Callable[[pa.DataType], pa.DataType]
) -> None:
    scopes = pa.array([["files"], ["events"]], listed(pa.string()))
    files = pa.array([[{"name": "x"}], [{"name": "y"}]], listed(pa.struct({"name": pa.string()})))
    table = pa.table({"server": pa.array(["A", "B"]).cast(text), "complete": scopes, "files": files})
    servers, _ = read(tmp_path / "a.parquet", table)
    assert [(server.files, server.complete) for _, server in servers] == [
        ((FileCopy("x"),), frozenset(["files"])),
        ((FileCopy("y"),), frozenset(["events"])),
    ]


def test_numbers_and_times_stand_for_their_texts(tmp_path: Path) -> None:
    kind = pa.struct({"name": pa.string(), "modified": pa.timestamp("s"), "size": pa.int32()})
    file = {"name": "x", "modified": datetime(2000, 1, 2, 3, 4, 5), "size": 3}  # noqa: DTZ001 - no zone is stated
    level = pa.array(
        [[{"name": "P", "level": 5}]], pa.list_(pa.struct({"name": pa.string(), "level": pa.int64()}))
    )
    table = pa.table({"server": [7], "files": pa.array([[file]], pa.list_(kind)), "products": level})
    ((_, server),), _ = read(tmp_path / "a.parquet", table)
    assert server.server == "7"
    assert server.products == (InstalledProduct("P", "5"),)
    assert [(copy.modified, copy.size) for copy in server.files] == [("2000-01-02T03:04:05.000", 3)]


def test_a_name_left_out_is_the_end_of_the_path(tmp_path: Path) -> None:
    files = pa.array([[{"path": r"c:\x\y.exe"}], [{"name": "z", "path": "q"}], None], FILES)
    servers, _ = read(tmp_path / "a.parquet", pa.table({"server": ["A", "B", "C"], "files": files}))
    assert [[copy.name for copy in server.files] for _, server in servers] == [["y.exe"], ["z"], []]


@pytest.mark.broad
def test_a_row_group_of_a_million_random_versions(tmp_path: Path) -> None:
    count, each = 80_000, 13
    numbers = np.random.default_rng(1).integers(0, 10**9, count * each)
    versions = pa.array(numbers).cast(pa.string())
    files = pa.StructArray.from_arrays([pa.array(["x"] * len(versions)), versions], ["name", "version"])
    offsets = pa.array(np.arange(count + 1) * each, pa.int32())
    table = pa.table(
        {"server": [f"S{n}" for n in range(count)], "files": pa.ListArray.from_arrays(offsets, files)}
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=count)
    read_back: list[str] = []
    for piece in parquet.pieces(str(tmp_path / "a.parquet")):
        read_back += piece.records.column("files").flatten().field("version").to_pylist()
    assert read_back == versions.to_pylist()


def test_codes_that_give_out_half_way_are_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pq.ParquetFile.iter_batches

    def stops(
        self: pq.ParquetFile, size: int, row_groups: list[int], columns: list[str], *, use_threads: bool
    ) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(whole(self, size, row_groups, columns, use_threads=use_threads)):
            if number and pa.types.is_dictionary(
                batch.schema.field("files").type.value_type.field("name").type
            ):
                raise pa.ArrowNotImplementedError
            yield batch

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", stops)
    monkeypatch.setattr("needfix.fleet.reading.parquet.MOST_SERVERS", 2)
    files = pa.array([[{"name": f"x{number}"}] for number in range(7)], FILES)
    servers, _ = read(tmp_path / "a.parquet", pa.table({"server": list("ABCDEFG"), "files": files}))
    assert [server.files[0].name for _, server in servers] == [f"x{number}" for number in range(7)]


def test_row_groups_of_any_size_are_read_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("needfix.fleet.reading.parquet.MOST_SERVERS", 4)
    sizes = [1, 4, 9, 2, 3, 12, 5, 1]
    names = [f"S{number:02}" for number in range(sum(sizes))]
    with pq.ParquetWriter(tmp_path / "a.parquet", pa.schema({"server": pa.string()})) as writer:
        rest = iter(names)
        for size in sizes:
            writer.write_table(pa.table({"server": list(islice(rest, size))}))
    found = list(parquet.pieces(str(tmp_path / "a.parquet")))
    assert [name for piece in found for name in piece.records.column("server").to_pylist()] == names
    assert [line for piece in found for line in piece.lines.tolist()] == list(range(1, len(names) + 1))


def test_a_tall_table(tmp_path: Path) -> None:
    table = pa.table({
        "Server": ["A", "a", "B"], "File": ["x", "y", "z"], "Level": [5, 5, 6], "product": ["P", None, "P"],
        "restart_pending": [True, None, False], "size": [1, 2, 3], "hotfix": ["Q1;Q2", None, None],
        "os": [1, 1, 1],
    })  # fmt: skip
    table = table.set_column(table.schema.names.index("Level"), "Level", pa.array([5, None, 6]))
    servers, shown = read(tmp_path / "a.parquet", table)
    assert not shown
    assert servers == [
        (1, Server("A", products=(InstalledProduct("P", "5"),),
                   files=(FileCopy("x", size=1), FileCopy("y", size=2)),
                   hotfixes=("Q1", "Q2"), restart_pending=True)),
        (3, Server("B", products=(InstalledProduct("P", "6"),), files=(FileCopy("z", size=3),),
                   restart_pending=False)),
    ]  # fmt: skip


def test_a_bad_row_of_a_tall_table_stands_in_its_row(tmp_path: Path) -> None:
    table = pa.table({"server": ["A", "A", "B"], "file": ["x", "y", "z"], "size": [1, -2, 3]})
    servers, shown = read(tmp_path / "a.parquet", table)
    assert [server.server for _, server in servers] == ["B"]
    assert shown == [
        f'{tmp_path}/a.parquet:2: size is "-2", which is negative; expected a whole number such as 4063504'
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"a": [1]}, 'the header has no column "server" (it has a)'),
        (
            {"server": ["A"], "files": [{"name": "x", "verson": "1"}]},
            '"files.verson" is not a known column\n    hint: did you mean version?',
        ),
        ({"server": ["A"], "files": ["x"]}, "the column files holds string; expected lists of objects"),
        (
            {"server": ["A"], "files": [[{"verson": "x"}]]},
            '"files[].verson" is not a known column\n    hint: did you mean version?',
        ),
        ({"server": ["A"], "file": [["x"]]}, "the column file holds list<"),
        ({"server": ["A"], "file": [b"x"]}, "the column file holds binary; expected texts"),
        (
            {"server": ["A"], "file": ["x"], "platfrom": ["x"]},
            '"platfrom" is not a known column\n    hint: did you mean platform?',
        ),
        ({"server": ["A"], "file": ["x"], "name": ["x"]}, "two columns are file: file and name"),
        ({"file": ["A"]}, 'the header has no column "server" (it has file)'),
        (
            {"MachineFQDN": ["A"], "file": ["x"]},
            'the header has no column "server" (it has MachineFQDN, file)\n'
            "    hint: rename MachineFQDN to server",
        ),
    ],
)
def test_columns_that_mislead(tmp_path: Path, columns: dict[str, Any], message: str) -> None:
    (shown,) = problems(tmp_path / "a.parquet", pa.table(columns))
    assert shown.startswith(f"f:1: {message}")


def test_keys_that_are_not_known_are_nothing(tmp_path: Path) -> None:
    table = pa.table({"server": ["A"], "os": [1], "files": [[{"name": "x", "sha1": "0"}]]})
    ((_, server),), shown = read(tmp_path / "a.parquet", table)
    assert (server.files, shown) == ((FileCopy("x"),), [])


def test_more_files_than_any_server_has(tmp_path: Path) -> None:
    files = pa.array([[{"name": "x"}] * 100_001, [{"name": "x"}] * 100_000], FILES)
    pq.write_table(pa.table({"server": ["A", "B"], "files": files}), tmp_path / "a.parquet")
    (piece,) = parquet.pieces(str(tmp_path / "a.parquet"))
    assert (piece.records.column("server").to_pylist(), piece.lines.tolist()) == (["B"], [2])
    assert list(map(str, piece.problems)) == [
        f"{tmp_path}/a.parquet:1: the record has more than 100000 files"
    ]


@pytest.mark.broad
def test_a_part_that_would_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("needfix.fleet.reading.parquet_footer.COLUMN_CHUNK_BYTES", 1 << 20)
    (shown,) = problems(tmp_path / "a.parquet", pa.table({"server": ["x" * 1000] * 300_000}))
    assert shown.startswith("f:1: the column server takes 1 MiB in one row group; expected at most 1 MiB")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 20, b"no Parquet at all"])
def test_what_is_no_parquet(tmp_path: Path, content: bytes) -> None:
    (path := tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(InventoryError, match=rf"^{path}:1: the file cannot be read as Parquet: "):
        list(parquet.pieces(str(path)))


@tried(150, suppress=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_is_a_problem_and_never_a_traceback(tmp_path: Path, data: st.DataObject) -> None:
    names = [f"S{number // 3}" for number in range(60)]
    files = (
        {"file": names}
        if data.draw(st.booleans())
        else {"files": pa.array([[{"name": name}] for name in names], FILES)}
    )
    pq.write_table(pa.table({"server": names, **files}), tmp_path / "a.parquet")
    content = bytearray((tmp_path / "a.parquet").read_bytes())
    del content[data.draw(st.integers(0, len(content)) | st.just(len(content))) :]
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    (tmp_path / "a.parquet").write_bytes(content)
    try:
        for piece in parquet.pieces(str(tmp_path / "a.parquet")):
            piece.records.validate(full=True)
    except InventoryError as error:
        assert str(error).startswith(f"{tmp_path}/a.parquet:1: ")  # noqa: PT017 - either is right


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are not valid Unicode")
@pytest.mark.parametrize("sample", ["exchange.parquet", "exchange-tall.parquet"])
def test_a_name_that_is_not_unicode(tmp_path: Path, needfix: Needfix, sample: str) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/p\xff2.parquet")
    shutil.copy(INVENTORIES / sample, path)
    words = ("evaluate", "--rule", "Q279798", "--format")
    for report in ("csv", "summary-json"):
        ran = needfix(*words, report, path)
        assert (ran.code, problems_in(ran.err)) == (0, [])
        same = needfix(*words, report, INVENTORIES / "exchange.json").out
        assert without_notes(ran.out) == without_notes(same)


def _in_capitals(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_in_capitals(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name.upper(), _in_capitals(field.type)) for field in kind])
    return kind


def test_columns_are_read_in_any_case(tmp_path: Path, needfix: Needfix) -> None:
    table = pq.read_table(INVENTORIES / "exchange.parquet")
    capital = pa.schema([(field.name.capitalize(), _in_capitals(field.type)) for field in table.schema])
    records = [{name.capitalize(): _keys(value) for name, value in row.items()} for row in table.to_pylist()]
    pq.write_table(pa.Table.from_pylist(records, capital), tmp_path / "a.parquet")
    for report in ("csv", "summary-json"):
        words = ("evaluate", "--rule", "Q279798", "--format", report)
        ran = needfix(*words, tmp_path / "a.parquet")
        same = needfix(*words, INVENTORIES / "exchange.json").out
        assert (problems_in(ran.err), without_notes(ran.out)) == ([], without_notes(same))


def _keys(value: object) -> object:
    if isinstance(value, list):
        return [_keys(element) for element in value]
    return {key.upper(): _keys(own) for key, own in value.items()} if isinstance(value, dict) else value


def test_a_column_in_two_cases_is_there_twice(tmp_path: Path) -> None:
    table = pa.table({"server": ["A"], "SERVER": ["B"], "complete": [["files"]]})
    assert problems(tmp_path / "a.parquet", table) == [
        "f:1: the column server is there 2 times; expected every column once\n"
        "    hint: remove the others, or rename them"
    ]


def test_a_column_of_objects_is_one_of_lists_of_one(tmp_path: Path) -> None:
    objects: dict[str, list[Any]] = {
        "products": [None, {"name": "Contoso Mail Server", "level": "5.5 SP4"}, {"name": "P"}],
        "files": [{"name": "C:\\x\\Store.exe", "size": 7}, None, {"path": "D:/Info.dll"}],
        "counters": [{"name": "q", "value": 1.0, "samples": {"value": 2.0}}, None, {"name": "q"}],
        "services": [None, None, {"name": "s", "state": "running"}],
    }
    records = [
        {"server": name, **{key: own[n] for key, own in objects.items() if own[n] is not None}}
        for n, name in enumerate("ABC")
    ]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"server": ["A", "B", "C"], **objects}), path)
    assert list(read_inventory(path)) == list(map(Server.from_record, records))
    pq.write_table(pa.table({"server": ["A", "B", "C"], **objects}).slice(1), path)
    assert list(read_inventory(path)) == list(map(Server.from_record, records[1:]))

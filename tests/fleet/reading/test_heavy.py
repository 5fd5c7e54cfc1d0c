"""A record of any format has 16 MiB at most; one that has more is a problem, and the others are read."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix.fleet.reading import arrow, others, parquet
from needfix.fleet.reading.heavy import heavy_rows
from tests.fleet.reading.support import servers_of

EVENTS = pa.list_(pa.struct({"source": pa.string(), "message": pa.string()}))


@pytest.fixture(autouse=True)
def _small_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("needfix.fleet.reading.heavy.RECORD_BYTES", 1000)


def weighed(column: pa.Array) -> list[bool]:
    found = heavy_rows(pa.RecordBatch.from_arrays([column], ["a"]))
    return [False] * len(column) if found is None else found.tolist()


LONG, SHORT = "x" * 600, "y"
LISTS = [[SHORT], [LONG, LONG], None, [], [LONG, None], [LONG, SHORT, LONG]]


@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.string_view()])
@pytest.mark.parametrize("listed", [pa.list_, pa.large_list, pa.list_view, pa.large_list_view])
def test_texts_in_lists_of_any_form_are_weighed(text: pa.DataType, listed: type) -> None:
    column = pa.array(LISTS, listed(text))
    assert weighed(column) == [False, True, False, False, False, True]
    assert weighed(column.slice(1, 3)) == [True, False, False]


def test_codes_and_objects_are_weighed() -> None:
    codes = pa.array(["x" * 1001, SHORT, None]).dictionary_encode()
    assert weighed(codes) == [True, False, False]
    assert weighed(pa.StructArray.from_arrays([codes, pa.array([1, 2, 3])], ["a", "b"])) == [
        True,
        False,
        False,
    ]
    assert weighed(pa.array([1, 2, None])) == [False, False, False]


def test_columns_count_together() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array([LONG, SHORT]), pa.array([LONG, LONG])], ["a", "b"])
    found = heavy_rows(batch)
    assert found is not None
    assert found.tolist() == [True, False]


def test_a_large_record_of_native_columns_is_a_problem(tmp_path: Path) -> None:
    events = pa.array(
        [None, [{"source": "a", "message": LONG}] * 2, [{"source": "b", "message": SHORT}]], EVENTS
    )
    table = pa.table({"server": ["A", "B", "C"], "events": events})
    pq.write_table(table, tmp_path / "a.parquet")
    for pieces, name in (
        (parquet.pieces(str(tmp_path / "a.parquet")), f"{tmp_path}/a.parquet"),
        (arrow.pieces(table), "<arrow>"),
    ):
        servers, shown = servers_of(pieces)
        assert [(line, server.server) for line, server in servers] == [(1, "A"), (3, "C")]
        assert shown == [f"{name}:2: the record is larger than 16 MiB"]


def test_a_large_row_of_a_tall_table_spoils_its_server(tmp_path: Path) -> None:
    names = ["A", "A", "B", "x" * 1001, "C", "D"]
    table = pa.table({"server": names, "file": ["a", "x" * 1001, "b", "c", "d", "e"], "size": [1] * 6})
    pq.write_table(table, tmp_path / "a.parquet")
    servers, shown = servers_of(parquet.pieces(str(tmp_path / "a.parquet")))
    assert [server.server for _, server in servers] == ["D"]
    assert [problem.splitlines()[0] for problem in shown] == [
        f"{tmp_path}/a.parquet:2: the record is larger than 16 MiB",
        f'{tmp_path}/a.parquet:4: the record is larger than 16 MiB; expected text such as "MAIL01"',
    ]


def test_what_is_read_for_a_piece_is_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    records = [
        {"server": f"S{number}", "events": [{"source": "a", "message": "x" * 200_000}]}
        for number in range(60)
    ]
    path.write_text(json.dumps(records), encoding="utf-8")
    monkeypatch.setattr(others, "_MOST_BYTES", 1 << 20)
    rows = [piece.records.num_rows for piece in others.pieces(str(path))]
    assert sum(rows) == 60
    assert max(rows) <= 7

"""Times of columns, where there is no database of time zones: Arrow has none on Windows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.fleet.columns import as_strings
from tests.support import Needfix

UNITS = ("s", "ms", "us", "ns")
RULE = """\
needfix: 1
id: Q1
product: exchange-server
affects: [5.5 SP4]
fixes: [{files: {read.asp: {modified: "2001-10-01T12:00:30"}}}]
"""


@pytest.fixture
def no_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise pa.ArrowInvalid("Cannot locate timezone 'UTC': Timezone database not found")

    monkeypatch.setattr(pc, "strftime", refuse)


@pytest.mark.usefixtures("no_zones")
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_a_modified_time_is_compared(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rule.yaml").write_text(RULE, encoding="utf-8")
    file = pa.struct({"name": pa.string(), "modified": pa.timestamp("us", zone)})
    product = pa.struct({"name": pa.string(), "level": pa.string()})
    times = [datetime(2001, 10, 1, 12, 0, second, tzinfo=UTC if zone else None) for second in (29, 30)]
    servers = {
        "server": ["OLD", "NEW"],
        "products": pa.array([[{"name": "exchange-server", "level": "5.5 SP4"}]] * 2, pa.list_(product)),
        "files": pa.array([[{"name": "read.asp", "modified": time}] for time in times], pa.list_(file)),
    }
    pq.write_table(pa.table(servers), "servers.parquet")
    ran = needfix("evaluate", "servers.parquet", "--rules", "rule.yaml", "--format", "csv")
    assert [line.split(",")[:3] for line in ran.out.splitlines()[1:]] == [
        ["OLD", "Q1", "fix-required"],
        ["NEW", "Q1", "fix-present"],
    ]


@given(st.sampled_from(UNITS), st.sampled_from([None, "UTC"]), st.lists(st.none() | st.datetimes()))
def test_times_are_written_as_by_strftime(unit: str, zone: str | None, times: list[datetime | None]) -> None:
    known = [time if unit != "ns" or time is None or 1700 < time.year < 2200 else None for time in times]
    column = pa.array(known, pa.timestamp("us")).cast(pa.timestamp(unit), safe=False)
    column = column.view(pa.timestamp(unit, zone))
    assert as_strings(column).equals(pc.strftime(column, "%Y-%m-%dT%H:%M:%S"))

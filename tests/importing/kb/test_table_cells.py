"""Cells: dates, times, and what says that there is nothing to say."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.importing.kb import table_cells as cells

DAYS = st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31))
WAYS = (
    "%m/%d/%y",
    "%m/%d/%Y",
    "%m-%d-%Y",
    "%m.%d.%Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %B %Y",
    "%b %d, %Y",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02/19/2001", "2001-02-19"),
        ("2/9/01", "2001-02-09"),
        ("12/31/69", "2069-12-31"),
        ("01/01/70", "1970-01-01"),
        ("13-Nov-2001", "2001-11-13"),
        ("3-Dec-01", "2001-12-03"),
        ("19 December 2000", "2000-12-19"),
        ("Dec. 19, 2000", "2000-12-19"),
        ("2001-02-19", "2001-02-19"),
        ("19/12/00", None),
        ("02/30/2001", None),
        ("13-Foo-2001", None),
        ("", None),
    ],
)
def test_a_date(text: str, expected: str | None) -> None:
    found = cells.read_date(text)
    assert (found.isoformat() if found else None) == expected


@given(DAYS, st.sampled_from(WAYS))
def test_a_date_comes_back_from_every_way_to_write_it(day: dt.date, way: str) -> None:
    assert cells.read_date(day.strftime(way)) == day


@given(DAYS)
def test_a_date_with_the_day_first_comes_back(day: dt.date) -> None:
    assert cells.read_date(day.strftime("%d/%m/%y"), day_first=True) == day


@given(st.lists(DAYS, min_size=1))
def test_a_table_of_dates_is_never_read_in_the_other_order(days: list[dt.date]) -> None:
    months_first = [day.strftime("%m/%d/%y") for day in days]
    assert cells.is_day_first(months_first) is False
    assert cells.is_day_first([day.strftime("%d/%m/%y") for day in days]) is any(day.day > 12 for day in days)


def test_dates_of_both_orders_contradict_each_other() -> None:
    assert cells.is_day_first(["19/12/00", "12/19/00"]) is None
    assert cells.is_day_first([]) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/06/01", True),
        ("05/05/01", False),
        ("19/05/01", False),
        ("05/19/01", False),
        ("5-Jun-2001", False),
    ],
)
def test_a_date_that_reads_both_ways(text: str, expected: bool) -> None:  # noqa: FBT001  # an expected value
    assert cells.is_ambiguous(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:42", "14:42:00"),
        ("10:06am", "10:06:00"),
        ("05:08p", "17:08:00"),
        ("5:08 PM", "17:08:00"),
        ("5:08 p.m.", "17:08:00"),
        ("12:05a", "00:05:00"),
        ("12:05p", "12:05:00"),
        ("15:04:48", "15:04:48"),
        ("15.04", "15:04:00"),
        ("1504", "15:04:00"),
        ("14:42p", "14:42:00"),
        ("25:00", None),
        ("12:60", None),
        ("noon", None),
    ],
)
def test_a_time(text: str, expected: str | None) -> None:
    found = cells.read_time(text)
    assert (found.isoformat() if found else None) == expected


@given(
    st.times().map(lambda moment: moment.replace(microsecond=0)), st.sampled_from(["%H:%M:%S", "%I:%M:%S%p"])
)
def test_a_time_comes_back(moment: dt.time, way: str) -> None:
    assert cells.read_time(moment.strftime(way)) == moment


@given(st.text(max_size=20))
def test_no_text_is_too_odd_for_a_cell(text: str) -> None:
    cells.read_date(text)
    cells.read_time(text)
    cells.value(text)
    cells.platform(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.5.2000.1", "5.5.2000.1"),
        ("  212,480 ", "212,480"),
        ("Exmail.exe<BR/>", "Exmail.exe"),
        ("a&nbsp;b", "a b"),
        ("", None),
        ("N/A", None),
        ("NA", None),
        ("n / a", None),
        ("none", None),
        ("--", None),
        ("Not applicable", None),
        (None, None),
        ("n.a.", None),
    ],
)
def test_what_a_cell_says(text: str | None, expected: str | None) -> None:
    assert cells.value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("(x86)", "x86"), ("Intel", "Intel"), ("N/A", None), ("()", None)]
)
def test_a_platform(text: str, expected: str | None) -> None:
    assert cells.platform(text) == expected

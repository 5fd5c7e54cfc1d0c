"""Modified times: what tools write, and what follows from times that are written coarsely."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.versions import Moment, parse_clock_time, parse_moment

TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2010, 1, 1))  # noqa: DTZ001 - as they stand
FINENESS = st.sampled_from(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
NEARBY = st.timedeltas(timedelta(days=-2), timedelta(days=2))


def moment(time: datetime, form: str) -> Moment:
    found = parse_moment(time.strftime(form))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2000-03-14", "2000-03-14T00:00:00", "2000-03-14T23:59:59.999999"),
        ("2000/3/4", "2000-03-04T00:00:00", "2000-03-04T23:59:59.999999"),
        ("2000-03-14T18:00", "2000-03-14T18:00:00", "2000-03-14T18:00:59.999999"),
        ("2000-03-14 8:05", "2000-03-14T08:05:00", "2000-03-14T08:05:59.999999"),
        (" 2000-03-14t18:00:05 ", "2000-03-14T18:00:05", "2000-03-14T18:00:05.999999"),
        ("2000-03-14T18:00Z", "2000-03-14T18:00:00", "2000-03-14T18:00:59.999999"),
        ("2000-03-14T18:00+02:00", "2000-03-14T16:00:00", "2000-03-14T16:00:59.999999"),
        ("2000-03-14T18:00 -0830", "2000-03-15T02:30:00", "2000-03-15T02:30:59.999999"),
        ("2000-02-29", "2000-02-29T00:00:00", "2000-02-29T23:59:59.999999"),
    ],
)
def test_what_tools_write(written: str, first: str, last: str) -> None:
    has_zone = written.endswith(("Z", "+02:00", "-0830"))
    expected = Moment(datetime.fromisoformat(first), datetime.fromisoformat(last), has_zone)
    assert parse_moment(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "unknown",
        "14.3.2000",
        "03/14/2000",
        "2000-13-01",
        "2001-02-29",
        "2000-03-14T",
        "2000-03-14T18",
        "2000-03-14T24:01",
        "2000-03-14T24:00:01",
        "20000314",
        "20000314180000",
        "20000314T18",
        "20000314T1800:30",
        "2000-03-14T18:60",
        "2000-03-14T18:00:60",
        "2000-03-14T18:00+99:99",
        "2000-03-14T18:00+02:60",
        "2000-03-14 CET",
        "0000-01-01",
        "0001-01-01T00:00+02:00",
        "9999-12-31T23:00-02:00",
        "٢٠٠٠-03-14",
        "2000-03-14" + " " * 64,
    ],
)
def test_what_cannot_be_read(written: str) -> None:
    assert parse_moment(written) is None


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[Z+-]?[0-9:]*"))
def test_no_text_raises(written: str) -> None:
    found = parse_moment(written)
    assert found is None or found.first <= found.last


@given(TIMES, FINENESS)
def test_every_moment_reaches_itself(time: datetime, form: str) -> None:
    assert moment(time, form).reaches(moment(time, form)) is True


@given(TIMES, NEARBY, FINENESS, FINENESS)
def test_what_is_read_is_true_of_the_time_itself(
    time: datetime, apart: timedelta, form: str, other_form: str
) -> None:
    minimum = moment(time + apart, other_form)
    answer = moment(time, form).reaches(minimum)
    exact = Moment(time, time).reaches(minimum)
    assert exact is not None
    assert answer in (exact, None)


@given(TIMES, NEARBY, FINENESS, FINENESS, FINENESS)
def test_a_coarser_text_contradicts_no_finer_one(
    time: datetime, apart: timedelta, form: str, other_form: str, third_form: str
) -> None:
    coarse, fine = sorted((form, other_form), key=len)
    minimum = moment(time + apart, third_form)
    answer = moment(time, coarse).reaches(minimum)
    assert answer in (moment(time, fine).reaches(minimum), None)


@given(TIMES, NEARBY, FINENESS, FINENESS, FINENESS)
def test_who_reaches_a_finer_minimum_reaches_the_coarser(
    time: datetime, apart: timedelta, form: str, other_form: str, third_form: str
) -> None:
    coarse, fine = sorted((form, other_form), key=len)
    stated = moment(time, third_form)
    assert stated.reaches(moment(time + apart, fine)) is not True or stated.reaches(
        moment(time + apart, coarse)
    )


@given(TIMES, NEARBY, NEARBY)
def test_seconds_are_totally_ordered(time: datetime, apart: timedelta, further: timedelta) -> None:
    form = "%Y-%m-%dT%H:%M:%S"
    one, other, third = (moment(t, form) for t in (time, time + apart, time + apart + further))
    assert one.reaches(other) is not None
    assert one.reaches(other) or other.reaches(one)
    assert not (one.reaches(other) and other.reaches(third)) or one.reaches(third)


# ---- times of files


def reaches(written: str, minimum: str) -> bool | None:
    stated, needed = parse_moment(written), parse_moment(minimum)
    assert stated is not None
    assert needed is not None
    return stated.reaches(needed)


@pytest.mark.parametrize(
    ("written", "minimum", "expected"),
    [
        ("2001-05-02T12:00Z", "2001-05-01T22:00", True),
        ("2001-05-02T11:59Z", "2001-05-01T22:00", None),
        ("2001-05-01T08:00Z", "2001-05-01T22:00", None),
        ("2001-05-01T07:59Z", "2001-05-01T22:00", False),
        ("2001-05-01T22:00", "2001-05-01T22:00+09:00", None),
        ("2001-05-03", "2001-05-01T22:00Z", True),
        ("2001-04-30", "2001-05-01T22:00Z", False),
        ("2001-05-01T22:00+05:00", "2001-05-01T17:00Z", True),
        ("2001-05-01T22:00+05:00", "2001-05-01T17:01Z", False),
    ],
)
def test_where_only_one_has_a_zone_they_have_to_be_a_day_apart(
    written: str,
    minimum: str,
    expected: bool | None,  # noqa: FBT001
) -> None:
    assert reaches(written, minimum) is expected


@given(TIMES, NEARBY, st.timedeltas(timedelta(hours=-12), timedelta(hours=14)))
def test_what_a_zone_shows_is_true_in_any_place(time: datetime, apart: timedelta, offset: timedelta) -> None:
    minimum, local = Moment(time, time), time + apart
    utc = Moment(local - offset, local - offset, has_zone=True)
    assert utc.reaches(minimum) in (Moment(local, local).reaches(minimum), None)


@pytest.mark.parametrize(
    "written",
    [
        "1601-01-01",
        "1601-01-01T02:00:00+02:00",
        "1600-12-31T16:00:00",
        "1970-01-01T00:00:00Z",
        "1969-12-31T19:00",
        "0001-01-01",
        "0001-01-01T00:00:00",
        "lately",
        "",
    ],
)
def test_where_clocks_begin_is_no_time_of_a_file(written: str) -> None:
    assert parse_clock_time(written) is None


@pytest.mark.parametrize("written", ["1980-01-01", "1970-01-02", "1998-06-04T09:00:00", "2026-11-29T10:00Z"])
def test_other_times_may_be_those_of_files(written: str) -> None:
    assert parse_clock_time(written) == parse_moment(written)


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("20000314T180000Z", "2000-03-14T18:00:00Z"),
        ("20000314T1800", "2000-03-14T18:00"),
        ("20000314t180000.25+0200", "2000-03-14T18:00:00.25+02:00"),
        ("2000-03-14T18:00:00,25", "2000-03-14T18:00:00.25"),
        ("2000-03-14T18:00+02", "2000-03-14T18:00+02:00"),
        ("2000-12-31T24:00", "2001-01-01T00:00"),
        ("2000-12-31 24:00:00Z", "2001-01-01T00:00:00Z"),
        ("20001231T240000-0100", "2001-01-01T01:00:00Z"),
    ],
)
def test_other_forms_of_iso_8601_mean_the_same(written: str, usual: str) -> None:
    assert parse_moment(written) == parse_moment(usual)
    assert parse_moment(written) is not None

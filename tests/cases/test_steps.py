"""The values next to a version or a modified time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.cases.steps import just_above, just_below
from needfix.versions import parse_file_version, parse_moment, parse_version


@pytest.mark.parametrize(
    ("below", "text", "above"),
    [
        ("5.5.2654.28", "5.5.2654.29", "5.5.2654.30"),
        ("5.5.2653.65535", "5.5.2654.0", "5.5.2654.1"),
        ("5.4.65535.65535", "5.5.0.0", "5.5.0.1"),
        ("5.5.2654.65534", "5.5.2654.65535", "5.5.2655.0"),
        ("5.5.2653.22", "5,5,2653,23 (SP4)", "5.5.2653.24"),
        ("1.65535", "2.0", "2.1"),
        (None, "0.0", "0.0.0.1"),
        (None, "0.0.0.1", "0.0.0.2"),
        ("5.65535.65535.65535", "6", "6.0.0.1"),
        ("5.5.1999.65535", "5.5.2000", "5.5.2000.1"),
        ("5.5.2099.0", "5.5.2100", "5.5.2101"),
        ("2000-03-14T17:59", "2000-03-14T18:00", "2000-03-14T18:01"),
        ("2000-03-13T23:59:59", "2000-03-14T00:00:00", "2000-03-14T00:00:01"),
        ("2000-02-29", "2000-03-01", "2000-03-02"),
        ("2000-03-14 17:59Z", "2000-03-14 18:00Z", "2000-03-14 18:01Z"),
        (None, "0001-01-01", "0001-01-02"),
        ("9999-12-29", "9999-12-30", "9999-12-31"),
        (None, "9999-12-31", None),
        (None, "unknown", None),
    ],
)
def test_one_step(below: str | None, text: str, above: str | None) -> None:
    assert (just_below(text), just_above(text)) == (below, above)


parts = st.lists(st.one_of(st.sampled_from([0, 1, 65535]), st.integers(0, 65535)), min_size=1, max_size=4)


@given(parts)
def test_a_step_down_and_up_comes_back(numbers: list[int]) -> None:
    text = ".".join(map(str, numbers))
    below, here = just_below(text), parse_version(text)
    assert here is not None
    if below is not None:
        lower = parse_version(below)
        assert lower is not None
        assert lower < here
        assert parse_file_version(below) == lower
        if below.count(".") == text.count("."):
            assert just_above(below) == text


@given(st.datetimes(), st.sampled_from(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]))
def test_times_next_to_each_other_leave_none_between(moment: object, shape: str) -> None:
    text = f"{moment:{shape}}".rjust(len(f"{moment:{shape}}".lstrip("0")), "0")
    here, above = parse_moment(text), just_above(text)
    if here is not None and above is not None:
        later = parse_moment(above)
        assert later is not None
        assert (later.first - here.last).total_seconds() < 0.00001
        assert later.reaches(here)
        assert not here.reaches(later)

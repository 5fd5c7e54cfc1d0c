"""Versions in columns order as `packaging` orders them one at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from needfix.fleet.columns import texts
from needfix.fleet.version_ranks import VersionRanks, least_number, numbers
from needfix.intake.vocabularies import says_nothing
from needfix.versions import behind, parse_build, parse_file_version

PART = st.one_of(st.integers(0, 12), st.sampled_from([99, 100, 2653, 65535, 65536, 70000, 123456]))
WRITTEN = st.lists(PART, min_size=1, max_size=6).map(lambda parts: ".".join(map(str, parts)))
ODD = st.sampled_from(
    [
        "",
        " ",
        "5,5,2653,23",
        "5.5.2653.23 (SP4)",
        " 5.5.1 ",
        "x",
        "5..5",
        ".5",
        "5.",
        "05.005",
        "000001.2",
        "1.2.3.4.5.6",
        "0.0.0.0",  # noqa: S104 - a version
        "2000.11.1",
        "1.11.2000",
        "2022.160.1",
        "n/a",
    ]
)
TEXTS = st.lists(st.one_of(WRITTEN, ODD, st.none()), min_size=1, max_size=30)


@given(TEXTS)
def test_numbers_of_the_common_form_order_as_versions_do(written: list[str | None]) -> None:
    found, parts = numbers(pa.array([text or "" for text in written], pa.string()))
    plain = [
        (int(number), parse_build(text), count)
        for number, text, count in zip(found, written, parts.tolist(), strict=True)
        if count and text
    ]
    for one, version, count in plain:
        assert version is not None
        assert len(version.release) == count
        for other, against, _ in plain:
            assert against is not None
            assert (one < other) == (version < against)


@given(WRITTEN, WRITTEN)
def test_a_threshold_is_reached_from_its_least_number_on(text: str, threshold: str) -> None:
    (number,), (parts,) = numbers(pa.array([text]))
    if parts:
        assert (int(number) >= least_number(Version(threshold))) == (Version(text) >= Version(threshold))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5.5.2653.23 (SP4)",
        "5,5",
        "5..5",
        "5.5.",
        ".5",
        "7",
        "1.65536",
        "1.2.3.4.5",
        "0.0",
        "0" * 30,
        "2000.11.1",
        "1.11.2000",
    ],
)
def test_other_forms_are_left_to_the_parser(text: str) -> None:
    assert not numbers(pa.array([text]))[1].any()


@given(TEXTS, st.lists(WRITTEN, max_size=12))
def test_ranks_are_how_many_thresholds_a_version_reaches_and_may_reach(
    written: list[str | None], thresholds: list[str]
) -> None:
    ranks = VersionRanks(Version(text) for text in thresholds)
    in_order = sorted({Version(one) for one in thresholds})
    column = texts(pa.array(written, pa.string()))
    low, high = (own[column.codes].tolist() for own in ranks.of_codes(column))
    for text, least, most in zip(written, low, high, strict=True):
        version = parse_file_version((text or "").strip())
        if says_nothing(text or ""):
            assert least == most == ranks.unstated
        elif version is None:
            assert least == most == ranks.unreadable
        else:
            assert least == bisect_right(in_order, version)
            assert most == max(least, bisect_left(in_order, behind(version)))


@given(st.lists(TEXTS, min_size=2, max_size=5), st.lists(WRITTEN, max_size=12))
def test_ranks_do_not_depend_on_the_columns_before(
    columns: list[list[str | None]], thresholds: list[str]
) -> None:
    ranks = VersionRanks(Version(text) for text in thresholds)
    for written in columns:
        column = texts(pa.array(written, pa.string()))
        fresh = VersionRanks(Version(text) for text in thresholds)
        for own, other in zip(ranks.of_codes(column), fresh.of_codes(column), strict=True):
            assert own.tolist() == other.tolist()


def test_many_shapes_are_read_all_the_same() -> None:
    written = [".".join("1" * (1 + (number >> 3 * part) % 8) for part in range(4)) for number in range(4096)]
    ranks = VersionRanks([Version("11.111.11.1")])
    column = texts(pa.array(written))
    found = ranks.of_codes(column).low[column.codes]
    readable = [parse_file_version(text) for text in written]
    assert [bool(rank) for rank in found if rank != ranks.unreadable] == [
        version >= Version("11.111.11.1") for version in readable if version is not None
    ]

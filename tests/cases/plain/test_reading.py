"""Versions, levels and times are read from text as the engine reads them, which does so another way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from needfix.cases.plain import level_names, reading, times
from needfix.versions import parse_file_version, parse_moment, parse_version, read_any_level, read_level
from tests.support.laws import tried

often = tried(500)


def pieces(*choices: list[str]) -> st.SearchStrategy[str]:
    """Texts put together of one piece of each list."""
    return st.tuples(*map(st.sampled_from, choices)).map("".join)


NUMBERS = [
    "5.5",
    "5.5.2653.23",
    "5,5,2653,23",
    "5 . 5",
    "05.010.0",
    "7",
    "0",
    "0.0",
    "1.2.3",
    "1.2",
    "5.",
    "",
]
VERSIONS = pieces(
    ["", "", " ", "v", "V. ", "version ", "ver", "Ver. ", "versions "],
    [*NUMBERS, ".".join("1234567890"), ".".join("12345678901"), "1" * 18, "1" * 19],
    [
        "", "", " ", " (SP4)", "(1.2)", " (1)", " (build 2653.23: SP4)", " Build 2653", ", build 2653.23",
        " (Build x)", "(build 2653 x)", " build 1,2,3,4,5", "build:7", " built by: WinDDK", " built byte",
        " beta", " (", "-build 1.2 ; x", " (build 2.3)", ")",
    ],
)  # fmt: skip
LEVELS = pieces(
    ["", "", "(", "Version ", "v", "v. ", "Ver. ", "ver", "versions"],
    [
        "", "5.5", "5.5", "4", "5,5", "8.03", "3.2a", "3.2 a", "5.5.2653.23", "1.2.3.4.5.6.7", "2000",
        "1234567890",
    ],
    [
        "", "", " (Build 2653.23", " build: 100", ", build : 100", " RTM", "gold", " without service pack",
        " Original Release", ": ", " rtm1", " build",
    ],
    [
        "", " SP4", "sp6a", "SP6A", ": Service Pack 3", " service-pack 2", " SP -1", " sp 2", " SP4 HRP",
        " SP12345", " SP6a (SRP)", " SP4 Security Rollup Package (SRP)", " sp4 hotfix rollup package hrp",
        " SP0", " SP0a", "sp4build 7", "sp6abuild 7", "sp6ab", " SP4HRP", " SP4 XRP",
    ],
    [
        "", "", ")", " ) )", " build 7", " build 1.2)", " extra", "a", " 5.5.2653.23", " (5.5.2448)",
        "[5,5,2653]", " - 1.2.3.4.5.6", ", 5.5.2653 5.5.2448", ")5.5.1", ") 5.5.1", " 01.02.2003",
        " 5,5.2653", "5.5.2653", " build 7 5.5.2653]", " 1.2.99999", " :1.2.3.4.5.6.7",
    ],
)  # fmt: skip
WORDS = pieces(
    ["", "v", "Version "],
    ["", "2022", "2012 R2", "2012R2", "9.5", "SE", "Subscription Edition", "21H2", "10"],
    ["", " ", "-", ", ", " ("],
    ["", "RTM", "SP2", "Service Pack 2", "SP6a", "Azure Edition", "p1", "beta", "21H2", "R2"],
    ["", " ", "-", ", "],
    ["", "CU14", "Cumulative Update 14", "Update 3k", "U1", "RU7", "Update Rollup 7", "cu 017x", "Mar24SU"],
    ["", " GDR", " GDR 2", "GDR", " gdr12345", ")", " build 7", " 5.5.2653.23", " and more"],
)
MOMENTS = pieces(
    ["", " "],
    ["2000-03-14", "2000/3/4", "2000-02-30", "00-03-14", "9999-12-31", "0001-01-01", "2000-3-4"],
    ["", "T", "t", "  ", " x"],
    [
        "", "18:00", "8:05", "18:0", "24:00", "23:59:59", "18:00:30.5", "18:00:30.123456789", "18:00:60",
        "18:00:30.",
    ],
    ["", "Z", "z", "+02:00", " -0330", "+2400", "-0060", "+2"],
    ["", " "],
)  # fmt: skip
NOISE = st.text("05.,:;-()/ avbuildspTZ+\t", max_size=24)


def numbers(text: str) -> Any:  # noqa: ANN401 - numbers or None
    found = parse_version(text)
    return found and found.release


@often
@given(VERSIONS | NOISE)
@example("5" * 201)
def test_versions(text: str) -> None:
    found = reading.version(text)
    assert found is None or found == numbers(text)


@often
@given(LEVELS | NOISE)
@example("SP4" + " " * 300)
@example("5.5 SP4 (5.5.2653.23)")
@example("5.5 SP4 [5.5.2653.23]")
@example("5.5 SP4 09.05.2002")
@example("SP4 - 5,5,2653")
@example("5.5.2448 SP3, 5.5.2653.23")
@example("5.5 Build 2653.23 5.5.2653.23")
@example("5.5a 5.5.2653")
@example("5.5 RTM 5.5.1960.0")
@example("SP6a(4.0.1381.7)")
@example("5.5 SP4 5.5.2653.23.1.2.3")
def test_levels(text: str) -> None:
    said, found = read_level(text), level_names.level_name(text)
    assert (found and (found.pack, found.is_first, tuple(dict.fromkeys(found.builds)))) == (
        said and (said.service_pack, said.is_original, tuple(map(numbers, said.builds)))
    )
    level = said and said.level()
    if found is not None and level is not None:
        assert tuple(level.name) == found.label
        assert level_names.label(level) == found.label
    elif found is not None and said is not None:
        assert (None, *said.of_version("").name[1:]) == (found.version, *found.label[1:])


@often
@given(LEVELS | WORDS | NOISE)
@example("SE RTM")
@example("2022 Azure Edition")
@example("2016 SP2 CU17 GDR 2")
@example("9.5.0.0p1")
@example("SECumulative Update 14GDR")
@example("SE CU14GDR2")
@example("Update 3kGDR")
@example("7.0 U3k4")
def test_levels_of_definitions(text: str) -> None:
    said, found = read_any_level(text), level_names.any_level_name(text)
    level = said and said.level()
    assert (found and found.version and found.label) == (level and tuple(level.name))


@often
@given(MOMENTS | NOISE)
@example("2000-03-14T18:00" + " " * 60)
def test_moments(text: str) -> None:
    found = times.moment(text)
    expected = parse_moment(text)
    assert (found and tuple(found)) == (expected and tuple(expected))


@often
@given(MOMENTS, MOMENTS)
def test_moments_are_reached_as_instants_are_ordered(one: str, other: str) -> None:
    found, minimum = parse_moment(one), parse_moment(other)
    if found and minimum and found.has_zone == minimum.has_zone:
        reached = None if found.last >= minimum.first > found.first else found.first >= minimum.first
        assert found.reaches(minimum) is reached


@often
@given(VERSIONS, VERSIONS)
def test_versions_order_as_their_numbers_do(one: str, other: str) -> None:
    left, right = parse_version(one), parse_version(other)
    if left and right:
        order = reading.trimmed(left.release), reading.trimmed(right.release)
        assert (left < right, left == right) == (order[0] < order[1], order[0] == order[1])


@pytest.mark.parametrize(
    "text",
    [
        "5.5.70000.1", "4294967295.0.0.0", "5.5.2654.29, 5.5.2653.23", "20001101", "99999", "0", "2000.11.01",
        "01.11.2000", "5.5.2654.29 (was 5.5.2653.23, restart pending)", "6.0.0 build 5.5.2653.23", "0.0.0",
        "5,5,2653,23,5,5", "5.5,2653.23", "5.5.2654.29 5.5.2653.23",
    ],
)  # fmt: skip
def test_what_is_not_one_file_version(text: str) -> None:
    assert reading.version(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "5.5.2654.29 (WinBuild.160101.0800)", "5.5.2654.29 (xpsp_sp2_rtm.040803-2158)", "5,5,2654,29",
        "5.5.2654.29 (SP4)", "V5.5.2654.29 built by: WinDDK", "5.5.2654.29 (5.5.2654.29)", "05.05.2654.029",
        "5.5 (Build 2654.29: Service Pack 4)",
    ],
)  # fmt: skip
def test_what_is_one_file_version(text: str) -> None:
    assert reading.version(text) == (5, 5, 2654, 29)


@pytest.mark.parametrize(
    "text",
    [
        "4.7.02046", "004.7.2046", "4.7.2046", "2046.04.7", "2046.4.007", "31.12.21", "5.5 (Build 2000: SP1)",
        "5,5 (Build 2000.1)", "5.12.1999 (x)", "12.5 build 1999",
    ],
)  # fmt: skip
def test_what_is_a_date_is_one_for_the_engine_too(text: str) -> None:
    known = parse_file_version(text)
    assert reading.version(text) == (None if known is None else known.release)


@pytest.mark.parametrize(
    "text",
    ["1601-01-01T00:00:00Z", "1970-01-01", "0001-01-01T00:00:00", "1970-01-01T01:00:00+01:00", "lately"],
)
def test_times_that_stand_for_none(text: str) -> None:
    assert times.clock_time(text) is None

"""File versions: what people and tools write, and the laws of their order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.versions import as_file_version, behind, counts_years, parse_file_version, parse_version

NUMBERS = st.lists(st.integers(0, 10**6), min_size=1, max_size=6)
WAYS: list[Callable[[list[int]], str]] = [
    lambda numbers: ".".join(map(str, numbers)),
    lambda numbers: ",".join(map(str, numbers)),
    lambda numbers: ", ".join(map(str, numbers)),
    lambda numbers: ".".join(f"{number:04}" for number in numbers),
    lambda numbers: f" v{'.'.join(map(str, numbers))} ",
    lambda numbers: f"Version {'.'.join(map(str, numbers))}",
    lambda numbers: f"{'.'.join(map(str, numbers))} (SP4)",
    lambda numbers: f"{'.'.join(map(str, numbers))} built by: lab06_n",
]


def text(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


def order(one: list[int], other: list[int]) -> int:
    """The order by only the numbers: -1, 0 or 1. Numbers that are not written are zeros."""
    for left, right in zip_longest(one, other, fillvalue=0):
        if left != right:
            return -1 if left < right else 1
    return 0


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5,5,2653,23", "5.5.2653.23"),
        ("5, 5, 2653, 23", "5.5.2653.23"),
        ("5.5.2653.23 (SP4)", "5.5.2653.23"),
        ("5.5.2653.23 ()", "5.5.2653.23"),
        ("5.05.2527", "5.5.2527"),
        ("005.05.002653.0023", "5.5.2653.23"),
        ("6.0.2600.0 built by: WinDDK", "6.0.2600.0"),
        ("5.00.2195.6601 (xpsp_sp2_rtm.040803-2158)", "5.0.2195.6601"),
        ("v5.5", "5.5"),
        ("Ver. 5.5", "5.5"),
        ("\t5.5\n", "5.5"),
        ("5.5.0.0", "5.5"),
        ("0", "0.0"),
        ("20020509", "20020509"),
    ],
)
def test_what_people_write(written: str, meant: str) -> None:
    version = parse_version(written)
    assert version is not None
    assert version == parse_version(meant)
    assert hash(version) == hash(parse_version(meant))


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "unknown",
        "n/a",
        "5.5.x",
        "5..5",
        ".5",
        "5.5.",
        "5.5a",
        "5.5-1",
        "-5.5",
        "+5",
        "5.5 SP4",
        "5.5 (a) (b)",
        "5.5 (",
        "5.5 2653",
        "1!5.5",
        "5.5rc1",
        "5.5.post1",
        "\u0665.\u0665",
        "５.５",  # noqa: RUF001 - full width digits
        "²",
        "5．5",  # noqa: RUF001 - a full width point
        "\x005.5",
        "9" * 19,
        "1." * 10 + "1",
        "5.5" + " " * 200,
        "5" * 100_000,
        "(" * 100_000,
        "5.5 " + "(" * 190,
    ],
)
def test_what_cannot_be_read(written: str) -> None:
    assert parse_version(written) is None


@given(st.text())
def test_no_text_raises(written: str) -> None:
    version = parse_version(written)
    assert version is None or any(char in "0123456789" for char in written)


@given(NUMBERS, NUMBERS)
def test_the_order_is_that_of_the_numbers(one: list[int], other: list[int]) -> None:
    left, right = parse_version(text(one)), parse_version(text(other))
    assert left is not None
    assert right is not None
    by_numbers = order(one, other)
    assert (left < right, left == right, left > right) == (
        by_numbers < 0,
        by_numbers == 0,
        by_numbers > 0,
    )
    assert (left <= right, left >= right) == (by_numbers <= 0, by_numbers >= 0)


@given(st.lists(NUMBERS, min_size=3, max_size=3))
def test_the_order_is_transitive(several: list[list[int]]) -> None:
    one, other, third = (version for version in map(parse_version, map(text, several)) if version)
    assert one <= one  # noqa: PLR0124 - reflexive
    assert one <= other or other <= one
    assert not (one <= other <= third) or one <= third


@given(NUMBERS, st.integers(1, 4))
def test_trailing_zeros_do_not_matter(numbers: list[int], zeros: int) -> None:
    assert parse_version(text(numbers)) == parse_version(text(numbers + [0] * zeros))


@given(NUMBERS, NUMBERS, st.sampled_from(WAYS), st.sampled_from(WAYS))
def test_the_way_of_writing_does_not_matter(
    one: list[int], other: list[int], way: Callable[[list[int]], str], other_way: Callable[[list[int]], str]
) -> None:
    left, right = parse_version(way(one)), parse_version(other_way(other))
    assert left is not None
    assert right is not None
    assert (left < right, left == right) == (order(one, other) < 0, order(one, other) == 0)


@given(NUMBERS)
def test_what_was_read_reads_the_same_again(numbers: list[int]) -> None:
    version = parse_version(text(numbers))
    assert parse_version(str(version)) == version


# ---- versions of files


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("6.5.7226.0", "6.5.7226.0"),
        ("6, 5, 7226, 0", "6.5.7226.0"),
        ("06.05.7226", "6.5.7226"),
        ("v6.5", "6.5"),
        ("6.0", "6.0"),
        ("6.5.7226.0 (WinBuild.160101.0800)", "6.5.7226.0"),
        ("6.1.7600.16385 (win7_rtm.090713-1255)", "6.1.7600.16385"),
        ("6.5.7226.0 (6.5.7226.0)", "6.5.7226.0"),
        ("6.0.2600.0 built by: WinDDK", "6.0.2600.0"),
        ("6.5 (Build 7226.0: Service Pack 1)", "6.5.7226.0"),
        ("1.2.3.4.5", "1.2.3.4.5"),
        ("2022.160.4075.1", "2022.160.4075.1"),
        ("05.05.2653", "5.5.2653"),
        ("4.7.02046", "4.7.2046"),
        ("4.7.02053 (NET47REL1)", "4.7.2053"),
        ("5.5 (Build 2000: Service Pack 1)", "5.5.2000"),
        ("31.12.21", "31.12.21"),
        ("2000.80.818", "2000.80.818"),
        ("2001.13.1", "2001.13.1"),
        ("65535.65535.65535.65535", "65535.65535.65535.65535"),
    ],
)
def test_what_is_plainly_the_version_of_a_file(written: str, meant: str) -> None:
    version = parse_file_version(written)
    assert version is not None
    assert str(version) == meant


@pytest.mark.parametrize(
    "written",
    [
        "6.5.65536.1",
        "4294967295.4294967295.0.0",
        "6.5,7226.0",
        "6.5.7226.0, 6.5.7638.1",
        "6, 5, 7226, 0, 6, 5, 7638, 1",
        "6.5.7226.0.6.5.7638.1",
        "7226",
        "v6",
        "0",
        "19991231",
        "1999.12.31",
        "1999,12,31",
        "31.12.1999",
        "12.31.1999",
        "3.4.2001",
        "0.0.0.0",  # noqa: S104 - a version
        "0.0",
        "6.5.7226.0 (was 6.5.6944.0)",
        "6.5.7226.0 (6.5.6944)",
        "6.5.7226.0 build 6.5.7638.1",
        "6.5 build 6.5.7638.1",
        "6.5 (Build 7226.0), 6.5.7638.1",
        "6.0.2600.0 built by: 6.0.2601.0",
        "6.5 (7226.0)",
        "unknown",
        "",
    ],
)
def test_what_is_not_plainly_one_is_not_compared(written: str) -> None:
    assert parse_file_version(written) is None


@given(st.lists(st.integers(0, 65535), min_size=2, max_size=4))
def test_every_version_of_four_numbers_can_be_that_of_a_file(numbers: list[int]) -> None:
    whole = [*numbers, *[0] * (4 - len(numbers))]
    if any(whole):
        assert parse_file_version(text(whole)) == parse_version(text(whole))
        assert parse_file_version(as_file_version(text(numbers))) == parse_version(text(numbers))


@given(st.lists(st.integers(0, 65535), min_size=2, max_size=4), st.integers(0, 65535))
def test_what_begins_with_a_version_lies_before_what_is_behind_it(numbers: list[int], last: int) -> None:
    whole, longer = parse_version(text(numbers)), parse_version(text([*numbers, last]))
    assert whole is not None
    assert longer is not None
    assert whole <= longer < behind(whole)


@pytest.mark.parametrize(
    ("written", "expected"), [("2022.160.1", True), ("1999.1", True), ("16.0.1", False), ("2100.1", False)]
)
def test_a_numbering_by_years_begins_with_a_year(written: str, expected: bool) -> None:  # noqa: FBT001
    version = parse_version(written)
    assert version is not None
    assert counts_years(version) is expected

"""Levels: what people and tools write, and the laws of their order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.versions import Level, LevelText, parse_level, read_level

VERSIONS = st.sampled_from(["4.0", "5.0", "5.5", "5.5.1", "6.0", "2000", "10.0"])
PACKS = st.integers(0, 12)
LETTERS = st.sampled_from(["", "a", "b", "z"])
WAYS = st.sampled_from(
    [
        "{version} SP{pack}",
        "{version} sp{pack}",
        "{version}SP{pack}",
        "{version}-SP{pack}",
        "{version} SP {pack}",
        "{version} (SP{pack})",
        "{version}, Service Pack {pack}",
        "v{version} service pack {pack}",
        "Version {version} (Build 2653.23: Service Pack {pack})",
        "{version} Service Pack {pack} (Build 2653.23)",
        "{version}.0 SP{pack}",
        "0{version} SP0{pack}",
    ]
)
ASCENDING = (
    """
4.0, 4.0a, 4.0b, 4.0 SP1, 4.0 SP2, 4.0 SP6, 4.0 SP6a, 4.0 SP6b, 4.0 SP7, 4.0 SP10, 4.0.1, 5.0,
5.5, 5.5 SP1, 5.5 SP3, 5.5 SP4, 5.10, 10.0, 2000, 2000 SP1
""".replace("\n", " ")
    .strip()
    .split(", ")
)


@st.composite
def levels(draw: st.DrawFn) -> Level:
    pack = draw(PACKS)
    return LevelText(draw(VERSIONS), pack, draw(LETTERS)).of_version("")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5.5 Service Pack 3", "5.5 SP3"),
        ("5.5sp3", "5.5 SP3"),
        ("5,5 SP3", "5.5 SP3"),
        ("5.5 Service-Pack 3", "5.5 SP3"),
        ("5.5\u00a0Service\tPack  3", "5.5 SP3"),
        ("Version 5.5 (Build 2653.23: Service Pack 4)", "5.5 SP4"),
        ("4.0 (Build 1381: Service Pack 6a)", "4.0 SP6a"),
        ("4.0 SP6A", "4.0 SP6a"),
        ("5.5 RTM", "5.5 RTM"),
        ("5.5 gold", "5.5 RTM"),
        ("5.5, no service pack", "5.5 RTM"),
        ("5.5 SP0", "5.5"),
        ("05.05 SP03", "5.5 SP3"),
        ("2000", "2000"),
        ("3.2A", "3.2a"),
        ("Version 3.2a (Build 17)", "3.2a"),
    ],
)
def test_what_people_write(written: str, meant: str) -> None:
    level = parse_level(written)
    assert (str(level), level) == (meant, parse_level(meant))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SP3", LevelText(None, 3)),
        ("Service Pack 6a", LevelText(None, 6, "a")),
        ("sp0", LevelText(None)),
        ("3.2a", LevelText("3.2", letter="a")),
        (
            "Version 5.5 (Build 2653.23: Service Pack 4)",
            LevelText("5.5", 4, build="2653.23", builds=("2653.23",)),
        ),
        ("5.5 SP3 Build 2650.24", LevelText("5.5", 3, build="2650.24", builds=("2650.24",))),
        ("5.5 (Build 2650)", LevelText("5.5", build="2650", builds=("2650",))),
    ],
)
def test_what_a_text_says(written: str, expected: LevelText) -> None:
    assert read_level(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "()",
        "text",
        "SP",
        "SP four",
        "Build 2653",
        "5.5 SP3 SP4",
        "5.5 SP6aa",
        "5.5 SP12345",
        "SP0a",
        "5.5ab",
        "5.5a1",
        "5.5 a",
        "5.5a SP1",
        "5.5 SR1",
        "5.5+SP3",
        "SP\u0663",
        "5.5 \u017fp3",
        "\u0665.\u0665",
        "5.5 SP3 and more",
        "1." * 7 + "1",
        "9" * 10,
        "5.5 SP3" + " " * 200,
        "(" * 100_000,
        "5.5" + "-" * 190,
        "Version " * 25,
    ],
)
def test_what_cannot_be_read(written: str) -> None:
    assert read_level(written) is None
    assert parse_level(written) is None


def test_a_bare_service_pack_is_no_level_by_itself() -> None:
    assert parse_level("SP3") is None
    assert str(LevelText(None, 3).of_version("5.5")) == "5.5 SP3"
    assert str(LevelText("4.0", 3).of_version("5.5")) == "4.0 SP3"


def test_ascending() -> None:
    found = [level for level in map(parse_level, ASCENDING) if level]
    assert [str(level) for level in found] == ASCENDING
    assert all(one < other for one, other in pairwise(found))


def test_a_level_knows_its_version() -> None:
    assert [level.version for level in map(parse_level, ("5.5 SP3", "4.0 SP6a", "2000")) if level] == [
        "5.5",
        "4.0",
        "2000",
    ]


@given(st.text() | st.from_regex(r"[Vv ]*[0-9.,]*[ (:-]*([Ss][Pp]|build|service pack)?[ 0-9a-z.)]*"))
def test_no_text_raises(written: str) -> None:
    read = read_level(written)
    level = parse_level(written)
    assert (level is None) == (read is None or read.version is None)


@given(levels(), levels(), levels())
def test_the_order_is_total(one: Level, other: Level, third: Level) -> None:
    assert one <= one  # noqa: PLR0124 - reflexive
    assert [one < other, one == other, one > other].count(True) == 1
    assert not (one <= other <= one) or one == other
    assert not (one <= other <= third) or one <= third
    assert one != other or hash(one) == hash(other)


@given(st.tuples(VERSIONS, PACKS, LETTERS), st.tuples(VERSIONS, PACKS, LETTERS))
def test_the_order_is_version_then_service_pack_then_letter(
    one: tuple[str, int, str], other: tuple[str, int, str]
) -> None:
    left, right = (
        LevelText(v, pack, letter if pack else "").of_version("") for v, pack, letter in (one, other)
    )
    below, above = (
        ([int(part) for part in f"{v}.0.0".split(".")][:3], pack, letter if pack else "")
        for v, pack, letter in (one, other)
    )
    assert (left < right, left == right) == (below < above, below == above)


@given(VERSIONS, st.integers(1, 9), LETTERS, WAYS)
def test_the_way_of_writing_does_not_matter(version: str, pack: int, letter: str, way: str) -> None:
    written = way.format(version=version, pack=f"{pack}{letter}")
    assert parse_level(written) == LevelText(version, pack, letter).of_version("")


@given(levels())
def test_what_was_read_reads_the_same_again(level: Level) -> None:
    again = parse_level(str(level))
    assert (again, str(again)) == (level, str(level))


def test_a_version_keeps_the_digits_that_it_is_written_with() -> None:
    level = parse_level("8.03")
    assert (str(level), level) == ("8.03", parse_level("8.3"))


@pytest.mark.parametrize("text", ["2.0 SP4 HRP", "2.0 Service Pack 4 Hotfix Rollup Package (HRP)"])
def test_a_rollup_stands_between_its_service_pack_and_the_next(text: str) -> None:
    before, rollup, after = parse_level("2.0 SP4"), parse_level(text), parse_level("2.0 SP5")
    assert before is not None
    assert rollup is not None
    assert after is not None
    assert before < rollup < after
    assert str(rollup) == "2.0 SP4 HRP"

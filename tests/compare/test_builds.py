"""The levels that a build leaves possible."""

from __future__ import annotations

from typing import Any

import pytest
from packaging.version import Version

from needfix.compare.builds import levels_of_build, levels_of_file
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import parse_level


def product(*levels: tuple[str, str | None], until: str | None = None) -> ProductDefinition:
    """A product with these levels and builds; `until` ends the builds of the first."""

    def definition(place: int, text: str, build: str | None) -> LevelDefinition:
        level = parse_level(text)
        assert level is not None
        end = Version(until) if until and place == 0 else None
        return LevelDefinition(level, Version(build) if build else None, until=end)

    return ProductDefinition(
        "mail", "Mail", tuple(definition(place, *one) for place, one in enumerate(levels))
    )


MAIL = product(
    ("5.0", "5.0.1457"), ("5.5", "5.5.1960"), ("5.5 SP1", "5.5.2232"), ("5.5 SP2", None), ("6.0", "6.0.4417")
)
SIDE_BY_SIDE = product(
    ("15.1", "15.1.225"), ("15.1 SP1", "15.1.2507"), ("15.2", "15.2.221"), ("15.2 SP1", "15.2.1544")
)


def found(definition: ProductDefinition, build: str, version: str | None = None) -> Any:  # noqa: ANN401
    """The levels in order, with ? where it may also be none of them; None for a build that shows nothing."""
    shown = levels_of_build(definition, build, version)
    if shown is None:
        return None
    return [str(level) for level in sorted(shown.levels)] + ["?"] * shown.is_open


@pytest.mark.parametrize(
    ("build", "levels"),
    [
        ("5.0.1457", ["5.0"]),
        ("5.0.9999.9", ["5.0"]),
        ("5.5.2231.99", ["5.5"]),
        ("5.5.2232", ["5.5 SP1", "5.5 SP2"]),
        ("5,5,2232,7", ["5.5 SP1", "5.5 SP2"]),
        ("6.0.4417.1", ["6.0"]),
        ("5.0.1456", []),
        ("5.5.1959.9", []),
        ("6.0.4416", []),
        ("6.1.1", []),
        ("7.0.1.2", []),
        ("3.9", []),
        ("5.5", ["5.5", "5.5 SP1", "5.5 SP2", "?"]),
        ("6", ["6.0", "?"]),
        ("unknown", None),
        ("2022.160.4075.1", None),
    ],
)
def test_a_level_s_builds_run_up_to_the_next_of_its_first_two_numbers(build: str, levels: Any) -> None:  # noqa: ANN401
    assert found(MAIL, build) == levels


@pytest.mark.parametrize(
    ("version", "build", "levels"),
    [
        ("5.5", "1960", ["5.5"]),
        ("5.5", "2232.8", ["5.5 SP1", "5.5 SP2"]),
        ("6.0", "4417.3", ["6.0"]),
        ("6.0", "1960", []),
    ],
)
def test_a_build_without_its_first_numbers_is_completed_by_the_version_beside_it(
    version: str, build: str, levels: list[str]
) -> None:
    assert found(MAIL, build, version) == levels


def test_without_a_version_beside_it_may_be_of_any() -> None:
    assert found(MAIL, "2232.8") == ["5.0", "5.5 SP1", "5.5 SP2", "?"]
    assert found(SIDE_BY_SIDE, "1544.4", "15.2") == ["15.2 SP1"]
    assert found(SIDE_BY_SIDE, "1544.4", "15.1") == ["15.1"]
    assert found(SIDE_BY_SIDE, "1544.4") == ["15.1", "15.2 SP1"]


@pytest.mark.parametrize("version", ["2653.23", "2653,23", "2653.23 (SP4)", "2448.8", "2653"])
def test_a_key_file_without_its_first_numbers_shows_no_level(version: str) -> None:
    assert levels_of_file(MAIL, "Store.exe", version) is None


def test_until_narrows_the_builds_of_a_level() -> None:
    own = product(("2019", "10.0.17763"), ("2022", "10.0.20348"), until="10.0.17764")
    assert found(own, "10.0.17763.9") == ["2019"]
    assert found(own, "10.0.17764") == []
    assert found(own, "10.0.20348.2159") == ["2022"]


def test_a_definition_without_builds_shows_nothing_by_a_build() -> None:
    assert found(product(("1.0", None), ("1.5", None)), "1.0.7") == ["1.0", "1.5", "?"]


def test_a_level_before_the_first_build_has_none() -> None:
    own = product(("3.1", None), ("3.51", "3.51.1057"), ("3.51 SP1", None))
    assert found(own, "3.10.528") == []
    assert found(own, "3.51.1057.5") == ["3.51", "3.51 SP1"]


def test_a_numbering_by_years_is_compared_with_one_by_years() -> None:
    own = product(("2019", "2019.150.2000"), ("2022", "2022.160.1000"))
    assert found(own, "2022.160.4075.1") == ["2022"]
    assert found(own, "16.0.4075.1") is None

"""Where a build lies among the levels of a product."""

from __future__ import annotations

import pytest
from packaging.version import Version

from needfix.compare.builds import BuildPlace, levels_of_build, place_of_build
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import parse_level


def product(**builds: str | None) -> ProductDefinition:
    levels = []
    for name, build in builds.items():
        level = parse_level(name)
        assert level is not None
        levels.append(LevelDefinition(level, Version(build) if build else None))
    return ProductDefinition("mail", "Mail", tuple(levels))


MAIL = product(
    **{"5.5": "5.5.1960", "5.5 SP1": "5.5.2232", "5.5 SP2": None, "5.5 SP3": "5.5.2650", "2000": "6.0.4417"}
)
BARE = product(**{"5.5": "5.5.2653", "6.0": "6.0.100"})
EVERY = ["5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "2000"]


def texts(definition: ProductDefinition, build: str) -> list[str]:
    return [str(level) for level in levels_of_build(definition, build)]


@pytest.mark.parametrize(
    ("build", "levels"),
    [
        ("5.5.1960", ["5.5"]),
        ("5.5.1960.4", ["5.5"]),
        ("5.5.2231.99", ["5.5"]),
        ("5,5,2650,24", ["5.5 SP3"]),
        ("5.5.2232", ["5.5 SP1", "5.5 SP2"]),
        ("5.5.2649.99", ["5.5 SP1", "5.5 SP2"]),
        ("1960", ["5.5"]),
        ("2653.23", ["5.5 SP3"]),
        ("5.5", ["5.5", "5.5 SP1", "5.5 SP3"]),
        ("6", ["2000"]),
        ("6.0.9999", ["2000"]),
        ("7.0.1", []),
        ("5.5.1959", []),
        ("unknown", []),
        ("", []),
    ],
)
def test_levels_of_a_build(build: str, levels: list[str]) -> None:
    assert texts(MAIL, build) == levels


def test_bare_builds_that_do_not_ascend_show_nothing() -> None:
    assert texts(BARE, "2653.23") == ["5.5", "6.0"]
    assert texts(BARE, "6.0.120") == ["6.0"]


def test_a_product_without_builds_excludes_no_level() -> None:
    unbuilt = product(**{"5.5": None, "5.5 SP1": None})
    assert texts(unbuilt, "5.5.1960") == ["5.5", "5.5 SP1"]


@pytest.mark.parametrize(
    ("build", "level", "place"),
    [
        ("5.5.2650.24", "5.5 SP3", "within"),
        ("5.5.2400", "5.5 SP2", "within"),
        ("5.5.2400", "5.5 SP3", "older"),
        ("5.5.2650", "5.5 SP1", "newer"),
        ("2653.23", "5.5 SP3", "within"),
        ("5.5", "5.5 SP3", "within"),
        ("7.0.1", "2000", "newer"),
        ("5.5.1000", "5.5", "older"),
        ("unknown", "5.5", "unreadable"),
    ],
)
def test_the_place_of_a_build(build: str, level: str, place: BuildPlace) -> None:
    stated = parse_level(level)
    assert stated is not None
    assert place_of_build(MAIL, build, stated) == place

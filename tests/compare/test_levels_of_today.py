"""Levels of today's products, in the spellings in which servers and product lists state them."""

from __future__ import annotations

import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from tests.support.catalogues import Document, catalogue_of, fix, rule, server

LEVELS = (
    "7.0 U3k", "2008 R2", "2008 R2 SP1", "2010 SP1 RU7",
    "2016 RTM", "2016 SP1", "2016 SP2", "2016 SP2 CU17", "2016 SP2 CU17 GDR",
    "2019 RTM", "2019 CU14", "SE RTM", "SE CU1", "Vibranium", "23H2",
)  # fmt: skip
EVERY_2016, EVERY_2019, EVERY_SE = LEVELS[4:9], LEVELS[9:11], LEVELS[11:13]


def suite() -> needfix.Catalogue:
    """A rule for each level, so that those that are not ruled out are possible."""
    definition: Document = {
        "needfix": 1,
        "product": "suite",
        "name": "Contoso Suite",
        "aliases": ["Contoso Suite *"],
        "levels": [{"level": one} for one in LEVELS],
    }
    rules = [
        rule(f"KB50000{number:02}", product="suite", affects=[one], fixes=[fix({"Suite.dll": "2.0.0.0"})])
        for number, one in enumerate(LEVELS)
    ]
    return catalogue_of(definition, *rules)


SUITE = suite()


def possible(entry: dict[str, str]) -> tuple[str, ...]:
    """The levels that an entry of the product list leaves possible, on which both evaluators agree."""
    stated = {"name": "Contoso Suite", **entry}
    facts = server(products=[stated], files=[{"name": "Suite.dll", "version": "1.0.0.0"}])
    decided = {one.rule: (one.decision, one.action) for one in needfix.evaluate(SUITE, facts)}
    assert decide_plainly(SUITE, facts) == decided
    return tuple(
        level
        for level, own in zip(LEVELS, SUITE, strict=True)
        if decided[own.id][0] in ("fix-required", "undetermined")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016SP2CU17", ["2016 SP2 CU17"]),
        ("2016 Service Pack 2 (CU17) GDR", ["2016 SP2 CU17 GDR"]),
        ("2016 SP2-CU17-GDR", ["2016 SP2 CU17 GDR"]),
        ("SP2 CU17", ["2016 SP2 CU17"]),
        ("2010SP1RU7", ["2010 SP1 RU7"]),
        ("2010 Service Pack 1 Update Rollup 7", ["2010 SP1 RU7"]),
        ("2008R2", ["2008 R2"]),
        ("2008 R2 Service Pack 1", ["2008 R2 SP1"]),
        ("2019 Cumulative Update 14", ["2019 CU14"]),
        ("2019 RTM-CU14", ["2019 CU14"]),
        ("2016 GA", ["2016 RTM"]),
        ("7.0 Update 3k", ["7.0 U3k"]),
        ("SP1U3k", LEVELS),
        ("se gold", ["SE RTM"]),
        ("vibranium", ["Vibranium"]),
        ("23h2", ["23H2"]),
        ("2016", EVERY_2016),
        ("2019", EVERY_2019),
        ("SE", EVERY_SE),
    ],
)
def test_a_level_leaves_possible_what_it_says(text: str, expected: list[str]) -> None:
    assert possible({"level": text}) == tuple(expected)


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("Contoso Suite SE", None, EVERY_SE),
        ("Contoso Suite SE", "SE", EVERY_SE),
        ("Contoso Suite SE RTM", None, ["SE RTM"]),
        ("Contoso Suite CU1", "SE", ["SE CU1"]),
        ("Contoso Suite 2016", "SP1", ["2016 SP1"]),
        ("Contoso Suite Vibranium", "23H2", ["Vibranium", "23H2"]),
    ],
)
def test_a_level_at_the_end_of_a_name_counts_beside_the_stated_one(
    name: str, level: str | None, expected: list[str]
) -> None:
    stated = {"name": name} if level is None else {"name": name, "level": level}
    assert possible(stated) == tuple(expected)


def test_a_pack_beside_a_build_in_the_name_is_of_the_version_of_that_build() -> None:
    levels = [{"level": "5.5", "build": "5.5.100"}, {"level": "6.0 SP1"}]  # builds may be of either
    rules = catalogue_of(
        {"needfix": 1, "product": "suite", "name": "Contoso Suite", "levels": levels},
        rule(product="suite", affects=["5.5"]),
    )
    facts = server(
        products=[{"name": "Contoso Suite 5.5.310.2", "level": "SP1"}],
        files=[{"name": "Info.dll", "version": "1.0.0.0"}],
    )
    decided = next(iter(needfix.evaluate(rules, facts)))
    assert (decided.decision, decided.reasons[0].code) == ("undetermined", "level-contradicted")
    assert decide_plainly(rules, facts)[decided.rule] == (decided.decision, decided.action)


@pytest.mark.parametrize(("version", "expected"), [("2005.50", "undetermined"), ("2006.1.5", "fix-required")])
def test_a_short_version_of_a_file_that_counts_years_lacks_no_beginning(version: str, expected: str) -> None:
    levels = [{"level": "6.1", "build": "6.1.10", "files": {"Suite.exe": "2006.1.1"}}]
    keys = {"key_files": ["Suite.exe"], "levels": levels}
    rules = catalogue_of(
        {"needfix": 1, "product": "suite", "name": "Contoso Suite", **keys},
        rule(product="suite", affects=["6.1"]),
    )
    facts = server(
        products=[{"name": "Contoso Suite", "level": "6.1"}],
        files=[{"name": "Info.dll", "version": "1.0.0.0"}, {"name": "Suite.exe", "version": version}],
    )
    decided = next(iter(needfix.evaluate(rules, facts)))
    assert decided.decision == expected
    assert decide_plainly(rules, facts)[decided.rule] == (decided.decision, decided.action)

"""Comparing all rules at once gives the same as comparing each pair."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import Any

import pytest
from packaging.version import Version

from needfix.containment.branches import Products, branches_of
from needfix.containment.containing import containing, members, transposed
from needfix.containment.contains import gap
from needfix.model.minimum import BuildRange, Minimum, MinimumLine
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.registry import RegistryAsked
from needfix.model.rule import Affects, Fix, Rule
from needfix.versions import Level, parse_level, parse_moment, parse_version

LEVELS = tuple(
    LevelDefinition(found, Version(build))
    for text, build in (("5.5", "5.5.10"), ("5.5 SP1", "5.5.20"), ("5.5 SP2", "5.5.30"))
    if (found := parse_level(text)) is not None
)
PRODUCTS: Products = {
    "mail": ProductDefinition("mail", "Mail", LEVELS, separate_editions=("Hosted",)),
    "host": ProductDefinition("host", "Host", ()),
}
VALUES = ("1.0", "1.0.0", "1.2", "2000-03-14", "2000-03-14T18:00", "")
EDITIONS = (None, None, "Hosted", "Standard")


ASKED = (
    {"equals": "1"}, {"equals": "0"}, {"equals": "1", "view": "64"}, {"present": True}, {"present": False},
)  # fmt: skip


def a_value(random: Random) -> Minimum:
    asked = RegistryAsked("hklm\\software\\mail", "check", **random.choice(ASKED))
    if random.random() < 0.3:
        asked = RegistryAsked(asked.key, asked.name, asked.view)
        return Minimum("HKLM\\SOFTWARE\\Mail\\Check", parse_version("1.2"), text="1.2", registry=asked)
    return Minimum("HKLM\\SOFTWARE\\Mail\\Check", registry=asked)


def some_levels(random: Random) -> frozenset[Level] | None:
    found = (parse_level(text) for text in random.sample(["5.5", "5.5 SP1", "5.5 SP2"], random.randint(0, 3)))
    return frozenset(level for level in found if level) or None


def a_minimum(random: Random) -> Minimum:
    text = random.choice(VALUES)
    path = random.choice([None, None, None, "bin"])
    name, version = random.choice(["a.dll", "A.dll", "b.dll"]), parse_version(text)
    chance = random.random()
    if version is None or chance < 0.7:
        return Minimum(name, version, parse_moment(text), path)
    if chance < 0.85:
        return Minimum(name, path=path, above=version)
    higher = Version(f"{version}.0.0.7")
    return Minimum(name, path=path, lines=(MinimumLine(version), MinimumLine(higher, higher)))


def some_builds(random: Random) -> BuildRange | None:
    ends = [
        None if text is None else Minimum("", parse_version(text))
        for text in random.choices([None, "5.5.5", "5.5.25", "5.5.40"], k=2)
    ]
    is_stated = random.random() < 0.3 and ends != [None, None]
    return BuildRange(*ends) if is_stated else None


def a_fix(random: Random) -> Fix:
    rare = {
        "product": (None, None, "mail", "host"),
        "edition": EDITIONS,
        "platform": (None, None, "x86", "alpha"),
        "language": (None, None, "en", "de"),
    }
    branch: dict[str, Any] = {key: random.choice(values) for key, values in rare.items()}
    files = tuple(a_minimum(random) for _ in range(random.randint(1, 2)))
    values = (a_value(random),) if random.random() < 0.2 else ()
    return Fix(files, levels=random.choice([None, some_levels(random)]), registry=values, **branch)


def a_rule(random: Random, number: int) -> Rule:
    affects = tuple(
        Affects(
            random.choice(["mail", "mail", "host"]),
            some_levels(random),
            random.choice(EDITIONS),
            builds=some_builds(random),
            beside=(Affects("host", some_levels(random)),) if random.random() < 0.1 else (),
        )
        for _ in range(random.randint(1, 2))
    )
    return Rule(f"Q{number}", "", affects, tuple(a_fix(random) for _ in range(random.choice([1, 1, 2, 3]))))


@pytest.mark.parametrize("seed", range(20))
def test_all_at_once_and_pair_by_pair_agree(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - samples, no secrets
    rules = [a_rule(random, number) for number in range(40)]
    at_once = containing([branches_of(rule, PRODUCTS) for rule in rules])
    found = {(newer, older) for older, mask in enumerate(at_once) for newer in members(mask)}
    pairs = permutations(range(len(rules)), 2)
    assert found == {(n, o) for n, o in pairs if gap(rules[n], rules[o], PRODUCTS) is None}
    assert found


def test_transposed_sets_mean_the_same_the_other_way_round() -> None:
    assert transposed([0b110, 0b000, 0b001]) == [0b100, 0b001, 0b001]
    assert list(members(0b1101)) == [0, 2, 3]
    assert list(members(0)) == []

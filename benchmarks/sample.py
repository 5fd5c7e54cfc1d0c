"""Rules and servers made up for benchmarks, and the plain answer to them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from needfix.model.server import FileCopy, InstalledProduct, Server

PRODUCTS = ("alpha-server", "beta-server", "gamma-server")
LEVELS = ("5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4")
BUILDS = (1960, 2232, 2448, 2650, 2653)
FILES = tuple(f"module{number:02}.dll" for number in range(16))
SEED = 55

Version = tuple[int, int, int, int]
Rule = tuple[str, int, range, dict[str, Version]]
"""An id, a product, the affected levels and the minima, both by their places."""


def rules(count: int) -> list[Rule]:
    """Rules with one to three files each; the first ones are the same whatever the count."""
    chance = random.Random(SEED)  # noqa: S311 - made-up data, not secrets
    return [_rule(chance, number) for number in range(count)]


def _rule(chance: random.Random, number: int) -> Rule:
    product = chance.choices(range(3), (60, 25, 15))[0]
    first = chance.randrange(len(LEVELS))
    affected = range(first, chance.randrange(first, len(LEVELS)) + 1)
    names = chance.sample(_files_of(product), chance.choices((1, 2, 3), (5, 3, 2))[0])
    return f"B{number:05}", product, affected, {name: _version(chance) for name in names}


def _files_of(product: int) -> tuple[str, ...]:
    return FILES[product * 2 : product * 2 + 12]


def _version(chance: random.Random) -> Version:
    return 5, 5, chance.randint(BUILDS[0], BUILDS[-1] + 10), chance.randint(0, 99)


def write_rules(folder: Path, made: list[Rule]) -> None:
    """Write the product definitions and the rules as YAML."""
    documents = [_product_yaml(product) for product in PRODUCTS]
    documents += [_rule_yaml(rule) for rule in made]
    (folder / "rules.yaml").write_text("---\n".join(documents), encoding="utf-8")


def _product_yaml(product: str) -> str:
    pairs = zip(LEVELS, BUILDS, strict=True)
    levels = [f'  - {{level: "{level}", build: "5.5.{build}"}}' for level, build in pairs]
    head = ["needfix: 1", f"product: {product}", f"name: Made-up {product}", "levels:"]
    return "\n".join([*head, *levels, ""])


def _rule_yaml(rule: Rule) -> str:
    rule_id, product, affected, minima = rule
    levels = ", ".join(f'"{LEVELS[place]}"' for place in affected)
    files = [f'      {name}: {{version: "{_text(version)}"}}' for name, version in minima.items()]
    head = ["needfix: 1", f"id: {rule_id}", "title: Made up", f"product: {PRODUCTS[product]}"]
    return "\n".join([*head, f"affects: [{levels}]", "fixes:", "  - files:", *files, ""])


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def servers(count: int) -> Iterator[tuple[Server, int, int, dict[str, Version]]]:
    """Servers with twelve files of random versions; beside each its product, level and versions."""
    chance = random.Random(SEED + 1)  # noqa: S311 - made-up data, not secrets
    for number in range(count):
        product, level = chance.choices(range(3), (60, 25, 15))[0], chance.randrange(len(LEVELS))
        versions = {name: _version(chance) for name in _files_of(product)}
        copies = tuple(FileCopy(name, version=_text(version)) for name, version in versions.items())
        installed = (InstalledProduct(f"Made-up {PRODUCTS[product]}", LEVELS[level]),)
        yield Server(f"S{number:06}", products=installed, files=copies), product, level, versions


def plain_decision(rule: Rule, product: int, level: int, versions: dict[str, Version]) -> str:
    """The decision by loops and tuples, to check the answers that are timed."""
    _, affected_product, affected, minima = rule
    if product != affected_product or level not in affected:
        return "not-affected"
    reached = all(versions[name] >= minimum for name, minimum in minima.items())
    return "fix-present" if reached else "fix-required"

"""Rules and servers made up for benchmarks, and the plain answer to them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from needfix.model.server import FileCopy, InstalledProduct, Server

PRODUCTS = ("alpha-server", "beta-server", "gamma-server")
LEVELS = ("5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4")
BUILDS = (1960, 2232, 2448, 2650, 2653)
FILES = tuple(f"module{number:02}.dll" for number in range(16))
LAST_BUILD = 2658
EVERY_BUILD = range(BUILDS[0], LAST_BUILD + 1)
REVISIONS = 100
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
    builds = builds_of(chance.choice(affected))
    names = chance.sample(files_of(product), chance.choices((1, 2, 3), (5, 3, 2))[0])
    return f"B{number:05}", product, affected, {name: _version(chance, builds) for name in names}


def files_of(product: int) -> tuple[str, ...]:
    """The twelve or thirteen files of a product; each product shares some with the others."""
    return (FILES[:12], FILES[2:15], FILES[3:])[product]


def builds_of(level: int) -> range:
    """The builds of a level and of its hotfixes, up to the next level."""
    return range(BUILDS[level], (*BUILDS[1:], LAST_BUILD + 1)[level])


def product_name(product: int) -> str:
    """The name that servers give a product."""
    return f"Made-up {PRODUCTS[product]}"


def _version(chance: random.Random, builds: range) -> Version:
    return 5, 5, chance.choice(builds), chance.randrange(REVISIONS)


def write_rules(folder: Path, made: list[Rule]) -> None:
    """Write the product definitions and the rules as YAML."""
    documents = [_product_yaml(product) for product in range(len(PRODUCTS))]
    documents += [_rule_yaml(rule) for rule in made]
    (folder / "rules.yaml").write_text("---\n".join(documents), encoding="utf-8")


def _product_yaml(product: int) -> str:
    pairs = zip(LEVELS, BUILDS, strict=True)
    levels = [f'  - {{level: "{level}", build: "5.5.{build}"}}' for level, build in pairs]
    head = ["needfix: 1", f"product: {PRODUCTS[product]}", f"name: {product_name(product)}", "levels:"]
    return "\n".join([*head, *levels, ""])


def _rule_yaml(rule: Rule) -> str:
    rule_id, product, affected, minima = rule
    levels = ", ".join(f'"{LEVELS[place]}"' for place in affected)
    files = [f'      {name}: {{version: "{text(version)}"}}' for name, version in minima.items()]
    head = ["needfix: 1", f"id: {rule_id}", "title: Made up", f"product: {PRODUCTS[product]}"]
    return "\n".join(
        [*head, f"affects: [{levels}]", "if_missing: fix-required", "fixes:", "  - files:", *files, ""]
    )


def text(version: Version) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))


def servers(count: int) -> Iterator[tuple[Server, int, int, dict[str, Version]]]:
    """Servers with twelve files of random versions; beside each its product, level and versions."""
    chance = random.Random(SEED + 1)  # noqa: S311 - made-up data, not secrets
    for number in range(count):
        product, level = chance.choices(range(3), (60, 25, 15))[0], chance.randrange(len(LEVELS))
        versions = {name: _version(chance, EVERY_BUILD) for name in files_of(product)}
        copies = tuple(FileCopy(name, version=text(version)) for name, version in versions.items())
        installed = (InstalledProduct(product_name(product), LEVELS[level]),)
        yield Server(f"S{number:06}", products=installed, files=copies), product, level, versions


def plain_decision(rule: Rule, product: int, level: int, versions: Mapping[str, Version]) -> str:
    """The decision by loops and tuples, to check the answers that are timed; a missing file is below all."""
    _, affected_product, affected, minima = rule
    if product != affected_product or level not in affected:
        return "not-affected"
    reached = all(versions.get(name, ()) >= minimum for name, minimum in minima.items())
    return "fix-present" if reached else "fix-required"

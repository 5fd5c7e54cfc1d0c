"""Random catalogues with servers and the same servers with less, each by its seed."""

from __future__ import annotations

from random import Random

from needfix.catalogue import Catalogue
from tests.degraded.shrink import Example, shrunk
from tests.support.less_information import Decider, Group, check, groups_of
from tests.support.random_rules import random_catalogue
from tests.support.random_servers import random_server


def sample(seed: int, servers: int) -> tuple[Catalogue, list[Group]]:
    """A catalogue, and some servers with facts left out."""
    random = Random(seed)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    drawn = [random_server(random, catalogue) for _ in range(servers)]
    return catalogue, groups_of(catalogue, drawn, random)


def violation(decide: Decider, seed: int, servers: int = 3) -> str | None:
    """A small example of what violates the law, in words."""
    catalogue, groups = sample(seed, servers)
    for found in check(catalogue, groups, decide):
        return shrunk(Example(catalogue, seed, found), decide).text()
    return None

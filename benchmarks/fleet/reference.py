"""The truth: plain loops over tuples, on what the generator made and not on any file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context

from benchmarks.fleet.engine import DECISIONS, Counts, Matrix, counted
from benchmarks.fleet.generator import BLOCK, MISSING, Servers, block, every_version
from benchmarks.sample import FILES, Rule, Version, plain_decision, rules

PLACES = {decision: place for place, decision in enumerate(DECISIONS)}


def decide(rules: Sequence[Rule], product: int, level: int, versions: Mapping[str, Version]) -> bytes:
    """The decisions of one server."""
    return bytes(PLACES[plain_decision(rule, product, level, versions)] for rule in rules)


def matrix(kind: str, servers: int, rule_count: int) -> Matrix:
    """Every decision of a fleet."""
    made = rules(rule_count)
    firsts = range(0, servers, BLOCK)
    rows = (row for first in firsts for row in _rows(block(kind, first), made))
    return list(islice(rows, servers))


def counts(kind: str, servers: int, rule_count: int) -> Counts:
    """The counts of decisions of a fleet, by as many processes as there are cores."""
    firsts = range(0, servers, BLOCK)
    sizes = [min(BLOCK, servers - first) for first in firsts]
    if len(firsts) == 1:
        return _counts_of_block(kind, rule_count, *firsts, *sizes)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        parts = pool.map(partial(_counts_of_block, kind, rule_count), firsts, sizes)
        return added(list(parts))


def added(parts: Sequence[Counts]) -> Counts:
    """The counts of fleets that are put together."""
    return tuple(
        (sum(absent), sum(present), sum(required))
        for absent, present, required in (zip(*rule, strict=True) for rule in zip(*parts, strict=True))
    )


def _counts_of_block(kind: str, rule_count: int, first: int, size: int) -> Counts:
    made = rules(rule_count)
    return counted(islice(_rows(block(kind, first), made), size), rule_count)


def _rows(servers: Servers, made: Sequence[Rule]) -> Iterator[bytes]:
    known = every_version()
    columns = (servers.products.tolist(), servers.levels.tolist(), servers.versions.tolist())
    for product, level, places in zip(*columns, strict=True):
        there = zip(FILES, places, strict=True)
        yield decide(made, product, level, {name: known[place] for name, place in there if place != MISSING})

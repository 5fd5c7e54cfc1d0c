"""How many servers with facts left out have an answer that the law of less information forbids.

    python -m tests.degraded --pairs 1000000              of the plain evaluator
    python -m tests.degraded engine --pairs 5000000       of the engine, one server at a time
    python -m tests.degraded columns --jobs 2 --seed 7    of the engine in columns

A pair is a rule with a server and the same server with less. Catalogues, servers and what is left out
are random, and the same for the same seed. Exit code 1 where a pair violates the law.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from multiprocessing import get_context
from random import Random
from typing import NamedTuple

from tests.degraded.deciders import DECIDERS
from tests.degraded.shrink import Example, shrunk
from tests.support.leaving_out import degraded
from tests.support.less_information import check
from tests.support.random_rules import random_catalogue
from tests.support.random_servers import random_server

_SERVERS = 12
"""Servers for each random catalogue."""

_ROUNDS = 8
"""Catalogues that a process gets at a time."""


class Round(NamedTuple):
    """What one catalogue and its servers came to."""

    pairs: int
    decisions: Counter[str]
    violated: Counter[str]
    examples: dict[str, Example]


def round_of(decider: str, seed: int) -> Round:
    """One random catalogue, and some servers with less and less."""
    random = Random(seed)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    decide = DECIDERS[decider]
    pairs, decisions, violated = 0, Counter[str](), Counter[str]()
    examples: dict[str, Example] = {}
    for _ in range(_SERVERS):
        server = random_server(random, catalogue)
        less = list(degraded(catalogue, server, random))
        pairs += len(less) * len(catalogue)
        decisions.update(answer.decision for answer in decide(catalogue, [server])[0].values())
        for found in check(catalogue, server, less, decide):
            kind = f"clause {found.clause}: {found.before.decision} → {found.after.decision}"
            violated[kind] += 1
            examples.setdefault(kind, Example(catalogue, seed, found))
    small = {kind: shrunk(example, decide) for kind, example in examples.items()}
    return Round(pairs, decisions, violated, small)


def rounds(decider: str, pairs: int, seed: int, jobs: int) -> Iterator[Round]:
    """Rounds until so many pairs are tried."""
    seeds = count(seed * 1_000_000_000)
    tried = 0
    with get_context("fork").Pool(jobs) as pool:
        while tried < pairs:
            for one in pool.imap(partial(round_of, decider), list(islice(seeds, _ROUNDS * jobs))):
                tried += one.pairs
                yield one


def main() -> int:
    """Run as many rounds as it takes, and report what violates the law."""
    parser = argparse.ArgumentParser(prog="python -m tests.degraded", description=__doc__)
    parser.add_argument(
        "decider", nargs="?", choices=sorted(DECIDERS), default="plain", help="(default: plain)"
    )
    parser.add_argument("--pairs", type=int, default=100_000, help="at least so many (default: 100000)")
    parser.add_argument("--seed", type=int, default=1, help="(default: 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    request = parser.parse_args()
    pairs, decisions, violated = 0, Counter[str](), Counter[str]()
    examples: dict[str, Example] = {}
    for one in rounds(request.decider, request.pairs, request.seed, request.jobs):
        pairs += one.pairs
        decisions += one.decisions
        violated += one.violated
        for kind, example in one.examples.items():
            if kind not in examples or example.size < examples[kind].size:
                examples[kind] = example
    print(
        f"{pairs:,} pairs tried; servers: {', '.join(f'{n:,} {kind}' for kind, n in decisions.most_common())}"
    )
    print(f"{violated.total():,} violations")
    for kind, number in violated.most_common():
        print(f"{number:,} {kind}; the smallest of them:\n{examples[kind].text()}")
    return 1 if violated else 0


if __name__ == "__main__":
    sys.exit(main())

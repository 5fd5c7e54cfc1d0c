"""How many servers with facts left out have an answer that the law of less information forbids.

    python -m tests.degraded --pairs 1000000              of the plain evaluator
    python -m tests.degraded engine --pairs 5000000       of the engine, one server at a time
    python -m tests.degraded columns --jobs 2 --seed 7    of the engine in columns

A pair is a rule with a server and the same server with less. Catalogues, servers and what is left out
are random, and the same for the same seed. Exit code 1 where a pair violates the law. How far it is, and each
kind of violation when it is first met, goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from multiprocessing import get_context
from typing import NamedTuple

from tests.degraded.deciders import DECIDERS
from tests.degraded.sample import sample
from tests.degraded.shrink import Example, shrunk
from tests.support.less_information import check

_SERVERS = 12
"""Servers for each random catalogue."""

_REPORTED = 50_000
"""After so many pairs it says how far it is."""

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
    decide = DECIDERS[decider]
    catalogue, groups = sample(seed, _SERVERS)
    pairs = sum(len(group.less) for group in groups) * len(catalogue)
    answers = decide(catalogue, [group.server for group in groups])
    decisions = Counter[str](answer.decision for one in answers for answer in one.values())
    violated = Counter[str]()
    examples: dict[str, Example] = {}
    for found in check(catalogue, groups, decide):
        kind = f"clause {found.clause}: {found.before.decision} → {found.after.decision}"
        violated[kind] += 1
        example = Example(catalogue, seed, found)
        if kind not in examples or example.size < examples[kind].size:
            examples[kind] = example
    return Round(pairs, decisions, violated, examples)


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
        if pairs // _REPORTED < (pairs + one.pairs) // _REPORTED:
            print(
                f"{pairs + one.pairs:,} pairs, {violated.total():,} violations", file=sys.stderr, flush=True
            )
        for kind in one.violated.keys() - violated.keys():
            print(f"{kind}:\n{one.examples[kind].text()}", file=sys.stderr, flush=True)
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
        small = shrunk(examples[kind], DECIDERS[request.decider])
        print(f"{number:,} {kind}; a small one:\n{small.text()}")
    return 1 if violated else 0


if __name__ == "__main__":
    sys.exit(main())

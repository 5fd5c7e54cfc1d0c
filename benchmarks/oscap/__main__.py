"""Decisions of needfix compared with those of `oscap oval analyse`: `make compare-oscap`.

Shipped rules and made-up servers are translated to OVAL independently of needfix, and both decide. Where the
decisions differ, oscap decides again from the facts as DESIGN section 4 reads them, which has to lead to the
decision of needfix. The exit code is 1 where it does not, and 2 where oscap is not installed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import needfix
from benchmarks.oscap.analyse import Oscap, OscapMissingError
from benchmarks.oscap.catalogue import Shipped, UnsupportedRuleError, read
from benchmarks.oscap.comparison import Comparer, Comparison, Decisions, lines
from benchmarks.oscap.servers import Server, servers

RULES = Path(__file__).parents[2] / "rules"
SHOWN = 10


def main(words: Sequence[str]) -> int:
    """Compare, and print what differs and why."""
    parser = argparse.ArgumentParser(prog="benchmarks.oscap", description=__doc__)
    parser.add_argument("--servers", type=int, default=800)
    parser.add_argument("--seed", type=int, default=14)
    arguments = parser.parse_args(words)
    try:
        shipped = read(RULES)
        comparer = Comparer(shipped, Oscap(shipped))
    except (OscapMissingError, UnsupportedRuleError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    made = list(servers(shipped, arguments.servers, arguments.seed))
    compared = Comparison()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for one in threads.map(comparer.compare, made, _decided(shipped, made)):
            compared.add(one)
    print("\n".join(lines(compared)))
    for odd in islice(compared.unexplained, SHOWN):
        print(f"\n{odd.rule}: needfix {odd.needfix}, oscap {odd.plain}, by DESIGN {odd.read}")
        print(odd.facts(shipped))
    return int(bool(compared.unexplained))


def _decided(shipped: Shipped, made: Sequence[Server]) -> Iterator[Decisions]:
    """What needfix decides."""
    catalogue = needfix.load_catalogue(RULES)
    translated = [rule.id for rule in shipped.rules]
    for server in made:
        facts = needfix.Server.from_record(server.record(shipped.names))
        own = needfix.evaluate(catalogue, facts, rules=translated)
        yield {decision.rule: decision.decision for decision in own}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

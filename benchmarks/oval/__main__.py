"""Decisions of needfix compared with those of `oscap oval analyse` over its own export: `make compare-oval`.

Unlike benchmarks/oscap, which translates the rules by itself, this checks the translation that needfix ships:
both decide the same made-up servers. The exit code is 1 where a difference has no explanation, or where the
schemas of OVAL do not accept what is written, and 2 where oscap is not installed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import needfix
from benchmarks.oval.analyse import Oscap, OscapMissingError
from benchmarks.oval.comparison import Comparer, Comparison, Decisions, lines
from benchmarks.oval.servers import ODD, servers
from needfix.exporting.oval import export_rules, value_object

RULES = Path(__file__).parents[2] / "rules"
BUILD_VALUES = {
    "sql-server": r"HKLM\SOFTWARE\Microsoft\Microsoft SQL Server\MSSQL*\Setup\PatchLevel",
    "data-server": r"HKLM\SOFTWARE\Contoso\Data*\Version",
}
"""Where products without key files have their builds."""
SHOWN = 10


def main(words: Sequence[str]) -> int:
    """Compare, and print what differs and why."""
    parser = argparse.ArgumentParser(prog="benchmarks.oval", description=__doc__)
    parser.add_argument("--servers", type=int, default=400)
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--rules", nargs="+", default=[str(RULES)])
    arguments = parser.parse_args(words)
    catalogue = needfix.load_catalogue(arguments.rules)
    found = {product: value_object(text) for product, text in BUILD_VALUES.items()}
    export = export_rules(catalogue, None, {name: one for name, one in found.items() if one is not None})
    print(f"{len(export.chosen)} rules exported, {len({str(one) for one in export.problems})} refused")
    for problem in export.problems:
        print(f"- {problem}")
    try:
        oscap = Oscap(export)
    except OscapMissingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    comparer = Comparer(export, oscap)
    made = list(servers(export, arguments.servers, arguments.seed))

    def compare(server: needfix.Server) -> Comparison:
        return comparer.compare(server, _decided(catalogue, server), is_sound=ODD not in server.server)

    compared = Comparison()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for one in threads.map(compare, made):
            compared.add(one)
    invalid = oscap.validate(made[0])
    print("\n".join([*lines(compared), *invalid]))
    for odd in islice(compared.unexplained, SHOWN):
        print(f"\n{odd}")
    return int(bool(compared.unexplained or invalid))


def _decided(catalogue: needfix.Catalogue, server: needfix.Server) -> Decisions:
    """What needfix decides."""
    return {decision.rule: decision.decision for decision in needfix.evaluate(catalogue, server)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The benchmarks of needfix, in one run: `make bench`. Prints a table in Markdown.

The machine's speed drifts, so quote ratios of one run; every answer that is timed is checked.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import needfix
from benchmarks.collecting import versions_and_headers
from benchmarks.mutants import mutants_of_100_rules
from benchmarks.rows import rows_and_summaries
from benchmarks.sample import plain_decision, rules, servers, write_rules

ROUNDS = 21
RULES = 500
SERVERS = 400
GOAL_START_SECONDS = 0.25
GOAL_LOAD_SECONDS = 0.05
GOAL_SERVER_SECONDS = 0.001
GOAL_MUTANTS_SECONDS = 10.0
GOAL_TIMES_SUMMARY = 3.0
GOAL_TIMES_HEADERS = 3.0

SMALL = """{"server": "MAIL01", "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4"}],
 "files": [{"name": "Store.exe", "version": "5.5.2653.23"}]}
"""


LOAD = """
import time
from needfix.catalogue import load_for_decisions
begin = time.perf_counter()
load_for_decisions()
print(time.perf_counter() - begin)
"""


def main() -> int:
    """Run all benchmarks; the exit code is 1 where a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        start, load, floor = start_up(Path(folder))
        server, plain = one_server(Path(folder))
    mutated, cases, mutants = mutants_of_100_rules()
    of_fleets = list(rows_and_summaries())
    collected = versions_and_headers()
    whole, one = "needfix evaluate on one small JSON file, wall", "evaluate() of one server against 500 rules"
    shipped = needfix.load_catalogue()
    loading = f"of that, loading what ships: {len(shipped)} rules, {len(shipped.products)} products"
    rows = [
        (whole, start, GOAL_START_SECONDS, f"{start / floor:.1f} times python -c pass"),
        (loading, load, GOAL_LOAD_SECONDS, f"{load / floor:.1f} times python -c pass"),
        (one, server, GOAL_SERVER_SECONDS, f"{server / plain:.2f} times plain loops"),
        (
            f"needfix test --mutate of 100 rules: {mutants} mutants",
            mutated,
            GOAL_MUTANTS_SECONDS,
            f"{mutated / cases:.1f} times their cases once",
        ),
        *(
            (
                f"rows without reasons of {one.what}",
                one.rows,
                GOAL_TIMES_SUMMARY * one.summary,
                f"{one.rows / one.summary:.1f} times their summary",
            )
            for one in of_fleets
        ),
        (
            f"versions of {collected.files:,} executables, holding {collected.most_bytes >> 10:,} KiB",
            collected.versions,
            GOAL_TIMES_HEADERS * collected.headers,
            f"{collected.versions / collected.headers:.1f} times walking and reading the same headers",
        ),
    ]
    print("| what | median | goal | ratio in this run |\n|---|---|---|---|")
    for what, seconds, goal, ratio in rows:
        print(f"| {what} | {seconds * 1000:.2f} ms | {goal * 1000:g} ms | {ratio} |")
    print(f"\npython -c pass: {floor * 1000:.1f} ms. Python {sys.version.split()[0]}, medians.")
    return int(any(seconds > goal for _, seconds, goal, _ in rows))


def start_up(folder: Path) -> tuple[float, float, float]:
    """Seconds of a whole run on one small file, of its loading, and of Python doing nothing, in turns."""
    inventory = folder / "small.json"
    inventory.write_text(SMALL, encoding="utf-8")
    run = _Run(folder)
    rounds = [
        (
            run.wall("-m", "needfix", "evaluate", str(inventory)),
            float(run.said("-c", LOAD)),
            run.wall("-c", "pass"),
        )
        for _ in range(ROUNDS)
    ]
    whole, load, nothing = zip(*rounds[1:], strict=True)
    return statistics.median(whole), statistics.median(load), statistics.median(nothing)


class _Run:
    """Runs Python with bytecode that is kept from run to run, as that of an installed needfix is."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def wall(self, *arguments: str) -> float:
        """Seconds of a process."""
        begin = time.perf_counter()
        self.said(*arguments)
        return time.perf_counter() - begin

    def said(self, *arguments: str) -> str:
        """What a process writes."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=self._environment)  # noqa: S603 - our own
        return done.stdout


def one_server(folder: Path) -> tuple[float, float]:
    """Seconds of one server against all rules after warm-up, and of plain loops over tuples, in turns."""
    made = rules(RULES)
    write_rules(folder, made)
    catalogue = needfix.load_catalogue(folder)
    known = list(servers(SERVERS))
    for server, product, level, versions in known:
        answers = [decision.decision for decision in needfix.evaluate(catalogue, server)]
        plain = [plain_decision(rule, product, level, versions) for rule in made]
        if answers != plain:
            raise SystemExit(f"wrong answers for {server.server}")
    timed: list[tuple[float, float]] = []
    for server, product, level, versions in list(servers(2 * SERVERS))[SERVERS:]:
        begin = time.perf_counter()
        list(needfix.evaluate(catalogue, server))
        middle = time.perf_counter()
        [plain_decision(rule, product, level, versions) for rule in made]
        timed.append((middle - begin, time.perf_counter() - middle))
    return statistics.median(a for a, _ in timed), statistics.median(b for _, b in timed)


if __name__ == "__main__":
    sys.exit(main())

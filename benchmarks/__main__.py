"""The benchmarks of needfix, in one run: `make bench`. Prints a table in Markdown.

The machine's speed drifts, so quote ratios of one run; every answer that is timed is checked.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import needfix
from benchmarks.sample import plain_decision, rules, servers, write_rules

ROUNDS = 21
RULES = 500
SERVERS = 400
GOAL_START_SECONDS = 0.25
GOAL_SERVER_SECONDS = 0.001

SMALL = """{"server": "MAIL01", "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4"}],
 "files": [{"name": "Store.exe", "version": "5.5.2653.23"}]}
"""


def main() -> int:
    """Run all benchmarks; the exit code is 1 where a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        start, floor = start_up(Path(folder))
        server, plain = one_server(Path(folder))
    whole, one = "needfix evaluate on one small JSON file, wall", "evaluate() of one server against 500 rules"
    rows = [
        (whole, start, GOAL_START_SECONDS, f"{start / floor:.1f} times python -c pass"),
        (one, server, GOAL_SERVER_SECONDS, f"{server / plain:.2f} times plain loops"),
    ]
    print("| what | median | goal | ratio in this run |\n|---|---|---|---|")
    for what, seconds, goal, ratio in rows:
        print(f"| {what} | {seconds * 1000:.2f} ms | {goal * 1000:g} ms | {ratio} |")
    print(f"\npython -c pass: {floor * 1000:.1f} ms. Python {sys.version.split()[0]}, medians.")
    return int(any(seconds > goal for _, seconds, goal, _ in rows))


def start_up(folder: Path) -> tuple[float, float]:
    """Seconds of a whole run on one small file, and of Python doing nothing, in turns."""
    inventory = folder / "small.json"
    inventory.write_text(SMALL, encoding="utf-8")
    command = [sys.executable, "-m", "needfix", "evaluate", str(inventory)]
    nothing = [sys.executable, "-c", "pass"]
    pairs = [(_process(command), _process(nothing)) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in pairs[1:]), statistics.median(b for _, b in pairs[1:])


def _process(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return time.perf_counter() - begin


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

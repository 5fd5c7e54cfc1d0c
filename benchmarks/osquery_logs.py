"""Logs of osquery of many hosts: how fast they are read, and with how much memory.

`python -m benchmarks.osquery_logs --hosts 100000` writes a log below a temporary folder and reads it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import needfix

SEED = 11
START = 1_710_266_400
FOLDER = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\bin"
FILES = ("ExSetup.exe", "Store.exe", "Mad.exe", "Info.dll", "Emsmta.exe", "Directory.dll")
SERVICES = ("MSExchangeIS", "MSExchangeSA", "MSExchangeTransport", "W3SVC")
PROGRAMS = tuple(f"Example Program {number}" for number in range(40))


def lines(hosts: int) -> Iterator[dict[str, Any]]:
    """The lines of a log in the order of time, so that those of a host are scattered over all of it."""
    chance = random.Random(SEED)  # noqa: S311 - numbers of a benchmark
    for name in FILES:
        for host in range(hosts):
            yield _added("files", host, _file(name, chance.randrange(4)))
    for host in range(hosts):
        programs = [{"name": name, "version": "1.2.3", "publisher": "Example"} for name in PROGRAMS]
        yield {**_query("pack/weekly/programs", host, 1), "snapshot": programs, "action": "snapshot"}
    for name in SERVICES:
        for host in range(hosts):
            row = {"name": name, "display_name": name, "status": "RUNNING", "start_type": "AUTO_START"}
            yield _added("services", host, row)
    for host in range(0, hosts, 3):
        yield _added("files", host, _file(FILES[0], 5), 2)


def _query(name: str, host: int, counter: int) -> dict[str, Any]:
    time_of_line = START + counter * 3600
    return {
        "name": name,
        "hostIdentifier": f"HOST-{host * 7919 % 1_000_003:07}",
        "calendarTime": "Tue Mar 12 18:00:00 2024 UTC",
        "unixTime": time_of_line,
        "epoch": 0,
        "counter": counter,
        "numerics": False,
    }


def _added(name: str, host: int, row: dict[str, str], counter: int = 0) -> dict[str, Any]:
    return {**_query(name, host, counter), "columns": row, "action": "added"}


def _file(name: str, part: int) -> dict[str, str]:
    version = f"15.2.1544.{part}"
    row = {"path": f"{FOLDER}\\{name}", "filename": name, "size": "37000", "mtime": "1707800000"}
    return {**row, "file_version": version, "product_version": version}


def write(file: Path, hosts: int) -> None:
    """Write a log of so many hosts."""
    with file.open("w", encoding="utf-8") as log:
        log.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines(hosts))


def main() -> None:
    """Write a log, read it, and print what it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=100_000, help="How many hosts there are (100000).")
    hosts = parser.parse_args().hosts
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "osqueryd.results.log"
        write(file, hosts)
        count = sum(len(line.get("snapshot", "x")) for line in lines(hosts))
        size = file.stat().st_size
        begin = time.perf_counter()
        found = sum(1 for _ in needfix.read_inventory(file, on_problem=_stop))
        seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{found:,} hosts, {count:,} rows, {size / 1e6:,.0f} MB: {seconds:,.1f} s for two readings,"
        f" {2 * count / seconds:,.0f} rows/s, {2 * size / 1e6 / seconds:,.1f} MB/s, peak {peak:,.0f} MB\n"
    )


def _stop(problem: needfix.Problem) -> None:
    raise SystemExit(str(problem))


if __name__ == "__main__":
    main()

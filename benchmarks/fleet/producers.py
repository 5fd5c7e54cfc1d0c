"""What other programs write of many servers: how long deciding it takes, and with how much memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import needfix
from benchmarks import osquery_logs, powershell_json
from benchmarks.fleet.child import peak
from benchmarks.fleet.measure import seconds_of
from benchmarks.fleet.scaling import BETWEEN
from needfix import fleet

SHARE = 10
"""Memory is also measured for so many times fewer servers, to show how it grows."""

WRITERS: dict[str, Callable[[Path, int], None]] = {
    "log of osquery": osquery_logs.write,
    "PowerShell's JSON, one list": powershell_json.write_list,
    "PowerShell's JSON, a file each": powershell_json.write_folder,
}
"""What is written, and by what; a path is a file or a folder."""


@dataclass(frozen=True, slots=True)
class Produced:
    """How a producer's inventory of some servers was decided, in a process of its own."""

    what: str
    servers: int
    megabytes: float
    seconds: float
    idle_megabytes: float
    peak_megabytes: float


def produced(folder: Path, servers: int) -> Iterator[Produced]:
    """Every producer, with few servers and with all."""
    for place, (what, write) in enumerate(WRITERS.items()):
        for count in sorted({max(servers // SHARE, 1), servers}):
            path = folder / f"producer-{place}-{count}.json"
            if not path.exists():
                write(path, count)
            yield _decided(what, count, path)


def _decided(what: str, servers: int, path: Path) -> Produced:
    command = [*BETWEEN, sys.executable, "-m", "benchmarks.fleet.producers", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    found, seconds, idle, most = json.loads(done.stdout)
    if found != servers:
        raise SystemExit(f"error: {found} servers of {servers} were decided: {what}")
    size = sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
    return Produced(what, servers, size / 1e6, seconds, idle, most)


def main(words: list[str]) -> None:
    """Decide one inventory by the rules that needfix ships, and print what it took."""
    catalogue = needfix.load_catalogue()
    idle = peak()
    seconds, summary = seconds_of(lambda: fleet.summary(catalogue, words[0]))
    print(json.dumps([summary.servers, seconds, idle, peak()]))


if __name__ == "__main__":
    main(sys.argv[1:])

"""One run of an engine in a process of its own; prints its peak memory before and after, in megabytes."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from benchmarks.fleet.engines import engine
from benchmarks.sample import rules

KILOBYTES = 1 if sys.platform != "darwin" else 1024
"""What ru_maxrss counts: kilobytes, on macOS bytes."""


def peak() -> float:
    """The most memory that this process had, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / KILOBYTES


def main(words: list[str]) -> None:
    """Run, and print."""
    name, fleet, rule_count = words
    prepared = engine(name)(rules(int(rule_count)))
    before = peak()
    prepared.run(Path(fleet))
    print(json.dumps([before, peak()]))


if __name__ == "__main__":
    main(sys.argv[1:])

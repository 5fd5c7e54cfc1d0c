"""How the cost of one engine grows: with servers, with rules, in memory, and for a single server."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.fleet.engines import engine
from benchmarks.fleet.measure import Task, deciding_and_whole, medians, seconds_of
from benchmarks.fleet.store import Store
from benchmarks.sample import rules

SERVERS = (1_000, 10_000, 100_000, 1_000_000)
RULES = (10, 100, 500, 1_000, 5_000)
SERVERS_OF_RULES = 100_000
LATENCIES = 100
BETWEEN = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
"""A small process that starts the child: on Linux a peak of memory begins with that of whoever starts it."""


@dataclass(frozen=True, slots=True)
class Child:
    """What a process of its own needed for one run."""

    seconds: float
    idle_megabytes: float
    peak_megabytes: float


@dataclass(frozen=True, slots=True)
class Scaling:
    """How one engine's cost grows on one kind of fleet."""

    title: str
    kind: str
    by_servers: tuple[tuple[Task, tuple[float, ...]], ...]
    by_rules: tuple[tuple[Task, tuple[float, ...]], ...]
    memory: tuple[tuple[Task, Child], ...]
    latency: float
    start_up: float


def scaling(store: Store, name: str, task: Task, rounds: int) -> Scaling:
    """All of it, no larger than the task and than the engine is given."""
    of_servers = [Task(task.kind, servers, task.rules) for servers in SERVERS if servers <= task.servers]
    of_rules = [Task(task.kind, min(SERVERS_OF_RULES, task.servers), count) for count in RULES]
    single = Task(task.kind, 1, task.rules)
    return Scaling(
        engine(name).title,
        task.kind,
        points(store, name, of_servers, rounds),
        points(store, name, of_rules, rounds),
        tuple((each, child(store, name, each)) for each in _within(name, of_servers)),
        latency(store, name, single),
        start_up(store, name, single, rounds),
    )


def points(
    store: Store, name: str, tasks: Iterable[Task], rounds: int
) -> tuple[tuple[Task, tuple[float, ...]], ...]:
    """Seconds of only deciding and of whole runs, for each task; in turns."""
    fitting = _within(name, tasks)
    of_name = engine(name)
    acts = {str(task): deciding_and_whole(store, name, of_name, task) for task in fitting}
    return tuple(zip(fitting, medians(acts, rounds).values(), strict=True))


def latency(store: Store, name: str, task: Task) -> float:
    """Seconds of deciding one server that is in memory, the rules prepared."""
    of_name = engine(name)
    prepared = of_name(rules(task.rules))
    data = prepared.load(store.fleet(task.kind, task.servers, of_name.reads))
    return statistics.median(seconds_of(lambda: prepared.counts(data))[0] for _ in range(LATENCIES))


def start_up(store: Store, name: str, task: Task, rounds: int) -> float:
    """Seconds from the start of Python to the decisions of one server, the rules prepared on the way."""
    return statistics.median(child(store, name, task).seconds for _ in range(rounds))


def child(store: Store, name: str, task: Task) -> Child:
    """A whole run in a process of its own: its memory is its own."""
    fleet = store.fleet(task.kind, task.servers, engine(name).reads)
    command = [*BETWEEN, sys.executable, "-m", "benchmarks.fleet.child", name, str(fleet), str(task.rules)]
    seconds, done = seconds_of(
        lambda: subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    )
    idle, peak = json.loads(done.stdout)
    return Child(seconds, idle, peak)


def _within(name: str, tasks: Iterable[Task]) -> list[Task]:
    """The tasks that an engine is given whole."""
    return [task for task in tasks if task.at_most(engine(name)) == task]

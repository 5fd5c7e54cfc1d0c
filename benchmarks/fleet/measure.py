"""Times engines in turns, and checks each answer that is timed against the truth."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from benchmarks.fleet import reference
from benchmarks.fleet.engines import AnyEngine
from benchmarks.fleet.floor import Reader
from benchmarks.fleet.store import Store
from benchmarks.sample import rules

Answer = TypeVar("Answer")

CHECKED = 1_000
"""Servers of the fleet for which every single decision is checked."""


@dataclass(frozen=True, slots=True)
class Task:
    """A fleet and rules to decide it by."""

    kind: str
    servers: int
    rules: int

    @property
    def decisions(self) -> int:
        """How many decisions there are to make."""
        return self.servers * self.rules

    def at_most(self, engine: AnyEngine) -> Task:
        """As much of it as an engine is given."""
        return Task(self.kind, min(self.servers, engine.most.servers), min(self.rules, engine.most.rules))


Act = Callable[[], tuple[float, ...]]
"""Does something, and returns seconds."""


def check(store: Store, engines: Mapping[str, AnyEngine], task: Task) -> None:
    """Compare every decision for a small fleet; a wrong one ends the run."""
    for name, engine in engines.items():
        part = Task(task.kind, min(task.servers, CHECKED), task.rules).at_most(engine)
        prepared = engine(rules(part.rules))
        found = prepared.matrix(prepared.load(store.fleet(part.kind, part.servers, engine.reads)))
        if found != reference.matrix(part.kind, part.servers, part.rules):
            raise SystemExit(f"error: {name} decides wrongly: {part}")


def medians(acts: Mapping[str, Act], rounds: int) -> dict[str, tuple[float, ...]]:
    """The medians of what is done in turns, so that what disturbs the machine disturbs all equally."""
    seconds: dict[str, list[tuple[float, ...]]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            seconds[name].append(act())
    return {
        name: tuple(statistics.median(column) for column in zip(*of_act, strict=True))
        for name, of_act in seconds.items()
    }


def deciding_and_whole(store: Store, name: str, engine: AnyEngine, task: Task) -> Act:
    """Seconds of an engine, its rules prepared: of only deciding, and of reading, deciding and counting."""
    fleet = store.fleet(task.kind, task.servers, engine.reads)
    truth = store.truth(task.kind, task.servers, task.rules)
    prepared = engine(rules(task.rules))

    def act() -> tuple[float, float]:
        deciding, decided = seconds_of(partial(prepared.counts, prepared.load(fleet)))
        whole, found = seconds_of(lambda: prepared.run(fleet))
        if not decided == found == truth:
            raise SystemExit(f"error: {name} counts wrongly: {task}")
        return deciding, whole

    return act


def reading(store: Store, task: Task, format_name: str, read: Reader) -> Act:
    """Seconds of only reading."""
    fleet = store.fleet(task.kind, task.servers, format_name)
    return lambda: (seconds_of(lambda: read(fleet))[0],)


def seconds_of(act: Callable[[], Answer]) -> tuple[float, Answer]:
    """How long something takes, and what comes of it."""
    gc.collect()
    begin = time.perf_counter()
    answer = act()
    return time.perf_counter() - begin, answer

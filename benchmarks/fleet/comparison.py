"""One kind of fleet, decided by all engines: the rows of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.fleet.engines import YARDSTICK, AnyEngine
from benchmarks.fleet.floor import ARROW, READERS
from benchmarks.fleet.measure import Act, Task, check, deciding_and_whole, medians, reading
from benchmarks.fleet.store import Store

TEXT = 200_000
"""Servers that are read at most as text, since reading it takes longest."""
TEXTS = ("lines", "csv")
"""The formats that are text."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The fastest way to read a format, and how long the fastest one of Arrow takes."""

    format_name: str
    reader: str
    servers: int
    seconds: float
    arrow: float


@dataclass(frozen=True, slots=True)
class Row:
    """What an engine reached, in decisions a second, beside only reading and the yardstick."""

    title: str
    reads: str
    task: Task
    deciding: float
    whole: float
    of_yardstick: float | None
    deciding_of_floor: float
    whole_of_floor: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All results of one run about a kind of fleet."""

    task: Task
    rows: tuple[Row, ...]
    floors: tuple[Floor, ...]


def compare(store: Store, engines: Mapping[str, AnyEngine], task: Task, rounds: int) -> Comparison:
    """Check all engines, then time them and the readers in turns."""
    check(store, engines, task)
    tasks = {name: task.at_most(engine) for name, engine in engines.items()}
    acts = {name: deciding_and_whole(store, name, engine, tasks[name]) for name, engine in engines.items()}
    found = medians({**_readers(store, task), **acts}, rounds)
    floors = {name: _floor(found, name, _read_of(task, name).servers) for name in READERS}
    rates = {name: tuple(tasks[name].decisions / seconds for seconds in found[name]) for name in engines}
    yardstick = rates.get(YARDSTICK, (None,))[0]
    rows = tuple(
        _row(engine, tasks[name], rates[name], yardstick, floors[engine.reads])
        for name, engine in engines.items()
    )
    return Comparison(task, rows, tuple(floors.values()))


def _readers(store: Store, task: Task) -> dict[str, Act]:
    return {
        _act_name(format_name, reader): reading(store, _read_of(task, format_name), format_name, read)
        for format_name, readers in READERS.items()
        for reader, read in readers.items()
    }


def _act_name(format_name: str, reader: str) -> str:
    return f"{reader} reads {format_name}"


def _read_of(task: Task, format_name: str) -> Task:
    return Task(task.kind, min(task.servers, TEXT) if format_name in TEXTS else task.servers, task.rules)


def _floor(found: Mapping[str, tuple[float, ...]], format_name: str, servers: int) -> Floor:
    seconds = {reader: found[_act_name(format_name, reader)][0] for reader in READERS[format_name]}
    fastest = min(seconds, key=seconds.__getitem__)
    arrow = min(own for reader, own in seconds.items() if reader.startswith(ARROW))
    return Floor(format_name, fastest, servers, seconds[fastest], arrow)


def _row(
    engine: AnyEngine, task: Task, rates: tuple[float, ...], yardstick: float | None, floor: Floor
) -> Row:
    deciding, whole = rates
    of_yardstick = deciding / yardstick if yardstick else None
    of_floor = (task.rules / rate * floor.servers / floor.seconds for rate in (deciding, whole))
    return Row(engine.title, engine.reads, task, deciding, whole, of_yardstick, *of_floor)

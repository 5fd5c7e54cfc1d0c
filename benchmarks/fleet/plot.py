"""Plots as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.fleet.comparison import Comparison
from benchmarks.fleet.measure import Task
from benchmarks.fleet.scaling import Scaling

DECIDING, WHOLE = "#1b6ca8", "#a8c8e0"
BAR = 0.4
LEAST = 100
"""Decisions a second where the axis begins: fewer than any engine reaches."""

mpl.rcParams["svg.hashsalt"] = "needfix"


def draw_comparison(found: Sequence[Comparison], folder: Path) -> Path:
    """Decisions a second of all engines, a panel for each kind of fleet."""
    height = 1.5 + 0.4 * max(len(each.rows) for each in found)
    figure = Figure(figsize=(7 * len(found), height), layout="constrained")
    for axes, each in zip(figure.subplots(1, len(found), squeeze=False)[0], found, strict=True):
        _bars(axes, each)
    return _saved(figure, folder / "fleet-comparison.svg")


def draw_scaling(found: Scaling, name: str, folder: Path) -> Path:
    """Seconds against servers and against rules, and memory against servers."""
    figure = Figure(figsize=(15, 4.5), layout="constrained")
    figure.suptitle(f"{found.title}, {found.kind} fleet")
    servers, rules, memory = figure.subplots(1, 3)
    _lines(servers, "servers", [(task.servers, seconds) for task, seconds in found.by_servers])
    _lines(rules, "rules", [(task.rules, seconds) for task, seconds in found.by_rules])
    _memory(memory, found)
    return _saved(figure, folder / f"fleet-scaling-{name}-{found.kind}.svg")


def _bars(axes: Axes, found: Comparison) -> None:
    rows = sorted(found.rows, key=lambda row: row.deciding)
    places = range(len(rows))
    axes.barh(
        [place + BAR / 2 for place in places],
        [row.deciding for row in rows],
        BAR,
        color=DECIDING,
        label="deciding",
    )
    axes.barh(
        [place - BAR / 2 for place in places],
        [row.whole for row in rows],
        BAR,
        color=WHOLE,
        label="with reading",
    )
    axes.set_yticks(places, [f"{row.title} ({row.reads})" for row in rows])
    axes.set_xscale("log")
    axes.set_xlim(left=LEAST)
    axes.set_xlabel("decisions a second")
    axes.set_title(_title(found.task))
    axes.legend(loc="lower right")


def _lines(axes: Axes, what: str, points: Sequence[tuple[int, tuple[float, ...]]]) -> None:
    counts = [count for count, _ in points]
    for label, colour, place in (("deciding", DECIDING, 0), ("with reading", WHOLE, 1)):
        axes.loglog(counts, [seconds[place] for _, seconds in points], "o-", color=colour, label=label)
    axes.set_xlabel(what)
    axes.set_ylabel("seconds")
    axes.legend()


def _memory(axes: Axes, found: Scaling) -> None:
    counts = [task.servers for task, _ in found.memory]
    axes.semilogx(counts, [child.peak_megabytes for _, child in found.memory], "o-", color=DECIDING)
    axes.set_xlabel("servers")
    axes.set_ylabel("peak memory, MB")
    axes.set_ylim(bottom=0)


def _title(task: Task) -> str:
    return f"{task.kind} fleet, {task.servers:,} servers, {task.rules:,} rules"


def _saved(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    return path

"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.fleet.comparison import TEXTS, Comparison, Floor, Row
from benchmarks.fleet.engines import ELSEWHERE, OWN
from benchmarks.fleet.measure import Task
from benchmarks.fleet.producers import Produced
from benchmarks.fleet.scaling import Child, Scaling

COMPARED = (
    "engine",
    "reads",
    "servers",
    "rules",
    "deciding only, decisions/s",
    "÷ NumPy ranks",
    "÷ reading only, time",
    "with reading, decisions/s",
    "÷ reading only, time",
)
PRODUCED = ("inventory", "servers", "MB", "seconds", "peak memory, MB", "before reading, MB")
NAMES = {"lines": "JSON lines", "csv": "Rows of tall CSV"}


def comparison(found: Comparison) -> Iterator[str]:
    """The table of one kind of fleet, fastest first, and the time of reading only."""
    yield f"### {found.task.kind} fleet\n"
    yield from rows(COMPARED, map(_row, sorted(found.rows, key=lambda row: -row.deciding)))
    yield ""
    yield from rows(("reading only", "fastest with", "servers", "seconds"), map(_floor, found.floors))
    own = {row.reads: row for row in found.rows if row.title == OWN}
    if {"native", "paths"} <= own.keys():
        plain, paths = own["native"], own["paths"]
        deciding, whole = plain.deciding / paths.deciding, plain.whole / paths.whole
        floors = {floor.format_name: floor.seconds for floor in found.floors}
        reading = floors["paths"] / floors["native"]
        yield f"\nWith paths deciding takes {deciding:.2f} times as long, and {whole:.2f} times with reading;"
        yield f"only reading takes {reading:.2f} times as long."
    for floor in found.floors:
        if floor.format_name in TEXTS and floor.format_name in own:
            row = own[floor.format_name]
            share = row.task.rules / row.whole * floor.servers / floor.arrow
            yield f"\n{NAMES[floor.format_name]} are read and decided in {share:.2f} times the time"
            yield f"of plain reading into Arrow, {floor.arrow:.3f} s for {floor.servers:,} servers."


def producers(found: Iterable[Produced]) -> Iterator[str]:
    """What other programs write."""
    yield "### inventories of other programs, shipped rules\n"
    yield from rows(PRODUCED, map(_produced, found))


def left_out(missing: Mapping[str, str]) -> Iterator[str]:
    """Why engines are not in the tables."""
    yield from (f"- {name} is left out: {reason}" for name, reason in {**missing, **ELSEWHERE}.items())


def scaling(found: Scaling) -> Iterator[str]:
    """How an engine's cost grows."""
    yield f"### {found.title}, {found.kind} fleet\n"
    times = (*found.by_servers, *found.by_rules)
    yield from rows(("servers", "rules", "deciding only, s", "with reading, s"), map(_point, times))
    yield ""
    yield from rows(("servers", "rules", "peak memory, MB", "before reading, MB"), map(_memory, found.memory))
    yield f"\none server in memory: {found.latency * 1000:.3g} ms"
    yield f"one server, from the start of Python on and with preparing the rules: {found.start_up:.2f} s"


def rows(heads: Sequence[str], cells: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table; all but the first column are ranged to the right."""
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{'---:|' * (len(heads) - 1)}"
    yield from (f"| {' | '.join(line)} |" for line in cells)


def _row(row: Row) -> Sequence[str]:
    of_yardstick = f"{row.of_yardstick:.2g}" if row.of_yardstick else ""
    deciding = f"{row.deciding:.2g}", of_yardstick, f"{row.deciding_of_floor:,.2g}"
    whole = f"{row.whole:.2g}", f"{row.whole_of_floor:,.2g}"
    return row.title, row.reads, *_size(row.task), *deciding, *whole


def _size(task: Task) -> tuple[str, str]:
    return f"{task.servers:,}", f"{task.rules:,}"


def _point(point: tuple[Task, tuple[float, ...]]) -> Sequence[str]:
    task, seconds = point
    return *_size(task), *(f"{each:.3g}" for each in seconds)


def _memory(point: tuple[Task, Child]) -> Sequence[str]:
    task, child = point
    return *_size(task), f"{child.peak_megabytes:,.0f}", f"{child.idle_megabytes:,.0f}"


def _produced(found: Produced) -> Sequence[str]:
    numbers = found.megabytes, found.seconds, found.peak_megabytes, found.idle_megabytes
    return found.what, f"{found.servers:,}", *(f"{number:,.0f}" for number in numbers)


def _floor(floor: Floor) -> Sequence[str]:
    return floor.format_name, floor.reader, f"{floor.servers:,}", f"{floor.seconds:.3f}"

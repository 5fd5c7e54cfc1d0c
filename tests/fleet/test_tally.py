"""The servers with most to do, whatever pieces they come in."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from needfix.fleet.engine import FleetEngine
from needfix.fleet.run import FleetRun
from tests.fleet.support import piece_of
from tests.support.catalogues import NEW, OLD, fix, load, rule, server

RULES = 12


def most_laden(folder: Path, pieces: Sequence[dict[str, int]]) -> list[tuple[str, int]]:
    """The summary of servers, by name, that need so many fixes each."""
    rules = [rule(id=f"Q{100000 + n}", fixes=[fix({f"part{n}.dll": NEW})]) for n in range(RULES)]
    engine = FleetEngine(load(folder, *rules))
    run = FleetRun(engine)
    for piece in pieces:
        shown = [
            server(
                server=name,
                products=[{"name": "Contoso Mail Server", "level": "5.5 SP4"}],
                files=[
                    {"name": f"part{n}.dll", "version": OLD if n < required else NEW} for n in range(RULES)
                ],
            )
            for name, required in piece.items()
        ]
        run.count(piece_of(shown))
    return [(load.server, load.required) for load in run.summary().most_laden]


@pytest.mark.parametrize("size", [1, 7, 9, 10, 11, 40, 100])
@pytest.mark.parametrize("most", [1, 3, RULES])
def test_the_busiest_come_first_and_equal_ones_by_name(tmp_path: Path, size: int, most: int) -> None:
    fleet = {f"S{(n * 37) % 100:02}": (n * n + 3 * n) % (most + 1) for n in range(100)}
    names = list(fleet)
    pieces = [
        {name: fleet[name] for name in names[begin : begin + size]} for begin in range(0, len(names), size)
    ]
    expected = sorted(
        ((name, count) for name, count in fleet.items() if count), key=lambda one: (-one[1], one[0])
    )
    assert most_laden(tmp_path, pieces) == expected[:10]


def test_a_server_that_needs_nothing_is_not_named(tmp_path: Path) -> None:
    assert most_laden(tmp_path, [{"A": 0, "B": 0}]) == []


def test_what_a_tally_keeps_does_not_grow_with_the_fleet(tmp_path: Path) -> None:
    engine = FleetEngine(load(tmp_path, rule(affects=["5.0"])))
    run = FleetRun(engine)
    piece = piece_of([server(products=[{"name": "Contoso Mail Server", "level": "5.5 SP4"}])])
    for _ in range(20):
        run.count(piece)
    tracemalloc.start()
    for _ in range(200):
        run.count(piece)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 20_000
    assert run.summary().servers == 220

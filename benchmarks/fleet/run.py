"""What the command does, once it is known that its libraries are there."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from benchmarks.fleet import table
from benchmarks.fleet.comparison import compare
from benchmarks.fleet.engines import ENGINES, OWN, available
from benchmarks.fleet.measure import Task
from benchmarks.fleet.producers import produced
from benchmarks.fleet.scaling import scaling
from benchmarks.fleet.store import store_in


def compare_engines(folder: Path, arguments: Namespace) -> None:
    """Print a table for each kind of fleet, and draw them."""
    store = store_in(folder)
    engines, missing = available(arguments.engines or ENGINES)
    found = []
    for kind in arguments.kind:
        task = Task(kind, arguments.servers, arguments.rules)
        found.append(compare(store, engines, task, arguments.rounds))
        print("\n".join(table.comparison(found[-1])), end="\n\n", flush=True)
    print("\n".join(table.left_out(missing)), end="\n\n", flush=True)
    if arguments.produced:
        print("\n".join(table.producers(produced(store.folder, arguments.produced))))
    if arguments.plot:
        from benchmarks.fleet.plot import draw_comparison  # noqa: PLC0415 - takes a second, and is not always needed

        print(f"\n{draw_comparison(found, arguments.plot)}")


def scale_engines(folder: Path, arguments: Namespace) -> None:
    """Print and draw how the cost of each engine grows."""
    store = store_in(folder)
    engines, missing = available(arguments.engines or [OWN])
    for name in engines:
        for kind in arguments.kind:
            task = Task(kind, arguments.servers, arguments.rules)
            found = scaling(store, name, task, arguments.rounds)
            print("\n".join(table.scaling(found)), end="\n\n", flush=True)
            if arguments.plot:
                from benchmarks.fleet.plot import draw_scaling  # noqa: PLC0415 - as above

                print(draw_scaling(found, name, arguments.plot))
    print("\n".join(table.left_out(missing)))

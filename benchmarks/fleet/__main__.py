"""How needfix compares with others on a fleet, in one run: `make bench-fleet`. Prints tables in Markdown.

The machine's speed drifts, so quote ratios of one run; every answer that is timed is checked.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.fleet.engines import ENGINES, OWN

KINDS = ("real", "worst")


def main(words: Sequence[str]) -> int:
    """Compare engines, or with --scaling show how each one's cost grows."""
    arguments = _arguments(words)
    try:
        from benchmarks.fleet.run import compare_engines, scale_engines  # noqa: PLC0415 - may fail
    except ModuleNotFoundError as error:
        print(f"error: {error.name} is not installed\n    hint: make bench-fleet", file=sys.stderr)
        return 2
    act = scale_engines if arguments.scaling else compare_engines
    with _folder(arguments.folder) as folder:
        act(folder, arguments)
    print(f"\nPython {sys.version.split()[0]}, {os.cpu_count()} cores, medians of {arguments.rounds} rounds.")
    return 0


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.fleet", description=__doc__)
    parser.add_argument("--servers", type=_positive, default=1_000_000)
    parser.add_argument("--rules", type=_positive, default=500)
    parser.add_argument("--kind", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, help=f"all; with --scaling {OWN}")
    parser.add_argument(
        "--produced", type=int, default=100_000, help="servers in inventories of other programs; 0 for none"
    )
    parser.add_argument("--rounds", type=_positive, default=3)
    parser.add_argument(
        "--folder", type=Path, help="keep fleets and the truth about them here for another run"
    )
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="draw a plot into this folder")
    parser.add_argument("--scaling", action="store_true", help="how cost grows, instead of a comparison")
    return parser.parse_args(words)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not positive")
    return number


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """A folder that is kept, or one only for this run."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What makes a run of `needfix evaluate` one over a fleet, and what such runs need installed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import cast

from needfix.catalogue import Catalogue
from needfix.errors import UsageError
from needfix.inventory import is_columnar

FLEET_FORMATS = ("summary", "summary-json", "parquet")
LIBRARIES = ("numpy", "pyarrow")


def is_fleet(arguments: argparse.Namespace) -> bool:
    """Whether a run is for columns: by its report, on Spark, or because an inventory is in Parquet."""
    is_asked = arguments.on or arguments.format in FLEET_FORMATS
    return bool(is_asked) or holds_parquet(arguments.inventory)


def holds_parquet(names: Iterable[str]) -> bool:
    """Whether any of these files is in a format of columns, such as Parquet."""
    return any(map(is_columnar, names))


def run_fleet(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Run the command over a fleet; the answer is the exit code."""
    arguments.format = arguments.format or "summary"
    name = "needfix.cli.evaluate_spark" if arguments.on else "needfix.cli.evaluate_fleet"
    with libraries():
        run = cast("Callable[[argparse.Namespace, Catalogue], int]", import_module(name).run)
        return run(arguments, catalogue)


def is_terminal() -> bool:
    """Whether standard output is shown to a person."""
    return sys.stdout.isatty()


@contextmanager
def libraries() -> Iterator[None]:
    """Says how to install what fleets need, where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in LIBRARIES:
            raise
        mend = "pip install 'needfix[fleet]'"
        raise UsageError(f"this needs {error.name}, which is not installed\n    mend: {mend}") from error

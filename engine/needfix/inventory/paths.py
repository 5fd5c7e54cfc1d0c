"""Which files the paths of a command line name: files, directories, patterns, standard input."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from needfix.errors import InventoryError, Position, Problem, UsageError
from needfix.inventory.formats import ENDINGS
from needfix.inventory.source import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def inventory_files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The files that these paths name; standard input is none of them."""
    return [Path(name) for name in named_files(paths) if name != STDIN]


def named_files(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """The names of the files, each once, as problems show them."""
    names: list[str] = []
    problems: list[Problem] = []
    given = [os.fspath(path) for path in paths]
    if not given:
        message = "no inventory is given; name a file, a directory, a pattern or - for standard input"
        raise UsageError(message)
    for path in given:
        found = _matches(path)
        names += found
        if not found:
            problems.append(_nothing(path))
    if problems:
        raise InventoryError(problems)
    return list(dict.fromkeys(names))


def _matches(path: str) -> list[str]:
    if path == STDIN or (os.path.exists(path) and not os.path.isdir(path)):
        return [path]
    if os.path.isdir(path):
        return sorted(_below(path))
    if not glob.has_magic(path):
        return []
    return sorted(name for name in glob.iglob(path, recursive=True) if not os.path.isdir(name))


def _below(directory: str) -> Iterator[str]:
    """Files with a known ending below the directory, hidden ones left out."""
    for place, directories, files in os.walk(directory):
        directories[:] = [name for name in directories if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in ENDINGS:
                yield os.path.join(place, name)


def _nothing(path: str) -> Problem:
    at = Position(path, 1)
    if os.path.isdir(path):
        what = "the directory holds no inventory"
        return Problem(at, what, f"files that end in {', '.join(sorted(ENDINGS))}")
    if glob.has_magic(path):
        mend = "check the pattern, and quote it so that the shell leaves it alone"
        return Problem(at, "the pattern matches no file", "at least one inventory", mend)
    mend = "check the path; a relative one starts at the current directory"
    return Problem(at, "there is no such file", "an inventory", mend)

"""Which files the paths of a command line name: files, directories, patterns, standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from needfix.errors import Position, Problem

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files that are looked for: how they are called, and how their names end in directories."""

    name: str
    with_article: str
    endings: Collection[str]


def named_files(paths: Iterable[str], wanted: Wanted) -> tuple[list[str], list[Problem]]:
    """The names of the files, each once, as problems show them; a problem for a path that names none."""
    names: dict[str, str] = {}
    problems: list[Problem] = []
    for path in paths:
        found = _matches(path, wanted)
        for name in found:
            names.setdefault(name if name == STDIN else os.path.realpath(name), name)
        if not found:
            problems.append(_nothing(path, wanted))
    return list(names.values()), problems


def from_here(file: str) -> str:
    """A path as it is told from the current folder, where the file lies below it."""
    here = Path.cwd()
    return str(Path(file).relative_to(here)) if Path(file).is_relative_to(here) else file


def _matches(path: str, wanted: Wanted) -> list[str]:
    if path == STDIN or (os.path.exists(path) and not os.path.isdir(path)):
        return [path]
    if os.path.isdir(path):
        return sorted(_below(path, wanted))
    if not glob.has_magic(path):
        return []
    return sorted(name for name in glob.iglob(path, recursive=True) if not os.path.isdir(name))


def _below(directory: str, wanted: Wanted) -> Iterator[str]:
    """Files with a known ending below the directory, hidden ones left out."""
    for place, directories, files in os.walk(directory):
        directories[:] = [name for name in directories if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in wanted.endings:
                yield os.path.join(place, name)


def _nothing(path: str, wanted: Wanted) -> Problem:
    at = Position(path, 1)
    if os.path.isdir(path):
        what = f"the directory holds no {wanted.name}"
        return Problem(at, what, f"files that end in {', '.join(sorted(wanted.endings))}")
    if glob.has_magic(path):
        mend = "check the pattern, and quote it so that the shell leaves it alone"
        return Problem(at, "the pattern matches no file", f"at least one {wanted.name}", mend)
    mend = "check the path; a relative one starts at the current directory"
    return Problem(at, "there is no such file", wanted.with_article, mend)

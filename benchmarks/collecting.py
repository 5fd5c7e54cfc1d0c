"""Versions of executables in a tree, against walking the tree and reading the same headers."""

from __future__ import annotations

import os
import random
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from needfix.collect.executable import HEAD_BYTES
from needfix.collect.tree import Root, Tree, Wanted
from tests.collect.executables import AMD64, I386, NEUTRAL, executable, version_resource

FOLDERS = 200
FILES = 100
ROUNDS = 9
SEED = 7
_KINDS = 30


class Collecting(NamedTuple):
    """CPU seconds of reading the versions of a tree, and of only its headers; and bytes held at most."""

    files: int
    versions: float
    headers: float
    most_bytes: int


def versions_and_headers() -> Collecting:
    """The times of a tree of executables of different sizes, all of which have a version."""
    with tempfile.TemporaryDirectory() as folder:
        _write_tree(Path(folder))
        files = FOLDERS * FILES
        rounds = [(_timed(_versions, folder, files), _timed(_headers, folder, files)) for _ in range(ROUNDS)]
        versions, headers = zip(*rounds, strict=True)
        tracemalloc.start()
        _versions(folder)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return Collecting(files, min(versions), min(headers), most)


def _write_tree(folder: Path) -> None:
    chosen = random.Random(SEED)  # noqa: S311 - no secret
    kinds = [
        executable(
            chosen.choice((I386, AMD64)),
            {NEUTRAL: version_resource((5, 5, chosen.randrange(3000), chosen.randrange(100)))},
            before=b"\xcc" * chosen.randrange(60_000),
        )
        for _ in range(_KINDS)
    ]
    for place in range(FOLDERS):
        below = folder / f"folder{place}"
        below.mkdir()
        for number in range(FILES):
            (below / f"file{number}.dll").write_bytes(chosen.choice(kinds))


def _timed(read: Callable[[str], int], folder: str, files: int) -> float:
    begin = time.process_time()
    found = read(folder)
    if found != files:
        raise SystemExit(f"{found} files of {files}")
    return time.process_time() - begin


def _versions(folder: str) -> int:
    return sum(1 for file in Tree([Root(folder)], Wanted(None)) if file.executable.version is not None)


def _headers(folder: str) -> int:
    """The least that can be done: no more calls of the system than are needed."""
    pending, count = [folder], 0
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                    continue
                handle = os.open(entry.path, os.O_RDONLY)
                os.fstat(handle)
                count += len(os.read(handle, HEAD_BYTES)) > 0
                os.close(handle)
    return count

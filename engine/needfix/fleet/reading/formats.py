"""The registry of readers of fleets: which one reads a file, and all pieces of any number of files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path, PurePath
from typing import BinaryIO

from needfix.errors import InventoryError, Position, Problem, UsageError
from needfix.fleet.reading import others
from needfix.fleet.reading.piece import Piece
from needfix.inventory.formats import ENDINGS, format_of
from needfix.inventory.items import GiveUpError
from needfix.inventory.source import opened
from needfix.paths import STDIN, Wanted, named_files

_PARQUET = (".parquet", ".pq")
_MAGIC = b"PAR1"
_WANTED = Wanted("inventory", "an inventory", ENDINGS | frozenset(_PARQUET))
_IN_COLUMNS = {"json_lines": "json_lines", "csv_records": "csv"}
"""By the module that reads one server after another, the one that reads columns. Others have none."""


def pieces_of(paths: Iterable[str | os.PathLike[str]], stdin: BinaryIO | None = None) -> Iterator[Piece]:
    """The pieces of these files, folders and patterns; `-` is standard input. Each has its own problems.

    A path that matches no file raises InventoryError at once.
    """
    files = fleet_files(paths)
    return (piece for file in files for piece in _pieces(file, stdin))


def fleet_files(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """The names of the files, each once, without those that Spark puts beside its own."""
    given = [os.fspath(path) for path in paths]
    if not given:
        raise UsageError("no inventory is given; name a file, a folder, a pattern or - for standard input")
    names, problems = named_files(given, _WANTED)
    if problems:
        raise InventoryError(problems)
    return [name for name in names if name in given or not PurePath(name).name.startswith(("_", "."))]


def _pieces(file: str, stdin: BinaryIO | None) -> Iterator[Piece]:
    try:
        yield from others.pieces(file, stdin) if file == STDIN else _reader(file)(file)
    except InventoryError as error:
        yield others.piece_of([], file, error.problems)
    except OSError as error:
        what = f"the file cannot be read: {error.strerror or error}"
        yield others.piece_of([], file, [Problem(Position(file, 1), what)])


def _reader(file: str) -> Callable[[str], Iterator[Piece]]:
    module = import_module(f"needfix.fleet.reading.{_module(file)}")
    read: Callable[[str], Iterator[Piece]] = module.pieces
    return read


def _module(file: str) -> str:
    if not Path(file).is_file():
        return "others"
    with Path(file).open("rb") as raw:
        is_parquet = raw.read(len(_MAGIC)) == _MAGIC
    if is_parquet or PurePath(file).suffix.lower() in _PARQUET:
        return "parquet"
    with opened(file) as source:
        try:
            known = format_of(source).module
        except GiveUpError:
            return "others"
        return _IN_COLUMNS.get(known, "others") if source.encoding == "utf-8" else "others"

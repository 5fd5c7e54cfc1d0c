"""All pieces of any number of files, each read by the reader of its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from needfix.errors import InventoryError, Problem
from needfix.fleet.reading import others
from needfix.fleet.reading.piece import MOST_SERVERS, Piece, limited
from needfix.intake.formats import format_of, inventory_names, module_of
from needfix.intake.paths import STDIN, unreadable_file
from needfix.inventory.producers.recognised import is_of_producer
from needfix.inventory.source import opened
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions

_NO_STREAMS: Mapping[str, BinaryIO] = MappingProxyType({})


def pieces_of(
    paths: Iterable[str | os.PathLike[str]],
    streams: Mapping[str, BinaryIO] = _NO_STREAMS,
    *,
    is_strict: bool = False,
    unites: bool = False,
    options: InventoryOptions = STATED_BY_FILES,
) -> Iterator[Piece]:
    """The pieces of these files, folders and patterns; `-` is standard input. Each has its own problems.

    What is in `streams` by its name is read from there. Where notes are strict, what would be noted is a
    problem. Where records are united, the rows of a server in a table may be in several places. A path that
    matches no file raises InventoryError at once.
    """
    unreadable: list[Problem] = []
    files = inventory_names(paths, unreadable=unreadable)
    folders = (others.piece_of([], problem.at.file, [problem]) for problem in unreadable)
    own = (
        piece
        for file in files
        for piece in _pieces(file, streams.get(file), options, is_strict=is_strict, unites=unites)
    )
    pieces = others.with_small_ones_joined(chain(folders, own))
    return (part for piece in pieces for part in limited(piece, MOST_SERVERS))


def _pieces(
    file: str, stream: BinaryIO | None, options: InventoryOptions, *, is_strict: bool, unites: bool
) -> Iterator[Piece]:
    try:
        read = None if file == STDIN or stream is not None else _reader(file, options)
        if read is None:
            yield from others.pieces(file, stream, options, is_strict=is_strict, unites=unites)
        else:
            yield from read(file, is_strict=is_strict, unites=unites)
    except InventoryError as error:
        yield others.piece_of([], file, error.problems)
    except OSError as error:
        yield others.piece_of([], file, [unreadable_file(file, error)])


def _reader(file: str, options: InventoryOptions) -> Callable[..., Iterator[Piece]] | None:
    """What reads a file in columns; None where nothing does, or it can be read only once."""
    if not Path(file).is_file():
        return None
    with opened(file, options=options) as source:
        found = format_of(source.file, source.start, source.head)
    if isinstance(found, Problem) or found.columns is None or source.packed:
        return None
    read: Callable[..., Iterator[Piece]] = module_of(found.columns).pieces
    if found.is_columnar:
        return None if options.states_of_servers else partial(read, options=options)
    if options != STATED_BY_FILES or source.encoding != "utf-8" or is_of_producer(source.head):
        return None
    return read

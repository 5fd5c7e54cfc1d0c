"""Single servers of a fleet, as `decide` takes them, and Parquet read one server after another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from needfix.errors import InventoryError, Problem
from needfix.fleet.engine import server_at
from needfix.fleet.facts import Batch
from needfix.fleet.reading import parquet
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.stated import servers_of_piece
from needfix.fleet.row_reader import needs_row_reader
from needfix.fleet.several_records import pieces_of_files
from needfix.intake.notes import Notes, Occurrence
from needfix.inventory.bad_records import BadRecords
from needfix.inventory.items import Item, refused
from needfix.inventory.source import Source
from needfix.model.inventory_options import InventoryOptions
from needfix.model.run_request import RunRequest
from needfix.model.server import Server, altered

Named = tuple[str, Server | None]


def servers_of(request: RunRequest, is_selected: Callable[[str], bool], bad: BadRecords) -> Iterator[Named]:
    """The names of all servers, each with the server where it is selected."""
    asked = request.names, request.repeated, request.stdin, request.options
    for piece in pieces_of_files(*asked, is_strict=bad.notes.is_strict):
        bad.add_all(piece.problems)
        bad.notes.merge(piece.notes)
        yield from _of_piece(piece, is_selected, bad)


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of Parquet, which is put on a disk where it can be read only once."""
    if source.lies_as_it_is:
        yield from _items(source.file, source.options, source.notes, unites=source.unites)
        return
    with TemporaryDirectory(prefix="needfix-") as folder:
        copy, notes = Path(folder, "inventory.parquet"), Notes(is_strict=source.notes.is_strict)
        with copy.open("wb") as file:
            shutil.copyfileobj(source.text.buffer, file)
        options = source.options._replace(naming=source.options.naming.for_file(source.file))
        for item in _items(str(copy), options, notes, unites=source.unites):
            if isinstance(item, Problem):
                yield item._replace(at=item.at._replace(file=source.file))
            else:
                yield altered(item, at=item.at._replace(file=source.file) if item.at else None)
        for note in notes:
            at = note.at._replace(file=source.file) if note.at is not None else None
            source.notes.add(note.code, at, note.words, note.count)


def _items(file: str, options: InventoryOptions, notes: Notes, *, unites: bool) -> Iterator[Item]:
    try:
        for piece in parquet.pieces(file, options, is_strict=notes.is_strict, unites=unites):
            notes.merge(piece.notes)
            yield from piece.problems
            yield from servers_of_piece(piece, notes)
    except InventoryError as error:
        yield from error.problems


def _of_piece(piece: Piece, is_selected: Callable[[str], bool], bad: BadRecords) -> Iterator[Named]:
    batch = Batch(piece.records, piece.servers)
    odd = frozenset(np.flatnonzero(needs_row_reader(batch)).tolist())
    problems: list[Problem] = []
    for place, own in enumerate(batch.names.to_pylist()):
        is_chosen = own is not None and is_selected(own)
        if place in odd or is_chosen:
            found: list[Occurrence] = []
            server = server_at(batch, place, piece.at(place), problems, found)
            if server is not None:
                problems += refused(bad.notes.take(found, server.at, server.server), server)
            bad.add_all(problems)
            if server is not None and not problems:
                yield server.server, server if is_chosen else None
            problems.clear()
        else:
            yield own, None

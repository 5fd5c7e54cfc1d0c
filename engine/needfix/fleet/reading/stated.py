"""Records in columns with what the user states of them beside their content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.errors import Problem
from needfix.fleet.engine import server_at
from needfix.fleet.facts import Batch
from needfix.fleet.reading.others import BytesRead, batched, piece_of
from needfix.fleet.reading.piece import Piece
from needfix.intake.notes import Notes, Occurrence
from needfix.inventory.items import Item, refused
from needfix.inventory.reading import as_stated
from needfix.model.inventory_options import InventoryOptions


def pieces_as_stated(
    pieces: Iterable[Piece], options: InventoryOptions, *, is_strict: bool = False
) -> Iterator[Piece]:
    """The pieces, whose servers are read row by row where something is stated of them."""
    if not options.states_of_servers:
        yield from pieces
        return
    for piece in pieces:
        notes = Notes(is_strict=is_strict)
        notes.merge(piece.notes)
        items = (one for item in _items(piece, notes) for one in as_stated(item, options, notes))
        yield from batched(items, piece.file, BytesRead())
        yield piece_of([], piece.file, [])._replace(notes=tuple(notes))


def _items(piece: Piece, notes: Notes) -> Iterator[Item]:
    yield from piece.problems
    yield from servers_of_piece(piece, notes)


def servers_of_piece(piece: Piece, notes: Notes) -> Iterator[Item]:
    """The servers of a piece and the problems of its records; what is not read is added to `notes`."""
    batch = Batch(piece.records, piece.servers)
    for place in range(piece.records.num_rows):
        problems: list[Problem] = []
        found: list[Occurrence] = []
        server = server_at(batch, place, piece.at(place), problems, found)
        if server is not None:
            problems += refused(notes.take(found, server.at, server.server), server)
        yield from problems
        if server is not None and not problems:
            yield server

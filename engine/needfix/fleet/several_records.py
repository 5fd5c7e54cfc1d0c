"""Pieces of inventories in which no server is twice: several records of one are problems, or are united."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from needfix.fleet.arrays import Ints
from needfix.fleet.engine import server_at
from needfix.fleet.facts import Batch
from needfix.fleet.known_names import KnownNames, NamesOfRecords, is_among, names_of_several
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.others import BytesRead, batched, piece_of
from needfix.fleet.reading.piece import Piece
from needfix.intake.notes import Notes
from needfix.intake.paths import STDIN
from needfix.inventory.items import Item
from needfix.inventory.known_servers import UNITE, repeated
from needfix.inventory.several_records import CHANGED, SeveralRecords
from needfix.inventory.several_records import names_of as names_of_bad
from needfix.inventory.source import copied_streams, rewind
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions
from needfix.model.run_request import Repeated
from needfix.model.server import Server


def pieces_of_files(
    paths: Iterable[str | os.PathLike[str]],
    policy: Repeated,
    stdin: BinaryIO | None = None,
    options: InventoryOptions = STATED_BY_FILES,
    *,
    is_strict: bool = False,
) -> Iterator[Piece]:
    """The pieces of files, no server twice. Raises InventoryError at once where a path names no file."""
    names = list(paths)
    if policy == "stop":
        streams = {} if stdin is None else {STDIN: stdin}
        return each_once(pieces_of(names, streams, is_strict=is_strict, options=options))
    pieces_of(names)  # a path that names no file is an error before anything is read
    return _read_twice(names, policy, stdin, options, is_strict=is_strict)


def _read_twice(
    names: list[str | os.PathLike[str]],
    policy: Repeated,
    stdin: BinaryIO | None,
    options: InventoryOptions,
    *,
    is_strict: bool,
) -> Iterator[Piece]:
    def read(streams: Mapping[str, BinaryIO]) -> Iterator[Piece]:
        rewind(streams)
        return pieces_of(names, streams, is_strict=is_strict, unites=policy == "unite", options=options)

    with copied_streams([os.fspath(name) for name in names], stdin) as streams:
        yield from settled(lambda: read(streams), policy, is_strict=is_strict)


def each_once(pieces: Iterable[Piece], hint: str = UNITE) -> Iterator[Piece]:
    """The pieces, with a problem in place of each further record of a server."""
    known = KnownNames()
    for piece in pieces:
        found = known.enter(_named(piece))
        for others in _of_bad(piece):
            known.enter(others)
        if not found:
            yield piece
            continue
        problems = list(piece.problems)
        is_kept = np.ones(len(piece.lines), np.bool_)
        batch, rows = Batch(piece.records, piece.servers), _named_rows(piece)
        for place, first in found.items():
            row = int(rows[place])
            server = server_at(batch, row, piece.at(row), [])  # a bad one has problems of its own
            if server is not None:
                is_kept[row] = False
                problems.append(repeated(server.server, server.at or piece.at(row), first, hint))
        yield piece.only(is_kept)._replace(problems=tuple(problems))


def settled(
    read: Callable[[], Iterable[Piece]], policy: Repeated, *, is_strict: bool = False
) -> Iterator[Piece]:
    """What `read` returns, with the records of each server united, or refused where there are several."""
    notes = Notes(is_strict=is_strict)
    names = names_of_several(names for piece in read() for names in names_in(piece))
    held = SeveralRecords(names, notes, unites=policy == "unite")
    yield from each_once(_without_held(read(), held), CHANGED)
    yield from pieces_by_file(held.settled())
    yield piece_of([], "", [])._replace(notes=tuple(notes))


def _without_held(pieces: Iterable[Piece], held: SeveralRecords) -> Iterator[Piece]:
    wanted = pa.array(sorted(held.names), pa.string())
    for piece in pieces:
        left = without(piece, wanted, held.add) if len(wanted) else piece
        for problem in left.problems:
            held.add_bad(problem)
        yield left


def pieces_by_file(items: Iterable[Item]) -> Iterator[Piece]:
    """Servers of any files, and problems, in pieces; the servers of each are of one file."""
    every = iter(items)
    while some := list(islice(every, _MOST_ITEMS)):
        some.sort(key=_file_of)
        for file, own in groupby(some, key=_file_of):
            yield from batched(own, file, BytesRead())


_MOST_ITEMS = 1 << 13


def _file_of(item: Item) -> str:
    return item.at.file if item.at is not None else ""


def without(piece: Piece, names: frozenset[str] | pa.Array, add: Callable[[Server], object]) -> Piece:
    """The piece without the records of some servers, which are passed to `add`; bad ones are its problems."""
    wanted = names if isinstance(names, pa.Array) else pa.array(sorted(names), pa.string())
    chosen = _named_rows(piece)[is_among(_named(piece).keys(), wanted)].tolist()
    if not chosen:
        return piece
    problems = list(piece.problems)
    batch = Batch(piece.records, piece.servers)
    for row in chosen:
        server = server_at(batch, row, piece.at(row), problems)
        if server is not None:
            add(server)
    is_kept = np.ones(len(piece.lines), np.bool_)
    is_kept[chosen] = False
    return piece.only(is_kept)._replace(problems=tuple(problems))


def names_in(piece: Piece) -> Iterator[NamesOfRecords]:
    """The names of the records of a piece that have one, and of bad records beside these."""
    yield _named(piece)
    yield from _of_bad(piece)


def _named(piece: Piece) -> NamesOfRecords:
    """The names of the records of a piece that have one."""
    texts, lines, files = piece.records.column("server"), piece.lines, piece.files
    if texts.null_count:
        rows = _named_rows(piece)
        texts, lines, files = texts.drop_null(), lines[rows], files and [files[row] for row in rows.tolist()]
    return NamesOfRecords.of(texts, piece.file, lines, files)


def _named_rows(piece: Piece) -> Ints:
    """The rows of these records."""
    return np.flatnonzero(piece.records.column("server").is_valid().to_numpy(zero_copy_only=False))


def _of_bad(piece: Piece) -> Iterator[NamesOfRecords]:
    """The names of bad records that are not in the columns."""
    found = [(name, at) for name, at in names_of_bad(piece.problems) if _is_text(name)]
    if found:
        texts = pa.array([name for name, _ in found], pa.string())
        files = [at.file for _, at in found] if piece.files else []
        yield NamesOfRecords(texts, piece.file, np.array([at.line for _, at in found], np.int64), files)


def _is_text(name: str) -> bool:
    """Whether a name has no half of a character, which only bad records have."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)

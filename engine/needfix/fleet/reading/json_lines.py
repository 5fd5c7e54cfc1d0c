"""JSON lines in columns, block by block. Lines that are odd in any way are read by the row reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.facts import Batch
from needfix.fleet.ordered import in_order
from needfix.fleet.reading.blocks import LineBlock, blocks, is_utf8
from needfix.fleet.reading.conform import key_of
from needfix.fleet.reading.json_columns import JsonColumns, UnknownKey, json_columns
from needfix.fleet.reading.mixed import mixed
from needfix.fleet.reading.others import BytesRead, batched, piece_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.row_reader import needs_row_reader
from needfix.intake.fields import RECORD, RecordObject
from needfix.intake.near import nearest
from needfix.intake.notes import Notes
from needfix.intake.other_keys import may_mean_key
from needfix.intake.text import HEAD_BYTES, encoding_of
from needfix.inventory import json_lines
from needfix.inventory.producers.gathering import Gathering, HeldFacts
from needfix.model.inventory_options import Naming
from needfix.model.server import Server

_IN_LINES = re.compile(rb"[^\r\n]")


def pieces(file: str, *, is_strict: bool = False, unites: bool = False) -> Iterator[Piece]:
    """The records and problems of a file in UTF-8, a piece for each block of it, with its notes."""
    with Path(file).open("rb") as raw:
        start = raw.read(HEAD_BYTES)
        raw.seek(encoding_of(start)[1])

        def piece(block: LineBlock) -> tuple[Piece, list[HeldFacts]]:
            return _BlockReader(file, start, block, is_strict=is_strict).piece()

        notes = Notes(is_strict=is_strict)
        gathering = Gathering(file, Naming(), notes, unites=unites)
        for found, held in in_order(piece, blocks(raw)):
            yield found
            for facts in held:
                gathering.merge(facts)
        yield from batched(gathering.items(), file, BytesRead())
        if notes:
            yield piece_of([], file, [])._replace(notes=tuple(notes))


class _BlockReader:
    """Reads one block."""

    def __init__(self, file: str, start: bytes, block: LineBlock, *, is_strict: bool) -> None:
        self._file = file
        self._start = start
        self._block = block
        self._notes = Notes(is_strict=is_strict)
        self._servers: list[Server] = []
        self._problems: list[Problem] = []
        self._held: list[HeldFacts] = []

    def piece(self) -> tuple[Piece, list[HeldFacts]]:
        """The records of the block, and facts that objects of other programs in it state."""
        found = json_columns(_with_text_only(self._block.data))
        is_odd = needs_row_reader(Batch(found.records)) | self._states_odd_keys(found)
        is_left = ~found.is_record
        is_left[found.is_record] = is_odd
        for run in _in_a_row(found.lines[is_left]):
            self._read_by_rows(run)
        records, lines = found.records, found.lines[found.is_record, 0].astype(np.int64) + self._block.first
        self._note(found.unknown, lines, is_odd)
        if is_odd.any():
            records, lines = records.filter(pa.array(~is_odd)), lines[~is_odd]
        self._problems.sort(key=lambda problem: problem.at.line)
        piece = mixed([(records, lines)], self._servers, self._file, self._problems)
        return piece._replace(notes=tuple(self._notes)), self._held

    def _states_odd_keys(self, found: JsonColumns) -> Flags:
        """The records with keys that are not known and may be meant to be others, or must not be there."""
        is_odd = np.zeros(found.records.num_rows, np.bool_)
        for unknown in found.unknown:
            if _may_be_another(unknown):
                is_odd[unknown.records] = True
            elif self._notes.is_strict:
                is_odd[unknown.records[unknown.is_stated]] = True
        return is_odd

    def _note(self, keys: Iterable[UnknownKey], lines: Ints, is_odd: Flags) -> None:
        """Note the keys that are not known, of records that are not read once more."""
        for unknown in keys:
            own = unknown.records[unknown.is_stated & ~is_odd[unknown.records]]
            if len(own):
                self._notes.add(
                    "unknown-key", Position(self._file, int(lines[own[0]])), unknown.title, len(own)
                )

    def _read_by_rows(self, lines: Ints) -> None:
        """Read lines that follow each other."""
        begin, end = int(lines[0, 1]), int(lines[-1, 2])
        block = LineBlock(self._block.data[begin:end], int(lines[0, 0]) + self._block.first)
        notes = Notes(is_strict=self._notes.is_strict)
        source = block.source(self._file, self._start, notes)
        held = HeldFacts(source, block.first)
        for item in json_lines.records(source, held):
            if isinstance(item, Problem):
                self._problems.append(block.in_file(item))
            elif item.at is not None:
                self._servers.append(replace(item, at=block.place_in_file(item.at)))
        if held.facts or held.lost_rows:
            self._held.append(held)
        for note in notes:
            first = block.place_in_file(note.at) if note.at is not None else None
            self._notes.merge([replace(note, at=first)])


def _with_text_only(data: bytes) -> bytes:
    """The lines, those that are not valid text replaced by others of the same length that are no records."""
    if is_utf8(data):
        return data
    lines = data.splitlines(keepends=True)
    return b"".join(line if is_utf8(line) else _IN_LINES.sub(b"!", line) for line in lines)


def _may_be_another(unknown: UnknownKey) -> bool:
    """Whether a key is one that is known, but for its case or a letter, or is another name of one."""
    known = tuple(field.name for field in unknown.within.type)
    if key_of(unknown.key) in known or nearest(unknown.key, known) is not None:
        return True
    entry = _object_at(unknown.within.title)
    return entry is not None and may_mean_key(entry, unknown.key)


def _object_at(title: str) -> RecordObject | None:
    """The object of a record at the place of a value."""
    entry: RecordObject | None = RECORD
    for key in title.split(".") if title else ():
        field = entry.fields.get(key) if entry is not None else None
        entry = field.holds if field is not None else None
    return entry


def _in_a_row(lines: Ints) -> list[Ints]:
    """Lines divided where there are others in between."""
    return np.split(lines, np.flatnonzero(np.diff(lines[:, 0]) > 1) + 1) if len(lines) else []

"""JSON lines in columns, block by block. What Arrow may read differently is read by the row reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Ints
from needfix.fleet.facts import Batch
from needfix.fleet.ordered import in_order
from needfix.fleet.reading.blocks import LineBlock, blocks, is_utf8
from needfix.fleet.reading.conform import conformed, key_of, problems_of, without_long_lists
from needfix.fleet.reading.mixed import concatenated, mixed, native_in_codes
from needfix.fleet.reading.others import BytesRead, batched, piece_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.records import SCHEMA
from needfix.fleet.row_reader import needs_row_reader
from needfix.intake.fields import RECORD, Field
from needfix.intake.limits import NUMBER_CHARACTERS, RECORD_BYTES
from needfix.intake.notes import Notes
from needfix.intake.text import HEAD_BYTES, encoding_of
from needfix.inventory import json_lines
from needfix.inventory.producers.gathering import Gathering, HeldFacts
from needfix.model.inventory_options import Naming
from needfix.model.server import Server

_LF, _OPEN, _CLOSE, _QUOTE = b"\n", ord("{"), ord("}"), ord('"')
_BLANKS = b" \t\r"
_NULL_ALONE = re.compile(rb"\}\s*null")
"""Arrow breaks down at a record that is null."""

_MOST_DEEP = 100
_STRIDE = 20
_LONG_NUMBER = re.compile(rb"[-+.eE0-9]{%d}" % NUMBER_CHARACTERS)
_STEPS = np.zeros(256, np.int8)
_STEPS[[ord("["), ord("{")]] = 1
_STEPS[[ord("]"), ord("}")]] = -1
_NO_NUMBER = re.compile(rb"[:,\[]\s*-?(NaN|Inf)")
"""What Arrow takes for a number."""

_IN_NUMBERS = np.zeros(256, np.bool_)
_IN_NUMBERS[list(b"-+.eE0123456789")] = True


def line_numbers(data: bytes) -> Ints | None:
    """The numbers, from 0, of lines that may hold one object each; None where a line surely does not."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    if _has_long_number(data) or (b"null" in data and _NULL_ALONE.search(data)):
        return None
    bytes_ = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(bytes_ == ord(_LF))
    if len(ends) and ends[-1] == len(data) - 1 and bytes_[0] == _OPEN and _are_objects(bytes_, ends):
        return np.arange(len(ends))
    return _filled_lines(data)


def _are_objects(data: Ints, ends: Ints) -> bool:
    longest = int(np.diff(ends, prepend=-1).max())
    are_closed = (data[ends - 1] == _CLOSE).all() and (data[ends[:-1] + 1] == _OPEN).all()
    return bool(are_closed) and longest < RECORD_BYTES


def _filled_lines(data: bytes) -> Ints | None:
    """As `line_numbers`, where some lines are blank or have blanks around them."""
    lines = [line.strip(_BLANKS) for line in data.split(_LF)]
    filled = [(number, line) for number, line in enumerate(lines) if line]
    if not filled or max(map(len, lines)) >= RECORD_BYTES:
        return None
    if not all(line.startswith(b"{") and line.endswith(b"}") for _, line in filled):
        return None
    return np.array([number for number, _ in filled], np.int64)


def _has_long_number(data: bytes) -> bool:
    """Whether a number has too many digits; looked for where the samples of one would lie."""
    sampled = _IN_NUMBERS[np.frombuffer(data, np.uint8)[::_STRIDE]]
    count = NUMBER_CHARACTERS // _STRIDE - 1
    if len(sampled) <= count:
        return bool(_LONG_NUMBER.search(data))
    ends = np.flatnonzero(np.diff(np.flatnonzero(~sampled), prepend=-1, append=len(sampled)) > count)
    return len(ends) > 0 and bool(_LONG_NUMBER.search(data))


def has_strange_number(data: bytes) -> bool:
    """Whether there may be a number that JSON does not allow."""
    return (b"NaN" in data or b"Inf" in data) and bool(_NO_NUMBER.search(data))


def is_shallow(data: bytes) -> bool:
    """Whether no list or object is nested deeper than Arrow can bear. Strings do not count."""
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    bytes_ = np.frombuffer(bare, np.uint8)
    is_outside = (np.cumsum(bytes_ == _QUOTE, dtype=np.uint8) & 1) == 0
    depth = np.cumsum(_STEPS[bytes_] * is_outside, dtype=np.int32)
    return int(depth.max(initial=0)) <= _MOST_DEEP


_PARSED_AT_ONCE = 2 << 20
_FEW = 1 << 12
"""Blocks of so few bytes are not halved."""

_MINUS_ZERO = re.compile(rb":\s*-0")


def pieces(file: str, *, is_strict: bool = False, unites: bool = False) -> Iterator[Piece]:
    """The records and problems of a file in UTF-8, a piece for each block of it, with its notes."""
    shape = _LearnedColumns()
    with Path(file).open("rb") as raw:
        start = raw.read(HEAD_BYTES)
        raw.seek(encoding_of(start)[1])

        def piece(block: LineBlock) -> tuple[Piece, list[HeldFacts]]:
            return _BlockReader(file, start, shape, is_strict=is_strict).piece(block)

        notes = Notes(is_strict=is_strict)
        gathering = Gathering(file, Naming(), notes, unites=unites)
        for found, held in in_order(piece, blocks(raw)):
            yield found
            for facts in held:
                gathering.merge(facts)
        yield from batched(gathering.items(), file, BytesRead())
        if notes:
            yield piece_of([], file, [])._replace(notes=tuple(notes))


@dataclass(slots=True)
class _BlockRecords:
    """What a block has: batches with the lines of their records, and what the row reader found."""

    batches: list[tuple[pa.RecordBatch, Ints]] = default(default_factory=list)
    servers: list[Server] = default(default_factory=list)
    held: list[HeldFacts] = default(default_factory=list)
    problems: list[Problem] = default(default_factory=list)


class _Parsed(NamedTuple):
    """Lines as columns, and for each key that is not known the rows that state it."""

    records: pa.RecordBatch
    unknown: Sequence[tuple[str, Ints]] = ()


@dataclass(slots=True)
class _LearnedColumns:
    """What earlier blocks of a file showed: what Arrow is to do with keys outside its schema."""

    unknown_keys: str = "error"


class _OtherCaseError(Exception):
    """Keys are written in another case than in the schema, most likely by all records: halves are no use."""


class _BlockReader:
    """Reads one block."""

    def __init__(self, file: str, start: bytes, shape: _LearnedColumns, *, is_strict: bool) -> None:
        self._file = file
        self._start = start
        self._shape = shape
        self._notes = Notes(is_strict=is_strict)

    def piece(self, block: LineBlock) -> tuple[Piece, list[HeldFacts]]:
        """The records of the block, and facts that objects of other programs in it state."""
        found = _BlockRecords()
        self._read(block, found)
        found.problems.sort(key=lambda problem: problem.at.line)
        piece = mixed(found.batches, found.servers, self._file, found.problems)
        return without_long_lists(piece)._replace(notes=tuple(self._notes)), found.held

    def _read(self, block: LineBlock, found: _BlockRecords) -> None:
        """Read a block in columns, or its halves, down to the lines that only the row reader reads."""
        try:
            parsed, lines = self._columns(block)
        except _OtherCaseError:
            self._read_by_rows(block, found)
            return
        halves = block.halves() if parsed is None and len(block.data) > _FEW else None
        if parsed is not None:
            self._take(block, parsed, lines, found)
        elif halves is None:
            self._read_by_rows(block, found)
        else:
            for half in halves:
                self._read(half, found)

    def _columns(self, block: LineBlock) -> tuple[_Parsed | None, Ints]:
        lines = line_numbers(block.data)
        if lines is None or not is_utf8(block.data):
            return None, np.zeros(0, np.int64)
        parsed = _parsed(block.data, self._shape.unknown_keys)
        if parsed is None and self._shape.unknown_keys == "error":
            parsed = _parsed(block.data, "infer")
            if parsed is not None:
                self._shape.unknown_keys = "infer"
        is_whole = parsed is not None and parsed.records.num_rows == len(lines)
        return (parsed if is_whole else None), lines + block.first

    def _take(self, block: LineBlock, parsed: _Parsed, lines: Ints, found: _BlockRecords) -> None:
        """Take in records, odd ones by the row reader."""
        batch = parsed.records
        is_odd = needs_row_reader(Batch(batch))
        for word, rows in parsed.unknown:
            if self._notes.is_strict:
                is_odd[rows] = True
            elif len(own := rows[~is_odd[rows]]):
                self._notes.add("unknown-key", Position(self._file, int(lines[own[0]])), word, len(own))
        if not is_odd.any():
            found.batches.append((batch, lines))
            return
        found.batches.append((batch.filter(pa.array(~is_odd)), lines[~is_odd]))
        texts = block.data.split(b"\n")
        for line in lines[is_odd].tolist():
            self._read_by_rows(LineBlock(texts[line - block.first], line), found)

    def _read_by_rows(self, block: LineBlock, found: _BlockRecords) -> None:
        notes = Notes(is_strict=self._notes.is_strict)
        source = block.source(self._file, self._start, notes)
        held = HeldFacts(source, block.first)
        for item in json_lines.records(source, held):
            if isinstance(item, Problem):
                found.problems.append(block.in_file(item))
            elif item.at is not None:
                at = item.at._replace(line=item.at.line + block.first - 1)
                found.servers.append(replace(item, at=at))
        if held.facts or held.lost_rows:
            found.held.append(held)
        for note in notes:
            first = block.place_in_file(note.at) if note.at is not None else None
            self._notes.merge([replace(note, at=first)])


def _parsed(data: bytes, unknown_keys: str) -> _Parsed | None:
    """Lines as columns; None where Arrow and the row reader may read them differently.

    Raises _OtherCaseError where that is so since Arrow does not know keys in another case.
    """
    if unknown_keys == "infer" and (has_strange_number(data) or not is_shallow(data)):
        return None
    options = pj.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior=unknown_keys)
    try:
        table = pj.read_json(pa.BufferReader(data), pj.ReadOptions(block_size=_PARSED_AT_ONCE), options)
    except (pa.ArrowException, ValueError):
        return None
    if problems_of(table.schema, ""):
        if any(name != key_of(name) for name in _names(table.schema)):
            raise _OtherCaseError
        return None
    known = [
        name for name in SCHEMA.names if name == "server" or table.column(name).null_count < table.num_rows
    ]
    batches = [conformed(batch) for batch in table.select(known).to_batches()]
    if not batches or (any(map(_states_whole, batches)) and _MINUS_ZERO.search(data)):
        return None
    unknown = list(_unknown_keys(table)) if unknown_keys == "infer" else ()
    return _Parsed(concatenated([native_in_codes(batch) for batch in batches]), unknown)


def _unknown_keys(table: pa.Table) -> Iterator[tuple[str, Ints]]:
    """Keys that are not known, and the rows that state each, a row as often as it does."""
    rows = np.arange(table.num_rows)
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        kind = SCHEMA.field(name).type if name in SCHEMA.names else None
        yield from _unknown_in(name, column, kind, rows)


def _unknown_in(
    name: str, column: pa.Array, kind: pa.DataType | None, rows: Ints
) -> Iterator[tuple[str, Ints]]:
    if kind is None:
        own = rows[column.is_valid().to_numpy(zero_copy_only=False)]
        if len(own):
            yield name, own
    elif pa.types.is_list(kind) and pa.types.is_list(column.type):
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
        yield from _unknown_in(name, column.flatten(), kind.value_type, np.repeat(rows, lengths))
    elif pa.types.is_struct(kind) and pa.types.is_struct(column.type):
        known = {field.name: field.type for field in kind}
        for field, own in zip(column.type, column.flatten(), strict=True):
            yield from _unknown_in(f"{name}.{field.name}", own, known.get(field.name), rows)


def _names(fields: Iterable[pa.Field]) -> Iterator[str]:
    """The names of fields and of those in their objects."""
    for field in fields:
        yield field.name
        kind = field.type.value_type if pa.types.is_list(field.type) else field.type
        if pa.types.is_struct(kind):
            yield from _names(kind)


def _states_whole(batch: pa.RecordBatch) -> bool:
    """Whether there are whole numbers, which Arrow also takes from `-0`."""
    return any(_has_whole(batch.column(key), RECORD.fields[key]) for key in batch.schema.names)


def _has_whole(column: pa.Array, field: Field) -> bool:
    if field.holds is None:
        return bool(field.kind and field.kind.storage == "whole" and column.null_count < len(column))
    objects = column.flatten() if field.many else column
    return pa.types.is_struct(objects.type) and any(
        _has_whole(objects.field(inner.name), field.holds.fields[inner.name])
        for inner in objects.type
        if inner.name in field.holds.fields
    )

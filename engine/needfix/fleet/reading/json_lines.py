"""JSON lines in columns, block by block. What Arrow may read differently is read by the row reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Ints
from needfix.fleet.facts import Batch
from needfix.fleet.ordered import in_order
from needfix.fleet.reading import others
from needfix.fleet.reading.blocks import LineBlock, blocks, is_utf8
from needfix.fleet.reading.conform import conformed, key_of, problems_of, without_long_lists
from needfix.fleet.reading.mixed import concatenated, mixed, native_in_codes
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.unknown_keys import UnknownKey, keys_not_own
from needfix.fleet.records import SCHEMA
from needfix.fleet.row_reader import needs_row_reader
from needfix.intake.fields import RECORD, Field
from needfix.intake.limits import NUMBER_CHARACTERS, RECORD_BYTES
from needfix.intake.notes import Notes
from needfix.intake.text import HEAD_BYTES, encoding_of
from needfix.inventory import json_lines
from needfix.inventory.producers.gathering import Gathering
from needfix.model.inventory_options import STATED_BY_FILES
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
    del unites  # a record has a line of its own
    shape = _LearnedColumns()
    notes = Notes(is_strict=is_strict)
    gathered = _Gathered(Gathering(file, STATED_BY_FILES.naming, notes), Lock())
    with Path(file).open("rb") as raw:
        start = raw.read(HEAD_BYTES)
        raw.seek(encoding_of(start)[1])

        def piece(block: LineBlock) -> Piece:
            return _BlockReader(file, start, shape, gathered, is_strict=is_strict).piece(block)

        yield from in_order(piece, blocks(raw))
    if gathered.gathering.count:
        yield from others.batched(gathered.gathering.items(), file, others.BytesRead())
        yield others.piece_of([], file, [])._replace(notes=tuple(notes))


@dataclass(slots=True)
class _BlockRecords:
    """What a block has: batches with the lines of their records, and what the row reader found."""

    batches: list[tuple[pa.RecordBatch, Ints]] = default(default_factory=list)
    servers: list[Server] = default(default_factory=list)
    problems: list[Problem] = default(default_factory=list)


class _Parsed(NamedTuple):
    """Lines as columns, and for each key that is not known the rows that state it."""

    records: pa.RecordBatch
    unknown: Sequence[UnknownKey] = ()


@dataclass(slots=True)
class _LearnedColumns:
    """What earlier blocks of a file showed: what Arrow is to do with keys outside its schema."""

    unknown_keys: str = "error"


class _Gathered(NamedTuple):
    """Objects of other programs in any lines of a file, which become records at its end."""

    gathering: Gathering
    lock: Lock

    def of(self, block: LineBlock) -> _GatheredOfBlock:
        """The same for a block."""
        return _GatheredOfBlock(self, block)


class _GatheredOfBlock(NamedTuple):
    """Those of a block, whose places are counted from its first line."""

    gathered: _Gathered
    block: LineBlock

    def take(self, value: object, at: Position) -> bool:
        """Whether a parsed value is of another program; then its facts are added."""
        with self.gathered.lock:
            return self.gathered.gathering.take(value, self.block.place_in_file(at))


class _OtherCaseError(Exception):
    """Keys are written in another case than in the schema, most likely by all records: halves are no use."""


class _BlockReader:
    """Reads one block."""

    def __init__(
        self, file: str, start: bytes, shape: _LearnedColumns, gathered: _Gathered, *, is_strict: bool
    ) -> None:
        self._file = file
        self._gathered = gathered
        self._start = start
        self._shape = shape
        self._notes = Notes(is_strict=is_strict)

    def piece(self, block: LineBlock) -> Piece:
        """The records of the block."""
        found = _BlockRecords()
        self._read(block, found, is_whole=True)
        found.problems.sort(key=lambda problem: problem.at.line)
        piece = mixed(found.batches, found.servers, self._file, found.problems)
        return without_long_lists(piece)._replace(notes=tuple(self._notes))

    def _read(self, block: LineBlock, found: _BlockRecords, *, is_whole: bool = False) -> None:
        """Read a block in columns, or its halves, down to the lines that only the row reader reads."""
        try:
            parsed, lines = self._columns(block)
        except _OtherCaseError:
            self._read_by_rows(block, found)
            return
        if parsed is not None:
            self._take(block, parsed, lines, found)
            return
        is_of_rows = len(block.data) <= _FEW or (is_whole and all(map(_is_of_rows, _samples(block.data))))
        halves = None if is_of_rows else block.halves()
        if halves is None:
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
        for key in parsed.unknown:
            if self._notes.is_strict or not key.code:
                is_odd[key.rows] = True
        if np.count_nonzero(is_odd) > len(is_odd) // 2:  # one by one these are slower
            self._read_by_rows(block, found)
            return
        for code, word, rows in parsed.unknown:
            if code and len(own := rows[~is_odd[rows]]):
                self._notes.add(code, Position(self._file, int(lines[own[0]])), word, len(own))
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
        for item in json_lines.records(source, self._gathered.of(block)):
            if isinstance(item, Problem):
                found.problems.append(block.in_file(item))
            elif item.at is not None:
                at = item.at._replace(line=item.at.line + block.first - 1)
                found.servers.append(replace(item, at=at))
        for note in notes:
            first = block.place_in_file(note.at) if note.at is not None else None
            self._notes.merge([replace(note, at=first)])


def _samples(data: bytes) -> Iterator[bytes]:
    """The first, the middle and the last line."""
    for place in (0, len(data) // 2, len(data) - 1):
        begin = data.rfind(_LF, 0, place) + 1
        yield data[begin : (data.find(_LF, place) + 1) or len(data)]


def _is_of_rows(line: bytes) -> bool:
    """Whether a line cannot be read in columns."""
    try:
        return line_numbers(line) is None or _parsed(line, "infer") is None
    except _OtherCaseError:
        return True


def _parsed(data: bytes, unknown_keys: str) -> _Parsed | None:
    """Lines as columns; None where Arrow and the row reader may read them differently.

    Raises _OtherCaseError where that is so since Arrow does not know keys in another case.
    """
    if unknown_keys == "infer" and (has_strange_number(data) or not is_shallow(data)):
        return None
    options = pj.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior=unknown_keys)
    try:
        table = pj.read_json(pa.BufferReader(data), pj.ReadOptions(block_size=_PARSED_AT_ONCE), options)
        table.validate()  # a list of null and objects under an unknown key is broken in Arrow
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
    unknown = list(keys_not_own(table)) if unknown_keys == "infer" else ()
    return _Parsed(concatenated([native_in_codes(batch) for batch in batches]), unknown)


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

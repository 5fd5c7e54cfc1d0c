"""Tall CSV in columns, block by block. What Arrow may read differently is read by the row reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from needfix.errors import Problem
from needfix.fleet.arrays import Ints
from needfix.fleet.ordered import in_order
from needfix.fleet.reading import others, tall
from needfix.fleet.reading.blocks import LineBlock, blocks, is_utf8
from needfix.fleet.reading.others import piece_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.returning import returning_servers
from needfix.fleet.reading.tall import TallRows
from needfix.fleet.reading.tall_values import trimmed
from needfix.intake.columns import ALIASES
from needfix.intake.limits import CELL_CHARACTERS
from needfix.intake.notes import Notes
from needfix.intake.text import HEAD_BYTES, ReplayedBytes, encoding_of, first_surrogate
from needfix.inventory import csv_records
from needfix.inventory.csv_table import CsvTable, Row
from needfix.inventory.items import GiveUpError
from needfix.inventory.source import Source, opened
from needfix.inventory.table_header import NAMES_IN_HEADERS

_LF, _CR, _QUOTE = ord("\n"), ord("\r"), ord('"')
_LONGEST = CELL_CHARACTERS
"""No line of so many bytes is left to Arrow; the row reader reads longer ones."""


class LineLayout:
    """The offsets of quotes and ends of lines."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._bytes = np.frombuffer(data, np.uint8)
        self._ends = np.flatnonzero(self._bytes == _LF)
        self._quotes = np.flatnonzero(self._bytes == _QUOTE) if b'"' in data else np.zeros(0, np.int64)

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._ends) + (not self._data.endswith(b"\n"))

    def crosses_lines(self) -> bool:
        """Whether a quote that is opened in a line is not closed in it."""
        before_line = np.searchsorted(self._quotes, self._ends) if len(self._quotes) else self._quotes
        return bool((before_line & 1).any()) or len(self._quotes) % 2 == 1

    def is_plain(self, delimiter: str) -> bool:
        """Whether no line is too long, none before the last is empty, and quotes are only around cells."""
        data = self._data
        if b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
            return False
        lengths = np.diff(self._ends, prepend=-1, append=len(data)) - 1
        if lengths.max() > _LONGEST or (lengths[:-1] == 0).any():
            return False
        is_short = np.flatnonzero(lengths[:-1] == 1)
        if (self._bytes[self._ends[is_short] - 1] == _CR).any():
            return False
        return not len(self._quotes) or self._are_around_cells(ord(delimiter))

    def _are_around_cells(self, delimiter: int) -> bool:
        """Whether each first quote begins a cell, and each second one ends it; a doubled one does both."""
        if len(self._quotes) % 2:
            return False
        padded = np.append(self._bytes, np.array([_LF, _LF], np.uint8))
        before, behind = padded[self._quotes[0::2] - 1], padded[self._quotes[1::2] + 1]
        return _are_all(before, (delimiter, _LF, _QUOTE)) and _are_all(behind, (delimiter, _LF, _CR, _QUOTE))


def _are_all(found: Ints, allowed: tuple[int, ...]) -> bool:
    is_allowed = np.zeros(256, np.bool_)
    is_allowed[list(allowed)] = True
    return bool(is_allowed[found].all())


_FEW = 1 << 14
"""Blocks of so few bytes are not halved."""

_ROWS = 1 << 14
_CODE = pa.dictionary(pa.int32(), pa.string())


def pieces(file: str, *, is_strict: bool = False, unites: bool = False) -> Iterator[Piece]:
    """The servers and problems of a file, and notes on what is not read.

    A table of another program's objects is read row by row, since those of a server may be anywhere in it.
    """
    notes = Notes(is_strict=is_strict)
    try:
        table = _table(file, notes)
        if table is None:
            yield from others.pieces(file, is_strict=is_strict, unites=unites)
            return
        if notes or table.problems:
            yield piece_of([], file, table.problems)._replace(notes=tuple(notes))
        rows = partial(_rows, table)
        returning = returning_servers(rows, file) if unites else None
        yield from tall.pieces(
            rows, file, tuple(table.columns), is_strict=is_strict, returning_servers=returning
        )
        if table.others:
            yield from others.pieces(
                file, is_strict=is_strict, unites=unites, read=csv_records.read_below_first
            )
    except GiveUpError as end:
        yield piece_of([], file, end.problems)


class _Table(NamedTuple):
    """The columns of the header, and how many lines there are down to it."""

    file: str
    start: bytes
    delimiter: str
    header: str
    lines: int
    columns: dict[str, int]
    encoding: str
    problems: tuple[Problem, ...]
    others: list[int]
    """The line at which the rows ended since another table begins there, if one does."""

    def source(self, rows: BinaryIO) -> Source:
        """The header with some of the rows, for the row reader."""
        text = ReplayedBytes(f"{self.header}\n".encode(), rows).as_text("utf-8")
        return Source(self.file, "utf-8", "", text, Notes(), self.start)

    @property
    def width(self) -> int:
        """How many columns there are, known or not."""
        return len(self._names)

    @property
    def server_column(self) -> str:
        """What the header calls the column of the servers."""
        return self._names[self.columns["server"]].strip()

    @property
    def _names(self) -> list[str]:
        return next(csv.reader([self.header], delimiter=self.delimiter))


def _table(file: str, notes: Notes) -> _Table | None:
    """The table; None where its rows are objects of another program."""
    with opened(file, notes=notes) as source:
        table = CsvTable(source)
        if table.is_of_objects or table.products != "own":
            return None
        problems = tuple(table.note_columns())
        header = table.header.rstrip("\r\n")
        return _Table(
            file,
            source.start,
            table.delimiter,
            header,
            table.header_line,
            table.columns,
            source.encoding,
            problems,
            [],
        )


def _rows(table: _Table) -> Iterator[TallRows]:
    """The rows of the file down to another table."""
    table.others.clear()
    for rows in _all_rows(table):
        yield rows
        if table.others:
            return


def _all_rows(table: _Table) -> Iterator[TallRows]:
    """The rows of the file; from the first quote that goes on in another line they are read row by row."""
    with Path(table.file).open("rb") as raw:
        raw.seek(encoding_of(raw.read(HEAD_BYTES))[1])
        above = b"".join(islice(raw, table.lines))
        if (
            table.encoding != "utf-8"
            or first_surrogate(table.header) >= 0
            or b"\r" in above.replace(b"\r\n", b"")
        ):
            with opened(table.file) as source:
                yield from _read_by_rows(table, CsvTable(source), 1)
            return
        place = raw.tell()
        for parsed in in_order(partial(_parsed, table), blocks(raw, table.lines + 1)):
            if parsed.crosses_lines:
                raw.seek(place)
                yield from _below(table, raw, parsed.block)
                return
            place += len(parsed.block.data)
            yield from _block(table, parsed.block, parsed.columns)


class _Parsed(NamedTuple):
    """A block in columns; None where Arrow and the row reader may read them differently."""

    block: LineBlock
    crosses_lines: bool
    columns: pa.RecordBatch | None = None


def _parsed(table: _Table, block: LineBlock) -> _Parsed:
    shape = LineLayout(block.data)
    if shape.crosses_lines():
        return _Parsed(block, crosses_lines=True)
    return _Parsed(block, crosses_lines=False, columns=_columns(table, block.data, shape))


def _block(table: _Table, block: LineBlock, columns: pa.RecordBatch | None) -> Iterator[TallRows]:
    """The rows of a block in columns, or of its halves, down to lines that only the row reader reads."""
    halves = block.halves() if columns is None and len(block.data) > _FEW else None
    if columns is not None:
        yield tall.consecutive_rows(columns, block.first)
    elif halves is not None:
        for half in halves:
            yield from _block(table, half, _columns(table, half.data, LineLayout(half.data)))
    else:
        yield from _below(table, io.BytesIO(block.data), block)


def _columns(table: _Table, data: bytes, shape: LineLayout) -> pa.RecordBatch | None:
    """Lines as columns; None where Arrow and the row reader may read them differently."""
    if not shape.is_plain(table.delimiter) or not is_utf8(data):
        return None
    names = [str(place) for place in range(table.width)]
    types = {str(place): pa.string() if name == "server" else _CODE for name, place in table.columns.items()}
    try:
        found = pcsv.read_csv(
            pa.BufferReader(data),
            pcsv.ReadOptions(column_names=names, block_size=len(data) + 1),
            pcsv.ParseOptions(delimiter=table.delimiter, quote_char='"' if b'"' in data else False),
            pcsv.ConvertOptions(column_types=types, include_columns=list(types), check_utf8=False),
        )
    except (pa.ArrowException, ValueError):
        return None
    batch = found.combine_chunks().to_batches()[0].rename_columns(list(table.columns))
    names = trimmed(batch.column("server"))
    if not pc.min(pc.binary_length(names)).as_py() or _may_repeat_header(names, table.server_column):
        return None
    return batch if batch.num_rows == shape.line_count else None


def _may_repeat_header(names: pa.Array, column: str) -> bool:
    """Whether a row may be the header of another table, by what it has in the column of the servers."""
    is_next = pc.not_equal(names.slice(1), names.slice(0, len(names) - 1))
    lower = pc.ascii_lower(pa.concat_arrays([names.slice(0, 1), names.slice(1).filter(is_next)]))
    if any(pc.any(pc.match_substring(lower, own)).as_py() for own in ("#type", ",", ";", "\t")):
        return True
    letters = pc.replace_substring(lower, " ", "")
    headers = pa.array(dict.fromkeys((column.casefold().replace(" ", ""), *_NAMES)))
    return bool(pc.any(pc.is_in(letters, headers)).as_py())


_NAMES = sorted({*(name.replace(" ", "") for name in ALIASES), *NAMES_IN_HEADERS})


def _below(table: _Table, lines: BinaryIO, block: LineBlock) -> Iterator[TallRows]:
    """The rows of lines from those of a block on."""
    shifted = LineBlock(b"", block.first - 1)
    try:
        yield from _read_by_rows(table, CsvTable(table.source(lines)), shifted.first)
    except GiveUpError as end:
        raise GiveUpError(*map(shifted.in_file, end.problems)) from None


def _read_by_rows(table: _Table, read: CsvTable, first: int) -> Iterator[TallRows]:
    """Rows that the row reader reads from this line on; where it gives up, those above it, too."""
    some: list[Row] = []
    try:
        for row in read.rows():
            some.append(row)
            if len(some) >= _ROWS:
                yield _tall(table, some, first)
                some = []
    except GiveUpError:
        if some:
            yield _tall(table, some, first)
        raise
    if read.has_following:
        table.others.append(first)
    if some or read.has_following:
        yield _tall(table, some, first)


def _tall(table: _Table, rows: list[Row], first: int) -> TallRows:
    columns = [pa.array([row.cell(place) for row in rows], pa.string()) for place in table.columns.values()]
    lines = np.array([row.line for row in rows], np.int64) + first - 1
    flaws = {number: row.flaw for number, row in enumerate(rows) if row.flaw}
    return TallRows(pa.RecordBatch.from_arrays(columns, list(table.columns)), lines, flaws)
